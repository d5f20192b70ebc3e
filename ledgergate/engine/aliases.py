"""Under which other URNs a resource may be known: its own aliases, and those that follow from its parent's.

Runs inside the program's interpreter: standard library only.
Source: `generateAliases` of pulumi/pkg/resource/deploy and the resource option `aliases`, read 2026-11-30.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ledgergate.engine import urns


@dataclass(frozen=True, slots=True)
class Alias:
    """One alias as a program wrote it; what it leaves out is as it is now.

    Args:
        urn: A whole URN; then everything else is empty.
        name: Logical name.
        type: Type token.
        stack: Stack name.
        project: Project name.
        parent: URN of the parent.
        no_parent: Whether it had none.
    """

    urn: str = ""
    name: str = ""
    type: str = ""
    stack: str = ""
    project: str = ""
    parent: str = ""
    no_parent: bool = False


def aliases_of(request: Any) -> tuple[Alias, ...]:
    """Read the aliases of a `RegisterResourceRequest`, or of the options of a transform."""
    plain = tuple(Alias(urn=urn) for urn in getattr(request, "aliasURNs", ()))
    return plain + tuple(map(_alias, request.aliases))


def _alias(message: Any) -> Alias:
    if message.HasField("urn"):
        return Alias(urn=message.urn)
    spec = message.spec
    return Alias("", spec.name, spec.type, spec.stack, spec.project, spec.parentUrn, spec.noParent)


@dataclass(frozen=True, slots=True)
class Known:
    """What a resource is called, and was called.

    Args:
        stack: Stack name.
        project: Project name.
        type: Type token.
        name: Logical name.
        parent: URN of its parent, or empty.
    """

    stack: str
    project: str
    type: str
    name: str
    parent: str

    def earlier(self, own: Iterable[Alias], parents: Iterable[str]) -> tuple[str, ...]:
        """Return the URNs under which the resource may be known.

        Args:
            own: Its aliases.
            parents: URNs under which its parent may be known.
        """
        mine = [self._urn(alias) for alias in own]
        named = [(self.name, self.type), *((urns.name_of(urn), urns.type_of(urn)) for urn in mine)]
        inherited = [self._below(parent, name, type_) for parent in parents for name, type_ in named]
        return tuple(dict.fromkeys((*mine, *inherited)))

    def _urn(self, alias: Alias) -> str:
        if alias.urn:
            return alias.urn
        parent = "" if alias.no_parent else alias.parent or self.parent
        stack, project = alias.stack or self.stack, alias.project or self.project
        return urns.make_urn(stack, project, parent, alias.type or self.type, alias.name or self.name)

    def _below(self, parent: str, name: str, type_: str) -> str:
        """Return the URN below an earlier parent: a name that begins with the parent's begins with its earlier one."""
        now = urns.name_of(self.parent)
        if name.startswith(now):
            name = urns.name_of(parent) + name[len(now) :]
        return urns.make_urn(self.stack, self.project, parent, type_, name)
