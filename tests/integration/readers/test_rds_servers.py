"""What databases state themselves, in the states that no sandbox has."""

from typing import Any

from integration.readers import rds
from integration.scanning.calls import Cause, Trouble
from integration.scanning.observed import Observed, Unread
from policies.facts.properties import UNKNOWN
from policies.facts.rds_clusters import GlobalMember, GlobalMembers, UpgradedCluster, ZoneSpread
from policies.facts.rds_parameters import ConnectionParameters, GroupOrigin
from policies.facts.rds_servers import DatabaseServer, MasterLogin
from tests.integration.scanning.lines import Answer, CannedLine, read

HERE = "arn:aws:rds:eu-west-1:111122223333:"
THERE = "arn:aws:rds:us-east-1:111122223333:"
CLUSTER = {
    "DBClusterArn": HERE + "cluster:books",
    "Engine": "aurora-postgresql",
    "EngineVersion": "16.4",
    "EngineMode": "provisioned",
    "MasterUsername": "owner",
    "IAMDatabaseAuthenticationEnabled": True,
    "BackupRetentionPeriod": 35,
    "DBClusterParameterGroup": "books",
    "DBClusterMembers": [{"DBInstanceIdentifier": "one", "DBClusterParameterGroupStatus": "in-sync"}],
}
OPEN = MasterLogin(username="owner", password=UNKNOWN, password_secret=UNKNOWN, write_only=UNKNOWN)
DENIED = Trouble(Cause.DENIED, "AccessDenied")


def _read(fact: type, changed: dict[str, Any], **answers: Answer | list[Answer]) -> Any:
    line = CannedLine(
        {
            "DescribeDBClusters": {"DBClusters": [CLUSTER | changed]},
            "DescribeDBInstances": {"DBInstances": []},
            "DescribeGlobalClusters": {"GlobalClusters": []},
            **answers,
        }
    )
    (found,) = read(rds.READING, line, [fact])
    return found


def _world(*members: dict[str, Any]) -> Answer:
    world = {"GlobalClusterIdentifier": "world", "GlobalClusterArn": "arn:aws:rds::111122223333:global-cluster:world"}
    return {"GlobalClusters": [{**world, "GlobalClusterMembers": list(members)}]}


def _login(changed: dict[str, Any] | None = None, **answers: Answer | list[Answer]) -> Any:
    found = _read(DatabaseServer, changed or {}, **answers)
    assert isinstance(found, Observed)
    fact: Any = found.fact
    return fact.login


def test_whose_the_first_user_is() -> None:
    """Its own, managed or nobody knows how; a replica and a secondary have that of what they follow."""
    managed = MasterLogin(username="owner", managed=True)
    writer = {"DBClusterArn": CLUSTER["DBClusterArn"], "IsWriter": True}
    assert _login() == OPEN
    assert _login({"MasterUserSecret": {"SecretArn": "arn"}}) == managed
    assert _login({"ReplicationSourceIdentifier": HERE + "cluster:other"}) == MasterLogin()
    assert _login(DescribeGlobalClusters=_world(writer)) == OPEN
    assert _login(DescribeGlobalClusters=_world(writer | {"IsWriter": False})) == MasterLogin()


def test_a_global_database_that_nobody_can_tell_of() -> None:
    """Denied, or named before it is listed: nothing is known of the first user, and the failure is told."""
    unknown = MasterLogin(
        username=UNKNOWN, managed=UNKNOWN, password=UNKNOWN, password_secret=UNKNOWN, write_only=UNKNOWN
    )
    joining = {"GlobalClusterIdentifier": "world"}
    denied = _read(DatabaseServer, {}, DescribeGlobalClusters=DENIED)
    assert (denied.fact.global_member, denied.fact.login) == (UNKNOWN, unknown)
    assert [each.call.operation for each in denied.failures] == ["DescribeGlobalClusters"]
    assert _login(joining) == unknown
    listed = _read(DatabaseServer, joining, DescribeGlobalClusters=_world())
    assert (listed.fact.global_member, listed.fact.login) == (True, unknown)


def test_serverless_v1_and_missing_members() -> None:
    """The mode is told; an answer that leaves out what it always has is none."""
    assert _read(DatabaseServer, {"EngineMode": "serverless"}).fact.serverless_v1
    for missing in ("MasterUsername", "IAMDatabaseAuthenticationEnabled", "BackupRetentionPeriod"):
        cluster = {name: value for name, value in CLUSTER.items() if name != missing}
        answers: dict[str, Answer | list[Answer]] = {
            "DescribeDBClusters": {"DBClusters": [cluster]},
            "DescribeDBInstances": {"DBInstances": []},
            "DescribeGlobalClusters": {"GlobalClusters": []},
        }
        line = CannedLine(answers)
        (found,) = read(rds.READING, line, [DatabaseServer])
        assert isinstance(found, Unread), missing


