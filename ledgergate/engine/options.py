"""Resource options on their way from a registration to a pack.

Runs inside the program's interpreter: standard library and pulumi only.
Source: behaviour of the engine 3.260.0 as recorded; `pulumi/resource.proto`, read 2026-11-20.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ledgergate.engine.aliases import Alias, aliases_of

_DURATION: Final = re.compile(r"([0-9.]+)(ns|us|µs|ms|s|m|h)")
_SECONDS: Final = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(slots=True)
class ResourceOptions:
    """The options of one registration; a transform may change them.

    `None` stands for "not said", which is where a child takes its parent's value.
    """

    protect: bool | None = None
    retain_on_delete: bool | None = None
    ignore_changes: tuple[str, ...] = ()
    delete_before_replace: bool | None = None
    additional_secret_outputs: tuple[str, ...] = ()
    custom_timeouts: dict[str, str] = field(default_factory=dict)
    provider: str = ""
    providers: dict[str, str] = field(default_factory=dict)
    depends_on: tuple[str, ...] = ()
    version: str = ""
    import_id: str = ""
    replace_on_changes: tuple[str, ...] = ()
    aliases: tuple[Alias, ...] = ()

    def inherit(self, parent: "ResourceOptions | None") -> None:
        """Take what was not said from the parent."""
        if parent is None:
            return
        if self.protect is None:
            self.protect = parent.protect
        if self.retain_on_delete is None:
            self.retain_on_delete = parent.retain_on_delete

    def for_pack(self, parent_urn: str) -> dict[str, Any]:
        """Return the options as protojson; a field at its default is absent."""
        found: dict[str, Any] = {"customTimeouts": seconds_of(self.custom_timeouts)}
        if self.protect:
            found["protect"] = True
        if self.ignore_changes:
            found["ignoreChanges"] = list(self.ignore_changes)
        if self.delete_before_replace is not None:
            found["deleteBeforeReplaceDefined"] = True
        if self.delete_before_replace:
            found["deleteBeforeReplace"] = True
        if self.additional_secret_outputs:
            found["additionalSecretOutputs"] = list(self.additional_secret_outputs)
        if parent_urn:
            found["parent"] = parent_urn
        return found


def seconds_of(timeouts: Mapping[str, str]) -> dict[str, float]:
    """Return Go durations (`1h30m`) in seconds."""
    return {key: _parse(text) for key, text in timeouts.items() if key in ("create", "update", "delete") and text}


def _parse(text: str) -> float:
    return sum(float(number) * _SECONDS[unit] for number, unit in _DURATION.findall(text))


def _timeouts(message: Any) -> dict[str, str]:
    fields = ("create", "update", "delete")
    return {name: getattr(message, name) for name in fields if getattr(message, name)}


def said(message: Any, name: str) -> bool | None:
    """Return an optional bool; older SDKs have it as a plain one."""
    try:
        return getattr(message, name) if message.HasField(name) else None
    except ValueError:
        return getattr(message, name) or None


def options_of_request(request: Any) -> ResourceOptions:
    """Read the options of a `RegisterResourceRequest`."""
    return ResourceOptions(
        protect=said(request, "protect"),
        retain_on_delete=said(request, "retainOnDelete"),
        ignore_changes=tuple(request.ignoreChanges),
        delete_before_replace=request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
        additional_secret_outputs=tuple(request.additionalSecretOutputs),
        custom_timeouts=_timeouts(request.customTimeouts),
        provider=request.provider,
        providers=dict(request.providers),
        depends_on=tuple(request.dependencies),
        version=request.version,
        import_id=request.importId,
        replace_on_changes=tuple(request.replaceOnChanges),
        aliases=aliases_of(request),
    )


def options_of_transform(options: Any, before: ResourceOptions) -> ResourceOptions:
    """Read the options of a `TransformResponse`; what a transform cannot carry stays as it was."""
    replace = said(options, "delete_before_replace")
    return ResourceOptions(
        protect=said(options, "protect"),
        retain_on_delete=said(options, "retain_on_delete"),
        ignore_changes=tuple(options.ignore_changes),
        delete_before_replace=replace,
        additional_secret_outputs=tuple(options.additional_secret_outputs),
        custom_timeouts=_timeouts(options.custom_timeouts),
        provider=options.provider,
        providers=dict(options.providers),
        depends_on=tuple(options.depends_on),
        version=options.version or before.version,
        import_id=before.import_id,
        replace_on_changes=tuple(options.replace_on_changes),
        aliases=aliases_of(options),
    )
