"""`aws:iam/getPolicyDocument`, rendered and merged as the provider does.

Sets of more than one element come out in reverse order of the alphabet, single ones as a string; keys of principals
and conditions are sorted; statements with a `sid` replace earlier ones with the same. The provider keeps blocks of
principals and conditions in the order of a hash, here they keep the order of the program: it matters only when two
blocks have the same type.

Runs inside the program's interpreter: standard library only.
Source: `internal/service/iam/policy_document_data_source.go` and `policy_model.go` of terraform-provider-aws,
read 2026-11-21.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from zlib import crc32

from ledgergate.engine.provider import ProviderError

Document = dict[str, Any]

_VERSION: Final = "2012-10-17"
_OLD_VERSION: Final = "2008-10-17"
_SID: Final = re.compile(r"[a-zA-Z0-9]*")
_ESCAPES: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def policy_document(args: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a call.

    Args:
        args: The call's arguments, camelCase.

    Raises:
        ProviderError: The provider would refuse them.
    """
    version = args.get("version") or _VERSION
    document: Document = {}
    _merge_sources(document, args.get("sourcePolicyDocuments") or ())
    own: Document = {"Version": version, "Id": args.get("policyId") or ""}
    own["Statement"] = _own_statements(args.get("statements") or (), version)
    _merge(document, own)
    for number, text in enumerate(args.get("overridePolicyDocuments") or ()):
        if text is not None:
            _merge(document, _parse(text, f"merging override document {number}"))
    ordered = {key: document[key] for key in ("Version", "Id", "Statement") if document.get(key)}
    pretty = _escape(json.dumps(ordered, indent=2, ensure_ascii=False))
    return {
        **{key: value for key, value in args.items() if value is not None},
        "id": str(crc32(pretty.encode())),
        "json": pretty,
        "minifiedJson": _escape(json.dumps(ordered, separators=(",", ":"), ensure_ascii=False)),
        "version": version,
    }


def _merge_sources(document: Document, texts: Iterable[str | None]) -> None:
    seen: set[str] = set()
    for number, text in enumerate(texts):
        if text is None:
            continue
        source = _parse(text, f"merging source document {number}")
        for position, statement in enumerate(source["Statement"]):
            sid = statement.get("Sid", "")
            if sid and sid in seen:
                raise _error(
                    f"merging source document {number}: duplicate Sid ({sid}) in source_policy_documents "
                    f"(statement {position}). Remove the Sid or ensure Sids are unique."
                )
            seen.add(sid)
        _merge(document, source)


def _merge(document: Document, new: Document) -> None:
    document["Id"] = new.get("Id") or document.get("Id", "")
    document["Version"] = max(new.get("Version") or "", document.get("Version", ""))
    statements: list[Document] = document.setdefault("Statement", [])
    for statement in new["Statement"]:
        sid = statement.get("Sid")
        places = [place for place, kept in enumerate(statements) if sid and kept.get("Sid") == sid]
        if places:
            statements[places[0]] = statement
        else:
            statements.append(statement)


def _own_statements(statements: Iterable[Mapping[str, Any]], version: str) -> list[Document]:
    made: list[Document] = []
    seen: set[str] = set()
    for statement in statements:
        sid = statement.get("sid") or ""
        if sid in seen:
            raise _error(f"duplicate Sid ({sid}). Remove the Sid or ensure the Sid is unique.")
        if not _SID.fullmatch(sid):
            raise _error(f"invalid value for sid (must only include alphanumeric characters): {sid}")
        if sid:
            seen.add(sid)
        made.append(_own_statement(statement, sid, version))
    return made


def _own_statement(statement: Mapping[str, Any], sid: str, version: str) -> Document:
    effect = statement.get("effect") or "Allow"
    if effect not in ("Allow", "Deny"):
        raise _error(f'expected effect to be one of ["Allow" "Deny"], got {effect}')
    return _drop_empty(
        {
            "Sid": sid,
            "Effect": effect,
            "Action": _names(statement.get("actions")),
            "NotAction": _names(statement.get("notActions")),
            "Resource": _names(_replaced(statement.get("resources"), version)),
            "NotResource": _names(_replaced(statement.get("notResources"), version)),
            "Principal": _principals(_blocks(statement.get("principals"), version)),
            "NotPrincipal": _principals(_blocks(statement.get("notPrincipals"), version)),
            "Condition": _conditions(_condition_blocks(statement.get("conditions"), version)),
        }
    )


