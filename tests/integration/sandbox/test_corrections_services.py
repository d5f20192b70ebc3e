"""Corrections of what runs, watches and guards a system: what AWS answers, and that moto answers something else."""

import io
import zipfile
from typing import Any

import boto3
import pytest

from tests.integration.sandbox.cases import Case, answer, answers
from tests.integration.sandbox.changes import trust
from tests.integration.sandbox.conftest import ACCOUNT

HOOK = {
    "hookTargetArn": "arn:aws:lambda:us-east-1:111122223333:function:gate",
    "roleArn": "arn:aws:iam::111122223333:role/gate",
    "lifecycleStages": ["PRE_SCALE_UP"],
}
BREAKER = {"enable": True, "rollback": True}


def _of(session: boto3.Session, service: str) -> Any:
    return session.client(service, region_name="us-east-1")  # type: ignore[call-overload]  # any of them


def _service(session: boto3.Session) -> Any:
    ecs = _of(session, "ecs")
    ecs.create_cluster(clusterName="tasks")
    deployment = {"deploymentCircuitBreaker": BREAKER, "lifecycleHooks": [HOOK]}
    ecs.create_service(cluster="tasks", serviceName="web", desiredCount=1, deploymentConfiguration=deployment)
    return ecs


def _circuit_breaker(session: boto3.Session) -> Any:
    found = _service(session).describe_services(cluster="tasks", services=["web"])["services"][0]
    return found["deploymentConfiguration"]["deploymentCircuitBreaker"], found["deploymentConfiguration"][
        "lifecycleHooks"
    ]


def _given_certificate(session: boto3.Session) -> Any:
    ec2, elb = _of(session, "ec2"), _of(session, "elbv2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    zones = zip("ab", ("10.0.0.0/24", "10.0.1.0/24"), strict=True)
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=f"us-east-1{zone}")["Subnet"]["SubnetId"]
        for zone, block in zones
    ]
    balancer = elb.create_load_balancer(Name="front", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    one, other = (f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/{name}" for name in ("one", "two"))
    action = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "403"}}
    given: Any = {
        "Protocol": "HTTPS",
        "Port": 443,
        "Certificates": [{"CertificateArn": one}],
        "DefaultActions": [action],
    }
    listener = elb.create_listener(LoadBalancerArn=balancer, **given)["Listeners"][0]["ListenerArn"]
    elb.modify_listener(ListenerArn=listener, Certificates=[{"CertificateArn": other}])
    found = elb.describe_listeners(ListenerArns=[listener])["Listeners"][0]["Certificates"]
    return found[0]["CertificateArn"].rpartition("/")[2]


def _function(session: boto3.Session) -> Any:
    role = {"RoleName": "runner", "AssumeRolePolicyDocument": trust("lambda")}
    arn = _of(session, "iam").create_role(**role)["Role"]["Arn"]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("a.py", "")
    client = _of(session, "lambda")
    client.create_function(
        FunctionName="gate",
        Role=arn,
        Handler="a.b",
        Runtime="python3.13",
        Code={"ZipFile": buffer.getvalue()},
        LoggingConfig={"LogGroup": "/gate", "LogFormat": "JSON"},
        DeadLetterConfig={"TargetArn": "arn:aws:sqs:us-east-1:111122223333:dead"},
    )
    return client


def _function_logs(session: boto3.Session) -> Any:
    found = _function(session).get_function_configuration(FunctionName="gate")
    return found.get("LoggingConfig", {}).get("LogGroup"), found.get("DeadLetterConfig", {}).get("TargetArn", "")[-4:]


def _changed_function(session: boto3.Session) -> Any:
    client = _function(session)
    client.update_function_configuration(
        FunctionName="gate", TracingConfig={"Mode": "Active"}, KMSKeyArn="arn:aws:kms:us-east-1:111122223333:key/one"
    )
    found = client.get_function_configuration(FunctionName="gate")
    return found["TracingConfig"]["Mode"], found.get("KMSKeyArn", "")[-3:]


def _filter_put_again(session: boto3.Session) -> Any:
    logs = _of(session, "logs")
    logs.create_log_group(logGroupName="/a")
    metric = [{"metricName": "m", "metricNamespace": "n", "metricValue": "1"}]
    for pattern in ("one", "two"):
        logs.put_metric_filter(logGroupName="/a", filterName="f", filterPattern=pattern, metricTransformations=metric)
    return [each["filterPattern"] for each in logs.describe_metric_filters(logGroupName="/a")["metricFilters"]]