def _listed(name: str, **setting: Any) -> dict[str, Any]:
    return {"DBInstanceArn": f"{HERE}db:{name}", "DBInstanceIdentifier": name, "Engine": "aurora-postgresql"} | setting


def _spread(*pages: Answer) -> Any:
    return _read(UpgradedCluster, {}, DescribeDBInstances=[*pages])


def test_instances_of_a_cluster() -> None:
    """They may come on a second page; one that is not listed leaves it open, and so does what RDS does not tell."""
    first: Answer = {"DBInstances": [_listed("other", AutoMinorVersionUpgrade=True)], "Marker": "more"}
    second: Answer = {"DBInstances": [_listed("one", AutoMinorVersionUpgrade=False)]}
    assert _spread(first, second).fact == UpgradedCluster(automatic=UNKNOWN, members_automatic=(False,))
    assert _spread({"DBInstances": [_listed("one")]}).fact.members_automatic == (UNKNOWN,)
    assert _spread({"DBInstances": []}).fact.members_automatic == (UNKNOWN,)
    assert isinstance(_spread(first, DENIED), Unread)
    assert _read(UpgradedCluster, {"AutoMinorVersionUpgrade": False}).fact.automatic is False


def test_zones_of_a_cluster() -> None:
    """RDS spreads a Multi-AZ DB cluster; an instance that is being made has no zone yet."""
    making = {"DBInstances": [_listed("one", DBClusterIdentifier="books")]}
    assert _read(ZoneSpread, {}, DescribeDBInstances=making).fact == ZoneSpread(zones=(UNKNOWN,))
    assert _read(ZoneSpread, {"DBClusterInstanceClass": "db.m6gd.large"}).fact.multi_az


def _tls(changed: dict[str, Any] | None = None, *pages: Answer) -> Any:
    return _read(ConnectionParameters, changed or {}, DescribeDBClusterParameters=[*pages, {"Parameters": []}])


def test_parameters_in_force() -> None:
    """They come page by page, with and without values; a default group is not asked for, a waiting one is open."""
    pages: list[Answer] = [
        {"Parameters": [{"ParameterName": "rds.force_ssl"}, {"ParameterName": "a"}], "Marker": "more"},
        {"Parameters": [{"ParameterName": "require_secure_transport", "ParameterValue": "ON"}]},
    ]
    own = ConnectionParameters(engine="aurora-postgresql", major_version=16, group=GroupOrigin.OWN)
    waiting = [{"DBInstanceIdentifier": "one", "DBClusterParameterGroupStatus": "pending-reboot"}]
    assert _tls({}, *pages).fact.require_secure_transport == "on"
    assert _tls().fact == own
    assert _tls({"DBClusterParameterGroup": "default.aurora-postgresql16"}, DENIED).fact.group is GroupOrigin.DEFAULT
    assert _tls({"DBClusterMembers": waiting}).fact.group == UNKNOWN
    assert isinstance(_tls({}, DENIED), Unread)


def test_clusters_of_a_global_database() -> None:
    """The writer is its source; the classes are those of the Region where a cluster is."""
    primary = {"DBClusterArn": THERE + "cluster:books", "IsWriter": True}
    instances = {"DBInstances": [_listed("one", DBClusterIdentifier="books", DBInstanceClass="db.r6g.large")]}
    line = CannedLine({"DescribeGlobalClusters": _world(primary), "DescribeDBInstances": instances})
    (found,) = read(rds.READING, line, [GlobalMembers])
    member = GlobalMember(region="us-east-1", source=True, instance_classes=("db.r6g.large",))
    assert isinstance(found, Observed)
    assert found.fact == GlobalMembers(members=(member,))
    assert (found.subject.place.region, [each.region for each in line.asked]) == ("", ["eu-west-1", "us-east-1"])
    for broken in ({**primary, "DBClusterArn": "books"}, {"DBClusterArn": primary["DBClusterArn"]}):
        line = CannedLine({"DescribeGlobalClusters": _world(broken), "DescribeDBInstances": instances})
        (unread,) = read(rds.READING, line, [GlobalMembers])
        assert isinstance(unread, Unread)
