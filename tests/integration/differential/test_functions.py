"""Functions: what they run, where, who may invoke them, and what becomes of failures."""

from pathlib import Path
from typing import Any, Final

from tests.integration.differential.cases import Case, check
from tests.integration.estate import ACCOUNT
from tests.integration.estate.identities import workload_trust
from tests.integration.programs_as_data import Wanted, ref

_FUNCTION: Final = "aws:lambda/function:Function"
_BUCKET_ARN: Final = "arn:aws:s3:::ledger-of-the-test"
_RULE_ARN: Final = f"arn:aws:events:us-east-1:{ACCOUNT}:rule/nightly"

_ROLE: Final = Wanted("aws:iam/role:Role", "runner", {"name": "runner", "assumeRolePolicy": workload_trust("lambda")})
_KEY: Final = Wanted("aws:kms/key:Key", "key")
_VPC: Final = Wanted("aws:ec2/vpc:Vpc", "vpc", {"cidrBlock": "10.0.0.0/16"})
_GROUP: Final = Wanted("aws:ec2/securityGroup:SecurityGroup", "group", {"name": "functions", "vpcId": ref("vpc")})


def _subnet(name: str, zone: str, number: int) -> Wanted:
    given = {"vpcId": ref("vpc"), "cidrBlock": f"10.0.{number}.0/24", "availabilityZone": zone}
    return Wanted("aws:ec2/subnet:Subnet", name, given)


_SUBNETS: Final = (
    _subnet("one", "us-east-1a", 1),
    _subnet("beside", "us-east-1a", 2),
    _subnet("two", "us-east-1b", 3),
)
_CODE: Final = {"s3Bucket": "code-of-the-test", "s3Key": "code.zip"}
_BUCKET: Final = Wanted("aws:s3/bucket:Bucket", "code", {"bucket": "code-of-the-test"})


def _function(name: str, **more: Any) -> Wanted:
    given = {"name": name, "role": ref("runner", "arn"), "handler": "a.b", "runtime": "python3.13", **_CODE, **more}
    return Wanted(_FUNCTION, name, {key: value for key, value in given.items() if value is not None})


def _variables(**given: str) -> dict[str, Any]:
    return {"environment": {"variables": given}}


def _secret(title: str, name: str, verdict: str, **given: str) -> Case:
    return Case(title, (_function(name, **_variables(**given)),), {"LG-IAM-10": verdict})


def _network(*subnets: str, groups: tuple[str, ...] = ("group",)) -> dict[str, Any]:
    return {
        "vpcConfig": {"subnetIds": [ref(each) for each in subnets], "securityGroupIds": [ref(each) for each in groups]}
    }


