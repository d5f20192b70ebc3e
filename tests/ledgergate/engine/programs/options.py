import pulumi
import pulumi_aws as aws


def refuse(_args):
    raise RuntimeError("a hook was run")


hook = pulumi.ResourceHook("refuse", refuse, opts=pulumi.ResourceHookOptions(on_dry_run=True))
bucket = aws.s3.Bucket(
    "bucket",
    opts=pulumi.ResourceOptions(
        aliases=[pulumi.Alias(name="before"), "urn:pulumi:dev::program::aws:s3/bucket:Bucket::older"],
        protect=True,
        retain_on_delete=True,
        ignore_changes=["tags"],
        delete_before_replace=True,
        replace_on_changes=["bucket"],
        custom_timeouts=pulumi.CustomTimeouts(create="1h30m"),
        additional_secret_outputs=["websiteDomain"],
        hooks=pulumi.ResourceHookBinding(before_create=[hook]),
    ),
)
queue = aws.sqs.Queue("queue", opts=pulumi.ResourceOptions(depends_on=[bucket], deleted_with=bucket))
secret = pulumi.Output.secret("correct horse")
aws.ssm.Parameter("parameter", type="SecureString", value=pulumi.Output.concat("v:", secret))
aws.ssm.Parameter("unsealed", type="String", value=pulumi.Output.unsecret(secret))
pulumi.export("secret", secret)
