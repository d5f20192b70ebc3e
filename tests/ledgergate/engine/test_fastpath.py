"""What the fast path must not change, and when it must stay out of the way."""

import asyncio
import json
import re
import subprocess
import sys
import threading
from collections.abc import Mapping
from enum import IntEnum, StrEnum
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import struct_pb2
from hypothesis import given
from hypothesis import strategies as st
from pulumi import _types
from pulumi.output import Unknown
from pulumi.runtime import resource as sdk_resource
from pulumi.runtime import rpc
from pulumi.runtime._context import wrap_with_context

from ledgergate.engine import fastpath
from ledgergate.engine.fastpath import frames, metadata, outputs, patches, values, verified
from ledgergate.engine.fastpath.executor import RpcExecutor, Switch

RUNS = Path(__file__).with_name("fastpath_runs")
ROOT = Path(__file__).parents[3]
PROGRAMS = sorted(path.stem for path in (RUNS / "programs").glob("*.py"))
ADDRESS = re.compile(r"0x[0-9a-f]+")
NAMES = st.text(st.characters(codec="utf-8", exclude_characters=":"), min_size=1, max_size=12)


class Size(IntEnum):
    """Numbers with names."""

    ONE = 1


class Mode(StrEnum):
    """Texts with names."""

    ON = "on"


KEYS = st.sampled_from(["a", "b", "value", "__defaults", "__provider"])
WIRE = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.sampled_from(["", "text", rpc.UNKNOWN]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(KEYS, inner, max_size=3)
        | inner.map(lambda value: {rpc._special_sig_key: rpc._special_secret_sig, "value": value})
    ),
    max_leaves=12,
)


@cache
def outcome(mode: str) -> Mapping[str, Any]:
    """Run every program in one mode, in one process of its own."""
    done = subprocess.run(
        [sys.executable, str(RUNS / "run.py"), mode],
        capture_output=True,
        check=True,
        text=True,
        env={"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"},
    )
    found: Mapping[str, Any] = json.loads(ADDRESS.sub("0x", done.stdout))
    return found


@pytest.mark.parametrize("program", PROGRAMS)
def test_fast_path_registers_the_same(program: str) -> None:
    """A program registers, reads, invokes and exports the same; one that fails may get further before it ends."""
    plain, fast = (outcome(mode)["programs"][program] for mode in ("plain", "fast"))
    registered = fast["registered"]
    if plain["failure"]:
        registered = {key: value for key, value in registered.items() if key in plain["registered"]}
    assert plain["registered"] == registered


@pytest.mark.parametrize("program", [name for name in PROGRAMS if name != "refused_twice"])
def test_fast_path_fails_the_same(program: str) -> None:
    """A program ends with the same error at the root of the same failure, or with none, and logs the same."""
    plain, fast = (outcome(mode)["programs"][program] for mode in ("plain", "fast"))
    assert (plain["failure"][-1:], plain["logged"]) == (fast["failure"][-1:], fast["logged"])


def test_first_of_several_failures_comes_out() -> None:
    """Where the SDK shows any of the failures it finds, the fast path always shows the first."""
    assert outcome("fast")["programs"]["refused_twice"]["failure"] == ["Exception: refused-first was refused"]


def test_failing_program_gets_no_less_far() -> None:
    """With the fast path no failing program registers less than without."""
    less = {
        program: missing
        for program in PROGRAMS
        if (missing := _registered("plain", program) - _registered("fast", program))
    }
    assert less == {}


def _registered(mode: str, program: str) -> set[str]:
    return set(outcome(mode)["programs"][program]["registered"])


def test_every_patch_applies_to_the_installed_sdk() -> None:
    """The SDK that the repository locks is one that every patch was verified with."""
    assert [patch.name for patch in patches.PATCHES] == outcome("fast")["patches"]


