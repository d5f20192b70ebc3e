"""Resource options that decide what becomes of a resource: ignoreChanges, replaceOnChanges, aliases, import."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.sandbox import Action, Sandbox
from integration.sandbox.changes import touched, with_ignored
from integration.sandbox.paths import parse_path, with_old
from ledgergate.engine.project import load_stack
from ledgergate.engine.provider import Handling
from tests.integration.sandbox.stacks import Wanted, lay_out, run

BUCKET = "aws:s3/bucket:Bucket"


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("root", ("root",)),
        ("root.nested", ("root", "nested")),
        ('root["nested"]', ("root", "nested")),
        ("root.double.nest", ("root", "double", "nest")),
        ('root["double"].nest', ("root", "double", "nest")),
        ('root["double"]["nest"]', ("root", "double", "nest")),
        ("root.array[0]", ("root", "array", 0)),
        ("root.array[100].nested", ("root", "array", 100, "nested")),
        ("root.array[0][1].nested", ("root", "array", 0, 1, "nested")),
        ('root["key with \\"escaped\\" quotes"]', ("root", 'key with "escaped" quotes')),
        ('root["key with a ."]', ("root", "key with a .")),
        ('["root key with \\"escaped\\" quotes"].nested', ('root key with "escaped" quotes', "nested")),
        ('["root key with a ."][100]', ("root key with a .", 100)),
        ("root.*.field", ("root", "*", "field")),
        ("root[*].field", ("root", "*", "field")),
        ("*", ("*",)),
        ("root[", ("root[",)),
    ],
)
def test_every_form_of_a_path(text: str, steps: tuple[str | int, ...]) -> None:
    """Paths are read as Pulumi documents them."""
    assert parse_path(text) == steps


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tags", {"tags": {"a": "1", "gone": "x"}, "rules": [{"id": "new", "days": 2}], "more": 1}),
        ("tags.a", {"tags": {"a": "1"}, "rules": [{"id": "new", "days": 2}], "more": 1}),
        ('tags["gone"]', {"tags": {"a": "2", "gone": "x"}, "rules": [{"id": "new", "days": 2}], "more": 1}),
        ("tags.*", {"tags": {"a": "1", "gone": "x"}, "rules": [{"id": "new", "days": 2}], "more": 1}),
        ("rules[0].days", {"tags": {"a": "2"}, "rules": [{"id": "new", "days": 1}], "more": 1}),
        ("rules[*].days", {"tags": {"a": "2"}, "rules": [{"id": "new", "days": 1}], "more": 1}),
        ("rules[1].days", {"tags": {"a": "2"}, "rules": [{"id": "new", "days": 2}], "more": 1}),
        ("more", {"tags": {"a": "2"}, "rules": [{"id": "new", "days": 2}]}),
        ("*", {"tags": {"a": "1", "gone": "x"}, "rules": [{"id": "old", "days": 1}]}),
        ("nowhere.at.all", {"tags": {"a": "2"}, "rules": [{"id": "new", "days": 2}], "more": 1}),
    ],
)
def test_what_is_ignored_keeps_its_state(path: str, expected: dict[str, Any]) -> None:
    """The old value stands where the path leads, and nowhere else; what came anew under it does not come."""
    before = {"tags": {"a": "1", "gone": "x"}, "rules": [{"id": "old", "days": 1}]}
    wanted = {"tags": {"a": "2"}, "rules": [{"id": "new", "days": 2}], "more": 1}
    assert with_old(before, wanted, parse_path(path)) == expected


def test_tags_that_are_ignored_are_ignored_with_what_the_provider_makes_of_them() -> None:
    """Whoever lets a tag be does not mean it to change by the provider's own property either."""
    before = {"tags": {"a": "1"}, "tagsAll": {"a": "1", "b": "1"}}
    wanted = {"tags": {"a": "2"}, "tagsAll": {"a": "2", "b": "2"}}
    assert with_ignored(before, wanted, ['tags["a"]']) == {"tags": {"a": "1"}, "tagsAll": {"a": "1", "b": "2"}}
    assert with_ignored(before, wanted, ["tags"]) == before


VALUES = st.recursive(
    st.integers(0, 2), lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner)
)
PROPERTIES = st.dictionaries(st.sampled_from(["a", "b", "tags"]), VALUES)


@given(before=PROPERTIES, wanted=PROPERTIES, paths=st.lists(st.sampled_from(["*", "a", "a.b", "b[0]", "a[*].c"])))
def test_what_is_ignored_is_not_touched(before: dict[str, Any], wanted: dict[str, Any], paths: list[str]) -> None:
    """Once the old values stand, nothing differs at these paths, and to do it again changes nothing."""
    kept = with_ignored(before, wanted, paths)
    assert with_ignored(before, kept, paths) == kept
    if "*" in paths:
        assert kept == before
        assert not touched(before, kept, ["*"])


