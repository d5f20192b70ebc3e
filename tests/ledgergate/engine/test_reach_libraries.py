"""Which functions may register a resource through what the standard library fetches, wraps or calls back."""
# ruff: noqa: PLW0108 - a lambda and the function that it calls are two cases

import contextlib
import contextvars
import dataclasses
import enum
import functools
import ipaddress
import json
import logging
import operator
import pickle
import re
import sys
import threading
import weakref
from collections import ChainMap, UserDict, defaultdict, deque, namedtuple
from collections.abc import Callable, Iterator
from decimal import Decimal
from types import MappingProxyType, ModuleType
from typing import Any

import jinja2
import pulumi
import pulumi_aws as aws
import pytest

from ledgergate.engine.reach import can_register


def make(name: str = "made") -> aws.s3.Bucket:
    """Register a bucket."""
    return aws.s3.Bucket(name)


class Attributes:
    """Something whose attributes register in ways that the standard library arranges."""

    made = functools.partialmethod(lambda self: make(str(self)))

    @functools.lru_cache  # noqa: B019 - what a program might do
    def remembered(self, name: str) -> object:
        """Register a bucket once."""
        return make(name)

    @functools.cached_property
    def first(self) -> object:
        """Register a bucket once."""
        return make("first")

    @property
    def name(self) -> str:
        """Name what is made."""
        return "made"

    @name.setter
    def name(self, value: str) -> None:
        make(value)


class Slotted:
    """Something that keeps what it calls in a slot."""

    __slots__ = ("_func",)

    def __init__(self, func: Callable[..., Any]) -> None:
        self._func = func

    def __call__(self, value: object) -> object:
        """Call it."""
        return self._func(value)


class Calling(type):
    """A class of classes that register when they are called."""

    def __call__(cls) -> Any:
        """Register a bucket."""
        return make()


class Called(metaclass=Calling):
    """Such a class."""


class Root:
    """Something that others derive from."""

    def go(self, name: str) -> object:
        """Do nothing."""
        return name


class Branch(Root):
    """Something that nobody names."""

    def go(self, name: str) -> object:
        """Register a bucket."""
        return make(name)


class Encoder(json.JSONEncoder):
    """Something that a library calls back."""

    def default(self, o: object) -> object:
        """Register a bucket."""
        return make(str(o))


class Worker(threading.Thread):
    """Something that a library runs."""

    def run(self) -> None:
        """Register a bucket."""
        make("worker")


class Word(str):
    """A text that can do more."""

    __slots__ = ()

    def build(self) -> object:
        """Register a bucket."""
        return make(self)


class Factory(enum.Enum):
    """Functions by their names."""

    BUCKET = (make,)


@functools.singledispatch
def by_type(_value: object) -> object:
    """Do nothing, but for a number."""
    return None


@by_type.register
def _(value: int) -> object:
    return make(str(value))


@contextlib.contextmanager
def around() -> Iterator[object]:
    """Register a bucket on the way in."""
    yield make("around")


def entering(value: object) -> object:
    """Enter a context."""
    with around():
        return value


def setting(value: str) -> None:
    """Set an attribute."""
    ATTRIBUTES.name = value


def carrying(value: object) -> object:
    """Call what it carries."""
    return carrying.__dict__["func"](value)


carrying.__dict__["func"] = make
ATTRIBUTES, ROOT = Attributes(), Branch()
BY_KEY = {make: 1}
CHAIN, DEFAULTS, QUEUE, TABLE = ChainMap({"a": make}), defaultdict[Any, Any](make), deque([make]), UserDict({"a": make})
CONTEXT = contextvars.ContextVar("CONTEXT", default=make)
GENERATOR, ITERATOR = (make(each) for each in "a"), map(make, "a")
GETTER, CALLER = operator.attrgetter("go"), operator.methodcaller("go", name="x")
HELD = threading.local()
LOADED = ModuleType("loaded")
LOADED.make = make  # type: ignore[attr-defined]  # what a program might do
MADE: dict[str, Any] = {}
exec("def made(v): return func(v)", {"func": make}, MADE)  # noqa: S102 - what a program might do
PROXY, READ_ONLY, REFERENCE = weakref.proxy(ROOT), MappingProxyType({"a": make}), weakref.ref(ROOT)
SLOTTED, WORD = Slotted(make), Word("w")

