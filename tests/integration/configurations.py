"""Configurations that a program can have, one after the other and by chance, for each of the five controls."""

import ipaddress
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from hypothesis import strategies as st

from ledgergate.values import Secret, Unknown
from policies.facts.ec2 import Ingress, IngressRule
from policies.facts.iam import Grants
from policies.facts.kms import KeyManager
from policies.facts.policy_documents import PolicyDocument
from policies.facts.prefix_lists import PrefixList
from policies.facts.rds import Database
from policies.facts.s3 import Bucket
from policies.facts.tagging import Tagged
from policies.iam_document import Condition, Statement
from policies.settings import Settings
from tests.integration.programs_as_data import Wanted, ref

_BUCKET: Final = "aws:s3/bucket:Bucket"
_BLOCK: Final = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
_GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
_ROLE: Final = "aws:iam/role:Role"
_TRUST: Final = json.dumps({"Version": "2012-10-17", "Statement": []})

PREFIX_LIST: Final = "aws:ec2/managedPrefixList:ManagedPrefixList"
"""A program makes these first, as groups name them."""

KEY: Final = Wanted("aws:kms/key:Key", "key")
"""The key that databases name."""


class NotExpressibleError(Exception):
    """No program leads to such a fact, or the service refuses it."""


def expressed(fact: object, name: str) -> list[Wanted]:
    """Return the resources whose fact this is.

    Raises:
        NotExpressibleError: There are none.
    """
    if _has_unknown(fact):
        raise NotExpressibleError("a value that nobody knows")
    match fact:
        case Bucket():
            return bucket(name, _flags(fact))
        case Ingress():
            return group(name, fact)
        case Grants():
            return role(name, fact)
        case Database():
            return database(name, fact)
        case Tagged():
            return tagged(name, fact)
        case _:
            raise NotExpressibleError("nothing that is deployed")


def _flags(fact: Bucket) -> dict[str, Any]:
    if fact == Bucket():
        raise NotExpressibleError("a bucket without an access block has one all the same")
    values = (fact.block_public_acls, fact.block_public_policy, fact.ignore_public_acls, fact.restrict_public_buckets)
    return dict(zip(BLOCKED, values, strict=True))


BLOCKED: Final = dict.fromkeys(
    ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True
)


def bucket(name: str, flags: dict[str, Any], tags: dict[str, str] | None = None) -> list[Wanted]:
    """Return a bucket with its access block."""
    own = {"bucket": f"{name}-of-the-test", **({} if tags is None else {"tags": tags})}
    return [Wanted(_BUCKET, name, own), Wanted(_BLOCK, f"{name}-block", {"bucket": ref(name), **flags})]


def group(name: str, fact: Ingress) -> list[Wanted]:
    """Return a security group with its rules inside."""
    if fact.direction == "egress":
        raise NotExpressibleError("a rule that lets nothing in is no part of what is let in")
    lists = [_prefix_list(f"{name}-{number}", each) for number, each in enumerate(_lists_of(fact))]
    named = {found: ref(wanted.name) for found, wanted in zip(_lists_of(fact), lists, strict=True)}
    rules = [_rule(each, named) for each in fact.rules]
    return [Wanted(_GROUP, name, {"name": name, "description": "-", "ingress": rules}), *lists]


def _lists_of(fact: Ingress) -> list[PrefixList]:
    return [each for rule in fact.rules for each in rule.prefix_lists]


def _prefix_list(name: str, found: PrefixList) -> Wanted:
    if found.aws_name:
        raise NotExpressibleError("a list of AWS's has an id that only a look-up tells")
    if not found.seen:
        raise NotExpressibleError("a list of which only the account shows what it holds")
    entries = [{"cidr": each} for each in found.cidrs]
    given = {"name": name, "addressFamily": "IPv4", "maxEntries": len(entries), "entries": entries}
    return Wanted(PREFIX_LIST, name, given)


def _rule(rule: IngressRule, lists: Mapping[PrefixList, Any]) -> dict[str, Any]:
    if not all(map(_is_network, rule.cidr_blocks)):
        raise NotExpressibleError("EC2 refuses what is no network")
    if rule.protocol != "-1" and (rule.from_port is None or rule.to_port is None):
        raise NotExpressibleError("EC2 wants ports for every protocol that has them")
    four = [block for block in rule.cidr_blocks if ":" not in block]
    six = [block for block in rule.cidr_blocks if ":" in block]
    named = [lists[each] for each in rule.prefix_lists]
    itself = {} if four or six or named else {"self": True}
    sources: dict[str, Any] = {"cidrBlocks": four, "ipv6CidrBlocks": six, "prefixListIds": named, **itself}
    return {"protocol": rule.protocol, "fromPort": rule.from_port or 0, "toPort": rule.to_port or 0, **sources}


def _is_network(block: str) -> bool:
    try:
        ipaddress.ip_network(block, strict=False)
    except ValueError:
        return False
    return True


