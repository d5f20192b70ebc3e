"""Task definitions: judged as they are written, and as they are in the account."""

import json
from pathlib import Path
from typing import Any

from policies.settings import Settings
from tests.integration.differential.cases import Case, Difference, check, check_differences
from tests.integration.estate import ACCOUNT, REGION
from tests.integration.programs_as_data import Wanted, ref

_REGISTRY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
_FOREIGN = _REGISTRY.replace("1", "9")
_DIGEST = f"sha256:{'0' * 64}"
_SECRET_ARN = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:db"
_LOGGED = {"logDriver": "awslogs", "options": {"awslogs-group": "/bank"}}
_GOOD: dict[str, Any] = {
    "name": "app",
    "image": f"{_REGISTRY}/bank/api@{_DIGEST}",
    "environment": [{"name": "PORT", "value": "8080"}],
    "readonlyRootFilesystem": True,
    "logConfiguration": _LOGGED,
}
_SETTINGS = Settings(account_id=ACCOUNT)


def _role(name: str, path: str = "/") -> Wanted:
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    return Wanted("aws:iam/role:Role", name, {"name": name, "path": path, "assumeRolePolicy": trust})


def _definition(family: str, *containers: dict[str, Any], name: str = "", **settings: Any) -> Wanted:
    written = [{name: value for name, value in {**_GOOD, **each}.items() if value} for each in containers or ({},)]
    given = {"family": family, "cpu": "256", "memory": "512", "networkMode": "awsvpc", **settings}
    inputs = {**given, "containerDefinitions": json.dumps(written)}
    return Wanted("aws:ecs/taskDefinition:TaskDefinition", name or family, inputs)


def _with(title: str, family: str, control: str, verdict: str, **changes: Any) -> Case:
    """Return a case whose second container differs in this."""
    return Case(title, (_definition(family, {}, {"name": "side", **changes}),), {control: verdict})


def _set(title: str, family: str, control: str, verdict: str, **settings: Any) -> Case:
    return Case(title, (_definition(family, **settings),), {control: verdict})


def _variable(name: str, value: str) -> dict[str, Any]:
    return {"environment": [{"name": name, "value": value}]}


def _fetched(source: str, name: str = "PASSWORD") -> dict[str, Any]:
    return {"secrets": [{"name": name, "valueFrom": source}]}


def _log(driver: str, **options: str) -> dict[str, Any]:
    return {"logConfiguration": {"logDriver": driver, "options": options}}


SHARED = (_role("pay-task"), _role("pay-start"), _role("deep", "/bank/"))
_PAY = {"taskRoleArn": ref("pay-task", "arn"), "executionRoleArn": ref("pay-start", "arn")}
_DEEP = {"taskRoleArn": ref("deep", "arn"), "executionRoleArn": ref("pay-start", "arn")}
_EC2: dict[str, Any] = {"networkMode": "host", "requiresCompatibilities": ["EC2"]}
_FIRELENS = _log("awsfirelens", Name="cloudwatch")

CASES = (
    _with("no credential", "plain", "ECS.8", "pass"),
    _with("an access key", "keyed", "ECS.8", "fail", **_variable("AWS_ACCESS_KEY_ID", "x")),
    _with("a key that ECS fetches", "fetched", "ECS.8", "pass", **_fetched(_SECRET_ARN, "AWS_SECRET_ACCESS_KEY")),
    _with("a harmless variable", "harmless", "LG-IAM-11", "pass", **_variable("LEVEL", "info")),
    _with("a password by its name", "named", "LG-IAM-11", "fail", **_variable("DB_PASSWORD", "correct horse")),
    _with("a password in a URL", "url", "LG-IAM-11", "fail", **_variable("DSN", "postgres://a:b@db/x")),
    _with("the ARN of a secret", "arn", "LG-IAM-11", "pass", **_variable("SECRET_ARN", _SECRET_ARN)),
    _with("a password that ECS fetches", "store", "LG-IAM-11", "pass", **_fetched(_SECRET_ARN)),
    _with("a plain name where its ARN belongs", "name-only", "LG-IAM-11", "fail", **_fetched("level")),
    _with("confined", "confined", "LG-IAM-14", "pass"),
    _with("a root file system that is written to", "writes", "LG-IAM-14", "fail", readonlyRootFilesystem=False),
    _with("a privileged container", "privileged", "LG-IAM-14", "fail", privileged=True),
    _set("the host's processes", "host-pid", "LG-IAM-14", "fail", pidMode="host", **{**_EC2, "networkMode": "bridge"}),
    _set("nobody says who on the host's network", "host-net", "LG-IAM-14", "fail", **_EC2),
    Case("a user on the host's network", (_definition("host-user", {"user": "1000"}, **_EC2),), {"LG-IAM-14": "pass"}),
    _with("a log group", "logged", "LG-LOG-07", "pass"),
    _with("a log router", "routed", "LG-LOG-07", "pass", **_FIRELENS),
    _with("a driver that stays on the host", "json-file", "LG-LOG-07", "fail", **_log("json-file")),
    _with("no log group", "no-group", "LG-LOG-07", "fail", **_log("awslogs")),
    Case("no log configuration", (_definition("unlogged", {"logConfiguration": None}),), {"LG-LOG-07": "fail"}),
    _with("a digest in its own registry", "pinned", "LG-SUP-02", "pass"),
    _with("a tag", "tagged", "LG-SUP-02", "fail", image=f"{_REGISTRY}/bank/api:1"),
    _with("another account's registry", "foreign", "LG-SUP-02", "fail", image=f"{_FOREIGN}/a@{_DIGEST}"),
    _with("Docker Hub", "hub", "LG-SUP-02", "fail", image=f"nginx@{_DIGEST}"),
    _set("a task role that another service has too", "pay", "LG-IAM-13", "fail", **_PAY),
    _set("the same task role", "ledger", "LG-IAM-13", "fail", **_PAY),
    _set("a role under a path", "deep-one", "LG-IAM-13", "pass", **_DEEP),
    _set("no roles", "bare", "LG-IAM-13", "fail"),
    _set("one role for both", "both", "LG-IAM-13", "fail", **{**_PAY, "taskRoleArn": ref("pay-start", "arn")}),
)  # fmt: skip


def test_task_definitions(tmp_path: Path) -> None:
    """Containers and roles have one verdict, wherever they are looked at."""
    check(tmp_path / "p", CASES, shared=SHARED, settings=_SETTINGS)


DIFFERENCES = (
    Difference(
        "an older revision that no service runs starts only for whoever names it by its number; the newest one is read",
        "LG-IAM-14",
        (
            _definition("twice", {"readonlyRootFilesystem": False}, name="first"),
            _definition("twice", name="second", tags={"after": ref("first", "arn")}),
        ),
        "fail",
        "not_applicable",
    ),
)


def test_known_differences(tmp_path: Path) -> None:
    """The verdicts differ exactly where it is written why."""
    check_differences(tmp_path / "p", DIFFERENCES, ("LG-IAM-14",), settings=_SETTINGS)
    assert len(DIFFERENCES) == 1
