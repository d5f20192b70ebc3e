import pulumi
import pulumi_aws as aws


def tagged(args):
    if "tags" in args.props or args.type_.startswith("aws:s3/bucket:"):
        return pulumi.ResourceTransformResult(
            props={**args.props, "tags": {**(args.props.get("tags") or {}), "stack": pulumi.get_stack()}},
            opts=args.opts,
        )
    return None


def protected(args):
    return pulumi.ResourceTransformResult(
        props=args.props, opts=pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=True))
    )


def renamed(args):
    if args.type_ == "aws:sqs/queue:Queue":
        return pulumi.ResourceTransformationResult({**args.props, "name": "by-transformation"}, args.opts)
    return None


async def in_ireland(args):
    return pulumi.InvokeTransformResult(args={**args.args, "name": "by-transform"}, opts=args.opts)


pulumi.runtime.register_stack_transformation(renamed)
pulumi.runtime.register_resource_transform(tagged)
pulumi.runtime.register_invoke_transform(in_ireland)

aws.s3.Bucket("bucket")
aws.s3.Bucket("kept", opts=pulumi.ResourceOptions(transforms=[protected]))
aws.sqs.Queue("queue", tags={"a": "b"})
aws.sns.Topic(
    "topic",
    opts=pulumi.ResourceOptions(
        transformations=[
            lambda args: pulumi.ResourceTransformationResult({**args.props, "display_name": "old style"}, args.opts)
        ]
    ),
)
zone = aws.route53.get_zone_output(name="example.com")
pulumi.export("zone", zone.name)
