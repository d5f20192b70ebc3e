"""What is kept of an answer."""

import datetime as dt
import json
from typing import Any

import botocore.session
import pytest

from integration.scanning.redaction import fit_to_keep
from ledgergate.evidence.redaction import REDACTED
from policies.facts.properties import UNKNOWN
from policies.facts.variables import holding_of


def shape_of(service: str, operation: str) -> Any:
    """Return the shape of an operation's answer."""
    return botocore.session.Session().get_service_model(service).operation_model(operation).output_shape


@pytest.mark.parametrize(
    ("service", "operation", "answer"),
    [
        ("rds", "DescribeDBInstances", {"DBInstances": [{"PendingModifiedValues": {"MasterUserPassword": "hunter2"}}]}),
        ("secretsmanager", "GetSecretValue", {"SecretString": "hunter2", "SecretBinary": b"hunter2"}),
        ("iam", "CreateAccessKey", {"AccessKey": {"AccessKeyId": "hunter2", "SecretAccessKey": "hunter2"}}),
        ("ec2", "DescribeInstanceAttribute", {"UserData": {"Value": "hunter2"}}),
        (
            "ec2",
            "DescribeLaunchTemplateVersions",
            {"LaunchTemplateVersions": [{"LaunchTemplateData": {"UserData": "hunter2"}}]},
        ),
        ("lambda", "GetFunctionConfiguration", {"Environment": {"Variables": {"TOKEN": "hunter2"}}}),
        ("kms", "Decrypt", {"Plaintext": b"hunter2"}),
        ("sts", "GetSessionToken", {"Credentials": {"SecretAccessKey": "hunter2", "SessionToken": "hunter2"}}),
        ("ssm", "GetParameter", {"Parameter": {"Value": "hunter2"}}),
    ],
)
def test_secrets_are_redacted_by_type(service: str, operation: str, answer: dict[str, Any]) -> None:
    """Whatever the service's model or our list calls a secret leaves nothing but a mark."""
    kept = json.dumps(fit_to_keep(answer, shape_of(service, operation)))
    assert "hunter2" not in kept
    assert REDACTED in kept


def test_what_is_no_secret_is_kept() -> None:
    """Everything else stays, as JSON data: times as text, without what concerns the transport."""
    at = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    answer = {
        "Buckets": [{"Name": "logs", "CreationDate": at, "Empty": None}],
        "Prefix": "",
        "ResponseMetadata": {"RequestId": "1"},
    }
    kept = fit_to_keep(answer, shape_of("s3", "ListBuckets"))
    assert kept == {
        "Buckets": [{"Name": "logs", "CreationDate": "2026-11-21T00:00:00+00:00", "Empty": None}],
        "Prefix": "",
    }


def test_name_of_a_key_is_kept() -> None:
    """S3's model calls the name of a bucket's key sensitive; it is no key, and a control asks whose it is."""
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "arn:aws:kms:eu-west-1:111122223333:key/k"}
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
    answer = {"ServerSideEncryptionConfiguration": rules}
    assert fit_to_keep(answer, shape_of("s3", "GetBucketEncryption")) == answer


def test_tags_are_called_as_somebody_likes() -> None:
    """The key of a tag is no member of the answer, whatever it is called; a member of that name is one all the same."""
    tags = {"tags": {"Environment": "dev", "Password": "policy-7"}}
    assert fit_to_keep(tags, shape_of("logs", "ListTagsForResource")) == tags
    pool = {"UserPool": {"UserPoolTags": tags["tags"]}}
    assert fit_to_keep(pool, shape_of("cognito-idp", "DescribeUserPool")) == pool
    answer = {"Environment": {"Variables": {"A": "hunter2"}}}
    kept = {"Environment": {"Variables": {"A": "[redacted] a name"}}}
    assert fit_to_keep(answer, shape_of("lambda", "GetFunctionConfiguration")) == kept


