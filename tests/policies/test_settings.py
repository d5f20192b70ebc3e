"""Settings, profiles and the policy configuration: what they say, and what they refuse."""

from pathlib import Path
from typing import Any

import pytest

from ledgergate.errors import LedgergateError
from policies.catalogue import load_catalogue
from policies.settings import (
    Settings,
    load_profile,
    parameters_schema,
    settings_from_policy_config,
)
from policies.vocabulary import EnvironmentClass

PROFILE = """
system = "banking"
environment_class = "prod"
regions = ["us-east-1", "eu-west-1"]
authorized_tcp_ports = [443]
controls = ["controls", "/opt/controls"]

[stack.dev]
environment_class = "dev"
destroyable = true
"""


def profile(folder: Path, text: str = PROFILE) -> Path:
    """Write a profile and return its path."""
    path = folder / "ledgergate.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_profile_describes_every_stack_and_overrides_some(tmp_path: Path) -> None:
    """The top level holds for all stacks, a table for one."""
    path = profile(tmp_path)
    prod, dev = load_profile(path, "prod"), load_profile(path, "dev")

    assert (prod.settings.environment_class, prod.settings.authorized_tcp_ports) == (EnvironmentClass.PROD, (443,))
    assert (dev.settings.environment_class, dev.settings.system) == (EnvironmentClass.DEV, "banking")
    assert dev.control_folders == (tmp_path / "controls", Path("/opt/controls"))
    assert prod.settings.required_tags == Settings().required_tags


def test_production_is_never_destroyable() -> None:
    """In class prod the flag silences nothing: the deviation is a waiver."""
    assert not Settings(destroyable=True).may_be_destroyed
    assert Settings(destroyable=True, environment_class=EnvironmentClass.DEV).may_be_destroyed


@pytest.mark.parametrize(
    ("text", "complaint", "hint"),
    [
        ("requird_tags = []", r"ledgergate.toml: there is no setting `requird_tags`", "required_tags"),
        ("[stack.dev]\nregion = 'x'", r"\[stack.dev\]: there is no setting `region`", "regions"),
        ("[stack.other]\nskip = ['S3.8']", r"\[stack.other\]: there is no setting `skip`", "policies/settings.py"),
        ("authorized_tcp_ports = ['443']", r"`authorized_tcp_ports\[0\]` is \"443\". Input should be", "TCP ports"),
        ("authorized_tcp_ports = [70000]", r"`authorized_tcp_ports\[0\]` is 70000", "TCP ports"),
        ("authorized_tcp_ports = [true]", r"`authorized_tcp_ports\[0\]` is true", "TCP ports"),
        ("destroyable = 'yes'", '`destroyable` is "yes"', "destroyed"),
        ("environment_class = 'production'", "Input should be 'dev', 'staging' or 'prod'", "worth"),
        ("regions = ['Ireland']", r"`regions\[0\]` is \"Ireland\"", "primary"),
        ("required_tags = ['']", r"`required_tags\[0\]` is \"\"", "Tag keys"),
        ("account_id = '123'", '`account_id` is "123"', "12 digits"),
        ("regions = 2026-01-01", '`regions` is "2026-01-01"', "Regions"),
        ("controls = 'mine'", "`controls` must be a list of folders", "controls ="),
        ("stack = 3", "`stack` must hold one table for each stack", "stack.dev"),
        ("[stack]\ndev = 3", "`stack` must hold one table for each stack", "stack.dev"),
        ("= 3", "is not TOML", ""),
    ],
)
def test_mistake_in_a_profile_is_named(tmp_path: Path, text: str, complaint: str, hint: str) -> None:
    """The message names file, key and what is allowed, whichever stack is judged."""
    with pytest.raises(LedgergateError, match=complaint) as raised:
        load_profile(profile(tmp_path, text), "dev")
    assert hint in raised.value.hint
    assert "ledgergate.toml" in raised.value.message


def test_missing_profile_is_named(tmp_path: Path) -> None:
    """A profile that was asked for and is not there is no empty profile."""
    with pytest.raises(LedgergateError, match=r"ledgergate\.toml cannot be read: No such file"):
        load_profile(tmp_path / "ledgergate.toml", "dev")


def test_policy_configuration_overrides_a_profile() -> None:
    """Numbers come from the engine as floats; what is not set stays as it was."""
    base = Settings(system="banking", environment_class=EnvironmentClass.DEV, required_tags=("Owner",))
    config = {"ec2-securitygroup-internet-ports-authorized": {"authorized_tcp_ports": [443.0, 8443.0]}, "other": {}}

    assert settings_from_policy_config(config, base) == base.model_copy(update={"authorized_tcp_ports": (443, 8443)})


@pytest.mark.parametrize(
    ("config", "complaint"),
    [
        ({"a": {"ports": [1.0]}}, "the policy configuration: there is no setting `ports`"),
        ({"a": {"authorized_tcp_ports": [443.5]}}, "`authorized_tcp_ports"),
        ({"a": {"required_tags": ["x"]}, "b": {"required_tags": ["y"]}}, "sets `required_tags` twice"),
    ],
)
def test_mistake_in_the_policy_configuration_is_named(config: dict[str, dict[str, Any]], complaint: str) -> None:
    """The same mistakes are refused on the command line of the Pulumi CLI."""
    with pytest.raises(LedgergateError, match=complaint):
        settings_from_policy_config(config)


def test_every_parameter_is_a_setting_with_a_schema() -> None:
    """What a control declares exists, and the engine can check it; no default is sent along."""
    names = {name for each in load_catalogue().controls.values() for name in each.parameters}
    schema = parameters_schema(names)

    assert set(schema) == names <= set(Settings.model_fields)
    assert all(each["description"] and "default" not in each for each in schema.values())
    assert parameters_schema(["environment_class"])["environment_class"]["enum"] == ["dev", "staging", "prod"]


@pytest.mark.parametrize(
    "text",
    [
        'unscopable_actions = ["s3:* because we want it all"]',
        'unscopable_actions = ["s3:GetObject"]',
        'no_source_context = ["*"]',
        "max_key_rotation_days = 730",
        "min_function_zones = 1",
        'secret_name_words = ["(?!)"]',
        "environment_mode_systems = []",
    ],
)
def test_no_value_turns_a_control_off(tmp_path: Path, text: str) -> None:
    """A wildcard, a reason left out, a limit beyond what is demanded: the profile is refused."""
    with pytest.raises(LedgergateError, match=text.partition(" ")[0]):
        load_profile(profile(tmp_path, text), "dev")