FUNCTIONS: Final = (
    Case("a runtime with time to go", (_function("new"),), {"Lambda.2": "pass", "LG-NET-08": "fail"}),
    Case("a runtime that has ended", (_function("old", runtime="python3.8"),), {"Lambda.2": "fail"}),
    Case("an image", (_function(
        "image", packageType="Image", imageUri=f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/a:1", runtime=None,
        handler=None, s3Bucket=None, s3Key=None),), {"Lambda.2": "not_applicable"}),
    _secret("no variables", "none", "pass"),
    _secret("a name", "plain", "pass", TABLE="scores"),
    _secret("the ARN of a secret", "named", "pass", DB_SECRET_ARN=f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/a"),
    _secret("a password", "password", "fail", DB_PASSWORD="correct horse"),
    _secret("a password where a name belongs", "hidden", "fail", DB_PASSWORD_NAME="correct horse"),
    _secret("a URL with a password", "url", "fail", DSN="postgres://app:hunter2@db:5432/ledger"),
    Case("variables without a key", (_function("keyless", **_variables(A="1")),), {"LG-ENC-17": "fail"}),
    Case("a key for variables", (_function("keyed", kmsKeyArn=ref("key", "arn"), **_variables(A="1")),),
         {"LG-ENC-17": "pass"}),
    Case("no variables to encrypt", (_function("bare"),), {"LG-ENC-17": "not_applicable"}),
    Case("two zones", (_function("spread", **_network("one", "two")),), {"LG-NET-08": "pass"}),
    Case("two subnets of one zone", (_function("narrow", **_network("one", "beside")),), {"LG-NET-08": "fail"}),
)  # fmt: skip


def test_functions(tmp_path: Path) -> None:
    """A function is what the list says of it, with the zones of its subnets and whose its key is."""
    check(tmp_path / "p", FUNCTIONS, shared=(_ROLE, _KEY, _VPC, _GROUP, *_SUBNETS, _BUCKET))


def _permission(function: str, name: str, principal: str, **more: str) -> Wanted:
    given = {
        "function": ref(function, "name"),
        "statementId": name,
        "action": "lambda:InvokeFunction",
        "principal": principal,
    }
    return Wanted("aws:lambda/permission:Permission", f"{function}-{name}", {**given, **more})


def _url(function: str, authorization: str) -> Wanted:
    given = {"functionName": ref(function, "name"), "authorizationType": authorization}
    return Wanted("aws:lambda/functionUrl:FunctionUrl", f"{function}-url", given)


def _open(title: str, name: str, *parts: Wanted, access: str, bounded: str) -> Case:
    return Case(title, (_function(name), *parts), {"Lambda.1": access, "LG-IAM-25": bounded})


_S3: Final = "s3.amazonaws.com"
_EVENTS: Final = "events.amazonaws.com"

ACCESS: Final = (
    _open("nobody", "closed", access="not_applicable", bounded="not_applicable"),
    _open("S3 for one account", "uploads", _permission(
        "uploads", "s3", _S3, sourceArn=_BUCKET_ARN, sourceAccount=ACCOUNT), access="pass", bounded="pass"),
    _open("S3 for whoever owns the bucket", "taken", _permission("taken", "s3", _S3, sourceArn=_BUCKET_ARN),
          access="fail", bounded="pass"),
    _open("a rule", "nightly", _permission("nightly", "rule", _EVENTS, sourceArn=_RULE_ARN),
          access="pass", bounded="pass"),
    _open("any rule", "anytime", _permission("anytime", "rule", _EVENTS), access="pass", bounded="fail"),
    _open("everyone", "everyone", _permission("everyone", "all", "*"), access="fail", bounded="fail"),
    _open("one of two permissions", "second", _permission("second", "rule", _EVENTS, sourceArn=_RULE_ARN),
          _permission("second", "all", "*"), access="fail", bounded="fail"),
    _open("everyone of an organisation", "organisation", _permission(
        "organisation", "all", "*", principalOrgId="o-a1b2c3d4e5"), access="pass", bounded="pass"),
    _open("a role", "role", _permission("role", "one", f"arn:aws:iam::{ACCOUNT}:role/caller"),
          access="pass", bounded="pass"),
    _open("another account", "account", _permission("account", "other", "444455556666"), access="pass", bounded="pass"),
    _open("a skill by its token", "skill", _permission(
        "skill", "alexa", "alexa-appkit.amazon.com", eventSourceToken="amzn1.ask.skill.1"),
        access="pass", bounded="pass"),
    _open("everyone through an open address", "address", _permission(
        "address", "all", "*", functionUrlAuthType="NONE", action="lambda:InvokeFunctionUrl"), _url("address", "NONE"),
        access="fail", bounded="fail"),
    _open("an open address alone", "unsigned", _url("unsigned", "NONE"), access="fail", bounded="not_applicable"),
    _open("a signed address", "signed", _url("signed", "AWS_IAM"), access="pass", bounded="not_applicable"),
)  # fmt: skip


def test_who_may_invoke_functions(tmp_path: Path) -> None:
    """Permissions that a program writes one by one are statements of one policy; addresses are listed beside it."""
    check(tmp_path / "p", ACCESS, shared=(_ROLE, _BUCKET))


_QUEUE: Final = Wanted("aws:sqs/queue:Queue", "queue", {"name": "orders"})
_DEAD: Final = Wanted("aws:sqs/queue:Queue", "dead", {"name": "dead"})
_NIGHTLY: Final = Wanted(
    "aws:cloudwatch/eventRule:EventRule", "rule", {"name": "nightly", "scheduleExpression": "rate(1 day)"}
)


def _target(function: str) -> Wanted:
    given = {"rule": ref("rule", "name"), "targetId": function, "arn": ref(function, "arn")}
    return Wanted("aws:cloudwatch/eventTarget:EventTarget", f"{function}-target", given)


def _schedule(function: str) -> Wanted:
    target = {"arn": ref(function, "arn"), "roleArn": ref("runner", "arn")}
    given = {
        "name": function,
        "scheduleExpression": "rate(1 day)",
        "flexibleTimeWindow": {"mode": "OFF"},
        "target": target,
    }
    return Wanted("aws:scheduler/schedule:Schedule", f"{function}-schedule", given)


def _mapping(function: str, **more: Any) -> Wanted:
    given = {"functionName": ref(function, "name"), "eventSourceArn": ref("queue", "arn"), **more}
    return Wanted("aws:lambda/eventSourceMapping:EventSourceMapping", f"{function}-mapping", given)


def _destination(function: str) -> Wanted:
    kept = {"destinationConfig": {"onFailure": {"destination": ref("dead", "arn")}}}
    given = {"functionName": ref(function, "name"), **kept}
    return Wanted("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", f"{function}-config", given)


def _failing(title: str, name: str, verdict: str, *parts: Wanted, **more: Any) -> Case:
    return Case(title, (_function(name, **more), *parts), {"LG-DR-16": verdict})


_KEPT: Final = {"deadLetterConfig": {"targetArn": ref("dead", "arn")}}

FAILURES: Final = (
    _failing("nobody invokes it", "idle", "not_applicable"),
    _failing("a rule, and a dead-letter queue", "kept", "pass", _target("kept"), **_KEPT),
    _failing("a rule, and a destination", "sent", "pass", _target("sent"), _destination("sent")),
    _failing("a rule, and nothing", "lost", "fail", _target("lost")),
    _failing("a schedule, and nothing", "forgotten", "fail", _schedule("forgotten")),
    _failing("a service with a permission", "uploaded", "fail", _permission("uploaded", "s3", _S3)),
    _failing("a service that waits", "served", "not_applicable",
             _permission("served", "api", "apigateway.amazonaws.com")),
    _failing("a queue that hears of single items", "fed", "pass",
             _mapping("fed", functionResponseTypes=["ReportBatchItemFailures"])),
    _failing("a queue that hears of whole batches", "batched", "fail", _mapping("batched")),
)  # fmt: skip


def test_failures_of_functions(tmp_path: Path) -> None:
    """Whatever invokes a function without waiting is found in the services that do, and so is what keeps failures."""
    check(tmp_path / "p", FAILURES, shared=(_ROLE, _BUCKET, _QUEUE, _DEAD, _NIGHTLY))
