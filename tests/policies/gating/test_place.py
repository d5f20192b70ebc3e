"""Shows that the early look at a profile and its validated form agree."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.gating import place
from policies.gating.place import Place, read_place
from policies.settings import PROFILE_FILE, load_profile

_SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "account_id": st.sampled_from(["", "111111111111"]),
        "partition": st.sampled_from(["aws", "aws-cn"]),
        "regions": st.sampled_from([[], ["eu-west-1"], ["eu-central-1", "eu-west-1"]]),
    },
)


def as_toml(values: dict[str, object]) -> str:
    """Return texts and lists of texts as TOML."""
    return "".join(f"{key} = {value!r}\n".replace("'", '"') for key, value in values.items())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(top=_SETTINGS, own=_SETTINGS, stack=st.sampled_from(["dev", "prod"]))
def test_the_early_look_sees_what_the_profile_says(
    tmp_path: Path, top: dict[str, object], own: dict[str, object], stack: str
) -> None:
    """What the program is told of its place is what its controls are told."""
    path = tmp_path / PROFILE_FILE
    path.write_text(f"{as_toml(top)}[stack.prod]\n{as_toml(own)}")
    said = load_profile(path, stack).settings
    default = Place()
    expected = Place(
        said.account_id or default.account,
        said.partition,
        said.regions[0] if said.regions else default.region,
        tuple(said.regions[1:]),
    )
    assert read_place(tmp_path, stack) == expected


@pytest.mark.parametrize(
    "content", [None, "account_id = ", "account_id = 1\nregions = 2\nstack = 3", "[stack]\nprod = 1"]
)
def test_a_wrong_profile_gives_the_defaults(tmp_path: Path, content: str | None) -> None:
    """A mistake in the profile does not end the early look: validation reports it."""
    if content is not None:
        (tmp_path / PROFILE_FILE).write_text(content)
    assert read_place(tmp_path, "prod") == Place()


def test_both_read_the_same_file() -> None:
    """The early look and the validation mean one file."""
    assert place.PROFILE_FILE == PROFILE_FILE
    assert tomllib.loads("") == {}