def _blocks(blocks: Iterable[Mapping[str, Any]] | None, version: str) -> list[tuple[str, Any]]:
    made: list[tuple[str, Any]] = []
    for block in blocks or ():
        named = (_demanded(block, "type"), _names(_replaced(_demanded(block, "identifiers"), version)))
        if named not in made:
            made.append(named)
    return made


def _condition_blocks(blocks: Iterable[Mapping[str, Any]] | None, version: str) -> list[tuple[str, str, list[str]]]:
    made: list[tuple[str, str, list[str]]] = []
    for block in blocks or ():
        test, variable, values = (_demanded(block, key) for key in ("test", "variable", "values"))
        named = (test, variable, _replaced(values, version))
        if named not in made:
            made.append(named)
    return made


def _demanded(block: Mapping[str, Any], key: str) -> Any:
    if block.get(key) is None:
        raise _error(f"missing required argument: {key}")
    return block[key]


def _names(values: Iterable[str] | None) -> Any:
    """Return a set of strings as the provider writes it."""
    unique = sorted(set(values or ()), reverse=True)
    return unique[0] if len(unique) == 1 else unique


def _replaced(values: Iterable[str] | None, version: str) -> list[str]:
    """Turn `&{…}` into the policy variable `${…}`."""
    texts = list(values or ())
    for text in texts:
        if version == _OLD_VERSION and "&{" in text:
            raise _error(f"found &{{ sequence in ({text}), which is not supported in document version {_OLD_VERSION}")
    return [text.replace("&{", "${") for text in texts]


def _principals(blocks: list[tuple[str, Any]]) -> Any:
    """Return principals grouped by type; only `*` of type `*` is written without its type."""
    if len(blocks) == 1 and blocks[0][0] == "*" and blocks[0][1] in ("*", ["*"]):
        return "*"
    grouped: dict[str, Any] = {}
    for kind, identifiers in blocks:
        if kind not in grouped:
            several = isinstance(identifiers, list)
            grouped[kind] = sorted(identifiers, reverse=True) if several else identifiers
            continue
        kept = grouped[kind] if isinstance(grouped[kind], list) else [grouped[kind]]
        added = sorted(identifiers, reverse=True) if isinstance(identifiers, list) else [identifiers]
        grouped[kind] = kept + added
    return dict(sorted(grouped.items()))


def _conditions(blocks: Iterable[tuple[str, str, list[str]]]) -> Document:
    grouped: dict[str, dict[str, list[str]]] = {}
    for test, variable, values in blocks:
        grouped.setdefault(test, {}).setdefault(variable, []).extend(values)
    return {
        test: {name: values[0] if len(values) == 1 else values for name, values in sorted(variables.items())}
        for test, variables in sorted(grouped.items())
    }


def _parse(text: str, where: str) -> Document:
    """Read a document as the provider does: statements must be a list, what it does not know is dropped."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise _error(f"{where}: {error}") from None
    statements = document.get("Statement") or [] if isinstance(document, dict) else None
    if not isinstance(statements, list):
        raise _error(f"{where}: Statement is not a list")
    return {
        "Version": document.get("Version") or "",
        "Id": document.get("Id") or "",
        "Statement": [_parse_statement(statement) for statement in statements],
    }


def _parse_statement(statement: Mapping[str, Any]) -> Document:
    kept = {key: statement.get(key) for key in ("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource")}
    for key in ("Principal", "NotPrincipal"):
        kept[key] = _principals(_parse_principals(statement.get(key)))
    kept["Condition"] = _conditions(_parse_conditions(statement.get("Condition") or {}))
    return _drop_empty(kept)


def _parse_principals(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, Mapping):
        return [(kind, sorted(names) if isinstance(names, list) else names) for kind, names in value.items()]
    return [("*", ["*"])] if value else []


def _parse_conditions(value: Mapping[str, Mapping[str, Any]]) -> Iterable[tuple[str, str, list[str]]]:
    for test, variables in value.items():
        for variable, values in variables.items():
            if isinstance(values, bool):
                yield test, variable, ["true" if values else "false"]
            elif isinstance(values, str):
                yield test, variable, [values]
            elif isinstance(values, list):
                yield test, variable, list(values)


def _drop_empty(statement: Document) -> Document:
    return {key: value for key, value in statement.items() if value}


def _escape(text: str) -> str:
    """Escape what Go's encoder escapes and Python's does not."""
    for sign, escaped in _ESCAPES.items():
        text = text.replace(sign, escaped)
    return text


def _error(message: str) -> ProviderError:
    return ProviderError(f"writing IAM Policy Document: {message}")
