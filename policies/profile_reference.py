"""The page of everything that `ledgergate.toml` may say, made of the settings themselves."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final

from policies.settings import Settings

_HEAD: Final = """\
# What ledgergate.toml may say

Written by `python -m policies.docs` from the settings themselves. Change those, not this file.

`ledgergate.toml` lies beside `Pulumi.yaml`. Its top level is for every stack, `[stack.<name>]` for one, and overrides
it. A key that is not in this table is an error. Without the file a program is judged as strictly as can be. Nothing
here turns a control off: that is a [waiver](guide/reading.md#waivers).

```toml
system = "letters"
environment_class = "prod"
data_class = "internal"
regions = ["eu-west-1"]
account_id = "111122223333"
required_tags = ["Owner", "Environment", "Project"]
controls = ["controls"]

[stack.dev]
environment_class = "dev"
destroyable = true
```

| key | default | is |
|---|---|---|
| `controls` | `[]` | Folders of [controls of your own](guide/own-controls.md), relative to the file; for all stacks |
"""

_LONGEST: Final = 60
"""Characters of a default that a cell shows; a longer one is counted."""


def profile_page() -> str:
    """Return the page, in Markdown."""
    return _HEAD + "\n".join(_rows()) + "\n"


def _rows() -> Iterator[str]:
    defaults = Settings().model_dump(mode="json")
    for name, field in Settings.model_fields.items():
        about = " ".join((field.description or "").split())
        if isinstance(field.annotation, type) and issubclass(field.annotation, StrEnum):
            about = f"{about} One of {', '.join(field.annotation)}."
        yield f"| `{name}` | {_shown(defaults[name])} | {about} |"


def _shown(value: Any) -> str:
    written = _written(value)
    return f"`{written}`" if len(written) <= _LONGEST else f"{len(value)} of them"


def _written(value: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
