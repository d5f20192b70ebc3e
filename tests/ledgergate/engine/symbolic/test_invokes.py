"""Look-ups are answered by the user, or made up and counted; what only AWS knows is unknown."""

import re
from typing import Any

import pulumi_aws
import pulumi_docker  # noqa: F401 - an SDK outside AWS
import pytest
from pulumi import output

from ledgergate.engine.provider import Invoked, ProviderError
from ledgergate.engine.symbolic import Level, SymbolicProvider
from ledgergate.engine.symbolic.answers import AnswersError
from ledgergate.engine.symbolic.introspect import result_shape
from ledgergate.engine.symbolic.unknowns import UnansweredError, carry_unknowns
from ledgergate.values import is_symbolic
from tests.ledgergate.engine.symbolic.requests import ACCOUNT, UNKNOWN, config

Unknown: Any = output.Unknown
VPC = "aws:ec2/getVpc:getVpc"
DATABASE = "aws:rds/getInstance:getInstance"


def invoke(token: str, args: dict[str, Any] | None = None, **options: Any) -> Invoked:
    """Return the answer to one call."""
    return SymbolicProvider(**options).invoke(token, args or {}, config(token.partition(":")[0]))


def test_look_ups_are_counted_as_assumed() -> None:
    """The report tells how much of a run rests on made-up answers."""
    assert invoke(VPC, {"default": True}).assumed


def test_every_property_is_there_or_unknown() -> None:
    """A property that reads as None would let a control apply its default to a guess."""
    found = invoke(DATABASE, {"dbInstanceIdentifier": "main"}).result
    shape = result_shape(DATABASE)
    assert shape is not None
    assert [field.name for field in shape.fields if not field.optional and field.name not in found] == []


def test_numbers_flags_and_configuration_are_unknown() -> None:
    """No flag of something that exists is invented."""
    found = invoke(DATABASE, {"dbInstanceIdentifier": "main"}).result
    for name in ("port", "publiclyAccessible", "storageEncrypted", "engine", "kmsKeyId", "dbSubnetGroup", "dbName"):
        assert found[name] == UNKNOWN


@pytest.mark.parametrize(
    ("token", "args", "property_", "form"),
    [
        (VPC, {"default": True}, "id", r"vpc-01ed6e7a7[0-9a-f]{8}"),
        (VPC, {"id": "vpc-1"}, "arn", rf"arn:aws:ec2:eu-west-1:{ACCOUNT}:vpc/1ed6e7a7\w{{24}}"),
        ("aws:s3/getBucket:getBucket", {"bucket": "logs"}, "arn", "arn:aws:s3:::logs"),
        ("aws:iam/getRole:getRole", {"name": "app"}, "arn", rf"arn:aws:iam::{ACCOUNT}:role/1ed6e7a7\w{{24}}"),
        ("aws:iam/getUser:getUser", {"userName": "app"}, "arn", r".*:user/1ed6e7a7\w{24}"),
        ("aws:iam/getPolicy:getPolicy", {"name": "AdministratorAccess"}, "arn", UNKNOWN),
        ("aws:iam/getPolicy:getPolicy", {"name": "AdministratorAccess"}, "id", UNKNOWN),
        ("aws:iam/getPolicy:getPolicy", {"arn": "arn:aws:iam::aws:policy/X"}, "id", "arn:aws:iam::aws:policy/X"),
        ("aws:secretsmanager/getSecret:getSecret", {"name": "db"}, "arn", r".*:secret:1ed6e7a7\w{24}"),
        ("aws:kms/getAlias:getAlias", {"name": "alias/pan"}, "id", r".*:alias/1ed6e7a7\w{24}"),
        ("aws:sns/getTopic:getTopic", {"name": "q"}, "arn", rf"arn:aws:sns:eu-west-1:{ACCOUNT}:q"),
        ("aws:lambda/getFunction:getFunction", {"functionName": "f"}, "arn", r".*:function:f"),
        (DATABASE, {"dbInstanceIdentifier": "main"}, "dbInstanceArn", r".*:db:main"),
        (
            "aws:lambda/getFunction:getFunction",
            {"functionName": "arn:aws:lambda:x:1:function:f"},
            "arn",
            ".*:1ed6e7a7.*",
        ),
        ("aws:kms/getKey:getKey", {"keyId": "arn:aws:kms:x:1:key/0b1c"}, "arn", "arn:aws:kms:x:1:key/0b1c"),
        ("aws:kms/getKey:getKey", {"keyId": "0b1c"}, "arn", r".*:key/1ed6e7a7\w{24}"),
        ("aws:kms/getKey:getKey", {"keyId": "arn:aws:kms:eu-west-1:1:key/0b1c"}, "id", "0b1c"),
        ("aws:kms/getKey:getKey", {"keyId": "alias/pan"}, "arn", r".*:key/1ed6e7a7-.*"),
        ("aws:ec2/getSubnets:getSubnets", {"filters": []}, "ids", r"\['subnet-01ed6e7a7[0-9a-f]{8}'\]"),
        ("aws:ec2/getAmi:getAmi", {"owners": ["amazon"]}, "id", r"ami-01ed6e7a7[0-9a-f]{8}"),
        ("aws:eks/getCluster:getCluster", {"name": "k"}, "identities", r".*'issuer': 'https://oidc\.eks\..*"),
        ("aws:lb/getLoadBalancer:getLoadBalancer", {"arn": "arn:aws:x"}, "arn", "arn:aws:x"),
        ("docker:index/getRegistryImage:getRegistryImage", {"name": "nginx"}, "id", "1ed6e7a7[0-9a-f]{24}"),
    ],
)
def test_identities_follow_from_the_arguments(token: str, args: dict[str, Any], property_: str, form: str) -> None:
    """An ARN reads as a fact only where a name decides it; paths and owners that nobody stated leave it marked."""
    assert re.fullmatch(form, str(invoke(token, args).result[property_]))


