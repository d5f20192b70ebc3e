"""Lambda functions, and who may call them."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject, put
from integration.sandbox.types.shapes import camel, pascal, whole
from integration.sandbox.types.tags import retag

_SETTINGS: Final = (
    "deadLetterConfig",
    "description",
    "ephemeralStorage",
    "handler",
    "imageConfig",
    "loggingConfig",
    "memorySize",
    "role",
    "runtime",
    "timeout",
    "tracingConfig",
    "vpcConfig",
)
"""Settings that programs write as Lambda's calls do, but for the first letters."""

_BEGINNING: Final = (1980, 1, 1, 0, 0, 0)
"""Time of every file in a package, so that the same code has the same hash."""


def _settings(wanted: Properties) -> dict[str, Any]:
    given = {pascal(name): whole(pascal(wanted[name])) for name in _SETTINGS if wanted.get(name) is not None}
    for name in ("role", "handler", "runtime", "description"):
        if wanted.get(name) is not None:
            given[pascal(name)] = wanted[name]
    given["KMSKeyArn"] = wanted.get("kmsKeyArn") or ""
    given["Environment"] = {"Variables": (wanted.get("environment") or {}).get("variables") or {}}
    if layers := wanted.get("layers"):
        given["Layers"] = layers
    return given


def _package(wanted: Properties) -> dict[str, Any]:
    """Return the code as Lambda takes it."""
    if wanted.get("imageUri"):
        return {"ImageUri": wanted["imageUri"]}
    if wanted.get("s3Bucket"):
        return {"S3Bucket": wanted["s3Bucket"], "S3Key": wanted["s3Key"]}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, content in sorted(_files(wanted["code"])):
            packed.writestr(zipfile.ZipInfo(name, _BEGINNING), content)
    return {"ZipFile": buffer.getvalue()}


