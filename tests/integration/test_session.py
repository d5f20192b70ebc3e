"""The hook that makes an audit read-only, on every operation of the services that it may meet."""

from collections.abc import Callable, Iterator
from typing import Any

import botocore.session
import pytest
from botocore.model import OperationModel

from integration.readers import READINGS, operations_for
from integration.sandbox import Sandbox
from integration.scanning.asker import LiveLine
from integration.scanning.calls import Call, Cause, Trouble
from integration.scanning.limits import Limits
from integration.scanning.outcome import Outcome, outcome_from_json
from integration.session import WHO, ChangeRefusedError, Connections, refusal_of
from tests.integration.estate import ACCOUNT, REGION, connections_to, furnish, scanned


def operations(*services: str) -> Iterator[OperationModel]:
    """Yield every operation of some services."""
    loader = botocore.session.Session()
    for service in services:
        model = loader.get_service_model(service)
        yield from map(model.operation_model, model.operation_names)


REFUSE = refusal_of({WHO, *operations_for()})


def passes(operation: OperationModel, refuse: Callable[..., None] = REFUSE) -> bool:
    """Tell whether the hook lets an operation through."""
    try:
        refuse(operation)
    except ChangeRefusedError:
        return False
    return True


def name_of(operation: OperationModel) -> str:
    """Return `service:Operation`."""
    return f"{operation.service_model.service_name}:{operation.name}"


def test_of_all_operations_only_those_of_the_readers_pass() -> None:
    """Of every operation of every service that botocore knows, what gets through is what the readers declare."""
    every = operations(*botocore.session.Session().get_available_services())
    assert {name_of(each) for each in every if passes(each)} == {WHO, *operations_for()}


@pytest.mark.parametrize(
    "name",
    [
        "cognito-identity:GetCredentialsForIdentity",
        "dynamodb:GetItem",
        "kms:GetParametersForImport",
        "lightsail:GetRelationalDatabaseMasterUserPassword",
        "s3:GetObject",
        "s3:HeadBucket",
        "s3:HeadObject",
        "ssm:GetAccessToken",
        "sts:GetDelegatedAccessToken",
        "sts:GetWebIdentityToken",
    ],
)
def test_what_gives_something_away_is_refused(name: str) -> None:
    """Reads that hand out data, secrets or credentials are refused, whatever they are called."""
    service, _, operation = name.partition(":")
    (model,) = (each for each in operations(service) if each.name == operation)
    assert not passes(model)


def test_a_declaration_makes_no_read_of_a_change() -> None:
    """Whoever declares a change, or what streams data, is refused all the same."""
    declared = refusal_of({"s3:DeleteBucket", "s3:GetObject", "kms:Decrypt", "kms:DescribeKey"})
    found = {name_of(each) for each in operations("kms", "s3") if passes(each, declared)}
    assert found == {"kms:DescribeKey"}


def test_what_passes_is_a_read_on_the_wire_too() -> None:
    """Where the protocol tells, every operation that gets through is a GET: the names do not lie."""
    methods = {name_of(each): each.http["method"] for each in operations("s3") if passes(each)}
    assert {*methods.values()} == {"GET"}


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("s3", "create_bucket", {"Bucket": "never-made"}),
        ("s3", "get_object", {"Bucket": "b", "Key": "k"}),
        ("iam", "delete_role", {"RoleName": "worker"}),
        ("kms", "schedule_key_deletion", {"KeyId": "alias/mine"}),
        ("sts", "assume_role", {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/worker", "RoleSessionName": "audit"}),
    ],
)
def test_a_client_refuses_before_it_sends(service: str, operation: str, parameters: dict[str, Any]) -> None:
    """A client of the audit raises, and nothing goes out."""
    with Sandbox.in_process(account=ACCOUNT) as sandbox:
        client = Connections(sandbox.session(), operations_for()).client(service, REGION)
        sent: list[object] = []
        client.meta.events.register_first("before-send", lambda **given: sent.append(given))
        with pytest.raises(ChangeRefusedError, match="an audit"):
            getattr(client, operation)(**parameters)
        assert sent == []


def test_a_scan_makes_declared_reads_only() -> None:
    """Every call of a scan is one that its reader declares, and every one that is declared gets through the hook."""
    declared = {name for reading in READINGS for names in reading.gives.values() for name in names}
    services = {name.partition(":")[0] for name in declared}
    models = {f"{each.service_model.service_name}:{each.name}": each for each in operations(*services)}
    assert all(passes(models[name]) for name in declared)
    with Sandbox.in_process(account=ACCOUNT) as sandbox:
        furnish(sandbox.session())
        session, sent = sandbox.session(), set()
        session.events.register(
            "before-call", lambda model, **_: sent.add(f"{model.service_model.service_name}:{model.name}")
        )
        scanned(connections_to(session))
    assert sent <= declared
    # Groups of RDS's own are passed over; IAM tells the tags of roles and users by itself; the others are not there.
    assert declared - sent <= {
        "iam:ListMFADeviceTags",
        "iam:ListRoleTags",
        "iam:ListSAMLProviderTags",
        "iam:ListServerCertificateTags",
        "iam:ListUserTags",
        "rds:ListTagsForResource",
    }


def test_one_client_for_each_service_and_region() -> None:
    """A client is made once, so that its connections and its rate are shared."""
    with Sandbox.in_process(account=ACCOUNT) as sandbox:
        connections = Connections(sandbox.session())
        assert connections.client("s3", REGION) is connections.clients(REGION).s3
        assert connections.client("s3", REGION) is not connections.client("s3", "eu-west-1")


def test_a_region_that_is_not_listed_is_asked_nothing() -> None:
    """Whatever names another Region, no call goes there; the homes of global services are the one exception."""
    with Sandbox.in_process(account=ACCOUNT) as sandbox:
        connections = Connections(sandbox.session(), operations_for(), regions=("eu-west-1",))
        sent: list[str] = []

        def outcome(service: str, region: str, operation: str, **parameters: Any) -> Outcome:
            client = connections.client(service, region)
            client.meta.events.register_first("before-send", lambda **_: sent.append(region))
            call = Call(service, client.meta.method_to_api_mapping[operation], region)
            return LiveLine(Limits(None)).outcome(call, getattr(client, operation), parameters)

        refused = outcome("kms", "us-east-1", "list_keys")
        assert (refused.answer, refused.trouble) == (None, Trouble(Cause.NOT_LISTED, ""))
        assert outcome_from_json(refused.to_json()) == refused
        assert sent == []
        assert outcome("kms", "eu-west-1", "list_keys").trouble is None
        assert outcome("wafv2", "us-east-1", "list_web_acls", Scope="CLOUDFRONT").trouble is None
        assert sent == ["eu-west-1", "us-east-1"]
