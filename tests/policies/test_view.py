"""A control's view of a fact: it stops at what is unknown and notes what was read."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pytest

from ledgergate.values import UNKNOWN, Secret
from policies.view import Reads, SequenceView, UnknownReadError, rendered, view_of, worded


class Colour(StrEnum):
    """A value from a closed list."""

    RED = "red"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a fact."""

    size: Any = 1


@dataclass(frozen=True, slots=True)
class Whole:
    """A fact with one field of every form."""

    name: Any = "a"
    colour: Any = Colour.RED
    part: Any = Part()
    parts: Any = (Part(1), Part(2))
    words: Any = ("x", "y")
    marks: Any = frozenset({"m"})

    @property
    def shout(self) -> str:
        """Return the name in capitals."""
        return str(self.name).upper()

    def longer_than(self, count: int) -> bool:
        """Tell whether the name is longer."""
        return len(self.name) > count


def view(**fields: Any) -> tuple[Any, Reads]:
    """Return a view of a fact and what is read through it."""
    reads = Reads()
    return view_of(Whole(**fields), reads), reads


def test_reads_are_recorded_by_path() -> None:
    """Each field counts where it is read, at every depth."""
    seen, reads = view()

    assert (seen.name, seen.colour, seen.part.size, seen.words) == ("a", Colour.RED, 1, ("x", "y"))
    assert [part.size for part in seen.parts] == [1, 2]
    assert reads.paths == {"name", "colour", "part", "part.size", "words", "parts", "parts[0].size", "parts[1].size"}


def test_unknown_field_stops_the_reader() -> None:
    """Reading raises, and what was meant to be read is named."""
    seen, reads = view(part=Part(UNKNOWN))

    with pytest.raises(UnknownReadError, match=r"^part\.size$"):
        _ = seen.part.size
    assert list(map(rendered, reads.unknown)) == ["part.size"]


def test_sentinel_is_no_value() -> None:
    """`is None` on an unknown would be true of any sentinel; here it raises before it is asked."""
    seen, _ = view(name=UNKNOWN)

    with pytest.raises(UnknownReadError):
        assert seen.name is not None


def test_items_of_a_sequence_stop_one_by_one() -> None:
    """An unknown item behind the one that decides is never looked at."""
    seen, _ = view(words=("x", UNKNOWN))

    assert "x" in seen.words
    assert seen.words[0] == "x"
    assert len(seen.words) == 2
    for look in (
        lambda: "z" in seen.words,
        lambda: seen.words == ("x", "y"),
        lambda: seen.words[-1],
        lambda: seen.words[:],
    ):
        with pytest.raises(UnknownReadError, match=r"^words\[1\]$"):
            look()


def test_sequences_behave_like_tuples() -> None:
    """A tuple of parts can be indexed, sliced, joined and compared item by item."""
    seen, _ = view(words=("x", Secret("y")))

    assert isinstance(seen.words, SequenceView)
    assert seen.words == ("x", "y") == seen.words[:]
    assert seen.words + ("z",) == ("x", "y", "z")  # noqa: RUF005 - the operator is what is tested
    assert ("w",) + seen.words == ("w", "x", "y")  # noqa: RUF005 - the operator is what is tested
    assert [part.size for part in reversed(seen.words and seen.parts)] == [2, 1]


def test_secret_is_seen_and_noted() -> None:
    """A control judges a secret; the runner learns that it did."""
    seen, reads = view(name=Secret("hush"), part=Secret(Part(Secret(3))), marks=frozenset({Secret("m")}))

    assert (seen.name, seen.part.size, seen.marks) == ("hush", 3, frozenset({"m"}))
    assert set(map(rendered, reads.hidden)) == {"name", "part", "part.size", "marks"}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ((None, "backup_retention_days"), "backupRetentionDays"),
        (((None, "aliases"), 1), "one of aliases"),
        ((((None, "rules"), 0), "from_port"), "fromPort of a rule"),
        ((((None, "origins"), 0), "domain"), "domain of an origin"),
        (((((((None, "ingress"), "unsure"), 0), "rule"), "cidr_blocks"), 2), "one of cidrBlocks of a rule"),
        ((((None, "possible"), 0), "days"), "days"),
        (((None, "certain"), 0), "what is declared for it"),
        (((None, "login"), "password"), "password of login"),
        (((None, "labels"), "purpose"), "purpose of its tags"),
        ((((None, "copies"), 0), "region"), "region of a copy"),
    ],
)
def test_a_path_in_words(path: Any, words: str) -> None:
    """People are told of properties and of what these belong to, not of the fields of facts."""
    assert worded(path) == words


def test_properties_and_methods_see_the_view() -> None:
    """What a fact computes from its fields reads those fields."""
    seen, reads = view()

    assert (seen.shout, seen.longer_than(3)) == ("A", False)
    assert reads.paths == {"name"}
    with pytest.raises(UnknownReadError):
        _ = view(name=UNKNOWN)[0].shout


def test_facts_are_not_compared_as_wholes() -> None:
    """Comparing a part would read nothing, and so decide by what nobody recorded."""
    seen, _ = view()

    with pytest.raises(TypeError, match="compare the fields"):
        assert seen.part == Part()
    with pytest.raises(TypeError, match="unhashable"):
        hash(seen)


@pytest.mark.parametrize("value", [["x"], {"x": 1}, object()])
def test_value_that_is_not_frozen_is_refused(value: object) -> None:
    """A list could hold an unknown that nobody stops at."""
    with pytest.raises(TypeError, match="name is a"):
        _ = view(name=value)[0].name