def _changed_delivery(session: boto3.Session) -> Any:
    logs = _of(session, "logs")
    logs.create_log_group(logGroupName="/a")
    source = "arn:aws:cloudfront::111122223333:distribution/E1"
    logs.put_delivery_source(name="s", resourceArn=source, logType="ACCESS_LOGS")
    target = {"destinationResourceArn": "arn:aws:logs:us-east-1:111122223333:log-group:/a"}
    made = logs.put_delivery_destination(name="d", deliveryDestinationConfiguration=target)["deliveryDestination"]
    given = {"deliverySourceName": "s", "deliveryDestinationArn": made["arn"]}
    id_ = logs.create_delivery(**given, recordFields=["date"])["delivery"]["id"]
    logs.update_delivery_configuration(id=id_, recordFields=["date", "time"])
    return logs.get_delivery(id=id_)["delivery"]["recordFields"]


def _distribution(session: boto3.Session) -> Any:
    origin = {
        "Id": "a",
        "DomainName": "a.s3.us-east-1.amazonaws.com",
        "OriginAccessControlId": "E1",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    behaviour = {"TargetOriginId": "a", "ViewerProtocolPolicy": "https-only"}
    config: Any = {
        "CallerReference": "one",
        "Comment": "",
        "DefaultCacheBehavior": behaviour,
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "ViewerCertificate": {"ACMCertificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/one"},
    }
    return _of(session, "cloudfront").create_distribution(DistributionConfig=config)["Distribution"][
        "DistributionConfig"
    ]


def _access_control(session: boto3.Session) -> Any:
    return _distribution(session)["Origins"]["Items"][0].get("OriginAccessControlId")


def _own_certificate(session: boto3.Session) -> Any:
    return [_distribution(session)["ViewerCertificate"]["CloudFrontDefaultCertificate"]]


def _kept(client: Any, kind: str, create: str, config: dict[str, Any], changed: dict[str, Any]) -> Any:
    """Return the settings of a document before and after its change, and how it ends."""
    words = "".join(f"_{each.lower()}" if each.isupper() else each for each in kind).lstrip("_")
    parameter = f"{kind}{create}"
    id_ = getattr(client, f"create_{words}")(**{parameter: config})[kind]["Id"]
    first = getattr(client, f"get_{words}")(Id=id_)
    getattr(client, f"update_{words}")(Id=id_, IfMatch=first["ETag"], **{parameter: changed})
    second = getattr(client, f"get_{words}")(Id=id_)
    getattr(client, f"delete_{words}")(Id=id_, IfMatch=second["ETag"])
    return first[kind][parameter]["Name"], second[kind][parameter]["Name"], getattr(client, f"get_{words}"), id_


def _vpc_origin(session: boto3.Session) -> Any:
    config = {"Name": "a", "Arn": "arn:b", "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}
    client = _of(session, "cloudfront")
    before, after, get, id_ = _kept(client, "VpcOrigin", "EndpointConfig", config, {**config, "Name": "b"})
    return before, after, answer(Case(lambda _: get(Id=id_), None, ()), session)


def _headers_policy(session: boto3.Session) -> Any:
    client = _of(session, "cloudfront")
    before, after, get, id_ = _kept(client, "ResponseHeadersPolicy", "Config", {"Name": "a"}, {"Name": "b"})
    return before, after, answer(Case(lambda _: get(Id=id_), None, ()), session)


def _rule(days: int) -> dict[str, Any]:
    rule = {"RuleName": "daily", "TargetBackupVaultName": "v", "Lifecycle": {"DeleteAfterDays": days}}
    return {"BackupPlanName": "p", "Rules": [rule]}


def _plan(session: boto3.Session) -> Any:
    backup = _of(session, "backup")
    return backup, backup.create_backup_plan(BackupPlan=_rule(30))["BackupPlanId"]


def _changed_plan(session: boto3.Session) -> Any:
    backup, id_ = _plan(session)
    backup.update_backup_plan(BackupPlanId=id_, BackupPlan=_rule(60))
    return backup.get_backup_plan(BackupPlanId=id_)["BackupPlan"]["Rules"][0]["Lifecycle"]["DeleteAfterDays"]


def _deleted_plan(session: boto3.Session) -> Any:
    backup, id_ = _plan(session)
    backup.delete_backup_plan(BackupPlanId=id_)
    return backup.get_backup_plan(BackupPlanId=id_)


def _selection(session: boto3.Session) -> Any:
    backup, id_ = _plan(session)
    chosen = {"SelectionName": "s", "IamRoleArn": "arn:r", "Resources": ["*"]}
    made = backup.create_backup_selection(BackupPlanId=id_, BackupSelection=chosen)["SelectionId"]
    found = backup.get_backup_selection(BackupPlanId=id_, SelectionId=made)["BackupSelection"]["Resources"]
    listed = len(backup.list_backup_selections(BackupPlanId=id_)["BackupSelectionsList"])
    backup.delete_backup_selection(BackupPlanId=id_, SelectionId=made)
    return found, listed, len(backup.list_backup_selections(BackupPlanId=id_)["BackupSelectionsList"])


def _vault_policy(session: boto3.Session) -> Any:
    backup = _of(session, "backup")
    backup.create_backup_vault(BackupVaultName="v")
    backup.put_backup_vault_access_policy(BackupVaultName="v", Policy="{}")
    found = backup.get_backup_vault_access_policy(BackupVaultName="v")["Policy"]
    backup.delete_backup_vault_access_policy(BackupVaultName="v")
    gone = answer(Case(lambda _: backup.get_backup_vault_access_policy(BackupVaultName="v"), None, ()), session)
    return found, gone


def _switches(session: boto3.Session) -> Any:
    backup = _of(session, "backup")
    backup.update_region_settings(ResourceTypeOptInPreference={"RDS": False})
    found = backup.describe_region_settings()["ResourceTypeOptInPreference"]
    return found["RDS"], found["Aurora"]


def _restore_test(session: boto3.Session) -> Any:
    backup = _of(session, "backup")
    chosen = {"Algorithm": "LATEST_WITHIN_WINDOW", "IncludeVaults": ["*"], "RecoveryPointTypes": ["SNAPSHOT"]}
    timed = {"RecoveryPointSelection": chosen, "ScheduleExpression": "cron(0 9 ? * SUN *)"}
    backup.create_restore_testing_plan(RestoreTestingPlan={"RestoreTestingPlanName": "t", **timed})
    backup.update_restore_testing_plan(RestoreTestingPlanName="t", RestoreTestingPlan={**timed, "StartWindowHours": 3})
    found = backup.get_restore_testing_plan(RestoreTestingPlanName="t")["RestoreTestingPlan"]["StartWindowHours"]
    listed = [each["RestoreTestingPlanName"] for each in backup.list_restore_testing_plans()["RestoreTestingPlans"]]
    backup.delete_restore_testing_plan(RestoreTestingPlanName="t")
    gone = answer(Case(lambda _: backup.get_restore_testing_plan(RestoreTestingPlanName="t"), None, ()), session)
    return found, listed, gone


def _restore_selection(session: boto3.Session) -> Any:
    backup = _of(session, "backup")
    chosen = {"Algorithm": "LATEST_WITHIN_WINDOW", "IncludeVaults": ["*"], "RecoveryPointTypes": ["SNAPSHOT"]}
    timed = {"RecoveryPointSelection": chosen, "ScheduleExpression": "cron(0 9 ? * SUN *)"}
    backup.create_restore_testing_plan(RestoreTestingPlan={"RestoreTestingPlanName": "t", **timed})
    wanted = {"RestoreTestingSelectionName": "s", "ProtectedResourceType": "Aurora", "IamRoleArn": "arn:r"}
    backup.create_restore_testing_selection(RestoreTestingPlanName="t", RestoreTestingSelection=wanted)
    where = {"RestoreTestingPlanName": "t", "RestoreTestingSelectionName": "s"}
    backup.update_restore_testing_selection(**where, RestoreTestingSelection={"ValidationWindowHours": 4})
    found = backup.get_restore_testing_selection(**where)["RestoreTestingSelection"]["ValidationWindowHours"]
    pages = [backup.list_restore_testing_selections(RestoreTestingPlanName=name) for name in ("t", "other")]
    listed = [[each["ProtectedResourceType"] for each in page["RestoreTestingSelections"]] for page in pages]
    backup.delete_restore_testing_selection(**where)
    return found, listed, answer(Case(lambda _: backup.get_restore_testing_selection(**where), None, ()), session)


def _sampling(session: boto3.Session) -> Any:
    xray = _of(session, "xray")
    everything = dict.fromkeys(("ResourceARN", "ServiceName", "ServiceType", "Host", "HTTPMethod", "URLPath"), "*")
    rule = {"RuleName": "r", "Priority": 1, "FixedRate": 0.1, "ReservoirSize": 1, "Version": 1, **everything}
    arn = xray.create_sampling_rule(SamplingRule=rule)["SamplingRuleRecord"]["SamplingRule"]["RuleARN"]
    xray.tag_resource(ResourceARN=arn, Tags=[{"Key": "A", "Value": "1"}, {"Key": "B", "Value": "2"}])
    xray.untag_resource(ResourceARN=arn, TagKeys=["A"])
    xray.update_sampling_rule(SamplingRuleUpdate={"RuleName": "r", "Priority": 2})
    tags = xray.list_tags_for_resource(ResourceARN=arn)["Tags"]
    found = [each["SamplingRule"]["Priority"] for each in xray.get_sampling_rules()["SamplingRuleRecords"]]
    xray.delete_sampling_rule(RuleName="r")
    return tags, found, len(xray.get_sampling_rules()["SamplingRuleRecords"])


def _four(owner: str, name: str) -> tuple[str, ...]:
    return tuple(f"{owner}.{verb}_{name}" for verb in ("create", "get", "update", "delete"))


CASES = (
    Case(_circuit_breaker, (BREAKER, [HOOK]), ("EC2ContainerServiceResponse.create_service",)),
    Case(
        _given_certificate,
        "two",
        ("ELBv2Backend._certificate_exists", "AWSCertificateManagerBackend.set_certificate_in_use_by"),
    ),
    Case(_function_logs, ("/gate", "dead"), ("LambdaFunction.__init__", "LambdaFunction.get_configuration")),
    Case(_changed_function, ("Active", "one"), ("LambdaFunction.update_configuration",)),
    Case(_filter_put_again, ["two"], ("MetricFilters.add_filter",)),
    Case(_changed_delivery, ["date", "time"], ("LogsResponse.update_delivery_configuration",)),
    Case(_access_control, "E1", ("Origin.__init__",)),
    Case(_own_certificate, [False], ("ViewerCertificate.__init__",)),
    Case(
        _vpc_origin,
        ("a", "b", "EntityNotFound"),
        ("moto.cloudfront.urls.url_paths", *_four("CloudFrontResponse", "vpc_origin")),
    ),
    Case(
        _headers_policy,
        ("a", "b", "NoSuchResponseHeadersPolicy"),
        _four("CloudFrontResponse", "response_headers_policy"),
    ),
    Case(_changed_plan, 60, ("BackupResponse.update_backup_plan",)),
    Case(_deleted_plan, "ResourceNotFoundException", ("BackupResponse.delete_backup_plan",)),
    Case(
        _selection,
        (["*"], 1, 0),
        (
            *(f"BackupResponse.{verb}_backup_selection" for verb in ("create", "get", "delete")),
            "BackupResponse.list_backup_selections",
        ),
    ),
    Case(
        _vault_policy,
        ("{}", "ResourceNotFoundException"),
        (
            "moto.backup.urls.url_paths",
            *(f"BackupResponse.{verb}_backup_vault_access_policy" for verb in ("put", "get", "delete")),
        ),
    ),
    Case(
        _switches,
        (False, True),
        ("BackupResponse.describe_region_settings", "BackupResponse.update_region_settings"),
    ),
    Case(
        _restore_test,
        (3, ["t"], "ResourceNotFoundException"),
        (*_four("BackupResponse", "restore_testing_plan"), "BackupResponse.list_restore_testing_plans"),
    ),
    Case(
        _restore_selection,
        (4, [["Aurora"], []], "ResourceNotFoundException"),
        (*_four("BackupResponse", "restore_testing_selection"), "BackupResponse.list_restore_testing_selections"),
    ),
    Case(
        _sampling,
        ([{"Key": "B", "Value": "2"}], [2], 0),
        (
            "moto.xray.urls.url_paths",
            *(f"XRayResponse.{verb}_sampling_rule" for verb in ("create", "update", "delete")),
            *(f"XRayResponse.{name}" for name in ("get_sampling_rules", "tag_resource", "untag_resource")),
            "XRayResponse.list_tags_for_resource",
        ),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.probe.__name__.strip("_"))
def test_the_sandbox_answers_as_aws_and_moto_does_not(case: Case) -> None:
    """With the correction the answer is that of AWS; without it, it is not, or the correction could go."""
    sandbox, moto = answers(case)
    assert sandbox == case.aws
    assert moto != case.aws
