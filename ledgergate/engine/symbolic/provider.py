"""The symbolic provider: creates nothing and says what creating would give.

Runs inside the program's interpreter: standard library and pulumi only.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ledgergate.engine import wire
from ledgergate.engine.provider import Checked, Created, Invoked, ProviderConfig, ProviderError, ResourceRequest
from ledgergate.engine.symbolic.answers import parse_answers
from ledgergate.engine.symbolic.conformity import mismatches
from ledgergate.engine.symbolic.documents import with_document_texts
from ledgergate.engine.symbolic.identities import Identity, identity_of
from ledgergate.engine.symbolic.introspect import Shape, import_aws, resource_shape
from ledgergate.engine.symbolic.invokes import Invokes, service_of
from ledgergate.engine.symbolic.levels import Level
from ledgergate.engine.symbolic.naming import NameLengthError, make_name, rule_of
from ledgergate.engine.symbolic.outputs import Plan, Subject, plan
from ledgergate.engine.symbolic.place import Home, Place
from ledgergate.engine.symbolic.tags import all_tags
from ledgergate.engine.symbolic.template import Template

_OTHER_REGION: Final = frozenset(
    {
        "aws:arcregionswitch/plan:Plan",
        "aws:cfg/aggregateAuthorization:AggregateAuthorization",
        "aws:cloudformation/stackSetInstance:StackSetInstance",
        "aws:invoicing/invoiceUnit:InvoiceUnit",
        "aws:servicequotas/template:Template",
        "aws:ssmincidents/replicationSet:ReplicationSet",
    }
)
"""Types whose `region` is not where they are managed."""

_PLACE_NAMES: Final = ("region", "account", "partition")


class SymbolicProvider:
    """Serves every package; what it makes up depends on nothing but URN, inputs and place.

    Args:
        account: AWS account of the profile, twelve digits.
        partition: `aws`, `aws-cn` or `aws-us-gov`.
        region: Region of resources and calls that name none.
        level: How much is made up.
        answers: Answers to function calls: `{token, args, result}` each, see `answers.py`.

    Raises:
        AnswersError: An answer has the wrong form.
    """

    def __init__(
        self,
        *,
        account: str = "123456789012",
        partition: str = "aws",
        region: str = "us-east-1",
        level: Level = Level.SYMBOLIC,
        answers: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        self._home = Home(account, partition, region)
        self._level = level
        self._plans: dict[str, Plan] = {}
        self._invokes = Invokes(self._home, level, parse_answers(answers))

    def check(self, request: ResourceRequest) -> Checked:
        """Add `tagsAll`, automatic names and the effective Region to an AWS resource; nothing else."""
        if not request.type.startswith("aws:"):
            return Checked(request.inputs)
        written = with_document_texts(request.type, request.inputs)
        failures = tuple(mismatches(request.type, written))
        if failures:
            return Checked(written, failures)
        shape = resource_shape(request.type)
        inputs = dict(written)
        if _takes_region(request.type, shape) and "region" not in inputs:
            inputs["region"] = self._home.place(request.provider).region
        if _has_all_tags(shape):
            inputs["tagsAll"] = all_tags(inputs, request.provider.inputs)
        rule = rule_of(request.type, inputs)
        if rule is None or rule.name in inputs or not _takes(rule.name, request.type, shape):
            return Checked(inputs)
        told = _told_by_import(request)
        if rule.name in told:
            return Checked({**inputs, rule.name: told[rule.name]})
        try:
            inputs[rule.name] = make_name(rule, request.urn, request.name, inputs)
        except NameLengthError as error:
            return Checked(inputs, failures=((rule.name, str(error)),))
        return Checked(inputs, auto_named=(rule.name,))

    def create(self, request: ResourceRequest) -> Created:
        """Return the inputs and what can be made up for the rest; what is left out is unknown."""
        outputs = dict(request.inputs)
        shape = resource_shape(request.type)
        if shape is None and request.type.startswith("aws:"):
            raise ProviderError(f"{request.type} resource '{request.name}': {_unstated()}")
        if _has_all_tags(shape) and request.type.startswith("aws:"):
            outputs.setdefault("tagsAll", all_tags(request.inputs, request.provider.inputs))
        if self._level is Level.UNKNOWNS:
            return Created(request.handling.import_id, outputs)
        subject = self._subject(request, identity_of(request.type))
        if request.handling.import_id:
            subject.names |= _names_of(request.handling.import_id, subject.identity)
        self._plan(request.type).fill(subject, outputs)
        return Created(subject.identifier(), outputs)

    def read(self, request: ResourceRequest, resource_id: str) -> Created:
        """Return an existing resource: what its id tells, and nothing made up."""
        identity = identity_of(request.type)
        if identity is None or self._level is Level.UNKNOWNS:
            return Created(resource_id, {})
        told = _told(identity, resource_id)
        place = _place_of(resource_id, told, self._home.place(request.provider, request.inputs.get("region")))
        given = {name: value for name, value in told.items() if name not in (*_PLACE_NAMES, "dns")}
        subject = Subject(request.urn, given, place, identity, _names_of(resource_id, identity), mints=False)
        outputs: dict[str, wire.Wire] = dict(given)
        self._plan(request.type).fill(subject, outputs)
        return Created(resource_id, outputs)

    def invoke(self, token: str, args: Mapping[str, wire.Wire], provider: ProviderConfig) -> Invoked:
        """Answer a function call: as the user says, as computed, or made up and counted as assumed."""
        return self._invokes.answer(token, args, provider)

    def delete(self, request: ResourceRequest, resource_id: str) -> None:
        """Do nothing: nothing was created."""

    def _plan(self, type_: str) -> Plan:
        known = self._plans.get(type_)
        if known is None:
            known = plan(resource_shape(type_), identity_of(type_), self._level, service_of(type_))
            self._plans[type_] = known
        return known

    def _subject(self, request: ResourceRequest, identity: Identity | None) -> Subject:
        region = None if request.type in _OTHER_REGION else request.inputs.get("region")
        return Subject(request.urn, request.inputs, self._home.place(request.provider, region), identity)


def _unstated() -> str:
    """Say why nobody knows what a type's properties are, so that no control could tell one that is left out."""
    if import_aws():
        return "the installed pulumi-aws has no such type"
    return "pulumi-aws is not installed in the program's interpreter, and only it says what the properties are called"


