"""The hook that makes an audit read-only, on every operation of the services that it may meet."""

from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.model import OperationModel

from integration.readers import READINGS
from integration.sandbox import Sandbox
from integration.session import GIVES_AWAY, ChangeRefusedError, Connections, refuse_changes
from tests.integration.estate import ACCOUNT, REGION, connections_to, furnish, scanned

SERVICES = ("ec2", "ecr", "iam", "kms", "lambda", "rds", "redshift", "s3", "s3control", "secretsmanager", "ssm", "sts")


def operations(*services: str) -> Iterator[OperationModel]:
    """Yield every operation of some services."""
    loader = botocore.session.Session()
    for service in services:
        model = loader.get_service_model(service)
        yield from map(model.operation_model, model.operation_names)


def passes(operation: OperationModel) -> bool:
    """Tell whether the hook lets an operation through."""
    try:
        refuse_changes(operation)
    except ChangeRefusedError:
        return False
    return True


def test_only_reads_of_configuration_pass() -> None:
    """Of every operation of a dozen services, only what begins as a read and hands out no data gets through."""
    passed = {each.name for each in operations(*SERVICES) if passes(each)}
    assert len(passed) > 500
    assert all(name.startswith(("Describe", "Get", "Head", "List")) for name in passed)
    assert passed.isdisjoint(GIVES_AWAY)
    assert passed.isdisjoint({"GetObject", "GetObjectTorrent", "PutObject", "DeleteBucket", "CreateKey", "AssumeRole"})


def test_what_passes_is_a_read_on_the_wire_too() -> None:
    """Where the protocol tells, every operation that gets through is a GET or a HEAD: the names do not lie."""
    restful = ("lambda", "s3")
    methods = {each.name: each.http["method"] for each in operations(*restful) if passes(each)}
    assert {name: method for name, method in methods.items() if method not in ("GET", "HEAD")} == {}


def test_what_gives_secrets_away_is_refused() -> None:
    """Reads that hand out secrets, passwords or credentials are refused by name, in whatever service."""
    found = {each.name for each in operations(*SERVICES) if each.name in GIVES_AWAY}
    assert {"GetSecretValue", "GetPasswordData", "GetSessionToken", "GetParameter", "GetAuthorizationToken"} <= found
    assert not any(passes(each) for each in operations(*SERVICES) if each.name in found)


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
        client = Connections(sandbox.session()).client(service, REGION)
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
        "ec2:GetManagedPrefixListEntries",
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
