"""Controls of topics and queues alike."""

from dataclasses import replace
from typing import Any, Final

from ledgergate.finding import Severity
from policies.controls.settled import settled
from policies.facts.messaging import MessagingPolicy
from policies.facts.policy_documents import PolicyDocument
from policies.iam_document import Condition, Principal, Statement, denied_without_tls
from policies.model import UNKNOWN, Verdict, control, example, fail

_ACTIONS: Final = {"sns": "sns:Publish", "sqs": "sqs:*"}

QUEUE: Final = MessagingPolicy(service="sqs", arn="arn:aws:sqs:eu-west-1:111122223333:orders")
TOPIC: Final = MessagingPolicy(service="sns", arn="arn:aws:sns:eu-west-1:111122223333:alarms")
DENIAL: Final = Statement(
    effect="Deny",
    principals=(Principal(name="*"),),
    actions=("sqs:*",),
    resources=("*",),
    conditions=(Condition(operator="Bool", key="aws:securetransport", values=("false",)),),
)


def _with(policy: MessagingPolicy, *statements: Statement) -> MessagingPolicy:
    return replace(policy, certain=(PolicyDocument(statements=statements),))


@control(
    id="LG-TLS-10",
    slug="common-messaging-tls-required",
    severity=Severity.MEDIUM,
    requirements=("4.2.1",),
    families=("pci", "encryption"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="A misconfigured producer posts payment messages over plain HTTP, where a proxy or a tapped line copies "
    "or alters them before they are queued.",
    remediation="Deny sqs:* in the policy of the aws.sqs.QueuePolicy, or sns:Publish in that of the "
    "aws.sns.TopicPolicy, to Principal * under Bool aws:SecureTransport false.",
    passes=[
        example("a queue", _with(QUEUE, DENIAL)),
        example("a topic", _with(TOPIC, replace(DENIAL, actions=("sns:Publish",)))),
        example("a topic, every action", _with(TOPIC, replace(DENIAL, actions=("sns:*",), resources=(TOPIC.arn,)))),
    ],
    fails=[
        example("no policy", QUEUE),
        example("nothing is denied", _with(TOPIC, replace(DENIAL, effect="Allow"))),
        example("one action of a queue", _with(QUEUE, replace(DENIAL, actions=("sqs:SendMessage",)))),
        example("another queue", _with(QUEUE, replace(DENIAL, resources=(f"{QUEUE.arn}-copy",)))),
        example("one account", _with(QUEUE, replace(DENIAL, principals=(Principal(name="111122223333"),)))),
        example(
            "a policy that SQS would refuse", replace(QUEUE, certain=(PolicyDocument(malformed="it is not JSON"),))
        ),
    ],
    unknowns=[
        example("the policy comes later", replace(QUEUE, certain=(PolicyDocument(statements=UNKNOWN),))),
        example("a policy whose queue is not known", replace(QUEUE, possible=_with(QUEUE, DENIAL).certain)),
        example("a policy that is only looked up", replace(QUEUE, looked_up=True)),
    ],
)
def tls_required(messaging: MessagingPolicy) -> Verdict:
    """A queue or topic refuses every message that comes without TLS.

    Deny statements of its policy hold for Principal * under Bool aws:SecureTransport false, or under no condition: for
    sqs:* on a queue, for sns:Publish on a topic; a wider statement counts too. The policy stands in a companion or in
    the queue or topic itself; of several each has to. Without a policy it fails, and so does one that the service would
    refuse. A policy that is only looked up is undecided.
    """
    action = _ACTIONS.get(messaging.service, f"{messaging.service}:*")
    message, wanted = "messages without TLS are let through", f"{action} denied without TLS"

    def fault(document: Any) -> Verdict | None:
        if document.malformed:
            return fail(f"its policy is none that the service takes: {document.malformed}")
        if denied_without_tls(document.statements, action, (messaging.arn,)):
            return None
        return fail(message, found="no such statement", wanted=wanted)

    return settled(messaging, "policy", fault, fail(message, found="no policy", wanted=wanted))
