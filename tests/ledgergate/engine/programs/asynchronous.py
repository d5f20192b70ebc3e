import asyncio
import time

import pulumi
import pulumi_aws as aws


async def later():
    await asyncio.sleep(0.01)
    return aws.s3.Bucket("later")


async def main():
    task = asyncio.create_task(later())
    slow = await asyncio.to_thread(lambda: time.monotonic() and "from a thread")
    bucket = await task
    name = await bucket.bucket.future()
    topic = aws.sns.Topic("topic", display_name=slow)
    aws.sqs.Queue("queue", tags={"bucket": name or "unknown"})
    return {"topic": topic.arn, "slow": slow}


pulumi.run(main)
