"""No control passes a made-up answer to a look-up."""

from collections import defaultdict
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from ledgergate.finding import Stage, Status
from policies.catalogue import load_catalogue
from policies.runner import judge
from policies.settings import Settings
from tests.ledgergate.engine.running import run_text

ADMINISTRATOR = """
    import pulumi_aws as aws

    found = aws.iam.get_policy(name="AdministratorAccess")
    later = aws.iam.get_policy_output(name="AdministratorAccess")
    for number, arn in enumerate((found.arn, found.id, later.arn, later.id)):
        aws.iam.UserPolicyAttachment(f"user-{number}", user="ops", policy_arn=arn)
        aws.iam.RolePolicyAttachment(f"attached-{number}", role="ops", policy_arn=arn)
        aws.iam.Role(f"role-{number}", assume_role_policy="{}", managed_policy_arns=[arn])
    stated = aws.iam.get_policy(arn="arn:aws:iam::aws:policy/AdministratorAccess")
    aws.iam.UserPolicyAttachment("stated", user="ops", policy_arn=stated.arn)
"""
KEYS = """
    import pulumi_aws as aws

    alias = aws.kms.get_alias(name="alias/pan")
    key = aws.kms.get_key(key_id="alias/pan")
    for number, name in enumerate((alias.arn, alias.id, alias.target_key_arn, key.arn, key.id)):
        aws.rds.Instance(f"db-{number}", instance_class="db.t4g.micro", storage_encrypted=True, kms_key_id=name)
"""


def statuses(folder: Path, text: str, control: str, **options: Any) -> dict[str, Status]:
    """Run a program and return what one control says of each resource, by logical name."""
    found = run_text(folder, dedent(text), **options)
    findings = judge(
        found.graph,
        load_catalogue(()).select((control,)),
        Settings(),
        stage=Stage.DESIGN,
        observed_at="2026-11-21T00:00:00Z",
        root=folder,
    )
    said: dict[str, set[Status]] = defaultdict(set)
    for finding in findings:
        said[finding.resource.rpartition("::")[2]].add(finding.status)
    return {name: status for name, (status,) in said.items()}


def test_policy_that_is_looked_up_by_name_never_passes(tmp_path: Path) -> None:
    """`AdministratorAccess` by name may be AWS's own, so attaching it is undecided; by its ARN it fails."""
    said = statuses(tmp_path, ADMINISTRATOR, "LG-IAM-01")
    assert said.pop("stated") is Status.FAIL
    assert len(said) == 12
    assert set(said.values()) == {Status.UNKNOWN}


def test_key_that_is_looked_up_by_alias_never_passes(tmp_path: Path) -> None:
    """Whose key is behind an alias only the account shows."""
    said = statuses(tmp_path, KEYS, "LG-ENC-02")
    assert len(said) == 5
    assert set(said.values()) <= {Status.UNKNOWN, Status.DEFERRED}


AWS_KEYS = """
    import pulumi
    import pulumi_aws as aws

    found = aws.kms.get_key(key_id="alias/aws/rds")
    later = aws.kms.get_key_output(key_id="arn:aws:kms:us-east-1:111122223333:alias/aws/rds")
    here = "arn:aws:kms:us-east-1:111122223333:key/"
    names = (found.arn, found.id, later.arn, later.id, here + found.id, pulumi.Output.secret(found.arn))
    for number, name in enumerate(names):
        aws.rds.Instance(f"db-{number}", instance_class="db.t4g.micro", storage_encrypted=True, kms_key_id=name)
"""
ONE_KEY = """
    import pulumi_aws as aws

    key = aws.kms.get_key(key_id="{asked}")
    aws.rds.Instance("db", instance_class="db.t4g.micro", storage_encrypted=True, kms_key_id=key.arn)
"""
ELSEWHERE = """
    import pulumi_aws as aws

    key = aws.rds.get_instance(db_instance_identifier="old")
    aws.rds.Instance("db", instance_class="db.t4g.micro", storage_encrypted=True, kms_key_id=key.kms_key_id)
"""
REAL_KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def answered(token: str, **result: str) -> dict[str, object]:
    """Return the options of a run in which the user answers one function."""
    return {"answers": ({"token": token, "args": {}, "result": result},)}


def test_key_that_aws_manages_fails_however_it_is_looked_up(tmp_path: Path) -> None:
    """What was asked for says whose key it is."""
    said = statuses(tmp_path, AWS_KEYS, "LG-ENC-02")
    assert len(said) == 6
    assert set(said.values()) == {Status.FAIL}


@pytest.mark.parametrize(
    ("asked", "manager", "expected"),
    [
        ("alias/aws/rds", {"keyManager": "AWS"}, Status.FAIL),
        ("alias/aws/rds", {"keyManager": "CUSTOMER"}, Status.FAIL),
        ("alias/pan", {"keyManager": "AWS"}, Status.FAIL),
        ("alias/pan", {"keyManager": "CUSTOMER"}, Status.PASS),
        ("alias/pan", {}, Status.DEFERRED),
    ],
)
def test_answer_to_a_look_up_is_not_written_out(
    tmp_path: Path, asked: str, manager: dict[str, str], expected: Status
) -> None:
    """A user's answer counts for the customer only when it says that the customer manages the key."""
    given = answered("aws:kms/getKey:getKey", arn=REAL_KEY, id=REAL_KEY.rpartition("/")[2], **manager)

    assert statuses(tmp_path, ONE_KEY.format(asked=asked), "LG-ENC-02", **given) == {"db": expected}


def test_answer_of_another_function_is_left_to_the_audit(tmp_path: Path) -> None:
    """The key of an old database may be any."""
    given = answered("aws:rds/getInstance:getInstance", kmsKeyId=REAL_KEY)

    assert statuses(tmp_path, ELSEWHERE, "LG-ENC-02", **given) == {"db": Status.DEFERRED}


OWN_KEY = """
    import pulumi
    import pulumi_aws as aws

    key = aws.kms.Key("key")
    topic = aws.sns.Topic("topic")
    names = {
        "here": pulumi.Output.concat("arn:aws:kms:us-east-1:111122223333:key/", key.key_id),
        "applied": key.id.apply(lambda id: f"arn:aws:kms:us-east-1:111122223333:key/{id}"),
        "account": pulumi.Output.concat("arn:aws:kms:us-east-1:999988887777:key/", key.key_id),
        "region": pulumi.Output.concat("arn:aws:kms:us-west-2:111122223333:key/", key.key_id),
        "topic": topic.arn,
    }
    for name, value in names.items():
        aws.rds.Instance(name, instance_class="db.t4g.micro", storage_encrypted=True, kms_key_id=value)
"""


def test_own_key_by_an_arn_that_is_put_together(tmp_path: Path) -> None:
    """The id inside joins where Region and account agree; elsewhere it names no key, and that is said."""
    said = statuses(tmp_path, OWN_KEY, "LG-ENC-02", account="111122223333")

    assert said.pop("here") is said.pop("applied") is Status.PASS
    assert said == dict.fromkeys(("account", "region", "topic"), Status.UNKNOWN)


def test_own_key_where_no_profile_names_the_account(tmp_path: Path) -> None:
    """The account that stands in for it agrees with every other."""
    said = statuses(tmp_path, OWN_KEY, "LG-ENC-02")

    assert said["account"] is said["here"] is Status.PASS
    assert said["region"] is Status.UNKNOWN
