"""Each type: what a program changes is changed in the sandbox, and read back from there."""

from collections.abc import Mapping
from typing import Any

import pytest

from integration.sandbox import Sandbox
from integration.sandbox.types import HANDLERS
from tests.integration.sandbox.changes import CHANGES, Change
from tests.integration.sandbox.stacks import Wanted, run


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.label)
def test_a_change_is_read_back(change: Change, sandbox: Sandbox) -> None:
    """Made, changed and asked again, the service says what the program says; destroyed, it is gone."""
    wanted = {name: value for name, value in {**change.before, **change.after}.items() if value is not None}
    run(sandbox, *change.around, Wanted(change.type, change.before))
    after = run(sandbox, *change.around, Wanted(change.type, wanted))
    urn = Wanted(change.type).urn
    assert after.report.actions[urn] is change.action
    seen = HANDLERS[change.type].read(_subject(sandbox, urn))
    expected = {**{name: wanted[name] for name in change.after if name in wanted and name != "tags"}, **change.seen}
    resolved = {name: _of_the_stack(after.created, value) for name, value in expected.items()}
    assert {name: seen.get(name) for name in resolved} == resolved
    sandbox.destroy()


def _subject(sandbox: Sandbox, urn: str) -> Any:
    from integration.sandbox.handler import Subject
    from tests.integration.sandbox.stacks import NAME

    held = sandbox._states[NAME].held[urn]
    return Subject(inputs=held.inputs, id=held.id, place=held.place, aws=sandbox._clients_of(held.place))


def _of_the_stack(created: Mapping[str, Any], value: Any) -> Any:
    from tests.integration.sandbox.stacks import _resolved

    return _resolved(value, created)


def test_every_change_is_one_of_the_sandbox() -> None:
    """No change is about a type that the sandbox does not hold."""
    assert {change.type for change in CHANGES} <= HANDLERS.keys()
