"""Clusters that analyse: Redshift and EMR."""

from typing import Any, Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject, put
from integration.sandbox.types.ec2_shared import the_one
from integration.sandbox.types.shapes import pascal
from integration.sandbox.types.tags import as_tags, retag, tags_from

_WAREHOUSE: Final = ("clusterIdentifier", "nodeType", "masterUsername")
_ENDED: Final = frozenset({"TERMINATED", "TERMINATED_WITH_ERRORS", "TERMINATING"})


def _redshift(subject: Subject) -> Any:
    return subject.aws.of("redshift")


def _create_warehouse(subject: Subject) -> str:
    given = subject.given(*_WAREHOUSE, "vpcSecurityGroupIds")
    if subject.inputs.get("port"):
        given["Port"] = int(subject.inputs["port"])
    password = subject.inputs.get("masterPassword")
    made = _redshift(subject).create_cluster(
        **given, MasterUserPassword=password, ClusterType=subject.inputs.get("clusterType", "single-node")
    )
    return str(made["Cluster"]["ClusterIdentifier"])


def _read_warehouse(subject: Subject) -> Properties:
    found = the_one(_redshift(subject).describe_clusters(ClusterIdentifier=subject.id)["Clusters"])
    return {
        "arn": subject.arn("redshift", f"cluster:{subject.id}"),
        "clusterIdentifier": found["ClusterIdentifier"],
        "masterUsername": found["MasterUsername"],
        "nodeType": found["NodeType"],
        "port": found["Endpoint"]["Port"],
        "tagsAll": tags_from(found.get("Tags", [])),
        "vpcSecurityGroupIds": [each["VpcSecurityGroupId"] for each in found["VpcSecurityGroups"]],
    }


def _set_groups(subject: Subject) -> None:
    groups = subject.inputs.get("vpcSecurityGroupIds") or []
    _redshift(subject).modify_cluster(ClusterIdentifier=subject.id, VpcSecurityGroupIds=groups)


def _set_warehouse_tags(subject: Subject) -> None:
    client, arn = _redshift(subject), subject.arn("redshift", f"cluster:{subject.id}")
    retag(
        subject,
        lambda tags: client.create_tags(ResourceName=arn, Tags=as_tags(tags)),
        lambda keys: client.delete_tags(ResourceName=arn, TagKeys=keys),
    )


def _delete_warehouse(subject: Subject) -> None:
    _redshift(subject).delete_cluster(ClusterIdentifier=subject.id, SkipFinalClusterSnapshot=True)


def _emr(subject: Subject) -> Any:
    return subject.aws.of("emr")


def _create_cluster(subject: Subject) -> str:
    wanted = subject.inputs
    attributes = wanted.get("ec2Attributes") or {}
    primary = {"InstanceRole": "MASTER", "InstanceType": wanted["masterInstanceGroup"]["instanceType"]}
    places = {
        pascal(name).replace("SubnetId", "Ec2SubnetId"): attributes[name] for name in _PLACES if name in attributes
    }
    made = _emr(subject).run_job_flow(
        Name=wanted["name"],
        ReleaseLabel=wanted["releaseLabel"],
        ServiceRole=wanted["serviceRole"],
        JobFlowRole=attributes.get("instanceProfile", "nodes"),
        Instances={"InstanceGroups": [{**primary, "InstanceCount": 1}], "KeepJobFlowAliveWhenNoSteps": True, **places},
    )
    return str(made["JobFlowId"])


_PLACES: Final = ("subnetId", "subnetIds")


def _read_cluster(subject: Subject) -> Properties:
    found = _emr(subject).describe_cluster(ClusterId=subject.id)["Cluster"]
    if found["Status"]["State"] in _ENDED:
        raise GoneError
    return {
        "arn": found["ClusterArn"],
        "clusterState": found["Status"]["State"],
        "name": found["Name"],
        "releaseLabel": found["ReleaseLabel"],
        "serviceRole": found["ServiceRole"],
        "tagsAll": tags_from(found.get("Tags", [])),
    }


def _set_cluster_tags(subject: Subject) -> None:
    client = _emr(subject)
    retag(
        subject,
        lambda tags: client.add_tags(ResourceId=subject.id, Tags=as_tags(tags)),
        lambda keys: client.remove_tags(ResourceId=subject.id, TagKeys=keys),
    )


def _delete_cluster(subject: Subject) -> None:
    _emr(subject).terminate_job_flows(JobFlowIds=[subject.id])


HANDLERS: Final = (
    Handler(
        type="aws:redshift/cluster:Cluster",
        create=_create_warehouse,
        read=_read_warehouse,
        delete=_delete_warehouse,
        fixed=(*_WAREHOUSE, "clusterType", "masterPassword", "port"),
        updates=put(_set_groups, "vpcSecurityGroupIds"),
        settings=put(_set_warehouse_tags, "tagsAll"),
        ignored={"skipFinalSnapshot": "no snapshot is made where a cluster goes"},
    ),
    Handler(
        type="aws:emr/cluster:Cluster",
        create=_create_cluster,
        read=_read_cluster,
        delete=_delete_cluster,
        fixed=("ec2Attributes", "masterInstanceGroup", "name", "releaseLabel", "serviceRole"),
        settings=put(_set_cluster_tags, "tagsAll"),
    ),
)
