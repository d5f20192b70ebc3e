"""How controls go through the statements of policies: the first fault decides."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from policies.facts.policy_documents import PolicyDocument
from policies.iam_document import Statement, label
from policies.model import Verdict, fail

Fault: TypeAlias = Callable[[Statement], str | None]
"""Returns what is wrong with a statement, empty when the statement says it all; None when nothing is."""


def found_if(wrong: object, detail: str = "") -> str | None:
    """Return `detail` when something is wrong, else None."""
    return detail if wrong else None


def first_fault(documents: Iterable[PolicyDocument], fault: Fault, message: str, *, wanted: str) -> Verdict | None:
    """Return the failure of the first statement that has a fault; None when none has.

    A policy that IAM would refuse fails, whatever the control asks for.

    Args:
        documents: Policies, in the order in which they are looked at.
        fault: Judges one statement.
        message: What is wrong, as for `fail`.
        wanted: What should be there instead.
    """
    for document in documents:
        if document.malformed:
            return fail(f"{document.property} is no policy that IAM takes: {document.malformed}")
        for number, statement in enumerate(document.statements, start=1):
            detail = fault(statement)
            if detail is not None:
                place = f"{document.property}, {label(statement, number)}"
                return fail(message, found=f"{place}: {detail}" if detail else place, wanted=wanted)
    return None