def _files(code: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield name and content of every file of an archive, or of an asset."""
    if "text" in code:
        yield prefix, str(code["text"]).encode()
    elif "path" in code:
        yield from _on_disk(Path(code["path"]), prefix)
    else:
        for name, item in code.get("assets", {}).items():
            yield from _files(item, f"{prefix}/{name}".lstrip("/"))


def _on_disk(path: Path, prefix: str) -> Iterator[tuple[str, bytes]]:
    if path.is_file():
        yield prefix or path.name, path.read_bytes()
    for each in sorted(path.rglob("*")):
        if each.is_file():
            yield f"{prefix}/{each.relative_to(path)}".lstrip("/"), each.read_bytes()


def _unreadable(inputs: Properties) -> str:
    code = inputs.get("code")
    if isinstance(code, Mapping) and not all(Path(each).is_absolute() for each in _paths(code)):
        return "its code lies in a folder that is named from the program's own, which a provider is not told"
    return ""


def _paths(code: Mapping[str, Any]) -> Iterator[str]:
    if "path" in code:
        yield str(code["path"])
    for item in code.get("assets", {}).values():
        yield from _paths(item)


def _create(subject: Subject) -> str:
    wanted = subject.inputs
    given = subject.given("architectures", "packageType")
    made = {"FunctionName": wanted["name"], "Code": _package(wanted), **given, **_settings(wanted)}
    return str(subject.aws.of("lambda").create_function(**made)["FunctionName"])


def _read(subject: Subject) -> Properties:
    client = subject.aws.of("lambda")
    answer: Any = client.get_function(FunctionName=subject.id)
    found, concurrency = answer["Configuration"], answer.get("Concurrency", {})
    region = subject.place.region
    held = {name: camel(found[pascal(name)]) for name in _SETTINGS if pascal(name) in found}
    for name in ("role", "handler", "runtime", "description"):
        held[name] = found.get(pascal(name), "")
    return {
        **held,
        "architectures": found["Architectures"],
        "arn": found["FunctionArn"],
        "codeSha256": found["CodeSha256"],
        "environment": {"variables": found.get("Environment", {}).get("Variables", {})},
        "invokeArn": f"arn:{subject.place.partition}:apigateway:{region}:lambda:path/2015-03-31/functions/"
        f"{found['FunctionArn']}/invocations",
        "kmsKeyArn": found.get("KMSKeyArn", ""),
        "lastModified": found["LastModified"],
        "name": found["FunctionName"],
        "packageType": found["PackageType"],
        "reservedConcurrentExecutions": concurrency.get("ReservedConcurrentExecutions", -1),
        "sourceCodeSize": found["CodeSize"],
        "tagsAll": answer.get("Tags", {}),
        "version": found["Version"],
    }


def _change(subject: Subject) -> None:
    subject.aws.of("lambda").update_function_configuration(FunctionName=subject.id, **_settings(subject.inputs))


def _change_code(subject: Subject) -> None:
    architectures = subject.given("architectures")
    subject.aws.of("lambda").update_function_code(FunctionName=subject.id, **_package(subject.inputs), **architectures)


def _set_concurrency(subject: Subject) -> None:
    client, wanted = subject.aws.of("lambda"), subject.inputs.get("reservedConcurrentExecutions")
    if wanted is None or wanted < 0:
        client.delete_function_concurrency(FunctionName=subject.id)
    else:
        client.put_function_concurrency(FunctionName=subject.id, ReservedConcurrentExecutions=int(wanted))


def _set_tags(subject: Subject) -> None:
    client, arn = subject.aws.of("lambda"), subject.arn("lambda", f"function:{subject.id}")
    retag(
        subject,
        lambda tags: client.tag_resource(Resource=arn, Tags=tags),
        lambda keys: client.untag_resource(Resource=arn, TagKeys=keys),
    )


def _delete(subject: Subject) -> None:
    subject.aws.of("lambda").delete_function(FunctionName=subject.id)


_CALLER: Final = (
    "action",
    "eventSourceToken",
    "functionUrlAuthType",
    "principal",
    "principalOrgId",
    "qualifier",
    "sourceAccount",
    "sourceArn",
    "statementId",
)


def _permit(subject: Subject) -> str:
    given = subject.given(*(name for name in _CALLER if name != "principalOrgId"))
    if subject.inputs.get("principalOrgId"):
        given["PrincipalOrgID"] = subject.inputs["principalOrgId"]
    subject.aws.of("lambda").add_permission(FunctionName=subject.inputs["function"], **given)
    return str(subject.inputs["statementId"])


def _read_permission(subject: Subject) -> Properties:
    document = json.loads(subject.aws.of("lambda").get_policy(FunctionName=subject.inputs["function"])["Policy"])
    found = next((each for each in document["Statement"] if each["Sid"] == subject.id), None)
    if found is None:
        raise GoneError
    principal = found["Principal"]
    who = next(iter(principal.values())) if isinstance(principal, dict) else principal
    source = found.get("Condition", {}).get("ArnLike", {}).get("AWS:SourceArn")
    return {"action": found["Action"], "principal": who, "sourceArn": source, "statementId": found["Sid"]}


def _forbid(subject: Subject) -> None:
    subject.aws.of("lambda").remove_permission(FunctionName=subject.inputs["function"], StatementId=subject.id)


HANDLERS: Final = (
    Handler(
        type="aws:lambda/function:Function",
        create=_create,
        read=_read,
        delete=_delete,
        fixed=("name", "packageType"),
        updates={
            **put(_change, *_SETTINGS, "environment", "kmsKeyArn", "layers"),
            **put(_change_code, "architectures", "code", "imageUri", "s3Bucket", "s3Key"),
        },
        settings={"reservedConcurrentExecutions": _set_concurrency, "tagsAll": _set_tags},
        ignored={
            "publish": "nobody calls a version in a sandbox",
            "skipDestroy": "what the program drops goes from the sandbox",
            "sourceCodeHash": "the code itself is compared",
        },
        refuses=_unreadable,
    ),
    Handler(
        type="aws:lambda/permission:Permission",
        create=_permit,
        read=_read_permission,
        delete=_forbid,
        fixed=("function", *_CALLER),
    ),
)