def bucket(owner: str, **handling: Any) -> Wanted:
    """Return a bucket with a tag."""
    tags = {"Owner": owner, "Stage": owner}
    return Wanted(BUCKET, {"bucket": "kept-of-the-test", "tags": tags}, handling=Handling(**handling))


def tags_of(sandbox: Sandbox) -> dict[str, str]:
    """Return the tags that the bucket has."""
    found = sandbox.session().client("s3").get_bucket_tagging(Bucket="kept-of-the-test")["TagSet"]
    return {each["Key"]: each["Value"] for each in found}


@pytest.mark.parametrize(
    ("path", "owner", "stage"),
    [('tags["Owner"]', "a", "b"), ("tags.Owner", "a", "b"), ("tags", "a", "a"), ("*", "a", "a")],
)
def test_ignored_tags_stay(sandbox: Sandbox, path: str, owner: str, stage: str) -> None:
    """However the path is written, what it names is left alone."""
    run(sandbox, bucket("a"))
    run(sandbox, bucket("b", ignore_changes=(path,)))
    assert tags_of(sandbox) == {"Owner": owner, "Stage": stage}


@pytest.mark.parametrize(
    ("path", "action"), [("tags", "replaced"), ("tags.Owner", "replaced"), ("*", "replaced"), ("bucket", "updated")]
)
def test_changes_that_replace(sandbox: Sandbox, path: str, action: str) -> None:
    """A property under `replaceOnChanges` makes another resource, though AWS could change it."""
    run(sandbox, bucket("a"))
    report = run(sandbox, bucket("b", replace_on_changes=(path,))).report
    assert [done.value for done in report.actions.values()] == [action]
    assert ("s3:DeleteBucket" in report.changes) is (action == "replaced")
    assert run(sandbox, bucket("b", replace_on_changes=(path,))).report.changes == ()


def test_what_exists_is_taken_over(sandbox: Sandbox) -> None:
    """An import takes what has the id and brings it to what is wanted; nothing is made."""
    sandbox.session().client("s3").create_bucket(Bucket="kept-of-the-test")
    report = run(sandbox, bucket("a", import_id="kept-of-the-test")).report
    assert "s3:CreateBucket" not in report.changes
    assert tags_of(sandbox)["Owner"] == "a"
    assert run(sandbox, bucket("a", import_id="kept-of-the-test")).report.changes == ()


def test_what_does_not_exist_is_not_made(sandbox: Sandbox) -> None:
    """An import of something that is not there is not deployed, and nothing takes its place."""
    report = run(sandbox, bucket("a", import_id="nobodys-bucket")).report
    assert [*report.not_deployed.values()] == ["it is to be imported, and nothing in the sandbox has this id"]
    assert sandbox.session().client("s3").list_buckets()["Buckets"] == []


BEFORE = """
import pulumi, pulumi_aws as aws
class Store(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("app:Store", name, None, opts)
        aws.s3.Bucket(f"{name}-logs", opts=pulumi.ResourceOptions(parent=self))
aws.s3.Bucket("plain", bucket="plain-of-the-test")
aws.s3.Bucket("named")
aws.s3.Bucket("moved")
Store("store")
"""
AFTER = """
import pulumi, pulumi_aws as aws
class Store(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("app:Shop", name, None, opts)
        aws.s3.Bucket(f"{name}-logs", opts=pulumi.ResourceOptions(parent=self))
old = pulumi.Alias(name="store", type_="app:Store")
shop = Store("shop", pulumi.ResourceOptions(aliases=[old]))
aws.s3.Bucket("renamed", bucket="plain-of-the-test", opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="plain")]))
urn = "urn:pulumi:dev::program::aws:s3/bucket:Bucket::named"
aws.s3.Bucket("by-urn", opts=pulumi.ResourceOptions(aliases=[urn]))
root = pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)
aws.s3.Bucket("moved", opts=pulumi.ResourceOptions(parent=shop, aliases=[root]))
"""


def test_whoever_is_renamed_stays(tmp_path: Path, sandbox: Sandbox) -> None:
    """A resource under another name, component, parent or URN is the same: nothing is deleted, or named anew."""

    def deployed(source: str) -> Any:
        project = lay_out(tmp_path / "program", source)
        return sandbox.deploy(project, load_stack(project, "dev")).report

    deployed(BEFORE)
    names = {each["Name"] for each in sandbox.session().client("s3").list_buckets()["Buckets"]}
    for _ in range(2):
        report = deployed(AFTER)
        assert {*report.actions.values()} == {Action.UNCHANGED}
        assert report.changes == ()
    assert {each["Name"] for each in sandbox.session().client("s3").list_buckets()["Buckets"]} == names
