"""Real programs through the engine: services and a way in as they should be, and each thing wrong fails its control."""

from pathlib import Path
from typing import Any, Final

import pytest

from ledgergate.finding import Stage, Status
from policies.catalogue import load_catalogue
from policies.runner import judge
from policies.settings import Settings
from policies.vocabulary import EnvironmentClass
from tests.ledgergate.engine.running import run_text

_SERVICES: Final = """
import json, pulumi, pulumi_aws as aws
key = aws.kms.Key("key")
vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
gateway = aws.ec2.InternetGateway("gateway", vpc_id=vpc.id)
subnets = [aws.ec2.Subnet(f"subnet-{zone}", vpc_id=vpc.id, cidr_block=f"10.0.{number}.0/24",
                          availability_zone=f"us-east-1{zone}") for number, zone in enumerate("ab")]
table = aws.ec2.RouteTable("table", vpc_id=vpc.id)
for number, subnet in enumerate(subnets):
    aws.ec2.RouteTableAssociation(f"table-{number}", subnet_id=subnet.id, route_table_id=table.id)
# a route
repository = aws.ecr.Repository("api", image_tag_mutability="IMMUTABLE",
    image_scanning_configuration={"scan_on_push": True},
    encryption_configurations=[{"encryption_type": "KMS", "kms_key": key.arn}])
cluster = aws.ecs.Cluster("api", configuration={
    "managed_storage_configuration": {"fargate_ephemeral_storage_kms_key_id": key.arn},
    "execute_command_configuration": {"kms_key_id": key.arn, "logging": "OVERRIDE", "log_configuration": {
        "cloud_watch_log_group_name": "sessions", "cloud_watch_encryption_enabled": True}},
})
gate = "arn:aws:lambda:us-east-1:123456789012:function:image-gate"
secret = aws.secretsmanager.Secret("pin")
groups = {name: aws.ec2.SecurityGroup(name, vpc_id=vpc.id) for name in ("api", "web")}

def serve(name, group, role):
    roles = {kind: aws.iam.Role(f"{name}-{kind}", assume_role_policy="{}") for kind in ("task", "start")}
    container = {
        "name": name, "user": "1000", "readonlyRootFilesystem": True,
        "image": pulumi.Output.concat(repository.repository_url, "@sha256:", "0" * 64),
        "environment": [{"name": "PORT", "value": "8080"}],
        "secrets": [{"name": "PIN", "valueFrom": secret.arn}],
        "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/bank/api"}},
    }
    definition = aws.ecs.TaskDefinition(name, family=name, network_mode="awsvpc",
        task_role_arn=(role or roles["task"]).arn, execution_role_arn=roles["start"].arn,
        container_definitions=pulumi.Output.json_dumps([container]))
    aws.ecs.Service(name, cluster=cluster.arn, task_definition=definition.arn, launch_type="FARGATE", desired_count=2,
        enable_execute_command=True,
        network_configuration={"subnets": [each.id for each in subnets], "security_groups": [groups[group].id]},
        deployment_circuit_breaker={"enable": True, "rollback": True},
        deployment_configuration={"strategy": "BLUE_GREEN", "lifecycle_hooks": [
            {"hook_target_arn": gate, "role_arn": gate, "lifecycle_stages": ["PRE_SCALE_UP"]}]})
    return roles["task"]

first = serve("web", "web", None)
serve("api", "api", None)
"""

