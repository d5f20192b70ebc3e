"""SQS: the policy of a queue stays while something else of it changes."""

from typing import Any

from moto.sqs.models import Queue

from integration.sandbox.corrections.registry import corrects


@corrects(
    Queue,
    "_set_attributes",
    fact="What a change does not name stays as it is, the policy too",
    source="SetQueueAttributes, Amazon SQS API reference, read 2026-11-30",
)
def _changed(original: Any, queue: Queue, attributes: dict[str, Any], now: float | None = None) -> None:
    kept = getattr(queue, "policy", None)
    original(queue, attributes, now)
    if "Policy" not in attributes:
        queue.policy = kept
