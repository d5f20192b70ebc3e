import pulumi
import pulumi_aws as aws

ireland = aws.Provider(
    "ireland", region="eu-west-1", default_tags=aws.ProviderDefaultTagsArgs(tags={"Owner": "platform"})
)
virginia = aws.Provider("virginia", region="us-east-1")


class Site(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("acme:web:Site", name, None, opts)
        inside = pulumi.ResourceOptions(parent=self)
        self.bucket = aws.s3.Bucket(f"{name}-bucket", opts=inside)
        self.certificate = aws.acm.Certificate(
            f"{name}-certificate",
            domain_name="example.com",
            opts=pulumi.ResourceOptions(parent=self, provider=virginia),
        )
        Nested(f"{name}-nested", opts=inside)


class Nested(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("acme:web:Nested", name, None, opts)
        aws.sqs.Queue(f"{name}-queue", opts=pulumi.ResourceOptions(parent=self))


Site("mapped", opts=pulumi.ResourceOptions(providers={"aws": ireland}))
Site("listed", opts=pulumi.ResourceOptions(providers=[virginia]))
aws.s3.Bucket("direct", opts=pulumi.ResourceOptions(provider=ireland))
aws.s3.Bucket("default")
