"""How demands are judged that an account has to meet once in each of its Regions."""

from collections.abc import Callable
from typing import Any, Final, TypedDict

from ledgergate.finding import Stage
from policies.controls.settled import gravest
from policies.model import Example, Verdict, deferred, fail, not_applicable, undecided

REACH: Final = "what is set up in the account beside the stack"


class ShownOn(TypedDict):
    """Examples of several controls that ask for the same, each of another thing."""

    passes: list[Example]
    fails: list[Example]
    unknowns: list[Example]
    not_applicable: list[Example]


InRegion = Callable[[str], Verdict | None]
"""Judges one Region by what is declared there; None where nothing is."""


def in_every_region(fact: Any, regions: tuple[str, ...], in_region: InRegion, missing: str, wanted: str) -> Verdict:
    """Return the verdict on what an account needs in each Region.

    A stack passes when it declares what is needed in each of its Regions, fails when it declares something else, and
    leaves the rest to the audit, which knows that what it does not find is missing.

    Args:
        fact: A fact with `read_in` and `regions`.
        regions: Regions of the profile; those of the stack count where it names none.
        in_region: Judges one Region.
        missing: What is wrong with a Region that has nothing.
        wanted: What it should have.
    """
    read_in = fact.read_in
    if read_in:
        if regions and read_in not in regions:
            return not_applicable(f"the profile does not name {read_in}")
        return in_region(read_in) or fail(missing, found=f"nothing in {read_in}", wanted=wanted)
    asked = regions or tuple(fact.regions)
    if not asked:
        return undecided("neither the profile nor the stack names a Region")
    return gravest(*(in_region(region) or _left(region) for region in asked))


def _left(region: str) -> Verdict:
    return deferred(
        Stage.RUN, f"the stack does not set it up in {region}, so only the account shows whether it is there"
    )
