"""Facts about SNS topics and SQS queues."""

from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Value
from policies.facts.declared import Carriers, Inline, declared
from policies.facts.kms import KeyUse, key_use
from policies.facts.policy_documents import PolicyDocument, policy_document
from policies.facts.properties import UNKNOWN, attribute, identity, settings_of
from policies.facts.registry import adapter
from policies.iam_document import parse_resource_policy

TOPIC: Final = ("aws:sns/topic:Topic",)
QUEUE: Final = ("aws:sqs/queue:Queue",)

_TOPIC_POLICIES: Final = Carriers(("aws:sns/topicPolicy:TopicPolicy",), "arn", TOPIC)
_QUEUE_POLICIES: Final = Carriers(("aws:sqs/queuePolicy:QueuePolicy",), "queueUrl", QUEUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicKey:
    """What encrypts the messages of a topic.

    Args:
        kms_master_key_id: Key that it names; None without one, and then messages are not encrypted at rest.
    """

    kms_master_key_id: KeyUse | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagingPolicy:
    """The policy of a topic or a queue.

    Args:
        service: `sns` or `sqs`.
        arn: ARN of the topic or queue.
        certain: As `Declared.certain`; without any the service writes one that lets the owner's account in.
        possible: As `Declared.possible`.
        looked_up: As `Declared.looked_up`.
    """

    service: str
    arn: str
    certain: tuple[PolicyDocument, ...] = ()
    possible: tuple[PolicyDocument, ...] = ()
    looked_up: bool = False


@adapter(types=TOPIC, joined=True)
def topic_key_from_graph(graph: Graph, resource: Resource) -> TopicKey:
    """Build what encrypts the messages of a topic."""
    return TopicKey(kms_master_key_id=key_use(graph, resource, "kmsMasterKeyId"))


@adapter(types=TOPIC, joined=True)
def topic_policy_from_graph(graph: Graph, resource: Resource) -> MessagingPolicy:
    """Build the policy of a topic."""
    return _policy(graph, resource, "sns", _TOPIC_POLICIES)


@adapter(types=QUEUE, joined=True)
def queue_policy_from_graph(graph: Graph, resource: Resource) -> MessagingPolicy:
    """Build the policy of a queue."""
    return _policy(graph, resource, "sqs", _QUEUE_POLICIES)


def _policy(graph: Graph, resource: Resource, service: str, carriers: Carriers) -> MessagingPolicy:
    inline = Inline("policy", lambda _graph, _owner, value: _document(value))
    found = declared(graph, resource, carriers, lambda _graph, each: _document(settings_of(each).get("policy")), inline)
    return MessagingPolicy(
        service=service,
        arn=_arn(resource),
        certain=found.certain,
        possible=found.possible,
        looked_up=found.looked_up,
    )


def _arn(resource: Resource) -> Any:
    arn = identity({"arn": attribute(resource, "arn")}, "arn")
    return UNKNOWN if arn is None else arn


def _document(value: Value) -> PolicyDocument:
    return policy_document(value, "policy", parse_resource_policy)
