"""What services draw on: images, connection details, settings, and the function that watches over images."""

import json
from pathlib import Path

import pytest

from tests.infra.recording import Changed, Recording

REPOSITORY = "aws:ecr/repository:Repository"


@pytest.mark.requirement("B-21")
@pytest.mark.requirement("B-53")
def test_every_pushed_image_is_scanned_and_stays_what_it_is(payments: Recording) -> None:
    """Two repositories scan on push, keep their tags where they are, and encrypt with the key for tasks."""
    repositories = [repository.inputs for repository in payments.graph.of_type(REPOSITORY)]

    assert len(repositories) == 2
    for repository in repositories:
        assert repository["imageScanningConfiguration"] == {"scanOnPush": True}
        assert repository["imageTagMutability"] == "IMMUTABLE"
        assert repository["encryptionConfigurations"] == [{"encryptionType": "KMS", "kmsKey": "arn/Key/ecs"}]


@pytest.mark.requirement("B-79")
@pytest.mark.parametrize(("answer", "window"), [(True, 0), (False, 30)])
def test_images_and_secret_vanish_with_a_destroyable_stack_only(changed: Changed, window: int, *, answer: bool) -> None:
    """What `destroyable` says decides whether images and the secret can be brought back."""
    graph = changed(payments__destroyable=answer).graph
    (secret,) = graph.of_type("aws:secretsmanager/secret:Secret")

    assert {repository.inputs["forceDelete"] for repository in graph.of_type(REPOSITORY)} == {answer}
    assert secret.inputs["recoveryWindowInDays"] == window


@pytest.mark.requirement("B-53")
@pytest.mark.requirement("B-54")
def test_key_for_tasks_serves_images_settings_and_the_gate(payments: Recording) -> None:
    """Registry, Lambda and Parameter Store may use the key on behalf of the account, and no other service may."""
    (key,) = (k for k in payments.graph.of_type("aws:kms/key:Key") if k.name == "ecs")
    _, *uses = json.loads(key.inputs["policy"])["Statement"]
    through = [use["Condition"]["StringEquals"].get("kms:ViaService") for use in uses]
    hosts = [f"{service}.us-east-1.amazonaws.com" for service in ("ecr", "lambda", "ssm")]

    assert [services for services in through if services] == [hosts, hosts]


@pytest.mark.requirement("B-62")
@pytest.mark.requirement("B-27")
def test_connection_details_hold_no_password(payments: Recording) -> None:
    """The secret says where the database is and as whom to log in, under the database's key; IAM is the password."""
    (secret,) = (s.inputs for s in payments.graph.of_type("aws:secretsmanager/secret:Secret") if s.name == "connection")
    (version,) = payments.graph.of_type("aws:secretsmanager/secretVersion:SecretVersion")

    assert secret["kmsKeyId"] == "arn/Key/database"
    assert version.inputs["secretId"] == "Secret/connection"
    assert json.loads(version.inputs["secretString"]["value"]) == {
        "host": "endpoint/Cluster/database",
        "readerHost": "readerEndpoint/Cluster/database",
        "port": 5432,
        "dbname": "payments",
        "username": "app",
    }


@pytest.mark.requirement("B-63")
def test_settings_are_encrypted_parameters(changed: Changed) -> None:
    """Log level and asset bucket are in Parameter Store, under the key for tasks."""
    found = {
        p.inputs["name"]: p.inputs
        for p in changed(payments__logLevel="debug").graph.of_type("aws:ssm/parameter:Parameter")
    }

    assert {(p["type"], p["keyId"]) for p in found.values()} == {("SecureString", "arn/Key/ecs")}
    assert {name: p["value"]["value"] for name, p in found.items()} == {
        "/payment/payment-log-level-lgdev": "debug",
        "/payment/payment-static-assets-lgdev": "payment-static-lgdev",
    }


@pytest.mark.requirement("B-22")
def test_gate_runs_where_it_reaches_the_services_privately(payments: Recording) -> None:
    """It runs in all private subnets, in a group of its own, on a supported runtime, with its environment encrypted."""
    (function,) = (f.inputs for f in payments.graph.of_type("aws:lambda/function:Function") if f.name == "image-gate")
    suffix = f"lg{payments.graph.stack}"

    assert (function["runtime"], function["kmsKeyArn"]) == ("python3.13", "arn/Key/ecs")
    assert function["vpcConfig"] == {
        "subnetIds": [f"Subnet/network-private-us-east-1{letter}" for letter in "abc"],
        "securityGroupIds": ["SecurityGroup/security-groups-gate"],
    }
    assert function["loggingConfig"] == {"logFormat": "JSON", "logGroup": f"/payment/payment-image-gate-{suffix}"}


@pytest.mark.requirement("B-22")
def test_gate_is_deployed_with_all_its_code(prod: Recording) -> None:
    """The archive holds every module of the gate, and the handler is in it."""
    (function,) = prod.graph.of_type("aws:lambda/function:Function")
    folder = Path(__file__).parents[2] / "infra" / "functions" / "image_gate"
    module, _, name = function.inputs["handler"].rpartition(".")

    assert function.inputs["code"] == {f"image_gate/{path.name}": path.read_text() for path in folder.glob("*.py")}
    assert f"def {name}(" in function.inputs["code"][f"{module.replace('.', '/')}.py"]


@pytest.mark.requirement("B-22")
@pytest.mark.requirement("B-23")
def test_production_lets_no_unscanned_image_pass(changed: Changed, prod: Recording) -> None:
    """Only a stack that says so takes images that nobody scanned."""
    strictness = [
        recording.graph.of_type("aws:lambda/function:Function")[0].inputs["environment"]["variables"]["ALLOW_UNSCANNED"]
        for recording in (changed(), changed(payments__allowUnscannedImages=None), prod)
    ]

    assert strictness == ["true", "false", "false"]
