import asyncio

import pulumi
import pulumi_aws as aws

bucket = aws.s3.Bucket("bucket")


async def tagged():
    arn = await bucket.arn.future()
    return aws.sqs.Queue("queue", tags={"bucket": arn or "unknown"})


pulumi.export("queue", pulumi.Output.from_input(tagged()).apply(lambda queue: queue.arn))
asyncio.ensure_future(asyncio.sleep(0))
