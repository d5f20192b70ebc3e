"""Findings as the gate and the audit write them, read back."""

from collections.abc import Mapping
from typing import Any, Final

from ledgergate.evidence.documents import Document, Form, demand_form
from ledgergate.finding import SCHEMA, Finding, Severity, Source, Stage, Status
from ledgergate.report.jsonl import as_json

_TEXTS: Final = (
    "control", "slug", "message", "resource", "arn", "type", "account", "region", "program", "stack", "found",
    "wanted", "waiver", "observed_at",
)  # fmt: skip
_WORDS: Final = {"verdict": Status, "severity": Severity, "stage": Stage}
_FORM: Final[Form] = {
    "schema": int,
    "fingerprint": str,
    "requirements": list,
    "source": (dict, type(None)),
    "evidence": dict,
    **dict.fromkeys((*_TEXTS, *_WORDS), str),
}
_SOURCE: Final[Form] = {"file": str, "line": int, "caller_file": str, "caller_line": int}


def demand_finding(document: Document) -> None:
    """Refuse what is no finding exactly as it is written.

    Raises:
        EvidenceError: It is none.
    """
    content = document.content
    demand_form(document, _FORM)
    if content["schema"] != SCHEMA:
        document.refuse(f"a finding of schema {content['schema']}, which is not known here")
    for name, words in _WORDS.items():
        if content[name] not in list(words):
            document.refuse(f"`{name}` is {content[name]!r}, which is not known here")
    if not all(isinstance(each, str) for each in content["requirements"]):
        document.refuse("`requirements` is no list of texts")
    if content["source"] is not None:
        demand_form(Document(f"{document.place}, `source`", content["source"]), _SOURCE)
    if as_json(finding_from_json(content))["fingerprint"] != content["fingerprint"]:
        document.refuse("`fingerprint` does not follow from control, stack and resource: it was changed")


def finding_from_json(content: Mapping[str, Any]) -> Finding:
    """Return the finding of a record that `demand_finding` let through."""
    source = content["source"]
    texts = {name: content[name] for name in _TEXTS}
    return Finding(
        **texts,
        status=Status(content["verdict"]),
        severity=Severity(content["severity"]),
        stage=Stage(content["stage"]),
        requirements=tuple(content["requirements"]),
        source=Source(**source) if source else None,
        evidence=content["evidence"],
    )
