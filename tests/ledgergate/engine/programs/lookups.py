import pulumi
import pulumi_aws as aws

shared = aws.s3.Bucket.get("shared", "acme-shared")
aws.s3.BucketVersioning("versioning", bucket=shared.id, versioning_configuration={"status": "Enabled"})

identity = aws.get_caller_identity()
region = aws.get_region()
zones = aws.get_availability_zones(state="available")
image = aws.ec2.get_ami(most_recent=True, owners=["amazon"])
vpc = aws.ec2.get_vpc_output(default=True)
document = aws.iam.get_policy_document_output(
    statements=[
        aws.iam.GetPolicyDocumentStatementArgs(actions=["s3:GetObject"], resources=[shared.arn.apply("{}/*".format)])
    ]
)
aws.ec2.Instance("host", ami=image.id, instance_type="t4g.micro", availability_zone=zones.names[0])
aws.ec2.SecurityGroup("group", vpc_id=vpc.id, description=f"{identity.account_id} {region.region}")
aws.iam.Policy("reader", policy=document.json)
pulumi.export("dry", pulumi.runtime.is_dry_run())