def role(name: str, fact: Grants) -> list[Wanted]:
    """Return a role with its policies and what is attached to it."""
    found = [Wanted(_ROLE, name, {"name": name, "assumeRolePolicy": _TRUST})]
    for number, document in enumerate(fact.documents):
        if document.malformed:
            raise NotExpressibleError("IAM refuses a malformed policy")
        if any("arn:a:" in str(each) for each in document.statements):
            raise NotExpressibleError("IAM refuses a partition that does not exist")
        inline = {"role": ref(name), "name": f"{name}-{number}", "policy": _policy(document.statements)}
        found.append(Wanted("aws:iam/rolePolicy:RolePolicy", f"{name}-{number}", inline))
    for number, arn in enumerate(fact.attached_arns):
        attached = {"role": ref(name), "policyArn": arn}
        found.append(Wanted("aws:iam/rolePolicyAttachment:RolePolicyAttachment", f"{name}-attached-{number}", attached))
    return found


def _policy(statements: Sequence[Statement]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [_statement(each) for each in statements]})


def _statement(statement: Statement) -> dict[str, Any]:
    parts = {
        "Action": statement.actions,
        "NotAction": statement.not_actions,
        "Resource": statement.resources,
        "NotResource": statement.not_resources,
    }
    conditions = {_operator(each): {each.key: list(each.values)} for each in statement.conditions}
    return {
        "Effect": statement.effect,
        **{key: list(value) for key, value in parts.items() if value is not None},
        **({"Condition": conditions} if conditions else {}),
    }


def _operator(condition: Condition) -> str:
    before = f"{condition.qualifier}:" if condition.qualifier else ""
    return f"{before}{condition.operator}{'IfExists' if condition.if_exists else ''}"


def database(name: str, fact: Database) -> list[Wanted]:
    """Return a cluster."""
    if fact.global_database is not None or fact.same_region_replica:
        raise NotExpressibleError("a global database and the source of a replica come before what is judged")
    key = fact.kms_key_id
    if key is not None and not fact.storage_encrypted:
        raise NotExpressibleError("RDS refuses a key for storage that is not encrypted")
    if key is not None and key.manager not in (KeyManager.CUSTOMER, KeyManager.AWS):
        raise NotExpressibleError("RDS keeps the ARN of a key, whatever named it")
    named = {} if key is None else {"kmsKeyId": "alias/aws/rds" if key.manager is KeyManager.AWS else ref("key", "arn")}
    return cluster(name, {"storageEncrypted": fact.storage_encrypted, **named})


def cluster(name: str, encryption: dict[str, Any]) -> list[Wanted]:
    """Return a cluster that is encrypted in some way."""
    owner = {"masterUsername": "root", "masterPassword": "opened-to-nobody", "skipFinalSnapshot": True}
    engine = {"clusterIdentifier": name, "engine": "aurora-postgresql"}
    return [Wanted("aws:rds/cluster:Cluster", name, {**engine, **owner, **encryption})]


def tagged(name: str, fact: Tagged) -> list[Wanted]:
    """Return a bucket with these tags; what a provider adds is on it like what is its own."""
    if fact.type != _BUCKET or not fact.in_table:
        raise NotExpressibleError("a type that exists nowhere, or takes no tags")
    tags = {tag.key: tag.value for tag in (*fact.default_tags, *fact.tags)}
    return bucket(name, BLOCKED, tags)


def _has_unknown(value: Any) -> bool:
    if isinstance(value, Unknown | Secret):
        return True
    if isinstance(value, tuple):
        return any(map(_has_unknown, value))
    return hasattr(value, "__slots__") and any(_has_unknown(getattr(value, each.name)) for each in _fields(value))


def _fields(value: Any) -> Sequence[Any]:
    return fields(value) if hasattr(value, "__dataclass_fields__") else ()


_FLAG: Final = st.sampled_from([True, True, True, False])
_BUCKETS: Final = st.builds(
    Bucket,
    block_public_acls=_FLAG,
    block_public_policy=_FLAG,
    ignore_public_acls=_FLAG,
    restrict_public_buckets=_FLAG,
).filter(lambda fact: fact != Bucket())

_BLOCKS: Final = ("0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/8", "2000::/3", "2001:db8::/32")
_PORTS: Final = st.sampled_from([(443, 443), (80, 80), (80, 443), (22, 22), (0, 65535)])
_RULES: Final = st.builds(
    lambda blocks, protocol, ports: IngressRule(
        cidr_blocks=tuple(blocks),
        protocol=protocol,
        from_port=0 if protocol == "-1" else ports[0],
        to_port=0 if protocol == "-1" else ports[1],
    ),
    st.lists(st.sampled_from(_BLOCKS), unique=True, max_size=3),
    st.sampled_from(["tcp", "tcp", "udp", "-1"]),
    _PORTS,
)
_GROUPS: Final = st.lists(_RULES, max_size=3, unique_by=lambda rule: (rule.protocol, rule.from_port, rule.to_port)).map(
    lambda rules: Ingress(rules=tuple(rules))
)

