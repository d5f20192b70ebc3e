"""Which actions and resources a statement speaks about: at most (`touches_…`), and for certain (`covers_…`).

Ask `touches_…` of an Allow, which must not reach too far, and `covers_…` of a Deny, which must reach far enough.
"""

from collections.abc import Iterator, Sequence

from policies.iam_document.patterns import covers, covers_every_action, covers_every_resource, overlaps
from policies.iam_document.statement import Statement


def label(statement: Statement, number: int) -> str:
    """Return how a message names a statement: its Sid, or its number from 1."""
    return f"statement {statement.sid or number}"


def touches_action(statement: Statement, action: str) -> bool:
    """Tell whether the statement's actions hold some action that `action`, a name or a pattern, matches."""
    if statement.actions is not None:
        return any(overlaps(each, action) for each in statement.actions)
    return not any(covers(each, action) for each in statement.not_actions or ())


def covers_action(statement: Statement, action: str) -> bool:
    """Tell whether the statement's actions hold every action that `action`, a name or a pattern, matches."""
    if statement.actions is not None:
        return any(covers(each, action) for each in statement.actions)
    return not any(overlaps(each, action) for each in statement.not_actions or ())


def touches_resource(statement: Statement, resource: str) -> bool:
    """Tell whether the statement's resources hold some that `resource`, an ARN or a pattern, matches.

    A statement without Resource and NotResource speaks about what its policy is attached to, whatever that is.
    """
    if statement.resources is not None:
        return any(overlaps(each, resource) for each in statement.resources)
    return not any(covers(each, resource, fold_case=False) for each in statement.not_resources or ())


def covers_resource(statement: Statement, resource: str) -> bool:
    """Tell whether the statement's resources hold every one that `resource`, an ARN or a pattern, matches."""
    if statement.resources is not None:
        return any(covers(each, resource, fold_case=False) for each in statement.resources)
    return not any(overlaps(each, resource) for each in statement.not_resources or ())


def speaks_of_every_action(statement: Statement) -> bool:
    """Tell whether a list of actions does not bound the statement: `*`, or a NotAction that leaves something in."""
    if statement.actions is not None:
        return any(covers_every_action(pattern) for pattern in statement.actions)
    return not any(covers_every_action(pattern) for pattern in statement.not_actions or ())


def speaks_of_every_resource(statement: Statement) -> bool:
    """Tell whether a list of resources does not bound the statement: `*`, or a NotResource that leaves something in."""
    if statement.resources is not None:
        return any(covers_every_resource(pattern) for pattern in statement.resources)
    return not any(covers_every_resource(pattern) for pattern in statement.not_resources or ())


def letting(statements: Sequence[Statement], action: str, resource: str = "*") -> Iterator[tuple[int, Statement]]:
    """Yield the Allow statements that let some of `action` happen on some of `resource`, each with its number from 1.

    Conditions and Deny statements are not weighed: it is the most that the policy may let happen.
    """
    for number, statement in enumerate(statements, start=1):
        if statement.effect == "Allow" and touches_action(statement, action) and touches_resource(statement, resource):
            yield number, statement
