"""Caches: replication groups, clusters and the groups of subnets that they are in."""

from typing import Any, Final

from integration.sandbox.handler import Apply, GoneError, Handler, Properties, Subject, put
from integration.sandbox.types.ec2_shared import the_one
from integration.sandbox.types.tags import retag, tags_from

_GROUP: Final = "replicationgroup"
_CLUSTER: Final = "cluster"
_SUBNETS: Final = "subnetgroup"


def _cache(subject: Subject) -> Any:
    return subject.aws.of("elasticache")


def _set_tags(path: str) -> Apply:
    def apply(subject: Subject) -> None:
        arn, client = subject.arn("elasticache", f"{path}:{subject.id}"), _cache(subject)
        retag(
            subject,
            lambda tags: client.add_tags_to_resource(
                ResourceName=arn, Tags=[{"Key": key, "Value": value} for key, value in tags.items()]
            ),
            lambda keys: client.remove_tags_from_resource(ResourceName=arn, TagKeys=keys),
        )

    return apply


def _tags_of(subject: Subject, arn: str) -> dict[str, str]:
    return tags_from(_cache(subject).list_tags_for_resource(ResourceName=arn)["TagList"])


def _create_subnets(subject: Subject) -> str:
    name = str(subject.inputs["name"]).lower()
    description = subject.inputs.get("description") or "Managed by Pulumi"
    _cache(subject).create_cache_subnet_group(
        CacheSubnetGroupName=name, CacheSubnetGroupDescription=description, **subject.given("subnetIds")
    )
    return name


def _read_subnets(subject: Subject) -> Properties:
    listed = _cache(subject).describe_cache_subnet_groups(CacheSubnetGroupName=subject.id)["CacheSubnetGroups"]
    found = the_one(listed)
    return {
        "arn": found["ARN"],
        "description": found["CacheSubnetGroupDescription"],
        "name": found["CacheSubnetGroupName"],
        "subnetIds": [each["SubnetIdentifier"] for each in found["Subnets"]],
        "tagsAll": _tags_of(subject, found["ARN"]),
        "vpcId": found["VpcId"],
    }


def _delete_subnets(subject: Subject) -> None:
    _cache(subject).delete_cache_subnet_group(CacheSubnetGroupName=subject.id)


_PLACED: Final = ("securityGroupIds", "port")


def _placed(subject: Subject) -> dict[str, Any]:
    given = subject.given("securityGroupIds")
    if subject.inputs.get("port"):
        given["Port"] = int(subject.inputs["port"])
    if subject.inputs.get("subnetGroupName"):
        given["CacheSubnetGroupName"] = subject.inputs["subnetGroupName"]
    return given


def _create_group(subject: Subject) -> str:
    name = str(subject.inputs["replicationGroupId"])
    _cache(subject).create_replication_group(
        ReplicationGroupId=name, ReplicationGroupDescription=subject.inputs["description"], **_placed(subject)
    )
    return name


def _member(subject: Subject, name: str) -> Any:
    found = the_one(_cache(subject).describe_cache_clusters(CacheClusterId=name)["CacheClusters"])
    if found["CacheClusterStatus"] == "deleting":
        raise GoneError
    return found


def _shown(cluster: Any) -> dict[str, Any]:
    return {
        "securityGroupIds": [each["SecurityGroupId"] for each in cluster["SecurityGroups"]],
        "subnetGroupName": cluster.get("CacheSubnetGroupName", ""),
    }


def _read_group(subject: Subject) -> Properties:
    found = the_one(_cache(subject).describe_replication_groups(ReplicationGroupId=subject.id)["ReplicationGroups"])
    if found["Status"] == "deleting":
        raise GoneError
    return {
        **_shown(_member(subject, found["MemberClusters"][0])),
        "arn": found["ARN"],
        "description": found["Description"],
        "memberClusters": found["MemberClusters"],
        "port": found["NodeGroups"][0]["PrimaryEndpoint"]["Port"],
        "tagsAll": _tags_of(subject, found["ARN"]),
    }


def _describe_group(subject: Subject) -> None:
    _cache(subject).modify_replication_group(
        ReplicationGroupId=subject.id, ReplicationGroupDescription=subject.inputs["description"]
    )


def _delete_group(subject: Subject) -> None:
    _cache(subject).delete_replication_group(ReplicationGroupId=subject.id)


def _create_cluster(subject: Subject) -> str:
    name = str(subject.inputs["clusterId"])
    given = {**_placed(subject), **subject.given("engine", "replicationGroupId")}
    nodes = int(subject.inputs.get("numCacheNodes") or 1)
    _cache(subject).create_cache_cluster(
        CacheClusterId=name, NumCacheNodes=nodes, CacheNodeType=subject.inputs["nodeType"], **given
    )
    return name


def _read_cluster(subject: Subject) -> Properties:
    found = _member(subject, subject.id)
    return {
        **_shown(found),
        "arn": found["ARN"],
        "engine": found["Engine"],
        "nodeType": found["CacheNodeType"],
        "tagsAll": _tags_of(subject, found["ARN"]),
    }


def _delete_cluster(subject: Subject) -> None:
    _cache(subject).delete_cache_cluster(CacheClusterId=subject.id)


HANDLERS: Final = (
    Handler(
        type="aws:elasticache/subnetGroup:SubnetGroup",
        create=_create_subnets,
        read=_read_subnets,
        delete=_delete_subnets,
        fixed=("description", "name", "subnetIds"),
        settings=put(_set_tags(_SUBNETS), "tagsAll"),
    ),
    Handler(
        type="aws:elasticache/replicationGroup:ReplicationGroup",
        create=_create_group,
        read=_read_group,
        delete=_delete_group,
        fixed=(*_PLACED, "replicationGroupId", "subnetGroupName"),
        updates=put(_describe_group, "description"),
        settings=put(_set_tags(_GROUP), "tagsAll"),
    ),
    Handler(
        type="aws:elasticache/cluster:Cluster",
        create=_create_cluster,
        read=_read_cluster,
        delete=_delete_cluster,
        fixed=(*_PLACED, "clusterId", "engine", "nodeType", "numCacheNodes", "replicationGroupId", "subnetGroupName"),
        settings=put(_set_tags(_CLUSTER), "tagsAll"),
    ),
)
