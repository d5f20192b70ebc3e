"""Container definitions and references to images."""

import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.values import SYMBOL_MARK, Secret
from policies.facts.container_definitions import (
    Container,
    MalformedContainersError,
    SecretReference,
    parse_containers,
)
from policies.facts.images import DEFAULT_REGISTRY, Image, image_of
from policies.facts.properties import UNKNOWN
from policies.facts.variables import variable_of

DIGEST: Final = f"sha256:{'0a' * 32}"
ECR: Final = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
FULL: Final = {
    "name": "api",
    "image": f"{ECR}/bank/api@{DIGEST}",
    "environment": [{"name": "PORT", "value": "8080"}],
    "secrets": [{"name": "PIN", "valueFrom": "arn:aws:ssm:eu-west-1:111122223333:parameter/pin"}],
    "readonlyRootFilesystem": True,
    "privileged": False,
    "user": "1000",
    "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/bank/api"}},
    "cpu": 256,
}
EXPECTED: Final = Container(
    name="api",
    image=Image(registry=ECR, ecr_account="111122223333", digest=DIGEST),
    environment=(variable_of("PORT", "8080"),),
    secrets=(SecretReference(name="PIN", value_from="arn:aws:ssm:eu-west-1:111122223333:parameter/pin"),),
    readonly_root=True,
    user="1000",
    log_driver="awslogs",
    log_group="/bank/api",
)


def test_text_and_list_are_one() -> None:
    """JSON text and the same as a list give the same containers."""
    assert parse_containers(json.dumps([FULL])) == parse_containers([FULL]) == (EXPECTED,)


def test_case_of_keys_does_not_count() -> None:
    """The provider decodes keys in whatever letter case, so nothing hides behind another one."""
    folded = {key.upper(): value for key, value in FULL.items()}

    assert parse_containers([folded]) == (EXPECTED,)


def test_defaults() -> None:
    """What is left out, or null, is what ECS makes of it."""
    bare = {"name": "api", "image": "nginx", "privileged": None, "logConfiguration": None}

    assert parse_containers([bare]) == (Container(name="api", image=Image()),)
    assert parse_containers([{**bare, "logConfiguration": {"logDriver": "splunk"}}])[0].log_group == ""


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("[", "not JSON"),
        ("{}", "no list"),
        ("[]", "no list"),
        ("[" * 100_000, "nested too deeply"),
        ('["nginx"]', "a container is no object"),
        ([{"name": "api"}], "a container has no image"),
        ([{"image": 1}], "image of a container has a wrong type"),
        ([{"image": "a", "privileged": "true"}], "privileged of a container has a wrong type"),
        ([{"image": "a", "Image": "b"}], "a key of a container occurs twice"),
        ([{"image": "a", "environment": {"A": "b"}}], "environment of a container has a wrong type"),
        ([{"image": "a", "environment": ["A=b"]}], "an entry of environment is no object"),
        ([{"image": "a", "logConfiguration": "awslogs"}], "logConfiguration is no object"),
        ([{"image": "a", "logConfiguration": {"options": []}}], "options of logConfiguration is no object"),
        ([{"image": "a", "logConfiguration": {"options": {"awslogs-group": 1}}}], "awslogs-group is no text"),
    ],
)
def test_what_ecs_would_not_take(value: Any, problem: str) -> None:
    """Malformed definitions are named as such."""
    with pytest.raises(MalformedContainersError, match=problem):
        parse_containers(value)


def test_what_is_not_known_stays_so() -> None:
    """An unknown is unknown where it stands, and minted text that is no JSON as a whole."""
    open_ = {**FULL, "image": UNKNOWN, "user": UNKNOWN, "environment": [UNKNOWN], "logConfiguration": UNKNOWN}
    (found,) = parse_containers([open_])

    assert (found.user, found.environment, found.log_driver, found.log_group) == (UNKNOWN, (UNKNOWN,), UNKNOWN, UNKNOWN)
    assert found.image == Image(registry=UNKNOWN, ecr_account=UNKNOWN, digest=UNKNOWN)
    assert parse_containers([UNKNOWN]) == (UNKNOWN,)
    assert parse_containers(UNKNOWN) == parse_containers(f"made-up-{SYMBOL_MARK}") == UNKNOWN
    assert parse_containers([{**FULL, "logConfiguration": {"logDriver": "awslogs", "options": UNKNOWN}}])[0] == (
        Container(**{**{each: getattr(EXPECTED, each) for each in EXPECTED.__slots__}, "log_group": UNKNOWN})
    )


def test_secret_shows_nowhere() -> None:
    """Where any part is secret, all of it is."""
    whole = parse_containers(Secret(json.dumps([FULL])))
    part = parse_containers([{**FULL, "environment": [{"name": "PIN", "value": Secret("hush")}]}])

    assert whole == Secret((EXPECTED,))
    assert isinstance(part, Secret)
    assert "hush" not in repr(part)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nginx", Image()),
        ("library/nginx:1.29", Image()),
        (f"nginx@{DIGEST}", Image(digest=DIGEST)),
        (f"public.ecr.aws/nginx/nginx:1.29@{DIGEST}", Image(registry="public.ecr.aws", digest=DIGEST)),
        ("localhost:5000/nginx", Image(registry="localhost:5000")),
        ("localhost/nginx", Image(registry="localhost")),
        ("nginx@sha256:0a", Image()),
        (f"nginx@{DIGEST.upper()}", Image()),
        (f"{ECR}/api:{'0' * 64}", Image(registry=ECR, ecr_account="111122223333")),
        (
            f"111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com/api@{DIGEST}",
            Image(
                registry="111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
                ecr_account="111122223333",
                digest=DIGEST,
            ),
        ),
        (f"{ECR}.evil.example/api@{DIGEST}", Image(registry=f"{ECR}.evil.example", digest=DIGEST)),
        (f"{ECR}/api-{SYMBOL_MARK}@{DIGEST}", Image(registry=ECR, ecr_account="111122223333", digest=DIGEST)),
        (f"{ECR}/api-{SYMBOL_MARK}:1.0", Image(registry=ECR, ecr_account="111122223333")),
        (f"{ECR}/api-{SYMBOL_MARK}", Image(registry=ECR, ecr_account="111122223333", digest=UNKNOWN)),
        (f"{ECR}/api@{SYMBOL_MARK}", Image(registry=ECR, ecr_account="111122223333", digest=UNKNOWN)),
        (SYMBOL_MARK, Image(registry=UNKNOWN, ecr_account=UNKNOWN, digest=UNKNOWN)),
    ],
)
def test_images(text: str, expected: Image) -> None:
    """A reference says where an image is from and, by a digest alone, what it is; minted parts say nothing."""
    assert image_of(text) == expected


@given(st.text(alphabet="abc./:@-0123", max_size=40))
def test_only_a_whole_digest_counts(text: str) -> None:
    """No text short of a whole digest has one, whatever it looks like."""
    found = image_of(text)

    assert found.digest == ""
    assert found.registry == DEFAULT_REGISTRY or text.startswith(f"{found.registry}/")
