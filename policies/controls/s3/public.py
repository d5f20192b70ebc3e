"""What lets everybody into a bucket."""

from typing import Any, Final

from ledgergate.finding import Stage
from policies.controls.faults import first_fault, found_if
from policies.controls.settled import gravest, settled
from policies.iam_document import is_public
from policies.model import PASS, Verdict, deferred, fail, require

_PUBLIC_LISTS: Final = frozenset({"authenticated-read", "public-read", "public-read-write"})
_PUBLIC_GROUPS: Final = (
    "/groups/global/AllUsers",
    "/groups/global/AuthenticatedUsers",
)
"""Endings of the URIs of the groups that stand for everybody, and for everybody with any AWS account.

Source: access control list overview, Amazon S3 user guide, read 2026-11-30."""


def access_block(bucket: Any) -> Verdict:
    """Return whether a bucket's access block sets all four flags."""
    flags = {
        "blockPublicAcls": bucket.block_public_acls,
        "blockPublicPolicy": bucket.block_public_policy,
        "ignorePublicAcls": bucket.ignore_public_acls,
        "restrictPublicBuckets": bucket.restrict_public_buckets,
    }
    missing = [name for name, on in flags.items() if not on]
    if missing and bucket.access_block_read:
        return deferred(Stage.RUN, "its access block is looked up, not created here")
    return require(
        not missing,
        "public access is not blocked",
        found=[f"{name} false" for name in missing],
        wanted="all four flags of an access block true",
    )


def public_grants(bucket: Any) -> Verdict:
    """Return whether neither access list nor policy of a bucket grants anything to everybody."""
    return gravest(
        settled(bucket, "access list", _open_list, PASS), settled(bucket.policy, "policy", _open_policy, PASS)
    )


def _open_list(acl: Any) -> Verdict | None:
    if acl.canned in _PUBLIC_LISTS:
        return fail("its access list lets everybody in", found=acl.canned, wanted="private")
    for uri in acl.group_uris:
        if uri.endswith(_PUBLIC_GROUPS):
            found = f"a grant to {uri.rpartition('/')[2]}"
            return fail("its access list lets everybody in", found=found, wanted="grants to accounts of one's own")
    return None


def _open_policy(document: Any) -> Verdict | None:
    return first_fault(
        (document,),
        lambda statement: found_if(is_public(statement)),
        "its policy lets everybody in",
        wanted="named principals, or a condition that names an account, an organisation or a source",
    )
