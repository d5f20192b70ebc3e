"""No control passes a made-up answer to a look-up."""

from collections import defaultdict
from pathlib import Path
from textwrap import dedent

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


def statuses(folder: Path, text: str, control: str) -> dict[str, Status]:
    """Run a program and return what one control says of each resource, by logical name."""
    found = run_text(folder, dedent(text))
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
