"""AWS partitions and Regions: names, Availability Zones, accounts of Elastic Load Balancing.

Runs inside the program's interpreter: standard library only.
Source: AWS Regions and Availability Zones
https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html and
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html, read 2026-11-21.
Which zones an account sees in us-west-1 and ap-northeast-1, and under which letters, differs; here they are
those of moto 5, so that a rehearsal sees the same ones.
"""

from typing import Final, NamedTuple

_REGIONS: Final = """
af-south-1      abc     098369216593 Africa (Cape Town)
ap-east-1       abc     754344448648 Asia Pacific (Hong Kong)
ap-east-2       abc     -            Asia Pacific (Taipei)
ap-northeast-1  acd     582318560864 Asia Pacific (Tokyo)
ap-northeast-2  abcd    600734575887 Asia Pacific (Seoul)
ap-northeast-3  abc     383597477331 Asia Pacific (Osaka)
ap-south-1      abc     718504428378 Asia Pacific (Mumbai)
ap-south-2      abc     -            Asia Pacific (Hyderabad)
ap-southeast-1  abc     114774131450 Asia Pacific (Singapore)
ap-southeast-2  abc     783225319266 Asia Pacific (Sydney)
ap-southeast-3  abc     589379963580 Asia Pacific (Jakarta)
ap-southeast-4  abc     -            Asia Pacific (Melbourne)
ap-southeast-5  abc     -            Asia Pacific (Malaysia)
ap-southeast-6  abc     -            Asia Pacific (New Zealand)
ap-southeast-7  abc     -            Asia Pacific (Thailand)
ca-central-1    abd     985666609251 Canada (Central)
ca-west-1       abc     -            Canada West (Calgary)
cn-north-1      abd     638102146993 China (Beijing)
cn-northwest-1  abc     037604701340 China (Ningxia)
eu-central-1    abc     054676820928 Europe (Frankfurt)
eu-central-2    abc     -            Europe (Zurich)
eu-north-1      abc     897822967062 Europe (Stockholm)
eu-south-1      abc     635631232127 Europe (Milan)
eu-south-2      abc     -            Europe (Spain)
eu-west-1       abc     156460612806 Europe (Ireland)
eu-west-2       abc     652711504416 Europe (London)
eu-west-3       abc     009996457667 Europe (Paris)
il-central-1    abc     -            Israel (Tel Aviv)
me-central-1    abc     -            Middle East (UAE)
me-south-1      abc     076674570225 Middle East (Bahrain)
mx-central-1    abc     -            Mexico (Central)
sa-east-1       abc     507241528517 South America (Sao Paulo)
us-east-1       abcdef  127311923021 US East (N. Virginia)
us-east-2       abc     033677994240 US East (Ohio)
us-gov-east-1   abc     190560391635 AWS GovCloud (US-East)
us-gov-west-1   abc     048591011584 AWS GovCloud (US-West)
us-west-1       bc      027434742980 US West (N. California)
us-west-2       abcd    797873946194 US West (Oregon)
"""

_ZONE_NUMBERS: Final = {"us-east-1": "612435", "us-west-2": "2134", "us-west-1": "31", "eu-central-1": "231"} | {
    "eu-west-1": "312",
    "eu-west-2": "231",
    "ap-northeast-1": "412",
    "ap-south-1": "132",
    "ap-southeast-2": "132",
    "ca-central-1": "124",
    "cn-north-1": "124",
}
"""Digits of the zone ids where they are not 1, 2, 3, …"""

_PARTITION_PREFIXES: Final = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}
_DIRECTIONS: Final = {"central": "c", "north": "n", "south": "s", "east": "e", "west": "w"}


class Region(NamedTuple):
    """What is publicly known of a Region.

    Args:
        name: `us-east-1`.
        description: `US East (N. Virginia)`.
        zones: Zone name → zone id, in order.
        elb_account: Account that delivers load balancer logs, empty where a service principal does.
    """

    name: str
    description: str
    zones: dict[str, str]
    elb_account: str


def region_facts(name: str) -> Region | None:
    """Return what is known of a Region, or None."""
    for line in _REGIONS.strip().splitlines():
        region, letters, account, description = line.split(None, 3)
        if region == name:
            numbers = _ZONE_NUMBERS.get(name, "123456")
            code = short_code(name)
            zones = {name + letter: f"{code}-az{number}" for letter, number in zip(letters, numbers, strict=False)}
            return Region(name, description, zones, account.strip("-"))
    return None


def partition_of(region: str, default: str) -> str:
    """Return the partition of a Region; the default one when its name does not tell."""
    return next((value for prefix, value in _PARTITION_PREFIXES.items() if region.startswith(prefix)), default)


def dns_suffix(partition: str) -> str:
    """Return the domain of a partition's endpoints."""
    return "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"


def short_code(region: str) -> str:
    """Return the short form of a Region's name that zone ids and cache endpoints use: `use1`."""
    if region.count("-") < 2:  # noqa: PLR2004 - area, direction, number
        return region
    area, *middle, number = region.split("-")
    directions = "".join(middle)
    for word, letter in _DIRECTIONS.items():
        directions = directions.replace(word, letter)
    return area + directions.replace("gov", "g") + number
