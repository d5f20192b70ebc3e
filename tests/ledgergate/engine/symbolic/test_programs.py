"""Whole programs run on made-up values, and are stopped where they would decide on one."""

from pathlib import Path
from textwrap import dedent

import pytest

from ledgergate.engine.program_errors import ProgramError
from ledgergate.values import UNKNOWN
from tests.ledgergate.engine.running import named, run_text

LOOKED_UP = """
    import pulumi_aws as aws

    found = aws.rds.get_instance(db_instance_identifier="main")
"""


def program(text: str) -> str:
    """Return a program that has looked a database up."""
    return dedent(LOOKED_UP) + dedent(text)


def test_unknown_answer_becomes_an_unknown_input(tmp_path: Path) -> None:
    """A flag that is copied from something that exists can pass no control."""
    copy = """
        aws.rds.Instance(
            "copy",
            instance_class="db.t4g.micro",
            publicly_accessible=found.publicly_accessible,
            allocated_storage=found.allocated_storage,
            kms_key_id=found.kms_key_id,
        )
    """
    inputs = named(run_text(tmp_path, program(copy)), "copy").inputs
    assert [inputs[name] for name in ("publiclyAccessible", "allocatedStorage", "kmsKeyId")] == [UNKNOWN] * 3


@pytest.mark.parametrize("use", ["if found.publicly_accessible: pass", "print(f'{found.port}')", "found.engine == 'x'"])
def test_program_that_decides_on_an_unknown_answer_is_stopped(tmp_path: Path, use: str) -> None:
    """The user is told which answers were made up and how to give real ones."""
    with pytest.raises(ProgramError, match="--answers FILE") as raised:
        run_text(tmp_path, program(use))
    assert "aws:rds/getInstance:getInstance" in str(raised.value)


def test_tags_of_what_is_looked_up_are_unknown(tmp_path: Path) -> None:
    """A tag that is copied goes on as an unknown one: neither the default nor a missing tag."""
    text = """
        import pulumi_aws as aws

        tags = aws.sns.get_topic(name="q").tags
        aws.sns.Topic("copy", name="copy", display_name=tags["Name"], tags={"Owner": tags.get("Owner", "team")})
        aws.sns.Topic("all", name="all", tags=tags)
    """
    found = run_text(tmp_path, dedent(text))
    copy = named(found, "copy").inputs
    assert (copy["displayName"], copy["tags"], named(found, "all").inputs["tags"]) == (
        UNKNOWN,
        {"Owner": UNKNOWN},
        UNKNOWN,
    )


@pytest.mark.parametrize("use", ["if tags: pass", "{**tags}", "[key for key in tags]", "len(tags)", "'Owner' in tags"])
def test_program_that_looks_through_unknown_tags_is_stopped(tmp_path: Path, use: str) -> None:
    """Tags that nobody knows are never taken for no tags."""
    text = f"import pulumi_aws as aws\ntags = aws.sns.get_topic(name='q').tags\n{use}\n"
    with pytest.raises(ProgramError, match="--answers FILE"):
        run_text(tmp_path, text)


def test_given_answer_lets_the_program_decide(tmp_path: Path) -> None:
    """With the real answer the same program runs, and nothing is assumed."""
    answer = {"token": "aws:rds/getInstance:getInstance", "result": {"port": 5432}}
    found = run_text(tmp_path, program("print('port', found.port + 1)"), answers=[answer])
    assert "port 5433" in found.output
    assert found.assumed == {}


def test_references_hold_across_resources(tmp_path: Path) -> None:
    """A policy document that is built from made-up ARNs names the very resources of the stack."""
    text = """
        import json
        import pulumi_aws as aws

        key = aws.kms.Key("key")
        queue = aws.sqs.Queue("jobs", kms_master_key_id=key.arn)
        role = aws.iam.Role("worker", assume_role_policy="{}")
        document = queue.arn.apply(
            lambda arn: json.dumps({"Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": arn}]})
        )
        aws.iam.RolePolicy("worker", role=role.id, policy=document)
    """
    found = run_text(tmp_path, dedent(text))
    queue, key = named(found, "jobs"), named(found, "key")
    (policy,) = (each for each in found.graph if each.type == "aws:iam/rolePolicy:RolePolicy")
    assert queue.inputs["kmsMasterKeyId"] == key.outputs["arn"]
    assert str(queue.outputs["arn"]) in str(policy.inputs["policy"])
    assert policy.id == f"{policy.inputs['role']}:{policy.inputs['name']}"