THROUGH_LIBRARIES: dict[str, Callable[..., Any]] = {
    "a function with a cache": functools.cache(make),
    "a method with a cache": ATTRIBUTES.remembered,
    "a cached property": lambda _: ATTRIBUTES.first,
    "a partial method": lambda _: ATTRIBUTES.made(),
    "a property that is set": setting,
    "a property that is set by name": lambda v: setattr(ATTRIBUTES, "name", v),
    "a function by type": lambda v: by_type(v),
    "a context": entering,
    "a queue": lambda v: QUEUE[0](v),
    "a method of a queue": QUEUE.popleft,
    "a dictionary of a class of its own": lambda v: TABLE["a"](v),
    "a dictionary that cannot be changed": lambda v: READ_ONLY["a"](v),
    "a dictionary with a default": lambda v: DEFAULTS[v],
    "several dictionaries": lambda v: CHAIN["a"](v),
    "keys": lambda v: [key(v) for key in BY_KEY],
    "a slot": lambda v: SLOTTED(v),
    "a class of classes": lambda _: Called(),
    "classes that derive from one": lambda v: [each().go(v) for each in Root.__subclasses__()],
    "a member of an enumeration": lambda v: Factory["BUCKET"].value[0](v),
    "a text of a class of its own": lambda _: WORD.build(),
    "a context variable": lambda v: CONTEXT.get()(v),
    "what belongs to a thread": lambda v: HELD.make(v),
    "a generator that has yet to run": lambda _: list(GENERATOR),
    "an iterator that has yet to run": lambda _: list(ITERATOR),
    "a weak reference": lambda v: REFERENCE().go(v),  # type: ignore[union-attr]  # it is there
    "a weak proxy": lambda v: PROXY.go(v),
    "a getter": lambda _: GETTER(ROOT)("x"),
    "a caller": lambda _: CALLER(ROOT),
    "a getter made inside": lambda v: operator.attrgetter("s3.Bucket")(aws)(v),
    "an attribute by its name": lambda v: getattr(ROOT, "go")(v),  # noqa: B009 - a case of its own
    "an attribute by any name": lambda v: getattr(ROOT, v)(v),
    "a dictionary of attributes": lambda v: vars(Branch)["go"](ROOT, v),
    "an attribute of a function": carrying,
    "a function made of text": MADE["made"],
    "a module that is made": lambda v: LOADED.make(v),
    "a part of the SDK": lambda v: pulumi.resource.CustomResource("aws:s3/bucket:Bucket", v),
    "modules by their names": lambda v: sys.modules[__name__].make(v),
    "bytes to objects": lambda v: pickle.loads(v),  # noqa: S301 - never run
    "what a library calls back": lambda v: json.dumps(v, cls=Encoder),
    "a thread": lambda _: Worker().start(),
}


class Zone(enum.StrEnum):
    """Texts by their names."""

    A = "a"

    def worded(self) -> str:
        """Word it."""
        return f"zone {self}"


@dataclasses.dataclass(frozen=True)
class Settings:
    """Values, one of which has a class of resources for its type."""

    name: str
    tags: dict[str, str] = dataclasses.field(default_factory=dict)
    kind: type[aws.s3.Bucket] | None = None

    @classmethod
    def of(cls, given: dict[str, Any]) -> "Settings":
        """Make it of a dictionary."""
        return cls(**given)

    def label(self, value: object) -> str:
        """Word a value."""
        return f"{self.name}-{value:>5}"


@functools.cache
def network(text: str) -> ipaddress.IPv4Network:
    """Parse a network."""
    return ipaddress.IPv4Network(text)


def matched(value: object) -> object:
    """Tell forms apart."""
    match value:
        case {"a": found}:
            return found
        case str():
            return value.upper()
    raise ValueError(value)


def locked(value: object) -> object:
    """Hold a lock."""
    with LOCK:
        return value


CONFIG: pulumi.Config = object.__new__(pulumi.Config)
CONFIG.name = "shop"
LISTS: defaultdict[str, list[int]] = defaultdict(list)
LOCK, LOG, PATTERN = threading.Lock(), logging.getLogger(__name__), re.compile("a")
PAIR = namedtuple("PAIR", "left right")  # noqa: PYI024 - what a program might do
PLAIN: pulumi.CustomResource = object.__new__(pulumi.CustomResource)
SETTINGS, TEMPLATES = Settings("shop"), jinja2.Environment(autoescape=True)

CLUSTER = object.__new__(aws.rds.Cluster)
COMPUTING: dict[str, Callable[..., Any]] = {
    "a function with a cache": lambda v: str(network(v)),
    "a method of a value class": lambda v: SETTINGS.label(v),
    "a value class made inside": lambda v: Settings.of({"name": v}).label(1),
    "configuration": lambda v: CONFIG.get("name") or v,
    "a log": lambda v: LOG.info("given %s", v),
    "a pattern that is there": lambda v: PATTERN.sub("", v),
    "texts by their names": lambda v: Zone(v).worded() + Zone["A"],
    "a named tuple": lambda v: PAIR(1, v)._replace(left=2),
    "a dictionary of lists": lambda v: LISTS[v].append(1),
    "a lock": locked,
    "forms": matched,
    "a number": lambda v: Decimal(v) + 1,
    "an attribute by its name": lambda v: getattr(v, "arn", None) or aws.get_region().name,
    "an attribute by any name": lambda v: json.dumps(getattr(SETTINGS, v)),
    "an order by attribute": lambda v: sorted(v, key=operator.attrgetter("cidr_block")),
    "a resource's output": lambda v: f"{PLAIN.urn}/{CLUSTER.arn}/{v}",
    "a document": lambda v: (
        aws.iam.get_policy_document(statements=[aws.iam.GetPolicyDocumentStatementArgs(actions=[v])]).json
    ),
    "a template that is there": lambda v: TEMPLATES.from_string("{{ a }}").render(a=v),
    "text to a stream": lambda v: sys.stderr.write(v),
}


@pytest.mark.parametrize("name", THROUGH_LIBRARIES)
def test_what_registers_through_a_library(name: str) -> None:
    """What the standard library fetches, wraps or calls back is followed."""
    assert can_register(THROUGH_LIBRARIES[name])


@pytest.mark.parametrize("name", COMPUTING)
def test_what_computes_with_a_library(name: str) -> None:
    """Helpers of every kind do not count for what they do not hold."""
    assert not can_register(COMPUTING[name])