def _takes_region(type_: str, shape: Shape | None) -> bool:
    return shape is not None and "region" in shape.inputs and type_ not in _OTHER_REGION


def _has_all_tags(shape: Shape | None) -> bool:
    return shape is not None and "tags" in shape.inputs and any(field.name == "tagsAll" for field in shape.fields)


def _takes(name: str, type_: str, shape: Shape | None) -> bool:
    return identity_of(type_) is not None if shape is None else name in shape.inputs


def _names_of(resource_id: str, identity: Identity | None) -> dict[str, str | None]:
    """Return what an existing resource is called by: its id, which of some types is the ARN."""
    names: dict[str, str | None] = {"id": resource_id}
    if identity is not None and resource_id.startswith("arn:") and any(each.text == "{arn}" for each in identity.ids):
        names["arn"] = resource_id
    return names


def _told_by_import(request: ResourceRequest) -> dict[str, str]:
    identity = identity_of(request.type) if request.handling.import_id else None
    return _told(identity, request.handling.import_id) if identity is not None else {}


def _told(identity: Identity, resource_id: str) -> dict[str, str]:
    """Return the inputs and the place that an id gives away; nothing when it can be read in two ways."""
    expand: dict[str, Template] = {"arn": identity.arn} if identity.arn is not None else {}
    for template in identity.ids:
        pattern = template.pattern(expand)
        shortest, longest = (re.fullmatch(text, resource_id) for text in (pattern, pattern.replace("+?", "+")))
        if shortest is not None and longest is not None:
            return shortest.groupdict() if shortest.groupdict() == longest.groupdict() else {}
    return {}


def _place_of(resource_id: str, told: Mapping[str, str], otherwise: Place) -> Place:
    """Return the place that an id names, part by part; the request's where it names none."""
    parts = resource_id.split(":", 5)
    if len(parts) == 6 and parts[0] == "arn":  # noqa: PLR2004 - the parts of an ARN
        told = {"partition": parts[1], "region": parts[3], "account": parts[4]}
    return Place(*(told.get(name) or getattr(otherwise, name) for name in ("partition", "region", "account")))
