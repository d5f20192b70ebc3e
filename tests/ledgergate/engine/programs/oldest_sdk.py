import json

import pulumi
import pulumi_aws as aws

config = pulumi.Config()
provider = aws.Provider(
    "provider", region="eu-west-1", default_tags=aws.ProviderDefaultTagsArgs(tags={"Owner": "platform"})
)


class App(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("acme:app:App", name, None, opts)
        inside = pulumi.ResourceOptions(parent=self, protect=True)
        self.bucket = aws.s3.BucketV2("bucket", tags={"a": "b"}, opts=inside)
        self.register_outputs({"bucket": self.bucket.id})


def transformed(args):
    if args.type_ == "aws:sqs/queue:Queue":
        return pulumi.ResourceTransformationResult({**args.props, "name": "by-transformation"}, args.opts)
    return None


def transform(args):
    if args.type_ == "aws:sns/topic:Topic":
        return pulumi.ResourceTransformResult({**args.props, "displayName": "by-transform"}, args.opts)
    return None


pulumi.runtime.register_stack_transformation(transformed)
older = not hasattr(pulumi.runtime, "register_stack_transform")
(pulumi.runtime.x_register_stack_transform if older else pulumi.runtime.register_stack_transform)(transform)
app = App("app", opts=pulumi.ResourceOptions(providers={"aws": provider}))
aws.sqs.Queue("queue", opts=pulumi.ResourceOptions(depends_on=[app], aliases=[pulumi.Alias(name="before")]))
aws.sns.Topic("topic")
shared = aws.s3.BucketV2.get("shared", "acme-shared")
document = aws.iam.get_policy_document_output(
    statements=[aws.iam.GetPolicyDocumentStatementArgs(actions=["s3:GetObject"], resources=[app.bucket.arn])]
)
policy = app.bucket.arn.apply(lambda arn: json.dumps({"Statement": [{"Resource": f"{arn}/*"}]}))
aws.s3.BucketPolicy("policy", bucket=app.bucket.id, policy=policy)
aws.iam.Policy("reader", policy=document.json)
aws.rds.Instance("database", instance_class="db.t4g.micro", password=config.require_secret("password"))
region = aws.get_region()
pulumi.log.info("an info line")
pulumi.export("dry", pulumi.runtime.is_dry_run())
pulumi.export("read", shared.bucket)