def test_same_question_gets_the_same_answer() -> None:
    """Two look-ups of one thing are one thing, and look-ups of two things are two."""
    assert invoke(VPC, {"default": True}) == invoke(VPC, {"default": True})
    assert invoke(VPC, {"default": True}).result["id"] != invoke(VPC, {"tags": {"Name": "x"}}).result["id"]
    elsewhere = SymbolicProvider().invoke(VPC, {"default": True}, config(region="us-east-1"))
    assert invoke(VPC, {"default": True}).result["id"] != elsewhere.result["id"]


def test_arguments_are_echoed() -> None:
    """What the program asked with comes back, as the provider gives it back."""
    assert invoke(VPC, {"default": True, "state": None}).result["default"] is True


@pytest.mark.parametrize("level", [Level.IDENTITIES, Level.UNKNOWNS])
def test_lower_levels_know_identities_still(level: Level) -> None:
    """A real preview asks AWS too, so an id is known at every level; free text is not."""
    found = invoke("aws:secretsmanager/getSecretVersion:getSecretVersion", {"secretId": "s"}, level=level).result
    assert is_symbolic(found["id"])
    assert found["secretString"] == UNKNOWN


@pytest.mark.parametrize(
    "token", ["aws:ec2/getNothing:getNothing", "kubernetes:yaml:decode", "nowhere:index/getX:getX", "nonsense"]
)
def test_function_without_a_result_class_is_an_error(token: str) -> None:
    """Nothing is made up where nobody says what the result looks like."""
    with pytest.raises(ProviderError, match=f"nothing is known of the result of {token}; give the answer with"):
        invoke(token)


ANSWER = {"token": VPC, "args": {"default": True}, "result": {"id": "vpc-9", "cidrBlock": "10.0.0.0/16"}}


def test_answer_of_the_user_is_taken() -> None:
    """A real answer is not counted, and what it leaves out is unknown instead of made up."""
    found = invoke(VPC, {"default": True, "state": "available"}, answers=[ANSWER])
    assert not found.assumed
    assert found.result["cidrBlock"] == "10.0.0.0/16"
    assert found.result["state"] == "available"
    assert found.result["arn"] == UNKNOWN