_ACTIONS: Final = st.sampled_from(
    [("*",), ("*:*",), ("s3:GetObject",), ("s3:*", "ec2:Describe*"), ("s3:GetObject", "*")]
)
_RESOURCES: Final = st.sampled_from([("*",), ("arn:aws:s3:::ledger/*",), ("arn:aws:s3:::ledger/*", "*")])
_STATEMENTS: Final = st.one_of(
    st.builds(Statement, effect=st.sampled_from(["Allow", "Allow", "Deny"]), actions=_ACTIONS, resources=_RESOURCES),
    st.builds(Statement, not_actions=st.sampled_from([("iam:*",), ("s3:GetObject",)]), resources=_RESOURCES),
)
_ATTACHED: Final = st.sampled_from(["ReadOnlyAccess", "AdministratorAccess", "SecurityAudit", "ViewOnlyAccess"])


def _grants(statements: list[Statement], attached: list[str]) -> Grants:
    documents = (PolicyDocument(statements=tuple(statements)),) if statements else ()
    paths = {"ViewOnlyAccess": "job-function/ViewOnlyAccess"}
    arns = tuple(f"arn:aws:iam::aws:policy/{paths.get(each, each)}" for each in attached)
    return Grants(documents=documents, attached_arns=arns)


_ROLES: Final = st.builds(_grants, st.lists(_STATEMENTS, max_size=2), st.lists(_ATTACHED, unique=True, max_size=2))

_ENCRYPTIONS: Final[st.SearchStrategy[dict[str, Any]]] = st.sampled_from(
    [
        {},
        {"storageEncrypted": False},
        {"storageEncrypted": True},
        {"storageEncrypted": True, "kmsKeyId": "alias/aws/rds"},
        {"storageEncrypted": True, "kmsKeyId": ref("key", "arn")},
        {"storageEncrypted": True, "kmsKeyId": ref("key")},
    ]
)
_REQUIRED: Final = Settings().required_tags
_WHOLE: Final = dict.fromkeys(_REQUIRED, "x")
_TAGS: Final = st.dictionaries(
    st.sampled_from([*_REQUIRED, *_REQUIRED, "owner", "Team"]), st.sampled_from(["x", "x", "x", " "])
)
_ALL_TAGS: Final = st.one_of(_TAGS, st.just(_WHOLE), _TAGS.map(lambda some: _WHOLE | some)).map(
    lambda tags: {key: value for key, value in tags.items() if key != "Owner" or "owner" not in tags}
)
"""IAM takes no two keys that differ only in case."""


class Program:
    """A program that chance wrote; too long to be shown.

    Args:
        wanted: Its resources.
    """

    def __init__(self, wanted: list[Wanted]) -> None:
        self.wanted = wanted

    def __repr__(self) -> str:
        return f"Program of {len(self.wanted)} resources"


@st.composite
def configurations(draw: st.DrawFn, count: int) -> Program:
    """Return a program that holds so many configurations for each control."""
    whats = (_BUCKETS, _GROUPS, _ROLES, _ENCRYPTIONS, _ALL_TAGS)
    return Program(_program([draw(st.lists(what, min_size=count, max_size=count)) for what in whats]))


def _program(drawn: Sequence[list[Any]]) -> list[Wanted]:
    buckets, groups, roles, encryptions, tags = drawn
    found = [KEY]
    for kind, facts in (("bucket", buckets), ("group", groups), ("role", roles)):
        for number, fact in enumerate(facts):
            found += expressed(fact, f"{kind}-{number}")
    for number, encryption in enumerate(encryptions):
        found += cluster(f"cluster-{number}", encryption)
        found += instance(f"instance-{number}", encryption)
    for number, wanted in enumerate(tags):
        found += carriers(f"tags-{number}", wanted)
    return found


def instance(name: str, encryption: dict[str, Any]) -> list[Wanted]:
    """Return an instance outside a cluster that is encrypted in some way."""
    owner = {"username": "root", "password": "opened-to-nobody", "skipFinalSnapshot": True}
    engine = {"identifier": name, "engine": "postgres", "instanceClass": "db.t3.micro", "allocatedStorage": 20}
    return [Wanted("aws:rds/instance:Instance", name, {**engine, **owner, **encryption})]


def carriers(name: str, tags: dict[str, str]) -> list[Wanted]:
    """Return resources of several services with the same tags."""
    return [
        *bucket(f"{name}-b", BLOCKED, tags),
        Wanted(_ROLE, f"{name}-r", {"name": name, "assumeRolePolicy": _TRUST, "tags": tags}),
        Wanted(_GROUP, f"{name}-g", {"name": name, "description": "-", "tags": tags}),
    ]
