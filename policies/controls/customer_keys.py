"""What every control says that asks for a key which the customer manages."""

from typing import Final

from ledgergate.finding import Stage
from policies.facts.kms import KeyManager, KeyUse
from policies.model import Verdict, deferred, fail, undecided

REACH: Final = "a key that is only looked up"
"""What only the account shows of a key, for `reach`."""

_WANTED: Final = "a customer managed key"


def without_customer_key(key: KeyUse | None, property_: str) -> Verdict | None:
    """Return the failure of what names no key, or one that AWS manages; None where neither is so.

    Args:
        key: The key.
        property_: What should name it, `kmsKeyId`.
    """
    if key is None:
        return fail("no customer managed key encrypts it", found=f"no {property_}", wanted=_WANTED)
    if key.manager is KeyManager.AWS:
        return fail("AWS manages the key that encrypts it", found="alias/aws/…", wanted=_WANTED)
    return None


def open_about_key(key: KeyUse | None, property_: str) -> Verdict | None:
    """Return why nobody can say yet whose key it is; None where it is the customer's, or there is none.

    Args:
        key: The key.
        property_: What names it.
    """
    if key is None:
        return None
    if key.manager is KeyManager.UNREADABLE:
        return undecided(
            f"{property_} is no key id, no alias name and no ARN of either, so nobody knows whose key it is"
        )
    if key.manager is KeyManager.MISPLACED:
        return undecided(
            f"{property_} holds the id of a key of this stack under another Region or account than that key has"
        )
    if key.manager is KeyManager.UNSEEN:
        return deferred(Stage.RUN, "the key that it names is not created here, and only the account shows whose it is")
    return None
