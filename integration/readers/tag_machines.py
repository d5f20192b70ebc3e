"""Tags of what runs and what leads to it, listed by their own services: functions, containers, balancers, events."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.readers.batches import batches
from integration.readers.distributions import distributions
from integration.readers.ecs_lists import (
    DEFINITION_CALLS,
    INACTIVE,
    SERVICE_CALLS,
    cluster_answer,
    clusters_of,
    definition_answer,
    definitions_used,
    families_of,
    newest,
    services_of,
)
from integration.readers.elbv2_listeners import listeners_of, own_rules
from integration.readers.rules import list_buses, list_rules
from integration.readers.tag_lists import Listed, Row, Tags, from_map, from_small, told
from integration.readers.vpc_origins import vpc_origins
from integration.readers.web_acls import CLOUDFRONT, PATHS, REGIONAL
from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Place

_FUNCTIONS: Final = Paging("Marker", ("Functions",), answered="NextMarker")
_BALANCERS: Final = Paging("Marker", ("LoadBalancers",), answered="NextMarker")
_CLASSIC: Final = Paging("Marker", ("LoadBalancerDescriptions",), answered="NextMarker")
_TARGETS: Final = Paging("Marker", ("TargetGroups",), answered="NextMarker")
_MACHINES: Final = Paging("NextToken", ("AutoScalingGroups",))
_NODES: Final = Paging("Marker", ("Clusters",))
_APIS: Final = Paging("position", ("items",))
_ACLS: Final = Paging("NextMarker", ("WebACLs",))
_GROUPS: Final = Paging("NextMarker", ("RuleGroups",))
_BALANCER_PAGE: Final = 20
"""Balancers, listeners or groups that one call tells the tags of.

