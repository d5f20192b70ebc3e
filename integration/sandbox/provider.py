"""The engine's provider protocol on a sandbox: decides what has to be done for each resource, and does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import pulumi_aws  # noqa: F401 - the symbolic provider looks types up in the SDKs that are imported
from botocore.exceptions import BotoCoreError, ClientError

from integration.sandbox.changes import changed_properties, touched, with_ignored
from integration.sandbox.clients import Clients
from integration.sandbox.functions import answer_function
from integration.sandbox.handler import GoneError, Handler, Subject
from integration.sandbox.report import Action, Notes
from integration.sandbox.state import Held, StackState
from integration.sandbox.types import HANDLERS, reason_against
from ledgergate.engine import urns, wire
from ledgergate.engine.provider import Checked, Created, Invoked, ProviderConfig, ProviderError, ResourceRequest
from ledgergate.engine.symbolic import SymbolicProvider
from ledgergate.engine.symbolic.naming import named_property
from ledgergate.engine.symbolic.place import Home, Place

_NEW: Final = (Action.CREATED, Action.REPLACED)

NOT_IN_UPDATE: Final = "the sandbox does not know this, so the program runs again as in a preview"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a provider needs of its sandbox.

    Args:
        home: Where resources and calls are served that name no place.
        clients: Returns the clients of a place.
        answers: Answers to function calls, as the symbolic provider takes them.
    """

    home: Home
    clients: Callable[[Place], Clients]
    answers: tuple[Mapping[str, Any], ...] = ()