def test_answer_fits_only_its_arguments() -> None:
    """An answer about one thing is not used for another."""
    assert invoke(VPC, {"default": False}, answers=[ANSWER]).assumed
    assert not invoke(VPC, {"id": "x"}, answers=[{"token": VPC, "result": {"id": "vpc-9"}}]).assumed


def test_answer_wins_over_a_computed_one() -> None:
    """A user who knows better is believed."""
    token = "aws:index/getCallerIdentity:getCallerIdentity"
    found = invoke(token, answers=[{"token": token, "result": {"accountId": "1"}}])
    assert found.result["accountId"] == "1"


def test_misspelt_property_of_an_answer_is_an_error() -> None:
    """An answer in Python's spelling would leave the value unknown without a word."""
    with pytest.raises(ProviderError, match="the answer has a property cidr_block, which the function does not return"):
        invoke(VPC, answers=[{"token": VPC, "result": {"cidr_block": "10.0.0.0/16"}}])


def test_answer_without_a_class_is_taken_as_it_is() -> None:
    """A function that no SDK describes can be answered all the same."""
    assert invoke(
        "nowhere:index/getX:getX", answers=[{"token": "nowhere:index/getX:getX", "result": {"a": 1}}]
    ).result == {"a": 1}


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"result": {}}, "answer 1 has no function token"),
        ("text", "answer 1 has no function token"),
        ({"token": VPC}, r"answer 1 \(.*\) needs a result"),
        ({"token": VPC, "result": {}, "args": ["x"]}, r"answer 1 \(.*\) needs a result, and args if any, as mappings"),
        ({"token": VPC, "result": {}, "arguments": {}}, "has a key that is not token, args or result: arguments"),
    ],
)
def test_answers_of_another_form_are_refused(entry: Any, message: str) -> None:
    """A misspelt answer is said to be wrong instead of being left unused."""
    with pytest.raises(AnswersError, match=message):
        SymbolicProvider(answers=[entry])


def test_unknown_is_never_taken_for_a_value() -> None:
    """A program that decides, compares or prints what nobody knows is told to give the answer."""
    carry_unknowns()
    unknown = Unknown()
    uses = (
        lambda: bool(unknown),
        lambda: f"{unknown}",
        lambda: unknown == "aurora",
        lambda: unknown != [],
        lambda: unknown in (1, 2),
        lambda: unknown in {"available", "pending"},
        lambda: {"available": 1}.get(unknown),
        lambda: unknown.split("/"),
        lambda: hasattr(unknown, "lower"),
        lambda: getattr(unknown, "count", None),
    )
    for use in uses:
        with pytest.raises(UnansweredError, match="give the real answer with --answers FILE"):
            use()
    assert unknown == unknown  # noqa: PLR0124 - containers compare an element with itself
    assert not hasattr(unknown, "__await__")


def test_unknown_map_is_read_but_never_counted() -> None:
    """Every key of a map that nobody knows is unknown, and the map is not taken for an empty one."""
    carry_unknowns()
    unknown = Unknown()
    assert unknown.get("Owner", "") is unknown
    assert unknown["Owner"] is unknown
    uses = (
        lambda: len(unknown),
        lambda: list(unknown),
        lambda: "Owner" in unknown,
        lambda: dict(unknown),
        lambda: {**unknown},
        lambda: unknown | {},
        lambda: {} | unknown,
        unknown.items,
    )
    for use in uses:
        with pytest.raises(UnansweredError, match="give the real answer with --answers FILE"):
            use()


def test_unknown_passes_the_type_check_of_result_classes() -> None:
    """A generated result class takes an unknown number, and passes it on as it is."""
    carry_unknowns()
    unknown = Unknown()
    result: Any = pulumi_aws.rds.GetInstanceResult
    found = result(**dict.fromkeys(_parameters(result), unknown))
    assert found.port is unknown


def _parameters(class_: type) -> list[str]:
    return list(vars(class_)["__init__"].__code__.co_varnames[1 : vars(class_)["__init__"].__code__.co_argcount])
