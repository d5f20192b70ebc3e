"""What a replay asked of packs and provider, and how it ended, in the form that the recordings have."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from ledgergate.engine import urns
from ledgergate.engine.decode import decode_properties
from ledgergate.engine.launcher import Evaluation
from ledgergate.engine.packs import Enforcement, PackHost, exit_code
from ledgergate.graph import Kind
from tests.ledgergate.engine.recordings.comparison import Place, differences
from tests.ledgergate.engine.recordings.replay import Replay, WitnessedPack
from tests.ledgergate.engine.recordings.table import Recording

_NAME: Final = 5
"""Where a row of recorded violations has the resource's name."""


def request_differences(recording: Recording, replay: Replay) -> dict[Place, str]:
    """Return every place where a request of the replay is not the recorded one."""
    found: dict[Place, str] = {}
    for index, pack in enumerate(replay.host.packs):
        assert isinstance(pack, WitnessedPack)
        found |= _pack_differences(recording.expected, pack, index)
    for call, requests in recording.expected.get("provider", {}).items():
        found |= differences(call, _as_requests(requests), _as_requests(replay.provider.seen[call]))
    if "analyzed" not in recording.expected and recording.kept is not None:
        recorded = _recorded_registrations(recording.kept["calls"])
        found |= differences("register", recorded, _registrations(replay.evaluation))
    return {place: text for place, text in found.items() if not _by_chance(recording, place)}


