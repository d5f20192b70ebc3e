"""Log groups, alarms, topics and queues become facts, from inputs and from outputs alike."""

import json
from typing import Any, Final

import pytest

from ledgergate.graph import Kind, Resource
from ledgergate.values import Secret
from policies.facts.alarms import Alarm, alarm_from_graph
from policies.facts.kms import KeyManager
from policies.facts.labels import Labels
from policies.facts.log_groups import LogRetention, log_group_key_from_graph, log_retention_from_graph
from policies.facts.messaging import (
    MessagingPolicy,
    queue_policy_from_graph,
    topic_key_from_graph,
    topic_policy_from_graph,
)
from policies.facts.policy_documents import PolicyDocument
from policies.model import UNKNOWN
from tests.policies.graphs import KEY, graph, resource

OWN_KEY: Final = resource(KEY, "key", outputs={"arn": "arn:aws:kms:eu-west-1:111122223333:key/k"}, id="k")
POLICY: Final = json.dumps(
    {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*"}}
)
TOPIC_ARN: Final = "arn:aws:sns:eu-west-1:111122223333:alarms"
QUEUE_URL: Final = "https://sqs.eu-west-1.amazonaws.com/111122223333/orders"
QUEUE_ARN: Final = "arn:aws:sqs:eu-west-1:111122223333:orders"


def retention(**inputs: Any) -> LogRetention:
    """Build how long a log group keeps its records."""
    group = resource("aws:cloudwatch/logGroup:LogGroup", "group", inputs)
    return log_retention_from_graph(graph(group), group)


def test_log_group_retention() -> None:
    """Days are a whole number, 0 when unset; a group for delivery keeps two, whatever is asked for."""
    assert retention(name="/a", retentionInDays=365.0) == LogRetention(retention_in_days=365, labels=Labels(name="/a"))
    assert retention(namePrefix="/b-") == LogRetention(labels=Labels(name="/b-"))
    assert retention(retentionInDays=365, logGroupClass="DELIVERY").retention_in_days == 2
    assert retention(retentionInDays=UNKNOWN).retention_in_days == UNKNOWN
    days: Any = Secret(365)
    assert retention(retentionInDays=days).retention_in_days == days
    with pytest.raises(ValueError, match="retentionInDays is not a whole number"):
        retention(retentionInDays="for ever")


def test_log_group_from_outputs() -> None:
    """A stage that knows outputs only judges the same group."""
    outputs = {
        "name": "/a",
        "retentionInDays": 365,
        "tagsAll": {"Purpose": "audit"},
        "kmsKeyId": OWN_KEY.outputs["arn"],
    }
    group = resource("aws:cloudwatch/logGroup:LogGroup", "group", outputs=outputs)
    key = log_group_key_from_graph(graph(group, OWN_KEY), group).kms_key_id

    assert log_retention_from_graph(graph(group), group) == LogRetention(
        retention_in_days=365, labels=Labels(name="/a", purpose="audit")
    )
    assert key is not None
    assert key.manager is KeyManager.CUSTOMER
    bare = resource("aws:cloudwatch/logGroup:LogGroup", "bare", {"name": "/a", "kmsKeyId": ""})
    assert log_group_key_from_graph(graph(bare), bare).kms_key_id is None


@pytest.mark.parametrize("kind", ["metricAlarm:MetricAlarm", "compositeAlarm:CompositeAlarm"])
def test_alarm(kind: str) -> None:
    """Actions are on unless said otherwise, and an empty text is no action."""

    def alarm(**inputs: Any) -> Alarm:
        found = resource(f"aws:cloudwatch/{kind}", "alarm", inputs)
        return alarm_from_graph(graph(found), found)

    assert alarm() == Alarm()
    assert alarm(alarmActions=[TOPIC_ARN, ""], actionsEnabled=False) == Alarm(
        actions_enabled=False, alarm_actions=(TOPIC_ARN,)
    )
    assert alarm(alarmActions=[UNKNOWN]) == Alarm(alarm_actions=(UNKNOWN,))
    assert alarm(alarmActions=UNKNOWN, actionsEnabled=UNKNOWN) == Alarm(alarm_actions=UNKNOWN, actions_enabled=UNKNOWN)


def topic(**inputs: Any) -> Resource:
    """Return a topic."""
    return resource(
        "aws:sns/topic:Topic", "alarms", {"name": "alarms", **inputs}, id=TOPIC_ARN, outputs={"arn": TOPIC_ARN}
    )


def queue(**inputs: Any) -> Resource:
    """Return a queue."""
    return resource(
        "aws:sqs/queue:Queue", "orders", {"name": "orders", **inputs}, id=QUEUE_URL, outputs={"arn": QUEUE_ARN}
    )


def test_topic_key() -> None:
    """A key is followed by id and ARN; without one messages are not encrypted."""
    keyed = topic(kmsMasterKeyId="k")
    found = topic_key_from_graph(graph(keyed, OWN_KEY), keyed).kms_master_key_id

    assert found is not None
    assert found.manager is KeyManager.CUSTOMER
    assert topic_key_from_graph(graph(topic()), topic()).kms_master_key_id is None
    managed = topic(kmsMasterKeyId="alias/aws/sns")
    assert topic_key_from_graph(graph(managed), managed) != topic_key_from_graph(graph(keyed, OWN_KEY), keyed)


def own_policy(names: str, owner: Any, **fields: Any) -> Resource:
    """Return a policy that is a resource of its own, for a topic or queue."""
    types = {"arn": "aws:sns/topicPolicy:TopicPolicy", "queueUrl": "aws:sqs/queuePolicy:QueuePolicy"}
    return resource(types[names], "policy", {names: owner, "policy": POLICY}, **fields)


def test_policy_of_a_topic_or_queue_stands_in_it_or_beside_it() -> None:
    """A companion is found by ARN and by URL, and the property of the topic or queue gives the same."""
    beside = topic_policy_from_graph(graph(topic(), own_policy("arn", TOPIC_ARN)), topic())
    inside = topic_policy_from_graph(graph(topic(policy=POLICY)), topic(policy=POLICY))
    queued = queue_policy_from_graph(graph(queue(), own_policy("queueUrl", QUEUE_URL)), queue())

    assert beside == inside
    assert (beside.service, beside.arn) == ("sns", TOPIC_ARN)
    assert (queued.service, queued.arn, queued.certain) == ("sqs", QUEUE_ARN, beside.certain)
    assert queue_policy_from_graph(graph(queue(policy=POLICY)), queue(policy=POLICY)) == queued


def test_policy_of_another_or_of_nobody_known() -> None:
    """A policy for another topic is none, one for an unknown topic is possible, one looked up says nothing."""
    bare = MessagingPolicy(service="sns", arn=TOPIC_ARN)
    other = own_policy("arn", f"{TOPIC_ARN}-2")
    found = [
        topic_policy_from_graph(graph(topic(), each), topic())
        for each in (other, own_policy("arn", UNKNOWN), own_policy("arn", TOPIC_ARN, kind=Kind.READ))
    ]

    assert found[0] == bare
    assert (found[1].certain, len(found[1].possible)) == ((), 1)
    assert found[2].looked_up
    told = own_policy("arn", UNKNOWN, property_dependencies={"arn": (topic().urn,)})
    assert len(topic_policy_from_graph(graph(topic(), told), topic()).certain) == 1


def test_policy_that_the_service_wrote_does_not_speak_against_the_companion() -> None:
    """The outputs of a topic show the policy that was there before."""
    deployed = resource("aws:sns/topic:Topic", "alarms", outputs={"arn": TOPIC_ARN, "policy": "{"}, id=TOPIC_ARN)

    assert len(topic_policy_from_graph(graph(deployed, own_policy("arn", TOPIC_ARN)), deployed).certain) == 1
    assert topic_policy_from_graph(graph(deployed), deployed).certain == (PolicyDocument(malformed="it is not JSON"),)


def test_arn_that_is_not_known_stays_unknown() -> None:
    """Before deployment nobody knows the ARN of a queue."""
    fresh = resource("aws:sqs/queue:Queue", "orders", {"name": "orders"})

    assert queue_policy_from_graph(graph(fresh), fresh).arn == UNKNOWN
