"""Controls of clusters with their instances, and of global databases."""

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity
from policies.facts.rds_clusters import GlobalMember, GlobalMembers, UpgradedCluster, ZoneSpread
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable, require, undecided

if TYPE_CHECKING:
    from policies.settings import Settings

AURORA: Final = UpgradedCluster(members_automatic=(True, True))
MULTI_AZ: Final = UpgradedCluster(multi_az=True)


@control(
    id="RDS.35",
    slug="rds-cluster-minor-upgrades-automatic",
    severity=Severity.MEDIUM,
    requirements=("6.3.3",),
    families=("pci", "supply-chain"),
    source="AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20",
    rationale="One instance of the cluster stays on an engine version with a public exploit, and it is the one that "
    "takes over after a failure.",
    remediation="Leave auto_minor_version_upgrade out, or set it to True: on the aws.rds.Cluster of a Multi-AZ DB "
    "cluster, on every aws.rds.ClusterInstance of an Aurora cluster.",
    passes=[
        example("every instance of an Aurora cluster", AURORA),
        example("an Aurora cluster whose own flag is off, which counts for nothing", replace(AURORA, automatic=False)),
        example("Multi-AZ DB cluster", MULTI_AZ),
    ],
    fails=[
        example("one instance that does not", replace(AURORA, members_automatic=(True, False))),
        example("Multi-AZ DB cluster that does not", replace(MULTI_AZ, automatic=False)),
    ],
    unknowns=[
        example("an instance that is only looked up", replace(AURORA, members_automatic=(True, UNKNOWN))),
        example("an instance that may be its own, and does not", replace(AURORA, maybe_automatic=(False,))),
        example("set later", replace(MULTI_AZ, automatic=UNKNOWN)),
    ],
    not_applicable=[example("no instance in the stack", replace(AURORA, members_automatic=()))],
)
def cluster_upgrades_automatic(cluster: UpgradedCluster) -> Verdict:
    """A cluster takes minor versions of its engine by itself.

    autoMinorVersionUpgrade is true, as it is when unset: on a Multi-AZ DB cluster itself, in an Aurora cluster on each
    of its instances. An Aurora cluster without instances in the stack is not applicable: each is judged where it is
    created. An instance that may or may not be its own leaves it undecided where it does not upgrade itself.
    """
    if cluster.multi_az:
        return require(cluster.automatic, "it does not take minor versions by itself", found="false", wanted="true")
    if not cluster.members_automatic and not cluster.maybe_automatic:
        return not_applicable("no instance of it is created here")
    behind = [each for each in cluster.members_automatic if not each]
    if behind:
        return fail("an instance of it does not take minor versions by itself", found="false", wanted="true")
    return PASS if all(cluster.maybe_automatic) else undecided("an instance without upgrades may be its own")


SPREAD: Final = ZoneSpread(zones=("us-east-1a", "us-east-1b", "us-east-1c"))


@control(
    id="LG-DR-10",
    slug="rds-cluster-multi-zone",
    severity=Severity.MEDIUM,
    requirements=(),
    families=("resilience",),
    source="Demand of the banking (2 instances) and payments (3 instances) systems, read 2026-11-20",
    rationale="A power failure in one data centre stops the only database instance, and every payment waits until a "
    "new one has been built elsewhere.",
    remediation="Give the Aurora cluster as many aws.rds.ClusterInstance as demanded, each in an availability_zone of "
    "its own or without one; set multi_az=True on an aws.rds.Instance outside a cluster.",
    parameters=("min_database_instances",),
    passes=[
        example("a zone for each instance", SPREAD),
        example("RDS chooses the zones", ZoneSpread(zones=(None, None, None))),
        example("two where two are enough", ZoneSpread(zones=("us-east-1a", None)), {"min_database_instances": 2}),
        example("instance outside a cluster", ZoneSpread(cluster=False, multi_az=True)),
    ],
    fails=[
        example("two instances in one zone", replace(SPREAD, zones=("us-east-1a", "us-east-1a", "us-east-1b"))),
        example("one instance", ZoneSpread(zones=(None,)), {"min_database_instances": 2}),
        example("no instance", ZoneSpread()),
        example("instance in a single zone", ZoneSpread(cluster=False)),
    ],
    unknowns=[
        example("a zone comes later", replace(SPREAD, zones=("us-east-1a", "us-east-1b", UNKNOWN))),
        example("an instance that may be its own", replace(SPREAD, zones=("us-east-1a", None), maybe_members=1)),
    ],
    not_applicable=[example("Multi-AZ DB cluster", ZoneSpread(multi_az=True))],
)
def spread_over_zones(database: ZoneSpread, settings: "Settings") -> Verdict:
    """A database goes on when a zone is lost.

    An Aurora cluster has at least min_database_instances instances that are in zones of their own; one that names no
    zone is put into another one by RDS. An instance outside a cluster has multiAz true; unset means false. A Multi-AZ
    DB cluster has three zones by its nature and is not applicable.
    """
    if not database.cluster:
        return require(database.multi_az, "it is in one zone only", found="multiAz false", wanted="true")
    if database.multi_az:
        return not_applicable("RDS spreads a Multi-AZ DB cluster over three zones")
    zones, wanted = tuple(database.zones), settings.min_database_instances
    apart = len(set(zones) - {None}) + zones.count(None)
    if apart < wanted and apart + database.maybe_members >= wanted:
        return undecided("instances whose cluster is not known may be its own")
    message = "it has too few instances in zones of their own"
    return require(apart >= wanted, message, found=apart, wanted=f"{wanted} or more")