_SERVICE_CHANGES: Final = {
    "ECS.2": ('"security_groups": [groups[group].id]}', '"security_groups": [], "assign_public_ip": True}'),
    "ECS.8": ('{"name": "PORT", "value": "8080"}', '{"name": "AWS_SECRET_ACCESS_KEY", "value": "x"}'),
    "ECS.10": ('launch_type="FARGATE",', 'launch_type="FARGATE", platform_version="1.3.0",'),
    "LG-IAM-11": ('{"name": "PORT", "value": "8080"}', '{"name": "PIN_SECRET", "value": "x"}'),
    "LG-IAM-13": ('serve("api", "api", None)', 'serve("api", "api", first)'),
    "LG-IAM-14": ('"readonlyRootFilesystem": True', '"readonlyRootFilesystem": False'),
    "LG-ENC-18": ('"cloud_watch_encryption_enabled": True', '"cloud_watch_encryption_enabled": False'),
    "LG-NET-09": (
        "# a route",
        'aws.ec2.Route("out", route_table_id=table.id, destination_cidr_block="0.0.0.0/0", gateway_id=gateway.id)',
    ),
    "LG-NET-10": ('serve("api", "api", None)', 'serve("api", "web", None)'),
    "LG-LOG-07": ('"logDriver": "awslogs"', '"logDriver": "json-file"'),
    "LG-DR-19": ("desired_count=2", "desired_count=1"),
    "LG-SUP-02": ('"@sha256:", "0" * 64', '":latest"'),
    "LG-SUP-03": ('["PRE_SCALE_UP"]', '["POST_SCALE_UP"]'),
    "ECR.1": ('{"scan_on_push": True}', '{"scan_on_push": False}'),
    "LG-ENC-13": ('{"encryption_type": "KMS", "kms_key": key.arn}', '{"encryption_type": "AES256"}'),
    "LG-SUP-01": ('image_tag_mutability="IMMUTABLE",', ""),
}
"""Control → what is changed in the program, and into what."""

_EDGE: Final = """
import json, pulumi, pulumi_aws as aws
bucket = aws.s3.Bucket("edge")
access = aws.cloudfront.OriginAccessControl(
    "edge", origin_access_control_origin_type="s3", signing_behavior="always", signing_protocol="sigv4")
groups = ("CommonRuleSet", "SQLiRuleSet", "KnownBadInputsRuleSet", "AmazonIpReputationList")
visible = {"cloudwatch_metrics_enabled": True, "metric_name": "edge", "sampled_requests_enabled": True}
rate = {"name": "rate", "priority": 0, "action": {"block": {}}, "visibility_config": visible,
        "statement": {"rate_based_statement": {"limit": 1000, "evaluation_window_sec": 60}}}
managed = [{"name": group, "priority": number, "override_action": {"none": {}}, "visibility_config": visible,
            "statement": {"managed_rule_group_statement": {"vendor_name": "AWS", "name": f"AWSManagedRules{group}"}}}
           for number, group in enumerate(groups, start=1)]
acl = aws.wafv2.WebAcl("edge", scope="CLOUDFRONT", default_action={"allow": {}}, rules=[rate, *managed],
                       visibility_config=visible)
logs = aws.cloudwatch.LogGroup("edge", name="aws-waf-logs-edge")
aws.wafv2.WebAclLoggingConfiguration("edge", resource_arn=acl.arn, log_destination_configs=[logs.arn])
certificate = aws.acm.Certificate("edge", domain_name="pay.example.com", validation_method="DNS")
verify = pulumi.Output.secret("hunter2-hunter2")
cdn = aws.cloudfront.Distribution("edge", enabled=True, default_root_object="index.html", web_acl_id=acl.arn,
    origins=[
        {"origin_id": "files", "domain_name": bucket.bucket_regional_domain_name,
         "origin_access_control_id": access.id},
        {"origin_id": "api", "domain_name": "api.example.com",
         "custom_headers": [{"name": "X-Origin-Verify", "value": verify}],
         "custom_origin_config": {"http_port": 80, "https_port": 443, "origin_protocol_policy": "https-only",
                                  "origin_ssl_protocols": ["TLSv1.2"]}},
    ],
    default_cache_behavior={"target_origin_id": "api", "viewer_protocol_policy": "https-only",
                            "allowed_methods": ["GET", "HEAD"], "cached_methods": ["GET", "HEAD"]},
    restrictions={"geo_restriction": {"restriction_type": "none"}},
    viewer_certificate={"acm_certificate_arn": certificate.arn, "ssl_support_method": "sni-only",
                        "minimum_protocol_version": "TLSv1.2_2021"})
source = aws.cloudwatch.LogDeliverySource("edge", name="edge", log_type="ACCESS_LOGS", resource_arn=cdn.arn)
aws.cloudwatch.LogDelivery("edge", delivery_source_name=source.name, delivery_destination_arn="arn:destination")
policy = pulumi.Output.all(bucket.arn, cdn.arn).apply(lambda arns: json.dumps({"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"}, "Action": "s3:GetObject",
    "Resource": f"{arns[0]}/*", "Condition": {"StringEquals": {"aws:SourceArn": arns[1]}}}]}))
aws.s3.BucketPolicy("edge", bucket=bucket.id, policy=policy)
balancer = aws.lb.LoadBalancer("edge", load_balancer_type="application", subnets=["subnet-1", "subnet-2"])
regional = aws.wafv2.WebAcl("balancer", scope="REGIONAL", default_action={"allow": {}}, visibility_config=visible)
aws.wafv2.WebAclAssociation("edge", resource_arn=balancer.arn, web_acl_arn=regional.arn)
"""