Source: DescribeTags, Elastic Load Balancing API references of 2012 and 2015, read 2026-11-30.
"""


def _functions(_place: Place, desk: Desk) -> Iterator[Listed]:
    for page in desk.pages(_FUNCTIONS, desk.aws.lambda_.list_functions):
        for each in page["Functions"]:
            yield each["FunctionArn"], partial(_of_function, each["FunctionArn"])


def _of_function(arn: str, desk: Desk) -> Tags:
    return from_map(desk.one(desk.aws.lambda_.list_tags, Resource=arn)["Tags"])


def _clusters(_place: Place, desk: Desk) -> Iterator[Listed]:
    for arn in clusters_of(desk):
        for each in cluster_answer(desk, arn):
            if each["status"] != INACTIVE:
                yield arn, told(from_small(each.get("tags", ())))


def _services(_place: Place, desk: Desk) -> Iterator[Listed]:
    for cluster in clusters_of(desk):
        for each in services_of(desk, cluster):
            # ECS leaves out the tags of what has none.
            yield each["serviceArn"], told(from_small(each.get("tags", ())))


def _definitions(_place: Place, desk: Desk) -> Iterator[Listed]:
    latest = [newest(desk, family) for family in families_of(desk)]
    used = [
        arn for cluster in clusters_of(desk) for each in services_of(desk, cluster) for arn in definitions_used(each)
    ]
    for arn in dict.fromkeys((*latest, *used)):
        if arn:
            yield arn, partial(_of_definition, arn)


def _of_definition(arn: str, desk: Desk) -> Tags:
    return from_small(definition_answer(desk, arn).get("tags", ()))


def _tagged(arns: list[str], desk: Desk) -> Iterator[Listed]:
    for some in batches(arns, _BALANCER_PAGE):
        found = desk.one(desk.aws.elbv2.describe_tags, ResourceArns=some)["TagDescriptions"]
        by_arn = {each["ResourceArn"]: each["Tags"] for each in found}
        yield from ((arn, told(by_arn[arn])) for arn in some)


def _balancer_arns(desk: Desk) -> list[str]:
    pages = desk.every(_BALANCERS, desk.aws.elbv2.describe_load_balancers)
    return [each["LoadBalancerArn"] for page in pages for each in page["LoadBalancers"]]


def _balancers(_place: Place, desk: Desk) -> Iterator[Listed]:
    yield from _tagged(_balancer_arns(desk), desk)


def _listener_arns(desk: Desk) -> list[str]:
    return [each["ListenerArn"] for arn in _balancer_arns(desk) for each in listeners_of(arn, desk)]


def _listeners(_place: Place, desk: Desk) -> Iterator[Listed]:
    yield from _tagged(_listener_arns(desk), desk)


def _rules(_place: Place, desk: Desk) -> Iterator[Listed]:
    """Yield the rules of listeners, but not their default ones, which come with them."""
    for arn in _listener_arns(desk):
        # Only application load balancers have rules.
        if ":listener/app/" in arn:
            yield from _tagged([each["RuleArn"] for each in own_rules(arn, desk)], desk)


def _targets(_place: Place, desk: Desk) -> Iterator[Listed]:
    for page in desk.pages(_TARGETS, desk.aws.elbv2.describe_target_groups):
        yield from _tagged([each["TargetGroupArn"] for each in page["TargetGroups"]], desk)


def _classic(place: Place, desk: Desk) -> Iterator[Listed]:
    for page in desk.pages(_CLASSIC, desk.aws.elb.describe_load_balancers):
        names = [each["LoadBalancerName"] for each in page["LoadBalancerDescriptions"]]
        for some in batches(names, _BALANCER_PAGE):
            found = desk.one(desk.aws.elb.describe_tags, LoadBalancerNames=some)["TagDescriptions"]
            by_name = {each["LoadBalancerName"]: each["Tags"] for each in found}
            for name in some:
                yield place.arn("elasticloadbalancing", f"loadbalancer/{name}"), told(by_name[name])


def _machines(_place: Place, desk: Desk) -> Iterator[Listed]:
    for page in desk.pages(_MACHINES, desk.aws.autoscaling.describe_auto_scaling_groups, MaxRecords=100):
        for each in page["AutoScalingGroups"]:
            yield each["AutoScalingGroupARN"], told(each["Tags"])


def _nodes(place: Place, desk: Desk) -> Iterator[Listed]:
    living = ["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING"]
    for page in desk.pages(_NODES, desk.aws.emr.list_clusters, ClusterStates=living):
        for each in page["Clusters"]:
            yield place.arn("elasticmapreduce", f"cluster/{each['Id']}"), partial(_of_nodes, each["Id"])


def _of_nodes(cluster: str, desk: Desk) -> Tags:
    return list(desk.one(desk.aws.emr.describe_cluster, ClusterId=cluster)["Cluster"]["Tags"])


def _api_arn(place: Place, path: str) -> str:
    # ARNs of API Gateway name no account.
    return f"arn:{place.partition}:apigateway:{place.region}::/restapis/{path}"


def _apis(place: Place, desk: Desk) -> Iterator[Listed]:
    for page in desk.pages(_APIS, desk.aws.apigateway.get_rest_apis):
        for each in page["items"]:
            yield _api_arn(place, each["id"]), told(from_map(each.get("tags", {})))


def _stages(place: Place, desk: Desk) -> Iterator[Listed]:
    for page in desk.every(_APIS, desk.aws.apigateway.get_rest_apis):
        for api in page["items"]:
            for each in desk.one(desk.aws.apigateway.get_stages, restApiId=api["id"])["item"]:
                arn = _api_arn(place, f"{api['id']}/stages/{each['stageName']}")
                yield arn, told(from_map(each.get("tags", {})))


def _buses(_place: Place, desk: Desk) -> Iterator[Listed]:
    for each in list_buses(desk):
        # Every Region has the default bus by itself.
        if each["Name"] != "default":
            yield each["Arn"], partial(_of_events, each["Arn"])


def _event_rules(_place: Place, desk: Desk) -> Iterator[Listed]:
    for bus in list_buses(desk):
        for each in list_rules(desk, bus["Name"]):
            # Only the service that made a managed rule can change it.
            if not each.get("ManagedBy"):
                yield each["Arn"], partial(_of_events, each["Arn"])


def _of_events(arn: str, desk: Desk) -> Tags:
    return list(desk.one(desk.aws.events.list_tags_for_resource, ResourceARN=arn)["Tags"])


def _acls(scope: str, _place: Place, desk: Desk) -> Iterator[Listed]:
    for page in desk.pages(_ACLS, desk.aws.wafv2.list_web_acls, Scope=scope):
        for each in page["WebACLs"]:
            yield each["ARN"], partial(_of_waf, each["ARN"])


def _groups(scope: str, _place: Place, desk: Desk) -> Iterator[Listed]:
    for page in desk.pages(_GROUPS, desk.aws.wafv2.list_rule_groups, Scope=scope):
        for each in page["RuleGroups"]:
            yield each["ARN"], partial(_of_waf, each["ARN"])


def _of_waf(arn: str, desk: Desk) -> Tags:
    return list(desk.one(desk.aws.wafv2.list_tags_for_resource, ResourceARN=arn)["TagInfoForResource"]["TagList"])


def _distributions(_place: Place, desk: Desk) -> Iterator[Listed]:
    for each in distributions(desk):
        yield each["ARN"], partial(_of_cloudfront, each["ARN"])


def _origins(place: Place, desk: Desk) -> Iterator[Listed]:
    for each in vpc_origins(desk):
        # What another account shares is tagged there.
        if each.get("AccountId", place.account) == place.account:
            yield each["Arn"], partial(_of_cloudfront, each["Arn"])


def _of_cloudfront(arn: str, desk: Desk) -> Tags:
    found: Mapping[str, Any] = desk.one(desk.aws.cloudfront.list_tags_for_resource, Resource=arn)["Tags"]
    # CloudFront leaves an empty list out.
    return list(found.get("Items", ()))


def _waf_rows(scope: str) -> tuple[Row, ...]:
    return (
        Row("aws:wafv2/webAcl:WebAcl", "wafv2", f"{PATHS[scope]}/webacl/",
            ("wafv2:ListWebACLs", "wafv2:ListTagsForResource"), partial(_acls, scope)),
        Row("aws:wafv2/ruleGroup:RuleGroup", "wafv2", f"{PATHS[scope]}/rulegroup/",
            ("wafv2:ListRuleGroups", "wafv2:ListTagsForResource"), partial(_groups, scope)),
    )  # fmt: skip


_TAGS: Final = "elbv2:DescribeTags"
_LISTENERS: Final = ("elbv2:DescribeLoadBalancers", "elbv2:DescribeListeners", _TAGS)

ROWS: Final = (
    Row("aws:lambda/function:Function", "lambda", "function:", ("lambda:ListFunctions", "lambda:ListTags"), _functions),
    Row("aws:ecs/cluster:Cluster", "ecs", "cluster/", ("ecs:ListClusters", "ecs:DescribeClusters"), _clusters),
    Row("aws:ecs/service:Service", "ecs", "service/", SERVICE_CALLS, _services),
    Row("aws:ecs/taskDefinition:TaskDefinition", "ecs", "task-definition/", DEFINITION_CALLS, _definitions),
    Row("aws:lb/loadBalancer:LoadBalancer", "elasticloadbalancing", "loadbalancer/",
        ("elbv2:DescribeLoadBalancers", _TAGS), _balancers),
    Row("aws:lb/listener:Listener", "elasticloadbalancing", "listener/", _LISTENERS, _listeners),
    Row("aws:lb/listenerRule:ListenerRule", "elasticloadbalancing", "listener-rule/",
        (*_LISTENERS, "elbv2:DescribeRules"), _rules),
    Row("aws:lb/targetGroup:TargetGroup", "elasticloadbalancing", "targetgroup/",
        ("elbv2:DescribeTargetGroups", _TAGS), _targets),
    Row("aws:elb/loadBalancer:LoadBalancer", "elasticloadbalancing", "loadbalancer/",
        ("elb:DescribeLoadBalancers", "elb:DescribeTags"), _classic),
    Row("aws:autoscaling/group:Group", "autoscaling", "autoScalingGroup:",
        ("autoscaling:DescribeAutoScalingGroups",), _machines),
    Row("aws:emr/cluster:Cluster", "elasticmapreduce", "cluster/",
        ("emr:ListClusters", "emr:DescribeCluster"), _nodes),
    Row("aws:apigateway/restApi:RestApi", "apigateway", "/restapis/", ("apigateway:GetRestApis",), _apis),
    Row("aws:apigateway/stage:Stage", "apigateway", "/restapis/*/stages/",
        ("apigateway:GetRestApis", "apigateway:GetStages"), _stages),
    Row("aws:cloudwatch/eventBus:EventBus", "events", "event-bus/",
        ("events:ListEventBuses", "events:ListTagsForResource"), _buses),
    Row("aws:cloudwatch/eventRule:EventRule", "events", "rule/",
        ("events:ListEventBuses", "events:ListRules", "events:ListTagsForResource"), _event_rules),
    *_waf_rows(REGIONAL),
)  # fmt: skip

EDGE_ROWS: Final = (
    Row("aws:cloudfront/distribution:Distribution", "cloudfront", "distribution/",
        ("cloudfront:ListDistributions", "cloudfront:ListTagsForResource"), _distributions),
    Row("aws:cloudfront/vpcOrigin:VpcOrigin", "cloudfront", "vpcorigin/",
        ("cloudfront:ListVpcOrigins", "cloudfront:ListTagsForResource"), _origins),
)  # fmt: skip
"""What belongs to no Region."""

EDGE_WAF_ROWS: Final = _waf_rows(CLOUDFRONT)
"""What WAF holds for CloudFront, in us-east-1."""
