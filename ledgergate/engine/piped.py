"""Providers, packs and other stacks that live in the gate's process, asked through the pipe; both ends of it.

Runs inside the program's interpreter: standard library and pulumi only.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from ledgergate.engine import wire
from ledgergate.engine.channel import Channel
from ledgergate.engine.deployment import StepError
from ledgergate.engine.provider import (
    Checked,
    Created,
    Handling,
    Invoked,
    Provider,
    ProviderConfig,
    ProviderError,
    ResourceRequest,
)
from ledgergate.engine.references import note_given
from ledgergate.engine.symbolic.unknowns import carry_unknowns

Wire = Any


class PipedProvider:
    """A provider on the other side of the pipe."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def check(self, request: ResourceRequest) -> Checked:
        """See `Provider.check`."""
        answer = self._ask("check", request=asdict(request))
        failures = tuple((name, reason) for name, reason in answer["failures"])
        return Checked(answer["inputs"], failures, tuple(answer["auto_named"]))

    def create(self, request: ResourceRequest) -> Created:
        """See `Provider.create`."""
        answer = self._ask("create", request=asdict(request))
        return Created(answer["id"], answer["outputs"])

    def read(self, request: ResourceRequest, resource_id: str) -> Created:
        """See `Provider.read`."""
        answer = self._ask("read", request=asdict(request), id=resource_id)
        return Created(answer["id"], answer["outputs"])

    def invoke(self, token: str, args: Mapping[str, Wire], provider: ProviderConfig) -> Invoked:
        """See `Provider.invoke`."""
        answer = self._ask("invoke", token=token, args=args, provider=asdict(provider))
        failures = tuple((name, reason) for name, reason in answer["failures"])
        if wire.has_unknown(answer["result"]):
            carry_unknowns()
        return Invoked(answer["result"], failures, answer["assumed"])

    def delete(self, request: ResourceRequest, resource_id: str) -> None:
        """See `Provider.delete`."""
        self._ask("delete", request=asdict(request), id=resource_id)

    def _ask(self, what: str, **message: Any) -> dict[str, Any]:
        answer = self._channel.ask({"kind": "provider", "call": what, **message})
        if "error" in answer:
            raise ProviderError(answer["error"])
        return answer


class PipedPacks:
    """The policy packs on the other side of the pipe."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def remediate(self, request: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """See `Packs.remediate`."""
        changed: Mapping[str, Any] | None = self._ask("remediate", request)["properties"]
        return changed

    def analyze(self, request: Mapping[str, Any]) -> bool:
        """See `Packs.analyze`."""
        return bool(self._ask("analyze", request)["violated"])

    def analyze_stack(self, request: Mapping[str, Any]) -> bool:
        """See `Packs.analyze_stack`."""
        return bool(self._ask("analyze_stack", request)["violated"])

    def _ask(self, what: str, request: Mapping[str, Any]) -> dict[str, Any]:
        answer = self._channel.ask({"kind": "packs", "call": what, "request": request})
        if "error" in answer:
            raise StepError(answer["error"], str(request.get("urn", "")))
        return answer


def piped_stack_outputs(channel: Channel, level: str) -> Callable[[str], Mapping[str, Wire] | None]:
    """Return a function that asks the gate for another stack's outputs, as a program of this level may see them."""

    def ask(name: str) -> Mapping[str, Wire] | None:
        answer = channel.ask({"kind": "stack_outputs", "name": name, "level": level})
        if "error" in answer:
            raise StepError(answer["error"])
        if answer.get("in_part"):
            note_given(name)
        outputs: Mapping[str, Wire] | None = answer["outputs"]
        return outputs

    return ask


def answer_provider(provider: Provider, question: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a `PipedProvider`; the gate's end of the pipe.

    Args:
        provider: Who serves the run.
        question: A question of kind `provider`.
    """
    try:
        return _answer(provider, question)
    except ProviderError as error:
        return {"error": str(error)}


def _answer(provider: Provider, question: Mapping[str, Any]) -> dict[str, Any]:
    call = question["call"]
    if call == "invoke":
        served = ProviderConfig(**question["provider"])
        return asdict(provider.invoke(question["token"], question["args"], served))
    content = question["request"]
    rebuilt = {"provider": ProviderConfig(**content["provider"]), "handling": Handling(**content["handling"])}
    request = ResourceRequest(**{**content, **rebuilt})
    if call == "check":
        return asdict(provider.check(request))
    if call == "create":
        return asdict(provider.create(request))
    if call == "read":
        return asdict(provider.read(request, question["id"]))
    provider.delete(request, question["id"])
    return {}
