"""What services write, and queues: tags of services that have no other fact."""

from typing import Final

import boto3

from tests.integration.estate.account import STORE_TAGS

PASSES: Final = frozenset({"LG-TAG-01", "LG-TAG-02", "LG-TAG-03"})
"""Controls that pass on it."""


def furnish(session: boto3.Session) -> None:
    """Create a log group and a queue."""
    tags = {each["Key"]: each["Value"] for each in STORE_TAGS}
    session.client("logs").create_log_group(logGroupName="ledger", tags=tags)
    session.client("sqs").create_queue(QueueName="ledger", tags=tags)
