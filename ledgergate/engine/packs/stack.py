"""What a policy pack is told about the stack that it judges."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from ledgergate.engine.launcher import Run


@dataclass(frozen=True, slots=True)
class StackInfo:
    """One stack as a pack knows it.

    Args:
        preview: Whether nothing may be created.
        config: Full key → plain text.
        secret_keys: Keys of `config` that are secret.
        secret_texts: Secret parts of structured values.
        tags: Stack tags.
    """

    project: str
    stack: str
    organization: str = "organization"
    preview: bool = True
    config: Mapping[str, str] = field(default_factory=dict)
    secret_keys: tuple[str, ...] = ()
    secret_texts: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, run: "Run") -> Self:
        """Describe the stack of a run."""
        return cls(
            project=run.project.name,
            stack=run.config.stack,
            organization=run.organization,
            preview=run.preview,
            config=run.config.values,
            secret_keys=run.config.secret_keys,
            secret_texts=run.secrets(),
        )

    def secrets(self) -> tuple[str, ...]:
        """Return the secret configuration values, longest first, to keep them out of every text."""
        found = {*self.secret_texts, *(self.config[key] for key in self.secret_keys if key in self.config)}
        return tuple(sorted((text for text in found if text), key=len, reverse=True))

    def environment(self) -> dict[str, str]:
        """Return the variables that the language host adds for a pack; secrets are plain there."""
        variables = {
            "PULUMI_PROJECT": self.project,
            "PULUMI_STACK": self.stack,
            "PULUMI_ORGANIZATION": self.organization,
            "PULUMI_DRY_RUN": str(self.preview).lower(),
            "PULUMI_CONFIG": json.dumps(dict(self.config)) if self.config else "",
        }
        return {name: text for name, text in variables.items() if text}
