"""Pure decisions beside the components of compute."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from components.container import Container, LogTarget, container_definition
from components.identity_policy import allow, service_trust
from components.origin_header import slot_generations
from components.place import Place
from components.repository import lifecycle_policy

NAMES = st.from_regex(r"[A-Z][A-Z_]{0,8}", fullmatch=True)
PATHS = st.from_regex(r"(/[a-z]{1,6}){1,3}", fullmatch=True)
PLACE = Place(partition="aws", account_id="123456789012", region="us-east-1")

CONTAINERS = st.builds(
    Container,
    name=st.from_regex(r"[a-z]{1,8}", fullmatch=True),
    image=st.just("app@sha256:0"),
    port=st.integers(1024, 65535),
    user=st.just("1000:1000"),
    command=st.lists(st.text(max_size=5), max_size=2),
    entry_point=st.lists(st.text(max_size=5), max_size=2),
    environment=st.dictionaries(NAMES, st.text(max_size=5), max_size=3),
    secrets=st.dictionaries(NAMES, st.text(max_size=5), max_size=3),
    scratch=st.lists(PATHS, unique=True, max_size=3),
)


@given(generation=st.integers(1, 10_000))
def test_a_rotation_replaces_the_value_that_nobody_sends(generation: int) -> None:
    """From one generation to the next the newest value keeps its slot, and the other slot gets the new one."""
    before, after = slot_generations(generation), slot_generations(generation + 1)
    slot = before.index(generation)

    assert after[slot] == before[slot]
    assert after[1 - slot] == generation + 1


@given(container=CONTAINERS)
def test_no_container_gains_rights_or_writes_outside_its_scratch(container: Container) -> None:
    """Whatever a container is, its root file system is read-only, and only scratch directories are writable."""
    found = container_definition(container, LogTarget(group="g", region="r"))

    assert (found["readonlyRootFilesystem"], found["privileged"]) == (True, False)
    assert [memory["containerPath"] for memory in found["linuxParameters"]["tmpfs"]] == list(container.scratch)
    assert "mountPoints" not in found


@given(container=CONTAINERS)
def test_definition_is_the_same_for_the_same_container(container: Container) -> None:
    """The order in which variables were named changes nothing, so no deployment happens without a change."""
    logs = LogTarget(group="g", region="r")
    turned = replace(
        container,
        environment=dict(reversed(list(container.environment.items()))),
        secrets=dict(reversed(list(container.secrets.items()))),
    )

    assert json.dumps(container_definition(turned, logs)) == json.dumps(container_definition(container, logs))


@given(container=CONTAINERS)
def test_secrets_stand_nowhere_but_in_references(container: Container) -> None:
    """Names of secrets are in `secrets`, those of plain values in `environment`."""
    found = container_definition(container, LogTarget(group="g", region="r"))

    assert {each["name"]: each["valueFrom"] for each in found["secrets"]} == container.secrets
    assert {each["name"]: each["value"] for each in found["environment"]} == container.environment


@given(kept=st.integers(1, 1000), days=st.integers(1, 1000))
def test_rule_for_any_image_comes_last(kept: int, days: int) -> None:
    """ECR wants the rule that takes every image to have the highest number."""
    rules = json.loads(lifecycle_policy(kept, days))["rules"]

    assert [rule["selection"]["tagStatus"] for rule in sorted(rules, key=lambda rule: rule["rulePriority"])] == [
        "untagged",
        "any",
    ]
    assert [rule["selection"]["countNumber"] for rule in rules] == [days, kept]


def test_a_service_takes_a_role_for_this_account_only() -> None:
    """Account and source are conditions of every trust policy."""
    (statement,) = json.loads(service_trust(PLACE, "ecs-tasks", PLACE.arn("ecs", "*")))["Statement"]

    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": "arn:aws:ecs:us-east-1:123456789012:*"},
    }


def test_a_statement_keeps_its_actions_in_order() -> None:
    """Actions become a list, resources stay as they are."""
    assert allow("Read", ("s3:GetObject",), "arn")["Action"] == ["s3:GetObject"]
