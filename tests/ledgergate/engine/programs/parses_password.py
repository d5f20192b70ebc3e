import pulumi_aws as aws
import pulumi_random as random


def checked(text):
    if len(text) != 24:
        raise ValueError("a password of 24 signs was asked for")
    return text


password = random.RandomPassword("password", length=24)
bucket = aws.s3.Bucket("bucket")
aws.ssm.Parameter("password", type="SecureString", value=password.result.apply(checked))
aws.ssm.Parameter("arn", type="String", value=bucket.arn)