_EDGE_CHANGES: Final = {
    "CloudFront.1": ('default_root_object="index.html",', ""),
    "CloudFront.3": ('"viewer_protocol_policy": "https-only"', '"viewer_protocol_policy": "allow-all"'),
    "CloudFront.5": ('"ACCESS_LOGS"', '"CONNECTION_LOGS"'),
    "CloudFront.6": ("web_acl_id=acl.arn", 'web_acl_id=""'),
    "CloudFront.9": ('"origin_protocol_policy": "https-only"', '"origin_protocol_policy": "http-only"'),
    "CloudFront.10": ('["TLSv1.2"]', '["TLSv1.1", "TLSv1.2"]'),
    "CloudFront.12": ("bucket.bucket_regional_domain_name", '"files.example.com"'),
    "LG-TLS-03": ('"TLSv1.2_2021"', '"TLSv1.2_2019"'),
    "LG-NET-14": ('"aws:SourceArn"', '"aws:SourceAccount"'),
    "WAF.11": ("log_destination_configs=[logs.arn]", "log_destination_configs=[]"),
    "LG-NET-16": ('"limit": 1000', '"limit": 2000'),
    "LG-NET-17": ('"SQLiRuleSet", ', ""),
    "LG-NET-18": ("resource_arn=balancer.arn", 'resource_arn="arn:aws:elasticloadbalancing:us-east-1:1:x"'),
    "ACM.2": ('validation_method="DNS"', 'validation_method="DNS", key_algorithm="RSA_1024"'),
}
"""Control → what is changed in the program, and into what."""

_SETTINGS: Final[dict[str, Any]] = {"environment_class": EnvironmentClass.PROD, "account_id": "123456789012"}


def statuses(folder: Path, text: str, name: str, *controls: str) -> dict[str, Status]:
    """Return control → what it says of the resource with this logical name, as the gate judges production."""
    found = run_text(folder, text)
    selected = load_catalogue().select(controls)
    findings = judge(
        found.graph, selected, Settings(**_SETTINGS), stage=Stage.DESIGN, observed_at="2026-12-01T00:00:00Z"
    )
    return {each.control: each.status for each in findings if each.resource.endswith(f"::{name}")}


def test_services_as_they_should_be_pass(tmp_path: Path) -> None:
    """A service with its cluster, its images and its roles passes every control of them."""
    expected = dict.fromkeys(_SERVICE_CHANGES, Status.PASS)

    assert statuses(tmp_path, _SERVICES, "api", *_SERVICE_CHANGES) == expected


@pytest.mark.parametrize("control", _SERVICE_CHANGES)
def test_one_change_of_a_service_fails_its_control(control: str, tmp_path: Path) -> None:
    """One wrong line fails the control that it breaks."""
    old, new = _SERVICE_CHANGES[control]
    text = _SERVICES.replace(old, new)
    assert text != _SERVICES

    assert statuses(tmp_path, text, "api", control) == {control: Status.FAIL}


def test_way_in_as_it_should_be_passes(tmp_path: Path) -> None:
    """A distribution with all that stands beside it passes, secret header or not; the audit reads the certificate."""
    expected = dict.fromkeys(_EDGE_CHANGES, Status.PASS) | {"ACM.1": Status.DEFERRED}

    assert statuses(tmp_path, _EDGE, "edge", "ACM.1", *_EDGE_CHANGES) == expected


@pytest.mark.parametrize("control", _EDGE_CHANGES)
def test_one_change_of_the_way_in_fails_its_control(control: str, tmp_path: Path) -> None:
    """One wrong line fails the control that it breaks."""
    old, new = _EDGE_CHANGES[control]
    text = _EDGE.replace(old, new)
    assert text != _EDGE

    assert statuses(tmp_path, text, "edge", control) == {control: Status.FAIL}
