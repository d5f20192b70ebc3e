"""Prefix lists that a customer keeps."""

from typing import Any, Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject, put
from integration.sandbox.types.ec2_shared import set_tags, the_one
from integration.sandbox.types.shapes import pascal
from integration.sandbox.types.tags import tags_from

_TYPE: Final = "aws:ec2/managedPrefixList:ManagedPrefixList"


def _entries(properties: Properties) -> list[Any]:
    return [{pascal(name): value for name, value in each.items()} for each in properties.get("entries") or ()]


def _create(subject: Subject) -> str:
    made = subject.aws.ec2.create_managed_prefix_list(
        PrefixListName=subject.inputs["name"],
        AddressFamily=subject.inputs["addressFamily"],
        MaxEntries=int(subject.inputs["maxEntries"]),
        Entries=_entries(subject.inputs),
    )
    return made["PrefixList"]["PrefixListId"]


def _found(subject: Subject) -> Any:
    found = the_one(subject.aws.ec2.describe_managed_prefix_lists(PrefixListIds=[subject.id])["PrefixLists"])
    if found["State"].startswith("delete-"):
        raise GoneError
    return found


def _read(subject: Subject) -> Properties:
    found = _found(subject)
    entries: Any = subject.aws.ec2.get_managed_prefix_list_entries(PrefixListId=subject.id)["Entries"]
    return {
        "addressFamily": found["AddressFamily"],
        "arn": found["PrefixListArn"],
        "entries": [_written(each) for each in entries],
        "maxEntries": found["MaxEntries"],
        "name": found["PrefixListName"],
        "ownerId": found["OwnerId"],
        "tagsAll": tags_from(found.get("Tags", [])),
        "version": found["Version"],
    }


def _written(entry: Any) -> Properties:
    return {name: entry[pascal(name)] for name in ("cidr", "description") if entry.get(pascal(name))}


def _change(subject: Subject) -> None:
    before, wanted = _entries(subject.before), _entries(subject.inputs)
    dropped: list[Any] = [{"Cidr": each["Cidr"]} for each in before if each not in wanted]
    given: Any = {"AddEntries": [each for each in wanted if each not in before], "RemoveEntries": dropped}
    subject.aws.ec2.modify_managed_prefix_list(
        PrefixListId=subject.id,
        PrefixListName=subject.inputs["name"],
        CurrentVersion=_found(subject)["Version"],
        **{name: entries for name, entries in given.items() if entries},
    )


def _delete(subject: Subject) -> None:
    subject.aws.ec2.delete_managed_prefix_list(PrefixListId=subject.id)


HANDLERS: Final = (
    Handler(
        type=_TYPE,
        create=_create,
        read=_read,
        delete=_delete,
        fixed=("addressFamily", "maxEntries"),
        updates=put(_change, "entries", "name"),
        settings=put(set_tags, "tagsAll"),
    ),
)
