"""What holds for every control, whatever it demands: a bank's own controls go through the same."""

import os
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgergate.finding import Stage, Status
from ledgergate.values import Secret
from policies.catalogue import load_catalogue
from policies.frameworks import REQUIREMENTS
from policies.model import UNKNOWN, Control, Example, Verdict
from policies.runner import Judge
from policies.settings import PROFILE_FILE, Settings, load_profile
from policies.view import Reads, view_of
from tests.policies.fact_values import facts, paths, with_value

PROFILES: Final = [load_profile(path, "") for path in sorted(Path(__file__).parents[3].glob(f"infra/*/{PROFILE_FILE}"))]
NAMED: Final = [Path(each) for each in os.environ.get("LEDGERGATE_CONTROLS", "").split(os.pathsep) if each]
"""Further folders of controls: those of a program that lies elsewhere."""
OWN_FOLDERS: Final = {*NAMED, *(folder for profile in PROFILES for folder in profile.control_folders)}
CONTROLS: Final = tuple(load_catalogue(sorted(OWN_FOLDERS)).controls.values())
OUTCOMES: Final = {
    "passes": Status.PASS,
    "fails": Status.FAIL,
    "unknowns": Status.UNKNOWN,
    "not_applicable": Status.NOT_APPLICABLE,
}
EXAMPLES: Final = [
    pytest.param(control, each, status, id=f"{control.id} {status}: {each.title}")
    for control in CONTROLS
    for kind, status in OUTCOMES.items()
    for each in getattr(control, kind)
]
every_control = pytest.mark.parametrize("control", CONTROLS, ids=[each.id for each in CONTROLS])


def verdict_of(control: Control, fact: object, params: Any = None) -> Verdict:
    """Judge one fact with one control at design time."""
    return Judge([control], Settings(**(params or {}))).verdict(control, fact)


def reads_of(control: Control, fact: object, params: Any = None) -> Reads:
    """Return what a control reads of a fact on which it does not stop."""
    reads = Reads()
    control.judge(view_of(fact, reads), Settings(**(params or {})))
    return reads


@pytest.mark.parametrize(("control", "each", "status"), EXAMPLES)
def test_example_ends_as_its_control_says(control: Control, each: Example, status: Status) -> None:
    """An example in the documentation is true."""
    assert verdict_of(control, each.fact, each.params).status is status


@pytest.mark.parametrize(("control", "each", "status"), [each for each in EXAMPLES if each.values[2] is Status.PASS])
def test_value_read_on_a_pass_decides_it(control: Control, each: Example, status: Status) -> None:
    """A passing control that nobody can tell one of the values it read no longer passes."""
    reads = reads_of(control, each.fact, each.params)
    blinded = {path: verdict_of(control, with_value(each.fact, path, UNKNOWN), each.params) for path in reads.paths}

    assert {path: said.status for path, said in blinded.items()} == dict.fromkeys(reads.paths, Status.UNKNOWN)


_INTERNAL: Final = re.compile(r"\w\[\d+\]|\w\.\w+ is |\b\w+_\w+ is |\b(certain|possible|unsure)\b is ")
"""A path in a fact, or the name of a field of it: what a reader of a message cannot know."""


@pytest.mark.parametrize(("control", "each", "status"), EXAMPLES)
def test_no_message_names_a_field_of_a_fact(control: Control, each: Example, status: Status) -> None:
    """What is not known, or is withheld, is called by its property and by what that belongs to."""
    values = (UNKNOWN, (UNKNOWN,), Secret("hunter2"))
    changed = [with_value(each.fact, path, value) for path in paths(each.fact) for value in values]
    said = [verdict_of(control, fact, each.params) for fact in (each.fact, *changed)]

    told = (text for one in said for text in (one.message.partition(" not hold: ")[2] or one.message, one.unread))
    assert [text for text in told if _INTERNAL.search(text)] == []


@every_control
@settings(max_examples=60)
@given(data=st.data())
def test_any_fact_is_judged_by_what_is_read_and_no_secret_shows(control: Control, data: st.DataObject) -> None:
    """No fact breaks a control, what it reads and nothing else decides, and what is secret is shown nowhere."""
    fact = data.draw(facts(control.fact))  # once for all three: to make a fact takes longer than to judge it
    said = verdict_of(control, fact)

    assert_no_secret_shows(control, fact)
    assert "could not be decided" not in said.message or "ValueError" in said.message  # a text it cannot read
    if said.status is not Status.UNKNOWN:
        read = reads_of(control, fact).paths
        parts = data.draw(st.lists(st.sampled_from(sorted(paths(fact))), max_size=6)) if read else []
        assert_what_was_read_decides(control, fact, read, parts)


def assert_no_secret_shows(control: Control, fact: object) -> None:
    """Whatever part of a fact is secret, its text is in no message, nor in what was found or wanted."""
    for path in sorted(paths(fact)):
        if not path.endswith("]"):
            said = verdict_of(control, with_value(fact, path, Secret("xyzzy-hunter2")))
            assert "xyzzy" not in f"{said.message} {said.found} {said.wanted}"


def assert_what_was_read_decides(control: Control, fact: object, read: Collection[str], parts: Iterable[str]) -> None:
    """A value read cannot be lost without losing a pass, and one not read changes nothing."""
    said = verdict_of(control, fact)
    for path in parts:
        blinded = verdict_of(control, with_value(fact, path, UNKNOWN))
        inside = any(each.startswith((f"{path}.", f"{path}[")) for each in read)
        if path in read and said.status is Status.PASS:
            assert blinded.status is not Status.PASS
        elif path not in read and not inside and not path.endswith("]"):
            assert blinded == said


@every_control
def test_settings_read_are_declared(control: Control) -> None:
    """A control reads the parameters that it declares, and no others, so that documentation and schema are whole."""
    read: set[str] = set()

    class Recorder:
        def __init__(self, params: Mapping[str, Any]) -> None:
            self._settings = Settings(**params)

        def __getattr__(self, name: str) -> Any:
            read.add(name)
            return getattr(self._settings, name)

    for each in (*control.passes, *control.fails):
        control.judge(view_of(each.fact, Reads()), Recorder(each.params))

    assert read == set(control.parameters)


@every_control
def test_deferral_is_declared(control: Control) -> None:
    """The audit is the last to ask, so a control defers to it and never from it."""
    assert control.deferrable <= {Stage.DESIGN, Stage.DEPLOY}


@every_control
def test_facts_are_values(control: Control) -> None:
    """A fact compares, hashes and copies by value and cannot be changed."""
    fact = control.passes[0].fact
    field = next(iter(fact.__dataclass_fields__))

    assert with_value(fact, field, getattr(fact, field)) == fact
    assert hash(with_value(fact, field, UNKNOWN)) != hash(fact)
    with pytest.raises(FrozenInstanceError):
        setattr(fact, field, None)


@every_control
def test_metadata_serves_a_reader(control: Control) -> None:
    """The title is a sentence, the source says when it was read, and PCI DSS is named when PCI DSS asks."""
    assert control.title.endswith(".")
    assert "2026-" in control.source
    assert ("pci" in control.families) is bool(REQUIREMENTS.intersection(control.requirements))


@every_control
def test_rationale_is_of_this_control_alone(control: Control) -> None:
    """Why it matters is one or two sentences that no other control has, and no words of its title or condition."""
    said = control.rationale
    alike = [other.id for other in CONTROLS if _words(other.rationale) == _words(said)]

    assert alike == [control.id]
    assert said.endswith(".")
    assert said.count(". ") <= 1
    assert not any(_words(text) in _words(said) for text in (control.title, control.condition, control.remediation))


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
