"""Amazon Resource Names, as far as joining needs them."""

from dataclasses import dataclass

_PARTS = 6


@dataclass(frozen=True, slots=True)
class Arn:
    """An ARN in its parts.

    Args:
        partition: `aws`, `aws-cn`, …
        service: `kms`, …
        region: Region, empty for global services.
        account: Account id, empty where the service leaves it out.
        resource: The rest, `key/1234`, `cluster:main`, `my-bucket`.
    """

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @property
    def name(self) -> str:
        """Name or id without the kind before it: `1234` of `key/1234`, `main` of `cluster:main`."""
        for position, character in enumerate(self.resource):
            if character in "/:":
                return self.resource[position + 1 :]
        return self.resource


def parse_arn(text: str) -> Arn | None:
    """Return the parts of an ARN, or None when `text` is none."""
    parts = text.split(":", _PARTS - 1)
    if len(parts) != _PARTS or parts[0] != "arn":
        return None
    return Arn(*parts[1:])
