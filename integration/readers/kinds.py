"""What a service lists besides what other readers list, so that its tags are read: one row for each kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from integration.scanning.asker import Paging

ClientT = TypeVar("ClientT")
Item = Mapping[str, Any]
Choose = Callable[[ClientT], Callable[..., Any]]
"""Client → one of its operations."""


def everything(_item: Item, _account: str) -> bool:
    """Let every item count."""
    return True


@dataclass(frozen=True, slots=True)
class TagList(Generic[ClientT]):
    """The call that lists the tags of one item.

    Args:
        operation: API operation.
        list: Client → that operation.
        parameter: Parameter that names the item.
        member: Member of the item that is given for it.
    """

    operation: str
    list: Choose[ClientT]
    parameter: str
    member: str


@dataclass(frozen=True, slots=True)
class Kind(Generic[ClientT]):
    """One kind of resource.

    Args:
        type: Type token.
        operation: API operation that lists it.
        list: Client → that operation.
        items: Member of the answer that lists them.
        named: Member of an item that holds its ARN, or the id that its ARN ends in.
        path: How its ARN goes on after the account.
        asked: Parameters of the list.
        counts: Tells of an item, in an account, whether it is anybody's to tag.
        tags: The call that lists its tags, where that takes one for each.
    """

    type: str
    operation: str
    list: Choose[ClientT]
    items: str
    named: str
    path: str
    asked: Mapping[str, Any] = field(default_factory=dict)
    counts: Callable[[Item, str], bool] = everything
    tags: TagList[ClientT] | None = None

    @property
    def operations(self) -> tuple[str, ...]:
        """Every API operation that it takes by itself."""
        return (self.operation, self.tags.operation) if self.tags else (self.operation,)

    def paged_by(self, token: str) -> Paging:
        """Return how its list is paged."""
        return Paging(token, (self.items,))
