"""Secrets, parameters, topics, repositories and policies: changed in the sandbox as the program changes them."""

import json

import pytest

from integration.sandbox import Action, Sandbox
from tests.integration.sandbox.changes import Change, grants, policy
from tests.integration.sandbox.lives import kind, live
from tests.integration.sandbox.stacks import Wanted, run
from tests.integration.sandbox.surroundings import KEY, OTHER_KEY

TOPIC = Wanted("aws:sns/topic:Topic", {"name": "alarms"}, "topic")
SECRET = Wanted("aws:secretsmanager/secret:Secret", {"name": "login", "recoveryWindowInDays": 0}, "secret")
REPOSITORY = Wanted("aws:ecr/repository:Repository", {"name": "shop", "forceDelete": True}, "repository")


def _lifecycle(days: int) -> str:
    selection = {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": days}
    return json.dumps({"rules": [{"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}]})


def _scanned(frequency: str) -> dict[str, object]:
    return {"scanFrequency": frequency, "repositoryFilters": [{"filter": "shop*", "filterType": "WILDCARD"}]}


CHANGES = (
    Change(
        TOPIC.type,
        {"name": "alarms", "kmsMasterKeyId": "$key.arn", "tags": {"A": "1", "B": "1"}},
        {
            "kmsMasterKeyId": "$other-key.arn",
            "displayName": "Alarms",
            "policy": policy("sns:Publish"),
            "tags": {"B": "2"},
        },
        {"tagsAll": {"B": "2"}},
        (KEY, OTHER_KEY),
    ),
    Change(
        "aws:sns/topicPolicy:TopicPolicy",
        {"arn": "$topic.arn", "policy": policy("sns:Publish")},
        {"policy": policy("sns:Subscribe")},
        around=(TOPIC,),
    ),
    Change(
        "aws:sns/topicSubscription:TopicSubscription",
        {"topic": "$topic.arn", "protocol": "https", "endpoint": "https://a.invalid/"},
        {"rawMessageDelivery": True, "filterPolicy": '{"kind": ["a"]}'},
        around=(TOPIC,),
    ),
    Change(
        SECRET.type,
        {**SECRET.inputs, "description": "old", "kmsKeyId": "$key.arn", "tags": {"A": "1"}},
        {
            "description": "new",
            "kmsKeyId": "$other-key.arn",
            "policy": policy("secretsmanager:GetSecretValue"),
            "tags": {"B": "2"},
        },
        {"tagsAll": {"B": "2"}},
        (KEY, OTHER_KEY),
    ),
    Change(
        "aws:secretsmanager/secretVersion:SecretVersion",
        {"secretId": "$secret.arn", "secretString": "one"},
        {"secretString": "two"},
        {"versionStages": ["AWSCURRENT"]},
        (SECRET,),
        Action.REPLACED,
    ),
    Change(
        "aws:ssm/parameter:Parameter",
        {"name": "/a", "type": "SecureString", "value": "one", "keyId": "$key.arn", "tags": {"A": "1"}},
        {"value": "two", "keyId": "$other-key.arn", "description": "why", "tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}, "version": 2, "type": "SecureString"},
        (KEY, OTHER_KEY),
    ),
    Change(
        REPOSITORY.type,
        {
            **REPOSITORY.inputs,
            "encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": "$key.arn"}],
            "imageScanningConfiguration": {"scanOnPush": True},
            "imageTagMutability": "IMMUTABLE",
            "tags": {"A": "1"},
        },
        {
            "imageScanningConfiguration": {"scanOnPush": False},
            "imageTagMutability": "MUTABLE_WITH_EXCLUSION",
            "imageTagMutabilityExclusionFilters": [{"filter": "v*", "filterType": "WILDCARD"}],
            "tags": {"B": "2"},
        },
        {"tagsAll": {"B": "2"}},
        (KEY,),
    ),
    Change(
        REPOSITORY.type,
        {**REPOSITORY.inputs, "encryptionConfigurations": [{"encryptionType": "AES256"}]},
        {"encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": "$key.arn"}]},
        around=(KEY,),
        action=Action.REPLACED,
    ),
    Change(
        "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
        {"scanType": "BASIC", "rules": [_scanned("SCAN_ON_PUSH")]},
        {"scanType": "ENHANCED", "rules": [_scanned("CONTINUOUS_SCAN")]},
    ),
    Change(
        "aws:ecr/lifecyclePolicy:LifecyclePolicy",
        {"repository": "$repository.name", "policy": _lifecycle(30)},
        {"policy": _lifecycle(60)},
        around=(REPOSITORY,),
    ),
    Change(
        "aws:ecr/repositoryPolicy:RepositoryPolicy",
        {"repository": "$repository.name", "policy": policy("ecr:BatchGetImage")},
        {"policy": policy("ecr:PutImage")},
        around=(REPOSITORY,),
    ),
    Change(
        "aws:iam/policy:Policy",
        {"name": "reader", "description": "why", "policy": grants("s3:GetObject"), "tags": {"A": "1"}},
        {"policy": grants("s3:PutObject"), "tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}},
    ),
)


@pytest.mark.parametrize("change", CHANGES, ids=kind)
def test_a_change_arrives(change: Change, sandbox: Sandbox) -> None:
    """Made twice it is made once; changed, the service says so; destroyed, it is gone."""
    live(sandbox, change)


def test_an_old_version_of_a_policy_makes_room(sandbox: Sandbox) -> None:
    """A policy keeps five versions: the oldest goes when a sixth comes."""
    for number in range(7):
        run(sandbox, Wanted("aws:iam/policy:Policy", {"name": "often", "policy": grants(f"s3:Get{number}")}))
    iam = sandbox.session().client("iam")
    arn = iam.list_policies(Scope="Local")["Policies"][0]["Arn"]
    assert len(iam.list_policy_versions(PolicyArn=arn)["Versions"]) == 5


def test_a_secret_waits_for_its_end(sandbox: Sandbox) -> None:
    """Without a window of zero days a destroyed secret can be restored."""
    run(sandbox, Wanted(SECRET.type, {"name": "login"}, "secret"))
    sandbox.destroy()
    found = sandbox.session().client("secretsmanager").describe_secret(SecretId="login")
    assert "DeletedDate" in found