PRIMARY: Final = GlobalMember(region="us-east-1", names_master=True, instance_classes=("db.r6g.large",))
SECONDARY: Final = GlobalMember(region="eu-west-1", instance_classes=("db.serverless",))
WORLD: Final = GlobalMembers(members=(PRIMARY, SECONDARY))
TWO: Final[dict[str, Any]] = {"global_database_regions": ("us-east-1", "eu-west-1")}
GLOBAL_CLASSES: Final = ("db.r*", "db.serverless")
"""Classes that a global database takes. Source: limitations of Aurora global databases, read 2026-11-20."""


@control(
    id="LG-DR-09",
    slug="rds-globalcluster-secondary-present",
    severity=Severity.HIGH,
    requirements=(),
    families=("resilience",),
    source="Demand of the banking system, read 2026-11-20",
    rationale="On the day that the primary Region fails there is no cluster to promote, and setting one up from "
    "backups takes hours in which no payment is booked.",
    remediation="Create an aws.rds.Cluster with global_cluster_identifier in each Region, only the primary with a "
    "master_username, and give every aws.rds.ClusterInstance of them a class db.r… or db.serverless.",
    parameters=("global_database_regions", "regions"),
    passes=[
        example("a cluster in each Region of the profile", WORLD, TWO),
        example("a cluster in each Region of the stack", WORLD, {"regions": ("us-east-1", "eu-west-1")}),
        example("two Regions where the profile names none", WORLD),
        example(
            "made from a cluster that exists",
            replace(WORLD, members=(replace(PRIMARY, source=True, names_master=False), SECONDARY)),
        ),
        example(
            "a secondary without instances", replace(WORLD, members=(PRIMARY, replace(SECONDARY, instance_classes=())))
        ),
    ],
    fails=[
        example("no secondary", replace(WORLD, members=(PRIMARY,))),
        example(
            "two clusters in one Region", replace(WORLD, members=(PRIMARY, replace(SECONDARY, region="us-east-1")))
        ),
        example("a Region without a cluster", WORLD, {"global_database_regions": ("us-east-1", "ap-southeast-1")}),
        example(
            "a secondary that names a user", replace(WORLD, members=(PRIMARY, replace(SECONDARY, names_master=True)))
        ),
        example(
            "a small class", replace(WORLD, members=(PRIMARY, replace(SECONDARY, instance_classes=("db.t4g.large",))))
        ),
    ],
    unknowns=[
        example("a Region comes later", replace(WORLD, members=(PRIMARY, replace(SECONDARY, region=UNKNOWN)))),
        example("a cluster that may be a member", GlobalMembers(members=(PRIMARY,), maybe_members=1)),
        example(
            "a class comes later", replace(WORLD, members=(PRIMARY, replace(SECONDARY, instance_classes=(UNKNOWN,))))
        ),
    ],
)
def secondary_present(database: GlobalMembers, settings: "Settings") -> Verdict:
    """A global database has a cluster in every Region that may have to take over.

    The Regions are global_database_regions, or all that the stack may use; where neither names more than one, any two.
    A member belongs to it by globalClusterIdentifier, or because it was made from it. At most one member names
    masterUsername, none besides the cluster that it was made from. Instances of members are of a class db.r… or
    db.serverless; a member may have none. A cluster of which nobody knows whether it is a member leaves a missing
    Region undecided.
    """
    members = tuple(database.members)
    problem = _second_master(members) or _small_class(members) or _missing_region(members, settings)
    if problem is not None and problem.message == _MISSING and database.maybe_members:
        return undecided("a cluster of which nobody knows whether it is a member may be the missing one")
    return problem or PASS


_MISSING: Final = "a Region has no cluster of it"


def _second_master(members: tuple[GlobalMember, ...]) -> Verdict | None:
    sources = [each for each in members if each.source]
    masters = [each for each in members if not each.source and each.names_master]
    if len(masters) > (0 if sources else 1):
        return fail("a secondary names a first user", found="masterUsername", wanted="only on the primary")
    return None


def _small_class(members: tuple[GlobalMember, ...]) -> Verdict | None:
    for each in (name for member in members for name in member.instance_classes):
        if not any(fnmatchcase(each, pattern) for pattern in GLOBAL_CLASSES):
            return fail(
                "an instance has a class that a global database cannot take over with",
                found=each,
                wanted=GLOBAL_CLASSES,
            )
    return None


def _missing_region(members: tuple[GlobalMember, ...], settings: "Settings") -> Verdict | None:
    wanted = settings.global_database_regions or settings.regions
    there = {each.region for each in members}
    if len(set(wanted)) > 1:
        missing = [region for region in wanted if region not in there]
        return fail(_MISSING, found=sorted(there), wanted=wanted) if missing else None
    return None if len(there) > 1 else fail(_MISSING, found=sorted(there), wanted="two Regions")
