"""What the sandbox does to a resource when the program changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.sandbox import Action, Sandbox, SandboxError
from integration.sandbox.changes import changed_properties, same, with_ignored
from ledgergate.engine.provider import Handling, ProviderError
from tests.integration.sandbox.stacks import Wanted, run

ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
BUCKET = "aws:s3/bucket:Bucket"
KEY = "aws:kms/key:Key"
GRANTS = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}'
TRUST = '{"Version": "2012-10-17", "Statement": []}'


def role(name: str | None = "worker", **more: object) -> Wanted:
    """Return a role."""
    named = {"name": name} if name else {}
    return Wanted(ROLE, {**named, "assumeRolePolicy": TRUST, **more}, "role")


def role_names(sandbox: Sandbox) -> list[str]:
    """Return the roles of the account."""
    return [each["RoleName"] for each in sandbox.session().client("iam").list_roles()["Roles"]]


def vpc_blocks(sandbox: Sandbox) -> list[str]:
    """Return the blocks of the VPCs that somebody made."""
    vpcs = sandbox.session().client("ec2").describe_vpcs()["Vpcs"]
    return sorted(each["CidrBlock"] for each in vpcs if not each["IsDefault"])


def test_the_same_again_calls_nothing(sandbox: Sandbox) -> None:
    """A resource whose inputs are the same costs no call, and answers as before."""
    first = run(sandbox, role(tags={"Owner": "me"}))
    second = run(sandbox, role(tags={"Owner": "me"}))
    assert second.report.of(Action.UNCHANGED) == (role().urn,)
    assert second.report.calls == ()
    assert second.created == first.created


def test_another_spelling_of_a_document_is_no_change(sandbox: Sandbox) -> None:
    """Two texts of one JSON document are the same."""
    run(sandbox, role())
    again = run(sandbox, role(assumeRolePolicy=TRUST.replace(" ", "")))
    assert again.report.of(Action.UNCHANGED) == (role().urn,)


def test_a_setting_is_changed_in_place(sandbox: Sandbox) -> None:
    """A property that AWS can change keeps the resource, and only what changed is called for."""
    run(sandbox, role(description="before", tags={"Owner": "me", "Old": "yes"}))
    changed = run(sandbox, role(description="after", tags={"Owner": "you"}))
    found = sandbox.session().client("iam").get_role(RoleName="worker")["Role"]
    assert changed.report.of(Action.UPDATED) == (role().urn,)
    assert set(changed.report.changes) == {"iam:UpdateRole", "iam:UntagRole", "iam:TagRole"}
    assert (found["Description"], found["Tags"]) == ("after", [{"Key": "Owner", "Value": "you"}])
    assert changed.created["role"].outputs["description"] == "after"


def test_a_successor_exists_before_the_old_one_goes(sandbox: Sandbox) -> None:
    """A fixed property makes another resource; what depended on the old one moves first."""
    subnet = Wanted(SUBNET, {"vpcId": "$vpc.id", "cidrBlock": "10.0.0.0/24"}, "subnet")
    before = run(sandbox, Wanted(VPC, {"cidrBlock": "10.0.0.0/16"}, "vpc"), subnet)
    after = run(sandbox, Wanted(VPC, {"cidrBlock": "10.0.0.0/20"}, "vpc"), subnet)
    calls = [name for name in after.report.changes if name in ("ec2:CreateVpc", "ec2:DeleteVpc", "ec2:DeleteSubnet")]
    assert len(after.report.of(Action.REPLACED)) == 2
    assert after.created["vpc"].id != before.created["vpc"].id
    assert calls == ["ec2:CreateVpc", "ec2:DeleteSubnet", "ec2:DeleteVpc"]
    assert vpc_blocks(sandbox) == ["10.0.0.0/20"]


def test_who_keeps_his_name_goes_first(sandbox: Sandbox) -> None:
    """Two resources cannot have one name, so the old one goes before, and what is bound to it before that."""
    policy = Wanted(
        ROLE_POLICY,
        {"name": "grants", "role": "$role.name", "policy": GRANTS},
        "policy",
        Handling(dependencies=(role().urn,)),
    )
    run(sandbox, role(path="/before/"), policy)
    after = run(sandbox, role(path="/after/"), policy)
    assert after.report.of(Action.REPLACED) == (role().urn,)
    assert after.report.of(Action.CREATED) == (policy.urn,)
    assert sandbox.session().client("iam").get_role(RoleName="worker")["Role"]["Path"] == "/after/"
    assert sandbox.session().client("iam").list_role_policies(RoleName="worker")["PolicyNames"] == ["grants"]


def test_an_automatic_name_is_another_for_a_successor(sandbox: Sandbox) -> None:
    """A resource that the provider named gets a new name with its successor, so that both can exist."""
    first = run(sandbox, role(None)).created["role"].id
    second = run(sandbox, role(None, path="/other/")).created["role"].id
    third = run(sandbox, role(None, path="/other/")).created["role"].id
    assert first != second == third
    assert role_names(sandbox) == [second]


def test_delete_before_replace_is_obeyed(sandbox: Sandbox) -> None:
    """The option makes the old one go first, name or no name."""
    handling = Handling(delete_before_replace=True)
    run(sandbox, Wanted(VPC, {"cidrBlock": "10.0.0.0/16"}, handling=handling))
    report = run(sandbox, Wanted(VPC, {"cidrBlock": "10.1.0.0/16"}, handling=handling)).report
    assert report.changes == ("ec2:DeleteVpc", "ec2:CreateVpc")


def test_another_region_is_another_resource(sandbox: Sandbox) -> None:
    """A resource that moves is made there and deleted here."""
    run(sandbox, Wanted(KEY, {"region": "us-east-1"}))
    moved = run(sandbox, Wanted(KEY, {"region": "eu-west-1"}))
    here = sandbox.session().client("kms", region_name="us-east-1")
    states = [here.describe_key(KeyId=each["KeyId"])["KeyMetadata"]["KeyState"] for each in here.list_keys()["Keys"]]
    assert moved.created["it"].outputs["arn"].split(":")[3] == "eu-west-1"
    assert states == ["PendingDeletion"]


def test_a_provider_says_where(sandbox: Sandbox) -> None:
    """Region and account of an explicit provider are where its resources are."""
    provider = {"region": "us-west-2", "allowedAccountIds": '["999988887777"]'}
    created = run(sandbox, Wanted(KEY, {}, provider=provider)).created["it"]
    assert created.outputs["arn"].split(":")[3:5] == ["us-west-2", "999988887777"]
    assert sandbox.session("999988887777", "us-west-2").client("kms").describe_key(KeyId=created.id)


def test_what_the_program_dropped_goes(sandbox: Sandbox) -> None:
    """A resource that is no longer registered is deleted, after what depends on it."""
    subnet = Wanted(SUBNET, {"vpcId": "$vpc.id", "cidrBlock": "10.0.0.0/24"}, "subnet")
    vpc = Wanted(VPC, {"cidrBlock": "10.0.0.0/16"}, "vpc")
    run(sandbox, vpc, subnet)
    report = run(sandbox).report
    assert report.of(Action.DELETED) == (subnet.urn, vpc.urn)
    assert vpc_blocks(sandbox) == []


def test_what_is_protected_stays(sandbox: Sandbox) -> None:
    """A protected resource is neither dropped nor destroyed, and the message says which."""
    run(sandbox, Wanted(VPC, {"cidrBlock": "10.0.0.0/16"}, "vpc", Handling(protect=True)))
    with pytest.raises(SandboxError, match="resource 'vpc' is protected"):
        sandbox.destroy()
    assert vpc_blocks(sandbox) == ["10.0.0.0/16"]


def test_what_is_retained_is_only_forgotten(sandbox: Sandbox) -> None:
    """`retainOnDelete` takes the resource out of the stack and leaves it in the account."""
    run(sandbox, Wanted(VPC, {"cidrBlock": "10.0.0.0/16"}, "vpc", Handling(retain_on_delete=True)))
    sandbox.destroy()
    assert vpc_blocks(sandbox) == ["10.0.0.0/16"]


def test_ignored_changes_do_not_count(sandbox: Sandbox) -> None:
    """A property under `ignoreChanges` keeps its old value, a tag inside `tags` alone too."""
    handling = Handling(ignore_changes=("description", "tags.Owner", "tagsAll.Owner"))
    first = {"assumeRolePolicy": TRUST, "name": "worker", "description": "old", "tags": {"Owner": "me", "Stage": "a"}}
    run(sandbox, Wanted(ROLE, first, handling=handling))
    changed = {**first, "description": "new", "tags": {"Owner": "you", "Stage": "b"}}
    run(sandbox, Wanted(ROLE, changed, handling=handling))
    found = sandbox.session().client("iam").get_role(RoleName="worker")["Role"]
    tags = {each["Key"]: each["Value"] for each in found["Tags"]}
    assert (found["Description"], tags) == ("old", {"Owner": "me", "Stage": "b"})


def test_half_a_resource_is_completed_by_the_next_run(sandbox: Sandbox) -> None:
    """What failed after its creation is known, and the next run applies what is missing."""
    vpc = Wanted(VPC, {"cidrBlock": "10.0.0.0/16"}, "vpc")
    gateway = Wanted("aws:ec2/internetGateway:InternetGateway", {"vpcId": "$vpc.id"}, "gateway")
    with pytest.raises(ProviderError, match="'gateway': AttachInternetGateway"):
        run(sandbox, vpc, Wanted(gateway.type, {"vpcId": "vpc-0"}, "gateway"))
    second = run(sandbox, vpc, gateway)
    assert second.report.of(Action.UPDATED) == (gateway.urn,)
    assert second.created["gateway"].outputs["vpcId"] == second.created["vpc"].id


def test_what_vanished_by_itself_can_be_destroyed(sandbox: Sandbox) -> None:
    """Destroying a resource that is gone is no error."""
    run(sandbox, role())
    sandbox.session().client("iam").delete_role(RoleName="worker")
    assert sandbox.destroy().of(Action.DELETED) == (role().urn,)


def test_a_bucket_with_objects_stays_unless_it_may_go(sandbox: Sandbox) -> None:
    """A bucket is emptied only under `forceDestroy`, locked versions included."""
    wanted = {"bucket": "kept-objects", "objectLockEnabled": True}
    run(sandbox, Wanted(BUCKET, wanted, "bucket"))
    sandbox.session().client("s3").put_object(Bucket="kept-objects", Key="a", Body=b"1")
    with pytest.raises(SandboxError, match="BucketNotEmpty"):
        sandbox.destroy()
    run(sandbox, Wanted(BUCKET, {**wanted, "forceDestroy": True}, "bucket"))
    sandbox.destroy()
    assert sandbox.session().client("s3").list_buckets()["Buckets"] == []


def test_a_refusal_names_the_resource_and_the_operation(sandbox: Sandbox) -> None:
    """What a service refuses comes as one sentence."""
    with pytest.raises(ProviderError, match=r"aws:ec2/vpc:Vpc resource 'vpc': CreateVpc: .*10\.0\.0\.0"):
        run(sandbox, Wanted(VPC, {"cidrBlock": "10.0.0.0"}, "vpc"))


def test_reset_forgets_everything(sandbox: Sandbox) -> None:
    """After a reset the account is empty and the stack is made anew."""
    run(sandbox, role())
    sandbox.reset()
    assert role_names(sandbox) == []
    assert run(sandbox, role()).report.of(Action.CREATED) == (role().urn,)


JSON_TEXT = st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=3), max_size=3)


@given(before=JSON_TEXT, wanted=JSON_TEXT)
def test_changes_are_symmetric_and_complete(before: dict[str, object], wanted: dict[str, object]) -> None:
    """The properties that differ are the same both ways, and taking their new values leaves no difference."""
    changed = changed_properties(before, wanted)
    assert changed == changed_properties(wanted, before)
    merged = {name: (wanted if name in changed else before).get(name) for name in before.keys() | wanted.keys()}
    assert changed_properties(merged, wanted) == frozenset()


@given(before=JSON_TEXT, wanted=JSON_TEXT)
def test_ignoring_everything_leaves_nothing_changed(before: dict[str, object], wanted: dict[str, object]) -> None:
    """With every top-level property ignored, nothing differs."""
    names = {name for name in before.keys() | wanted.keys() if "." not in name}
    held = {name: value for name, value in before.items() if name in names}
    seen = {name: value for name, value in wanted.items() if name in names}
    assert changed_properties(held, with_ignored(held, seen, names)) == frozenset()


@pytest.mark.parametrize(("one", "other", "equal"), [("[1, 2]", "[1,2]", True), ("{", "{ ", False), ("a", "b", False)])
def test_only_json_is_compared_by_meaning(one: str, other: str, equal: bool) -> None:  # noqa: FBT001 - a table's column
    """Text that is no JSON document differs by its letters."""
    assert same(one, other) is equal
