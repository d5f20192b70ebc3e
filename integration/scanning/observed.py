"""What a scan yields: facts about what is deployed, and what could not be read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from integration.scanning.asker import Desk
from integration.scanning.calls import Call, Failure


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something is deployed.

    Args:
        account: AWS account id, 12 digits.
        region: AWS Region; empty for what belongs to no Region.
        partition: AWS partition.
    """

    account: str
    region: str
    partition: str = "aws"

    def arn(self, service: str, resource: str) -> str:
        """Return an ARN in this place."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """A deployed resource, or all of a kind when they could not be told apart.

    Args:
        arn: Its ARN; with `*` in place of a name for all of a kind.
        type: Type token.
        place: Where it is.
    """

    arn: str
    type: str
    place: Place


@dataclass(frozen=True, slots=True)
class Observed:
    """One fact about a deployed resource.

    Args:
        subject: The resource.
        fact: The fact, in the normal form of `policies.facts`; a field that could not be read is unknown.
        calls: Calls that it was read from.
        failures: Calls that left a field of it unknown.
    """

    subject: Subject
    fact: object
    calls: tuple[Call, ...] = ()
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """Facts that could not be read at all.

    Args:
        subject: The resource, or all of a kind.
        facts: Classes of the facts.
        failure: Why.
        calls: Calls that were to give them.
    """

    subject: Subject
    facts: tuple[type, ...]
    failure: Failure
    calls: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """One unit of work of a scan.

    Args:
        subject: What is being read.
        facts: Classes of the facts that are missing when it fails.
        read: Reads: yields observations, and further tasks.
        calls: Calls that led here.
    """

    subject: Subject
    facts: tuple[type, ...]
    read: "Callable[[Desk], Iterable[Found]]"
    calls: tuple[Call, ...] = ()


Found: TypeAlias = "Observed | Unread | Task"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the readers of one service can read.

    Args:
        service: botocore's name of the service.
        regional: Whether each Region holds resources of its own.
        gives: Class of fact → `service:Operation` of every call that it takes.
        begin: Returns the first tasks for a place and the classes of facts that are wanted.
        parts: (class of fact, type token of what a program writes by itself) → properties that name what it
            is a part of once it is deployed.
        read_of: Class of fact → type tokens under which it is read although no program writes it there.
        leaves_out: (class of fact, type token) → why it is read of no resource of this type, though controls speak
            about them.
    """

    service: str
    regional: bool
    gives: "dict[type, tuple[str, ...]]"
    begin: Callable[[Place, frozenset[type]], Iterable[Task]]
    parts: "Mapping[tuple[type, str], tuple[str, ...]]" = field(default_factory=dict)
    read_of: "Mapping[type, tuple[str, ...]]" = field(default_factory=dict)
    leaves_out: "Mapping[tuple[type, str], str]" = field(default_factory=dict)


Fact: TypeAlias = Any
