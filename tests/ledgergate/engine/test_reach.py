"""Which functions may register a resource: all that do, and few that do not."""
# ruff: noqa: PLW0108 - a lambda and the function that it calls are two cases

import dataclasses
import functools
import importlib
import json
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import jinja2
import pulumi
import pulumi_aws as aws
import pytest

from ledgergate.engine.reach import can_register


def make(name: str) -> aws.s3.Bucket:
    """Register a bucket."""
    return aws.s3.Bucket(name)


def indirectly(name: str) -> Any:
    """Register a bucket two functions away."""
    return [make(each) for each in [name]]


class Maker:
    """Something that registers in a method, and when it is called."""

    def build(self, name: object) -> object:
        """Register a bucket."""
        return make(str(name))

    def __call__(self, name: object) -> object:
        """Register a bucket."""
        return self.build(name)


class Part(pulumi.ComponentResource):
    """A component with a method that registers and one that does not."""

    def rule(self, port: object) -> aws.ec2.SecurityGroup:
        """Register a group."""
        return aws.ec2.SecurityGroup(f"rule-{port}", opts=pulumi.ResourceOptions(parent=self))

    def label(self, port: object) -> str:
        """Word a port."""
        return f"port {port}"


@dataclasses.dataclass
class Endpoint:
    """A value."""

    host: str
    port: int = 5432


MAKERS = {"bucket": aws.s3.Bucket}
PART = object.__new__(Part)
CLUSTER = object.__new__(aws.rds.Cluster)
SPACE = SimpleNamespace(make=make)
NAMES = {"a": 1}


def bucket(value: str) -> str:
    """Word a bucket; called as a property of others is."""
    return value.upper()


def late(value: object) -> object:
    """Import what registers when it runs."""
    import pulumi_aws

    return pulumi_aws.s3.Bucket(str(value))


def early(value: object) -> object:
    """Import what cannot register when it runs."""
    import base64
    import colorsys

    return base64.b64encode(str(value).encode()), colorsys


REGISTERING: dict[str, Callable[..., Any]] = {
    "a class": aws.s3.Bucket,
    "a class with some of its arguments": functools.partial(aws.s3.Bucket, "logs"),
    "a lambda": lambda _: aws.s3.Bucket("logs"),
    "a function": make,
    "a function of a function": indirectly,
    "a lambda that calls one": lambda _: indirectly("x"),
    "an inner apply": lambda v: pulumi.Output.from_input(v).apply(lambda w: aws.s3.Bucket(w)),
    "a default": lambda v, to_call=make: to_call(v),
    "a method": Maker().build,
    "an object that can be called": Maker(),
    "a method of what is made inside": lambda v: Maker().build(v),
    "a method of a component": PART.rule,
    "a component's own method": lambda v: PART.rule(v),
    "a table of classes": lambda v: MAKERS["bucket"](v),
    "an object with functions": lambda v: SPACE.make(v),
    "a map over a list": lambda v: list(map(make, v)),
    "a component": lambda v: Part("x:y:Z", v),
    "a class by its name": lambda v: getattr(aws.s3, "Buck" + "et")(v),
    "code made of text": lambda v: eval(v),  # noqa: S307 - never run
    "a module by its name": lambda v: importlib.import_module(v),
    "an import inside": late,
}

HARMLESS: dict[str, Callable[..., Any]] = {
    "a method of a text": str.upper,
    "a bound method": "-".join,
    "a function of the standard library": json.loads,
    "a lambda that formats": lambda v: f"{v}:{NAMES['a']}",
    "a lambda over a list": lambda v: json.dumps([{"Resource": f"{arn}/*"} for arn in v]),
    "a value class": lambda v: Endpoint(host=v).port,
    "a pattern": lambda v: re.compile(v),
    "a template of another library": lambda v: jinja2.Template("{{ v }}").render(v=v),
    "a property called as a function": lambda v: v.bucket,
    "what a component words": lambda v: PART.label(v),
    "a resource's own outputs": lambda v: (CLUSTER, v.get("x"), v.arn),
    "a look-up": lambda v: aws.ec2.get_vpc(id=v).cidr_block,
    "arguments": lambda v: aws.ec2.SecurityGroupIngressArgs(from_port=v, to_port=v, protocol="tcp"),
    "a secret": lambda v: pulumi.Output.secret(v),
    "an import inside": early,
    "nothing of a module that could": lambda v: pulumi.log.info(v),
}


@pytest.mark.parametrize("name", REGISTERING)
def test_what_registers(name: str) -> None:
    """Whatever way a resource is made, it is not excluded."""
    assert can_register(REGISTERING[name])


@pytest.mark.parametrize("name", HARMLESS)
def test_what_does_not(name: str) -> None:
    """A function that only computes a value is told from one that registers."""
    assert not can_register(HARMLESS[name])


def test_what_is_in_reach_without_being_named() -> None:
    """A closure counts only for what is in it; one that was never filled holds nothing."""

    def outer(first: bool) -> Callable[[object], object]:  # noqa: FBT001 - a test of a closure
        if first:
            later = make
        return lambda v: later(str(v))

    assert can_register(outer(first=True))
    assert not can_register(outer(first=False))


def test_an_object_that_refuses_to_be_looked_at() -> None:
    """What cannot be looked at excludes nothing."""

    class Refusing(type):
        def __getattribute__(cls, name: str) -> object:
            if name == "__mro__":
                raise RuntimeError("no")
            return super().__getattribute__(name)

    class Odd(metaclass=Refusing):
        pass

    assert can_register(lambda _: Odd())