def _recorded_registrations(calls: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return URN → what the program's calls told the engine of a resource, and what they were answered."""
    found: dict[str, Any] = {}
    for row in calls:
        asked, answer = row["request"], row["answer"]
        if row["call"] == "RegisterResourceOutputs":
            found[asked["urn"]]["outputs"] = decode_properties(asked["outputs"])
        elif row["call"] in ("RegisterResource", "ReadResource") and "urn" in answer:
            inputs, outputs = (part.get("object", part.get("properties", {})) for part in (asked, answer))
            found[answer["urn"]] = {
                "type": asked["type"],
                "parent": asked.get("parent", ""),
                "id": answer.get("id", asked.get("id", "")),
                "inputs": decode_properties(inputs),
                "outputs": decode_properties(outputs),
                "dependencies": sorted(asked.get("dependencies", ())),
            }
    return found


def _registrations(evaluation: Evaluation) -> dict[str, Any]:
    """Return the same of a replay; default providers are the engine's own."""
    return {
        each.urn: {
            "type": each.type,
            "parent": each.parent,
            "id": each.id,
            "inputs": each.inputs,
            "outputs": each.outputs,
            "dependencies": each.dependencies,
        }
        for each in evaluation.graph
        if each.kind is not Kind.PROVIDER
    }


def _as_requests(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {urn: {"properties": values} for urn, values in properties.items()}


def _pack_differences(expected: Mapping[str, Any], pack: WitnessedPack, index: int) -> dict[Place, str]:
    remediated, analyzed = _asked_once(pack.remediated), _asked_once(pack.analyzed)
    stack = {urn: request for request in pack.stacks for urn, request in _by_urn(request).items()}
    if "order" in expected:
        order = expected["order"]
        assert bool(pack.stacks) == order["AnalyzeStack"]
        return {
            **differences("remediate", dict.fromkeys(order["Remediate"]), dict.fromkeys(remediated)),
            **differences("analyze", dict.fromkeys(order["Analyze"]), dict.fromkeys(analyzed)),
        }
    if "analyzed" not in expected:
        return {}
    rows = expected["analyzed"]
    recorded = {urn: row["analyze"] for urn, row in rows.items() if "analyze" in row}
    return {
        **differences("analyze", recorded, analyzed),
        **differences("remediate", {urn: _remediate_request(row, index) for urn, row in rows.items()}, remediated),
        **differences("stack", expected.get("stack", {}), stack),
    }


def _remediate_request(row: Mapping[str, Any], index: int) -> Any:
    """Return the recorded request; only what is not as in `Analyze` is kept there."""
    kept: Any = row["remediate"][index] if "remediate" in row else "same"
    return row["analyze"] if kept == "same" else {**row.get("analyze", {}), **kept}


def _asked_once(requests: Mapping[str, list[Mapping[str, Any]]]) -> dict[str, Mapping[str, Any]]:
    assert all(len(found) == 1 for found in requests.values())
    return {urn: _without_urn(found[0]) for urn, found in requests.items()}


def _by_urn(request: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {resource["urn"]: _without_urn(resource) for resource in request["resources"]}


def _without_urn(request: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in request.items() if key != "urn"}


def _by_chance(recording: Recording, place: Place) -> bool:
    _, urn, path = place
    return not path and urns.name_of(urn) in recording.varies


def ending(recording: Recording, replay: Replay) -> dict[str, Any]:
    """Return how the replay ended, in the recording's form."""
    found = {
        "exit_code": exit_code(replay.evaluation),
        "registered": [
            shown
            for shown in sorted(_shown(urn) for urn in replay.evaluation.registered)
            if shown[0] != urns.STACK_TYPE and shown[1] not in recording.varies
        ],
        "errors": sorted(_errors(replay)),
    }
    return {**found, **_policies(recording, replay.host)} if "policies" in recording.expected else found


def recorded_ending(recording: Recording) -> dict[str, Any]:
    """Return how the recorded run ended."""
    expected = recording.expected
    found = {
        "exit_code": expected["exit_code"],
        "registered": [shown for shown in expected["registered"] if shown[1] not in recording.varies],
        # The CLI says during which command a read failed, and names the class even of a plain exception.
        "errors": sorted(
            text.removeprefix("Preview failed: ").removeprefix("Exception: ") for _, _, text in expected["errors"]
        ),
    }
    if "policies" in expected:
        violations = [row for row in expected["violations"] if row[_NAME] not in recording.varies]
        found |= {**{key: expected[key] for key in ("policies", "remediations")}, "violations": violations}
    return found


def _shown(urn: str) -> list[str]:
    """Return type and name as the CLI prints them: `aws:s3:Bucket` for `aws:s3/bucket:Bucket`."""
    type_ = urns.type_of(urn)
    package, module, name = type_.split(":")
    return [f"{package}:{module.partition('/')[0]}:{name}", urns.name_of(urn)]


def _errors(replay: Replay) -> Iterator[str]:
    yield from (line["text"] for line in replay.evaluation.messages if line["severity"] == "error")
    failure = replay.evaluation.failure or {"kind": "", "message": ""}
    if failure["kind"] in ("exit", "refusal"):
        code = failure.get("code", 1)
        yield f"an unhandled error occurred: program exited with non-zero exit code: {code}"
    if failure["kind"] not in ("", "exit") and failure["message"] != "a mandatory policy is violated":
        yield str(failure["message"])


def _policies(recording: Recording, host: PackHost) -> dict[str, Any]:
    """Return what the packs found on the resources that both runs must have reached."""
    violations = [each for each in host.violations if urns.name_of(each.urn) not in recording.varies]
    worst: dict[str, str] = {}
    for violation in violations:
        if worst.get(violation.pack.label) != Enforcement.MANDATORY:
            worst[violation.pack.label] = str(violation.diagnostic.level)
    remediated = Counter(
        (pack.label, policy) for pack, policy, urn in host.remediated if urns.name_of(urn) not in recording.varies
    )
    return {
        "policies": [[pack.info.label, worst.get(pack.info.label, "passed")][::-1] for pack in host.packs],
        "violations": sorted(
            [
                violation.pack.label,
                str(violation.diagnostic.level),
                violation.diagnostic.severity,
                violation.diagnostic.policy,
                *_shown(violation.urn),
                violation.diagnostic.message,
            ]
            for violation in violations
        ),
        "remediations": [[label, policy, count] for (label, policy), count in remediated.items()],
    }
