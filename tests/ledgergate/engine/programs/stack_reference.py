import pulumi
import pulumi_aws as aws

network = pulumi.StackReference("acme/network/prod")
aws.ec2.Instance(
    "host",
    instance_type="t4g.micro",
    subnet_id=network.get_output("subnet"),
    user_data=network.require_output("token"),
)
pulumi.export("absent", network.get_output("absent").apply(lambda value: value is None))
