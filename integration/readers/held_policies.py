"""Policies as services answer with them, in the normal form of the facts."""

from policies.facts.messaging import MessagingPolicy
from policies.facts.policy_documents import PolicyDocument
from policies.facts.resource_policies import ResourcePolicy
from policies.iam_document import parse_resource_policy


def document(text: str) -> PolicyDocument:
    """Return a policy. No service keeps one that is malformed, so an answer that is, is no answer."""
    return PolicyDocument(statements=parse_resource_policy(text))


def allowed(text: str | None) -> ResourcePolicy:
    """Return what a resource allows others, by the text of its policy; None or empty where it has none."""
    return ResourcePolicy(policy=document(text) if text else None)


def messaging(service: str, arn: str, text: str | None) -> MessagingPolicy:
    """Return the policy of a topic or a queue; text as for `allowed`."""
    return MessagingPolicy(service=service, arn=arn, certain=(document(text),) if text else ())
