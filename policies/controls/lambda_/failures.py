"""Controls of what becomes of invocations that fail."""

from dataclasses import replace
from typing import Final

from ledgergate.finding import Severity
from policies.facts.lambda_failures import EventMapping, FunctionFailures
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable, shown

_BATCHED: Final = frozenset({"dynamodb", "kinesis", "sqs"})

TARGET: Final = FunctionFailures(kept=True, invoked_by=("nightly",))
QUEUE: Final = EventMapping(name="orders", source="sqs", reports_items=True)
STREAM: Final = EventMapping(name="scores", source="kinesis", bisects=True)


@control(
    id="LG-DR-16",
    slug="lambda-function-failures-captured",
    severity=Severity.MEDIUM,
    requirements=(),
    families=("resilience",),
    source="Demand of the banking and fraud systems, read 2026-11-20",
    rationale="A payment event that fails after the last retry is dropped without a word: the money is missing from "
    "the books and there is nothing to replay.",
    remediation="Set dead_letter_config of the aws.lambda_.Function or an on_failure destination in an "
    "aws.lambda_.FunctionEventInvokeConfig; on the aws.lambda_.EventSourceMapping set "
    "function_response_types=['ReportBatchItemFailures'] or, for a stream, bisect_batch_on_function_error=True.",
    passes=[
        example("events, with a dead-letter queue", TARGET),
        example("a queue that hears of single items", FunctionFailures(mappings=(QUEUE,))),
        example("a stream whose batches are halved", FunctionFailures(mappings=(STREAM,))),
        example(
            "a topic of Kafka, which has neither", FunctionFailures(kept=True, mappings=(EventMapping(source="kafka"),))
        ),
    ],
    fails=[
        example("events, and nothing keeps what fails", replace(TARGET, kept=False)),
        example(
            "a queue that hears of whole batches", FunctionFailures(mappings=(replace(QUEUE, reports_items=False),))
        ),
        example("one mapping of two", FunctionFailures(mappings=(STREAM, replace(STREAM, bisects=False)))),
        example("a kept event, a lost batch", replace(TARGET, mappings=(replace(STREAM, bisects=False),))),
    ],
    unknowns=[
        example("nobody knows whether something keeps what fails", replace(TARGET, kept=UNKNOWN)),
        example("nobody knows who invokes it", FunctionFailures(invoked_by=(UNKNOWN,))),
        example("nobody knows what feeds it", FunctionFailures(mappings=(replace(QUEUE, source=UNKNOWN),))),
    ],
    not_applicable=[
        example("somebody waits for the answer", FunctionFailures()),
        example("a topic of Kafka", FunctionFailures(mappings=(EventMapping(source="kafka"),))),
    ],
)
def failures_captured(function: FunctionFailures) -> Verdict:
    """What a Lambda function fails to process is kept.

    A function that an event target, a schedule, or a service with a permission to it invokes without waiting (S3, SNS,
    EventBridge, SES, IoT, Config, CodeCommit, CloudWatch Logs) has deadLetterConfig.targetArn, or a
    FunctionEventInvokeConfig with an on-failure destination. Each event source mapping of SQS, Kinesis or DynamoDB that
    feeds it sets ReportBatchItemFailures or bisectBatchOnFunctionError; both are unset by default. Functions with
    neither are not applicable.
    """
    if not function.kept and (invokers := tuple(function.invoked_by)):
        message = "nothing keeps the events that the function fails to process"
        return fail(message, found=f"invoked by {shown(invokers)}", wanted="a dead-letter queue or a destination")
    fed = [each for each in function.mappings if each.source in _BATCHED]
    lost = [each.name for each in fed if not each.reports_items and not each.bisects]
    if lost:
        wanted = "ReportBatchItemFailures or bisectBatchOnFunctionError"
        return fail("one bad item holds up or loses its whole batch", found=f"mapping {shown(lost)}", wanted=wanted)
    return PASS if fed or function.kept else not_applicable("whoever invokes the function waits for its answer")