def test_unverified_version_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """An SDK of another version runs its own code, even where that looks the same."""
    monkeypatch.setattr(patches, "tune_collector", lambda: None)
    assert fastpath.install("3.999.0") == ()


def test_changed_function_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A patch stays away when any function it relies on reads differently; the others still apply."""
    applied: list[str] = []
    monkeypatch.setattr(patches, "tune_collector", lambda: None)
    monkeypatch.setattr(
        patches,
        "PATCHES",
        tuple(
            patches.Patch(patch.name, patch.relies_on, lambda name=patch.name: applied.append(name))  # type: ignore[misc]
            for patch in patches.PATCHES
        ),
    )
    changed = {**verified.FINGERPRINTS, "pulumi.output:Output._untrack": "0" * 16}
    monkeypatch.setattr(verified, "FINGERPRINTS", changed)
    fastpath.install(version("pulumi"))
    assert [patch.name for patch in patches.PATCHES if patch.name != "outputs"] == applied


@pytest.mark.parametrize("name", ["pulumi.output:Output.gone", "pulumi.gone:f", "pulumi.gone.too:f", "time:sleep"])
def test_missing_source_has_no_fingerprint(name: str) -> None:
    """Code that is not there, or has no source, matches nothing that was verified."""
    assert verified.fingerprint(name) == ""


def test_fingerprint_covers_the_whole_function() -> None:
    """A change in the last line of a method changes its fingerprint, one after it does not."""
    text = "class A:\n    def f(\n        self,\n    ) -> int:\n        return 1\n\n    def g(self): ...\n"
    block = verified._block(verified._block(text, "A", 0), "f", 4)
    assert block == "    def f(\n        self,\n    ) -> int:\n        return 1"


def test_sdk_call_runs_in_the_loop_until_threads_are_wanted() -> None:
    """A call of the SDK runs where it was submitted, and in a thread once the monitor has asked for that."""
    switch = Switch()
    call = wrap_with_context(threading.get_ident)  # type: ignore[no-untyped-call]  # the SDK's
    with RpcExecutor(1, switch) as pool:
        found = [pool.submit(call).result()]
        switch.allowed = True
        found.append(pool.submit(call).result())
    assert [ident == threading.get_ident() for ident in found] == [False, True]


def test_sdk_call_runs_in_a_thread_while_the_engine_may_call_back() -> None:
    """While the program serves functions to the engine, a call of the SDK leaves the loop's thread free for them."""
    servers = ["a server"]
    switch = Switch(servers)
    switch.allowed = True
    call = wrap_with_context(threading.get_ident)  # type: ignore[no-untyped-call]  # the SDK's
    with RpcExecutor(1, switch) as pool:
        found = [pool.submit(call).result()]
        servers.clear()
        found.append(pool.submit(call).result())
    assert [ident == threading.get_ident() for ident in found] == [False, True]


def test_program_work_runs_in_threads() -> None:
    """What the program itself hands to the pool never runs in the loop's thread."""
    switch = Switch()
    switch.allowed = True
    with RpcExecutor(1, switch) as pool:
        assert pool.submit(threading.get_ident).result() != threading.get_ident()


