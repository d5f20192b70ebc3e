import pulumi
import pulumi_aws as aws

bucket = aws.s3.Bucket("bucket")
bucket.arn.apply(lambda _arn: None)
aws.ssm.Parameter(
    "parameter", type="String", value=pulumi.Output.from_input("12 apples").apply(lambda text: str(int(text)))
)