def test_of_a_variable_its_kind_is_kept() -> None:
    """Names of variables stay, of values what kind of text they are, which is what a control asks for."""
    access_key = "AKIA" + "A" * 16
    answer = {"Environment": {"Variables": {"A": access_key, "B": ""}, "Error": {"ErrorCode": "E", "Message": "m"}}}
    hidden = {"A": "[redacted] an access key id", "B": "[redacted] another text"}
    shape = shape_of("lambda", "GetFunctionConfiguration")
    assert fit_to_keep(answer, shape) == {"Environment": {"Variables": hidden, "Error": {"ErrorCode": "E"}}}
    listed = {"environment": [{"name": "A", "value": access_key}]}
    assert fit_to_keep(listed, None) == {"environment": [{"name": "A", "value": hidden["A"]}]}
    assert fit_to_keep({"environment": "x", "Environment": None}, None) == {
        "environment": REDACTED,
        "Environment": None,
    }
    assert [holding_of(each) for each in hidden.values()] == [holding_of(access_key), holding_of("")]
    assert holding_of(REDACTED) == UNKNOWN


def test_of_a_container_nothing_is_kept_that_people_write_secrets_into() -> None:
    """Commands, labels and options of other log drivers go; names, and the group of CloudWatch Logs, stay."""
    options = {"awslogs-group": "/bank", "splunk-token": "hunter2"}
    container = {
        "name": "api",
        "command": ["serve", "--password", "hunter2"],
        "entryPoint": ["hunter2"],
        "dockerLabels": {"token": "hunter2"},
        "logConfiguration": {"logDriver": "awslogs", "options": options},
        "environment": [{"name": "A", "value": "hunter2"}],
    }
    answer = {"taskDefinition": {"containerDefinitions": [container]}}
    kept = fit_to_keep(answer, shape_of("ecs", "DescribeTaskDefinition"))
    found = kept["taskDefinition"]["containerDefinitions"][0]

    assert "hunter2" not in json.dumps(kept)
    assert found["name"] == "api"
    assert found["logConfiguration"]["options"] == {"awslogs-group": "/bank", "splunk-token": REDACTED}
    certificate = {"Certificate": {"Options": {"CertificateTransparencyLoggingPreference": "ENABLED"}}}
    assert fit_to_keep(certificate, shape_of("acm", "DescribeCertificate")) == certificate


def test_an_absent_secret_is_told_from_a_hidden_one() -> None:
    """That there is no password is no secret."""
    answer = {"DBInstances": [{"PendingModifiedValues": {"MasterUserPassword": ""}}]}
    assert fit_to_keep(answer, shape_of("rds", "DescribeDBInstances")) == answer


def test_bytes_are_never_kept() -> None:
    """What is no JSON data is data that nobody reads for a control."""
    assert fit_to_keep({"Blob": b"\\x00"}, None) == {"Blob": REDACTED}


WORD = "[redacted] a name"


