"""What a stack may configure of its only entry."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import pulumi

from components.configuration import read_choice, read_texts, refuse
from components.edge_mode import EdgeMode

EDGE_REGION: Final = "us-east-1"
"""Where CloudFront keeps certificates, web ACLs, metrics and log deliveries, wherever the system runs."""

REQUESTS_PER_MINUTE: Final = 1000
"""More requests of one address within a minute are refused."""

_CERTIFICATE: Final = re.compile(rf"arn:aws[a-z-]*:acm:{EDGE_REGION}:\d{{12}}:certificate/[0-9a-f-]{{36}}")
_DOMAIN: Final = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")


class PriceClass(StrEnum):
    """Which of CloudFront's locations answer; fewer cost less."""

    CHEAPEST = "PriceClass_100"
    MOST = "PriceClass_200"
    ALL = "PriceClass_All"


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeSettings:
    """The way in.

    Args:
        mode: How CloudFront reaches the load balancer.
        domains: Host names that visitors use; the certificates of CloudFront and of the load balancer cover them.
        certificate_arn: Certificate that CloudFront shows, in us-east-1.
        price_class: Which of CloudFront's locations answer.
        countries: Two-letter codes of the countries that are served; empty for all.
        balancer_web_acl: Whether the load balancer gets a web ACL of its own as well.
    """

    mode: EdgeMode
    domains: tuple[str, ...]
    certificate_arn: str
    price_class: PriceClass
    countries: tuple[str, ...]
    balancer_web_acl: bool


def read_edge(config: pulumi.Config) -> EdgeSettings:
    """Read the way in.

    Raises:
        pulumi.RunError: A key is missing or wrong; the message names it and the fix.
    """
    return EdgeSettings(
        mode=read_choice(config, "edgeMode", EdgeMode.VPC_ORIGIN),
        domains=_read_matching(config, "domainNames", _DOMAIN, "no host name: name one such as pay.example.com."),
        certificate_arn=_read_certificate(config),
        price_class=read_choice(config, "priceClass", PriceClass.CHEAPEST),
        countries=_read_matching(config, "allowedCountries", _COUNTRY, "no country: use two capitals such as DE."),
        balancer_web_acl=config.get_bool("balancerWebAcl") or False,
    )


def _read_certificate(config: pulumi.Config) -> str:
    key = config.full_key("viewerCertificateArn")
    arn = config.get("viewerCertificateArn")
    if arn is None:
        raise refuse(
            key, f"is missing: run `pulumi config set {key} <ARN>` with a certificate of {EDGE_REGION} for domainNames."
        )
    if not _CERTIFICATE.fullmatch(arn):
        raise refuse(key, f"{arn!r} is no certificate that CloudFront can use: name the ARN of one in {EDGE_REGION}.")
    return arn


def _read_matching(config: pulumi.Config, key: str, form: re.Pattern[str], problem: str) -> tuple[str, ...]:
    texts = read_texts(config, key)
    for text in texts:
        if not form.fullmatch(text):
            raise refuse(config.full_key(key), f"{text!r} is {problem}")
    return texts
