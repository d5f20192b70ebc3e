import sys

import pulumi
import pulumi_aws as aws

bucket = aws.s3.Bucket("bucket")
pulumi.log.debug("a debug line")
pulumi.log.info("an info line")
pulumi.log.warn("a warning line", resource=bucket)
pulumi.log.error("an error line that stops nothing")
pulumi.info("short form")
print("on stdout")
print("on stderr", file=sys.stderr)