@pytest.mark.parametrize(
    ("service", "operation", "answer"),
    [
        (
            "elbv2",
            "DescribeListeners",
            {"Listeners": [{"DefaultActions": [{"FixedResponseConfig": {"MessageBody": "hunter2"}}]}]},
        ),
        (
            "ecs",
            "DescribeTaskDefinition",
            {
                "taskDefinition": {
                    "volumes": [
                        {"dockerVolumeConfiguration": {"driverOpts": {"o": "hunter2"}, "labels": {"a": "hunter2"}}}
                    ]
                }
            },
        ),
        (
            "apigateway",
            "GetStages",
            {"item": [{"variables": {"a": "hunter2"}, "canarySettings": {"stageVariableOverrides": {"a": "hunter2"}}}]},
        ),
        (
            "events",
            "ListTargetsByRule",
            {
                "Targets": [
                    {
                        "Input": "hunter2",
                        "InputTransformer": {"InputTemplate": "hunter2"},
                        "HttpParameters": {"PathParameterValues": ["hunter2"], "HeaderParameters": {"a": "hunter2"}},
                    }
                ]
            },
        ),
        (
            "wafv2",
            "GetWebACL",
            {
                "WebACL": {
                    "Rules": [
                        {
                            "Statement": {"RegexMatchStatement": {"RegexString": "hunter2"}},
                            "Action": {
                                "Allow": {
                                    "CustomRequestHandling": {"InsertHeaders": [{"Name": "a", "Value": "hunter2"}]}
                                }
                            },
                        }
                    ]
                }
            },
        ),
        (
            "rds",
            "DescribeDBParameters",
            {"Parameters": [{"ParameterName": "replication_password", "ParameterValue": "hunter2"}]},
        ),
        ("cognito-idp", "DescribeUserPool", {"UserPool": {"SmsConfiguration": {"ExternalId": "hunter2"}}}),
        (
            "emr",
            "DescribeCluster",
            {"Cluster": {"Configurations": [{"Classification": "hive", "Properties": {"a": "hunter2"}}]}},
        ),
    ],
)
def test_of_what_people_write_themselves_the_form_is_kept(service: str, operation: str, answer: dict[str, Any]) -> None:
    """Names and counts stay, and of each text its kind: the answer differs in nothing else."""
    kept = fit_to_keep(answer, shape_of(service, operation))
    assert json.dumps(kept) == json.dumps(answer).replace("hunter2", WORD)


def test_of_a_header_that_is_asked_for_its_name_is_kept() -> None:
    """Which header a rule asks for stays, and how many values it takes; hosts and paths are no secrets."""
    header = {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Origin-Verify", "Values": ["a", "b"]}}
    query = {"Field": "query-string", "QueryStringConfig": {"Values": [{"Key": "token", "Value": "a"}]}}
    host = {"Field": "host-header", "HostHeaderConfig": {"Values": ["example.com"]}}
    answer = {"Rules": [{"Conditions": [header, query, host]}]}
    kept = fit_to_keep(answer, shape_of("elbv2", "DescribeRules"))["Rules"][0]["Conditions"]
    assert kept[0]["HttpHeaderConfig"] == {"HttpHeaderName": "X-Origin-Verify", "Values": [WORD, WORD]}
    assert kept[1]["QueryStringConfig"] == {"Values": [{"Key": "token", "Value": WORD}]}
    assert kept[2] == host


CONDITIONS = {
    "StringEquals": {"sts:ExternalId": ["a1b2c3", ""], "aws:SourceAccount": "111122223333"},
    "StringLike": {"aws:Referer": "*", "AWS:UserAgent": "a1b2c3*"},
    "Null": {"aws:referer": "false"},
}
HIDDEN = {
    "StringEquals": {"sts:ExternalId": [WORD, ""], "aws:SourceAccount": "111122223333"},
    "StringLike": {"aws:Referer": "*", "AWS:UserAgent": "[redacted] another text *"},
    "Null": {"aws:referer": "false"},
}


def test_of_what_a_policy_asks_callers_to_know_only_the_form_is_kept() -> None:
    """Whether a value is empty or a pattern decides whom it binds, so that stays, as does the rest of the policy."""
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Condition": CONDITIONS}]}
    shown = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Condition": HIDDEN}]}
    kept = fit_to_keep({"Policy": json.dumps(policy)}, shape_of("s3", "GetBucketPolicy"))
    assert json.loads(kept["Policy"]) == shown
    roles = {"RoleDetailList": [{"AssumeRolePolicyDocument": policy}]}
    kept = fit_to_keep(roles, shape_of("iam", "GetAccountAuthorizationDetails"))
    assert kept == {"RoleDetailList": [{"AssumeRolePolicyDocument": shown}]}
    broken = {"Policy": '{"aws:Referer": hunter2'}
    assert fit_to_keep(broken, shape_of("s3", "GetBucketPolicy")) == {"Policy": REDACTED}
    other = {"Policy": '{ "Statement": [] }'}
    assert fit_to_keep(other, shape_of("s3", "GetBucketPolicy")) == other