class SandboxProvider:
    """Creates the resources of one stack, and keeps count of them.

    Args:
        surroundings: The sandbox.
        state: What the stack has there already; changed as resources come and go.
        notes: Where it notes what it does.
    """

    def __init__(self, surroundings: Surroundings, state: StackState, notes: Notes) -> None:
        self._home = surroundings.home
        self._clients = surroundings.clients
        self._state = state
        self._notes = notes
        self._symbolic = SymbolicProvider(
            account=self._home.account,
            partition=self._home.partition,
            region=self._home.region,
            answers=surroundings.answers,
        )
        self._auto_named: dict[str, tuple[str, ...]] = {}
        self.needs_preview = False
        """Whether something could not be held, or looked up, outside a preview."""
        self.in_preview = False
        """Whether the program runs as in a preview, in which it is told of values that nobody knows."""
        self.wanted: set[str] = set()
        """URNs of the resources that the program registered and the sandbox holds."""

    def check(self, request: ResourceRequest) -> Checked:
        """Add tags, Region and automatic names; a resource that has to be replaced gets another automatic name."""
        held = self._state.find(request.urn, request.handling.aliases)
        checked = self._named(request, held)
        if held and checked.auto_named and self._must_replace(held, replace(request, inputs=checked.inputs)):
            checked = self._named(request, held, further=1)
        self._auto_named[request.urn] = checked.auto_named
        return checked

    def create(self, request: ResourceRequest) -> Created:
        """Create, change or replace the resource, or leave it as it is.

        Raises:
            ProviderError: The service refused.
        """
        reason = self._obstacle(request)
        if reason:
            return self._leave_out(request, reason)
        held = self._state.find(request.urn, request.handling.aliases)
        if held is None and request.handling.import_id:
            held = self._imported(request)
            if held is None:
                return self._leave_out(request, "it is to be imported, and nothing in the sandbox has this id")
        with _explained(f"{request.type} resource '{request.name}'"):
            done = self._bring_about(request, held)
        self.wanted.add(request.urn)
        return Created(done.id, done.outputs)

    def read(self, request: ResourceRequest, resource_id: str) -> Created:
        """Look an existing resource up."""
        handler = HANDLERS.get(request.type)
        if handler is None:
            return self._symbolic.read(request, resource_id)
        subject = self._subject(request).named(resource_id)
        with _explained(f"{request.type} '{resource_id}'"):
            outputs = handler.read(subject)
        return Created(resource_id, outputs)

    def invoke(self, token: str, args: Mapping[str, wire.Wire], provider: ProviderConfig) -> Invoked:
        """Answer a function call: from the sandbox where it can, else as at design time."""
        place = self._home.place(provider, args.get("region"))
        with _explained(token):
            found = answer_function(token, args, self._clients(place))
        if found is not None:
            return Invoked(found)
        made_up = self._symbolic.invoke(token, args, provider)
        if not self.in_preview and wire.has_unknown(made_up.result):
            self.needs_preview = True
            raise ProviderError(NOT_IN_UPDATE)
        return made_up

    def delete(self, request: ResourceRequest, resource_id: str) -> None:
        """Delete a resource of the stack; the engine never asks for it, a sandbox does."""
        held = self._state.held.get(request.urn)
        if held is not None and held.id == resource_id:
            self.remove(held)

    def remove(self, held: Held) -> None:
        """Delete what the sandbox holds, unless the program wants it kept.

        Raises:
            ProviderError: It is protected, or the service refused.
        """
        if held.handling.protect:
            hint = "take `protect` off it first"
            raise ProviderError(f"{held.type} resource '{held.name}' is protected and cannot be deleted: {hint}")
        if not held.handling.retain_on_delete:
            subject = Subject(inputs=held.inputs, id=held.id, place=held.place, aws=self._clients(held.place))
            with _explained(f"{held.type} resource '{held.name}' cannot be deleted", gone_is_fine=True):
                HANDLERS[held.type].delete(subject)
        self._state.forget(held)

    def _named(self, request: ResourceRequest, held: Held | None, further: int = 0) -> Checked:
        """Check a resource under the URN that it was first named after, so that a new URN is no new name."""
        first = held.named_as if held and held.named_as else request.urn
        generation = (held.generation if held else 0) + further
        name = urns.name_of(first) if first != request.urn else request.name
        urn = f"{first}#{generation}" if generation else first
        return self._symbolic.check(replace(request, urn=urn, name=name))

    def _obstacle(self, request: ResourceRequest) -> str:
        """Return why the sandbox cannot hold a resource, or an empty string."""
        handler = HANDLERS.get(request.type)
        if handler is None:
            return reason_against(request.type)
        missing = [urn for urn in request.handling.dependencies if urn in self._notes.not_deployed]
        if missing:
            return f"it depends on {', '.join(urn.rpartition('::')[2] for urn in missing)}, which is not deployed"
        unknown = [name for name, value in request.inputs.items() if wire.has_unknown(value)]
        if unknown:
            return f"{', '.join(unknown)} cannot be known"
        return handler.refuses(request.inputs)

    def _leave_out(self, request: ResourceRequest, reason: str) -> Created:
        if not request.preview:
            # Outside a preview the SDK takes no output for unknown.
            self.needs_preview = True
            raise ProviderError(NOT_IN_UPDATE)
        self._notes.left_out(request.urn, reason)
        return Created("", {})

    def _bring_about(self, request: ResourceRequest, held: Held | None) -> Held:
        handler = HANDLERS[request.type]
        self._note_properties(request, handler)
        if held is None:
            return self._create(request, handler)
        changed = self._changes(held, request)
        if self._must_replace(held, request):
            return self._replace(request, handler, held)
        if changed.isdisjoint(handler.known - handler.ignored.keys()):
            return self._keep(held, request, dict(held.outputs), Action.UNCHANGED)
        subject = self._subject(request, held)
        for apply in handler.for_changes(changed):
            apply(subject)
        return self._keep(held, request, self._outputs(handler, subject), Action.UPDATED)

    def _imported(self, request: ResourceRequest) -> Held | None:
        """Take what exists under the id that is to be imported, or return None where there is nothing."""
        subject = self._subject(request).named(request.handling.import_id)
        try:
            outputs = dict(HANDLERS[request.type].read(subject))
        except (ClientError, GoneError):
            return None
        taken = Held(
            urn=request.urn,
            type=request.type,
            name=request.name,
            id=subject.id,
            # What is not as the program wants it is changed, as the next deployment would.
            inputs={name: outputs.get(name) for name in request.inputs if name in outputs},
            outputs=outputs,
            place=subject.place,
            handling=request.handling,
        )
        self._state.held[request.urn] = taken
        return taken

    def _create(self, request: ResourceRequest, handler: Handler, before: Held | None = None) -> Held:
        subject = self._subject(request)
        subject = subject.named(handler.create(subject))
        held = Held(
            urn=request.urn,
            type=request.type,
            name=request.name,
            id=subject.id,
            # Should the rest fail, the next run has to apply it.
            inputs={name: value for name, value in request.inputs.items() if name not in handler.settings},
            outputs={},
            place=subject.place,
            handling=request.handling,
            generation=before.generation + 1 if before else 0,
            named_as=before.named_as if before else "",
        )
        self._state.held[request.urn] = held
        for apply in handler.after_creation(request.inputs):
            apply(subject)
        action = Action.REPLACED if before else Action.CREATED
        return self._keep(held, request, self._outputs(handler, subject), action)

    def _replace(self, request: ResourceRequest, handler: Handler, held: Held) -> Held:
        if self._goes_first(held, request):
            for dependent in self._bound_to(held):
                self.remove(dependent)
            self.remove(held)
        else:
            self._state.replaced.append(held)
        return self._create(request, handler, held)

    def _goes_first(self, held: Held, request: ResourceRequest) -> bool:
        """Tell whether the old resource must go before the new one comes: both would have one name."""
        name = named_property(request.type)
        kept = name in request.inputs and name not in self._auto_named.get(request.urn, ())
        same_name = kept and held.inputs.get(str(name)) == request.inputs.get(str(name))
        return request.handling.delete_before_replace or same_name

    def _bound_to(self, held: Held) -> list[Held]:
        """Return what cannot outlive a resource, because a fixed property of it names that; the latest first."""
        texts = {held.id, *(value for key, value in held.outputs.items() if key in ("arn", "name", "bucket"))}
        bound = []
        for each in sorted(self._state, key=lambda other: other.order, reverse=True):
            fixed = (each.inputs.get(name) for name in HANDLERS[each.type].fixed)
            if held.urn in each.handling.dependencies and any(_mentions(value, texts) for value in fixed):
                bound += [more for more in (*self._bound_to(each), each) if more not in bound]
        return bound

    def _keep(self, held: Held, request: ResourceRequest, outputs: dict[str, Any], action: Action) -> Held:
        kept = Held(
            urn=held.urn,
            type=held.type,
            name=held.name,
            id=held.id,
            inputs=request.inputs if action in _NEW else self._effective(held, request),
            outputs=outputs,
            place=held.place,
            handling=request.handling,
            generation=held.generation,
            named_as=held.named_as,
        )
        self._state.held[request.urn] = kept
        self._notes.did(action, request.urn)
        return kept

    def _outputs(self, handler: Handler, subject: Subject) -> dict[str, Any]:
        return {**subject.inputs, **handler.read(subject)}

    def _effective(self, held: Held, request: ResourceRequest) -> dict[str, Any]:
        return with_ignored(held.inputs, request.inputs, request.handling.ignore_changes)

    def _changes(self, held: Held, request: ResourceRequest) -> frozenset[str]:
        return changed_properties(held.inputs, self._effective(held, request))

    def _must_replace(self, held: Held, request: ResourceRequest) -> bool:
        handler = HANDLERS.get(held.type)
        moved = self._place(request) != held.place
        asked = touched(held.inputs, self._effective(held, request), request.handling.replace_on_changes)
        return handler is not None and (moved or asked or handler.replaced_by(self._changes(held, request)))

    def _note_properties(self, request: ResourceRequest, handler: Handler) -> None:
        unknown = sorted(request.inputs.keys() - handler.known - {"tagsAll"})
        if unknown:
            self._notes.not_applied[request.urn] = tuple(unknown)
        for name in request.inputs.keys() & handler.ignored.keys():
            self._notes.ignored[request.type, name] = handler.ignored[name]

    def _subject(self, request: ResourceRequest, held: Held | None = None) -> Subject:
        place = self._place(request)
        clients = self._clients(place)
        if held is None:
            return Subject(inputs=request.inputs, place=place, aws=clients)
        wanted = self._effective(held, request)
        return Subject(inputs=wanted, before=held.inputs, id=held.id, place=place, aws=clients)

    def _place(self, request: ResourceRequest) -> Place:
        return self._home.place(request.provider, request.inputs.get("region"))


class _explained:  # noqa: N801 - reads as a verb where it is used
    """Turns what a service refused into one sentence."""

    def __init__(self, what: str, *, gone_is_fine: bool = False) -> None:
        self._what = what
        self._gone_is_fine = gone_is_fine

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _kind: object, error: BaseException | None, _where: object) -> bool:
        """Replace the error."""
        if isinstance(error, GoneError):
            if self._gone_is_fine:
                return True
            raise ProviderError(f"{self._what}: it is not in the sandbox") from None
        if isinstance(error, ClientError):
            code = error.response.get("Error", {}).get("Code", "")
            if self._gone_is_fine and ("NotFound" in code or code.startswith("NoSuch")):
                return True
            said = error.response.get("Error", {}).get("Message", "")
            raise ProviderError(f"{self._what}: {error.operation_name}: {code}: {said}") from None
        if isinstance(error, BotoCoreError):
            raise ProviderError(f"{self._what}: {error}") from None
        return False


def _mentions(value: Any, texts: set[Any]) -> bool:
    if isinstance(value, str):
        return bool(value) and value in texts
    if isinstance(value, Mapping):
        return any(_mentions(item, texts) for item in value.values())
    return isinstance(value, list) and any(_mentions(item, texts) for item in value)
