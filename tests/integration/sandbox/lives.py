"""The life of one resource: made, made again, changed, destroyed."""

from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from integration.sandbox import Action, Sandbox
from integration.sandbox.changes import same
from integration.sandbox.handler import GoneError, Subject
from integration.sandbox.types import HANDLERS
from tests.integration.sandbox.changes import Change
from tests.integration.sandbox.stacks import NAME, Wanted, _resolved, run

_STAY = frozenset({"aws:secretsmanager/secretVersion:SecretVersion"})
"""Types that AWS keeps until what they belong to goes."""


def kind(change: Change) -> str:
    """Return what a test of this change is called by."""
    return f"{change.type.rpartition(':')[2]}-{change.action}"


def live(sandbox: Sandbox, change: Change) -> None:
    """Make a resource, make it again, change it and destroy everything; expect what AWS would show each time."""
    urn = Wanted(change.type).urn
    assert run(sandbox, *change.around, Wanted(change.type, change.before)).report.actions[urn] is Action.CREATED
    again = run(sandbox, *change.around, Wanted(change.type, change.before)).report
    assert (again.actions[urn], again.changes, again.not_applied) == (Action.UNCHANGED, (), {})
    _change(sandbox, change)
    subject = _subject(sandbox, urn)
    sandbox.destroy()
    if change.type not in _STAY:
        with pytest.raises((GoneError, ClientError)):
            HANDLERS[change.type].read(subject)


def _change(sandbox: Sandbox, change: Change) -> None:
    wanted = {name: value for name, value in {**change.before, **change.after}.items() if value is not None}
    after = run(sandbox, *change.around, Wanted(change.type, wanted))
    urn = Wanted(change.type).urn
    assert after.report.actions[urn] is change.action
    seen = HANDLERS[change.type].read(_subject(sandbox, urn))
    given = {name: wanted[name] for name in change.after if name in wanted and name != "tags"}
    expected = _resolved({**given, **change.seen}, after.created)
    differing = {name: seen.get(name) for name in expected if not _covers(seen.get(name), expected[name])}
    assert differing == {}


def _covers(seen: Any, wanted: Any) -> bool:
    """Tell whether everything that was wanted is seen; a service adds its defaults."""
    if isinstance(wanted, Mapping) and wanted:
        return isinstance(seen, Mapping) and all(_covers(seen.get(name), value) for name, value in wanted.items())
    if isinstance(wanted, list) and isinstance(seen, list) and len(wanted) == len(seen):
        return all(_covers(one, other) for one, other in zip(seen, wanted, strict=True))
    return same(seen, wanted)


def _subject(sandbox: Sandbox, urn: str) -> Subject:
    held = sandbox._states[NAME].held[urn]
    return Subject(inputs=held.inputs, id=held.id, place=held.place, aws=sandbox._clients_of(held.place))


def outputs(sandbox: Sandbox, *wanted: Wanted) -> Mapping[str, Any]:
    """Return the outputs of the last of these resources."""
    return run(sandbox, *wanted).created[wanted[-1].name].outputs
