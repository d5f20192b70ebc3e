"""Configuration of policies: what wins, what is refused."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.engine.packs import Enforcement, PackError, PackInfo, PolicyInfo, load_pack_config
from ledgergate.engine.packs.config import PolicySettings, settings_of

SCHEMA = {"properties": {"max": {"type": "number", "default": 3.0}, "names": {"type": "array"}}}
LIMIT = PolicyInfo("limit", "", Enforcement.MANDATORY, schema=SCHEMA)
OTHER = PolicyInfo("other", "", Enforcement.ADVISORY)
PACK = PackInfo("pack", "0.1.0", (LIMIT, OTHER))


def limit_of(given: dict[str, Any], pack: PackInfo = PACK) -> PolicySettings:
    """Return how the policy `limit` runs."""
    return settings_of(pack, given)["limit"]


def test_every_policy_is_configured() -> None:
    """Without a file each policy has its own level and its schema's defaults."""
    assert settings_of(PACK, {}) == {
        "limit": PolicySettings(Enforcement.MANDATORY, {"max": 3.0}),
        "other": PolicySettings(Enforcement.ADVISORY, {}),
    }


@pytest.mark.parametrize(
    ("given", "level", "maximum"),
    [
        ({"limit": "disabled"}, "disabled", 3.0),
        ({"limit": {"max": 5}}, "mandatory", 5),
        ({"limit": {"max": 5, "enforcementLevel": "advisory"}}, "advisory", 5),
        ({"all": "advisory"}, "advisory", 3.0),
        ({"all": "advisory", "limit": "mandatory"}, "mandatory", 3.0),
        ({"limit": "mandatory", "all": "disabled"}, "mandatory", 3.0),
    ],
)
def test_files_change_levels_and_properties(given: dict[str, Any], level: str, maximum: float) -> None:
    """A named policy wins over `all`, whatever the order; an object without a level keeps the coded one."""
    assert limit_of(given) == PolicySettings(Enforcement(level), {"max": maximum})


def test_initial_config_of_the_pack_lies_between() -> None:
    """What the pack's code sets wins over the schema and loses to the file."""
    pack = PackInfo("pack", "0.1.0", (LIMIT,), {"limit": (Enforcement.ADVISORY, {"max": 7.0, "names": []})})
    assert limit_of({}, pack) == PolicySettings(Enforcement.ADVISORY, {"max": 7.0, "names": []})
    assert limit_of({"limit": {"max": 8}}, pack) == PolicySettings(Enforcement.ADVISORY, {"max": 8, "names": []})


def test_policies_nobody_knows_are_handed_on() -> None:
    """A name that the pack does not have is accepted, as the engine accepts it; an empty object says nothing."""
    assert settings_of(PACK, {"unheard-of": {}}) == settings_of(PACK, {})
    assert settings_of(PACK, {"unheard-of": "mandatory"})["unheard-of"] == PolicySettings(Enforcement.MANDATORY)


@given(st.sampled_from(Enforcement), st.sampled_from(Enforcement))
def test_all_reaches_every_policy_that_is_not_named(for_all: Enforcement, named: Enforcement) -> None:
    """Only the named policy keeps a level of its own."""
    found = settings_of(PACK, {"all": str(for_all), "other": str(named)})
    assert (found["limit"].level, found["other"].level) == (for_all, named)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"limit": {"max": "five", "names": 1}},
            r"pack 0\.1\.0  limit: max: Invalid type\. Expected: number, given: string  limit: names: Invalid type",
        ),
        ({"limit": "mandatry"}, r'policy `limit` of pack@v0\.1\.0: there is no enforcement level "mandatry"'),
        ({"limit": {"enforcementLevel": 1}}, "there is no enforcement level 1"),
        ({"limit": 5}, "expected a level or an object"),
    ],
)
def test_wrong_configuration_is_refused(given: dict[str, Any], message: str) -> None:
    """A wrong level or property is an error that names policy and property, all of them at once."""
    with pytest.raises(PackError, match=message):
        settings_of(PACK, given)


def test_required_properties_are_demanded() -> None:
    """A policy that demands a property does not run without it."""
    policy = PolicyInfo("p", "", Enforcement.MANDATORY, schema={"required": ["max"]})
    with pytest.raises(PackError, match="p: max is required"):
        settings_of(PackInfo("pack", "0.1.0", (policy,)), {})


def test_schemas_that_cannot_be_checked_are_refused() -> None:
    """A demand that is not understood here stops the pack instead of passing unseen."""
    policy = PolicyInfo("p", "", Enforcement.MANDATORY, schema={"properties": {"a": {"oneOf": []}}})
    with pytest.raises(PackError, match="`oneOf` in the schema of a cannot be checked"):
        settings_of(PackInfo("pack", "0.1.0", (policy,)), {"p": {"a": 1}})


@pytest.mark.parametrize(
    ("text", "message"),
    [("[]", "expected an object"), ("{", "line 1, column 2: not valid JSON"), (None, "cannot be read")],
)
def test_files_that_are_no_configuration(text: str | None, message: str, tmp_path: Path) -> None:
    """A file that is missing or no JSON object is named in the error."""
    path = tmp_path / "config.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(PackError, match=message) as caught:
        load_pack_config(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(("text", "given"), [('{"all": "advisory"}', {"all": "advisory"}), (" \n", {})])
def test_files_are_read_as_json(text: str, given: dict[str, Any], tmp_path: Path) -> None:
    """A good file comes back as it was written, an empty one changes nothing."""
    path = tmp_path / "config.json"
    path.write_text(text, encoding="utf-8")
    assert load_pack_config(path) == given
