"""Asks KMS whose key a resource names."""

from typing import Any, Final

from integration.scanning.asker import Desk
from integration.scanning.calls import CallFailedError, Failure
from policies.facts.arns import parse_arn
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.properties import UNKNOWN

_MANAGERS: Final = {"CUSTOMER": KeyManager.CUSTOMER, "AWS": KeyManager.AWS}


def key_use(desk: Desk, named: str | None, failures: list[Failure]) -> Any:
    """Return the key that a resource names, None when it names none, `UNKNOWN` when nobody could ask.

    Args:
        desk: Where to ask; a key of another Region is asked for there.
        named: ARN, id or alias.
        failures: Takes the call that failed.
    """
    if not named:
        return None
    parsed = parse_arn(named)
    region = parsed.region if parsed else desk.aws.region
    there = desk.elsewhere(region)
    try:
        found = there.one(there.aws.kms.describe_key, KeyId=named)["KeyMetadata"]
    except CallFailedError as error:
        failures.append(error.failure)
        return UNKNOWN
    arn = parse_arn(found["Arn"])
    return KeyUse(manager=_MANAGERS[found["KeyManager"]], region=arn.region if arn else UNKNOWN)