def test_error_of_an_sdk_call_comes_out_where_it_is_awaited() -> None:
    """A call that raises inline leaves its error in the future, as a pool does."""
    switch = Switch()
    switch.allowed = True
    with RpcExecutor(1, switch) as pool:
        future = pool.submit(wrap_with_context(lambda: 1 // 0))  # type: ignore[no-untyped-call]  # the SDK's
    assert isinstance(future.exception(), ZeroDivisionError)


class _Base:
    def __init__(self) -> None:
        self.plain = sdk_resource._get_stack_trace()
        self.fast = frames.stack_trace()


class _Middle(_Base):
    def __init__(self) -> None:
        super().__init__()


class _Outer(_Middle):
    def __init__(self) -> None:
        super().__init__()


@pytest.mark.parametrize("made", [_Base, _Middle, _Outer])
def test_frames_are_those_of_the_sdk(made: type[_Base]) -> None:
    """The stack trace has the SDK's frames, and none where too few constructors are on the stack."""
    # The two are taken on two lines, inside the constructors that both leave out.
    found = made()
    assert found.plain == found.fast


@given(
    name=NAMES,
    kind=NAMES,
    parent=st.none() | st.just("") | NAMES | st.builds("urn:pulumi:s::p::{}::{}".format, NAMES, NAMES),
    project=st.none() | NAMES,
    stack=st.none() | NAMES,
)
def test_urns_are_those_of_the_sdk(
    name: str, kind: str, parent: str | None, project: str | None, stack: str | None
) -> None:
    """The stand-in makes the URN that the SDK makes, from any strings."""

    async def both() -> list[str | None]:
        make = (outputs._sdk_create_urn, outputs.create_urn)
        return [await create(name, kind, parent, project, stack).future() for create in make]

    plain, fast = asyncio.run(both())
    assert plain == fast


@given(properties=st.dictionaries(KEYS, WIRE, max_size=4), keep_unknowns=st.booleans(), keep_internal=st.booleans())
def test_properties_are_read_as_the_sdk_reads_them(
    *, properties: dict[str, Any], keep_unknowns: bool, keep_internal: bool
) -> None:
    """Answers of the engine give the same values: secrets pushed outwards, unknowns kept or dropped, nulls left out."""
    struct = struct_pb2.Struct()
    struct.update(properties)
    read = (values._sdk_deserialize_properties, values.deserialize_properties)
    plain, fast = (_comparable(function(struct, keep_unknowns, keep_internal)) for function in read)
    assert plain == fast


@given(value=WIRE)
def test_unknowns_are_found_as_the_sdk_finds_them(value: Any) -> None:
    """A value holds an unknown for the fast path exactly when it does for the SDK."""
    struct = struct_pb2.Struct()
    struct.update({"value": value})
    held = values._sdk_deserialize_properties(struct, True).get("value")  # noqa: FBT003 - the SDK's form
    assert values._sdk_contains_unknowns(held) == values.contains_unknowns(held)


@given(
    value=st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    kind=st.sampled_from([None, str, bool, int, float, Any, str | None, Size, Mode]),
)
def test_scalars_are_typed_as_the_sdk_types_them(value: Any, kind: Any) -> None:
    """A scalar becomes the same value of the same class, or the same error, whatever type the resource states."""
    read = (values._sdk_translate_output_properties, values.translate_output_properties)
    plain, fast = (_attempt(function, value, kind) for function in read)
    assert plain == fast


def _attempt(function: Any, value: Any, kind: Any) -> tuple[type, Any]:
    try:
        found = function(value, str.upper, kind)
    except (ValueError, AssertionError) as error:
        return type(error), str(error)
    return type(found), found


def _comparable(value: Any) -> Any:
    if isinstance(value, Unknown):
        return "unknown"
    if isinstance(value, dict):
        return {key: _comparable(item) for key, item in value.items()}
    return [_comparable(item) for item in value] if isinstance(value, list) else value


def test_remembered_names_cannot_be_spoilt() -> None:
    """A caller that changes the dictionary it got changes nobody else's."""
    lookup = metadata.per_class(_types.resource_types)
    lookup(sdk_resource.RegisterResponse)["x"] = int
    assert "x" not in lookup(sdk_resource.RegisterResponse)


def test_annotations_are_told_apart_by_identity() -> None:
    """An annotation that takes the place of a dead one in memory is not mistaken for it."""
    lookup = metadata.per_identity(str)
    assert [str(number) for number in range(1000, 1200)] == [
        lookup(_Annotation(number)) for number in range(1000, 1200)
    ]


class _Annotation:
    def __init__(self, number: int) -> None:
        self.number = number

    def __str__(self) -> str:
        return str(self.number)
