"""A small shop as somebody in a hurry wrote it. Every resource here breaks a rule; never deploy it.

Judge it with `python -m policies.gate examples/insecure`.
"""

import json

import pulumi
import pulumi_aws as aws

config = pulumi.Config()
tags = {"Owner": "shop", "Environment": "dev"}

# The network: nobody records its traffic, and every machine gets a public address.
vpc = aws.ec2.Vpc("shop", cidr_block="10.0.0.0/16", tags=tags)
subnets = [
    aws.ec2.Subnet(
        f"shop-{zone}",
        vpc_id=vpc.id,
        cidr_block=f"10.0.{number}.0/24",
        availability_zone=f"us-east-1{zone}",
        map_public_ip_on_launch=True,
        tags=tags,
    )
    for number, zone in enumerate("ab")
]

# "Only the office", but the configuration says that the office is everywhere.
web = aws.ec2.SecurityGroup(
    "web",
    vpc_id=vpc.id,
    description="Web servers",
    ingress=[
        {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["0.0.0.0/0"]},
        {"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": [config.require("officeCidr")]},
    ],
    egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}],
    tags=tags,
)
database_access = aws.ec2.SecurityGroup("database", vpc_id=vpc.id, description="Database", tags=tags)
aws.vpc.SecurityGroupIngressRule(
    "database-from-anywhere",
    security_group_id=database_access.id,
    description="For the reporting tool",
    ip_protocol="tcp",
    from_port=5432,
    to_port=5432,
    cidr_ipv6="::/0",
)

# No public access block, no tags, no companions at all.
uploads = aws.s3.Bucket("uploads")

# Almost: three of four switches, and a policy that hands every object to the world.
reports = aws.s3.Bucket("reports", tags=tags)
aws.s3.BucketPublicAccessBlock(
    "reports",
    bucket=reports.id,
    block_public_acls=True,
    ignore_public_acls=True,
    restrict_public_buckets=True,
)
aws.s3.BucketPolicy(
    "reports",
    bucket=reports.id,
    policy=reports.arn.apply(
        lambda arn: json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{arn}/*"},
                ],
            }
        )
    ),
)

# A key that nobody uses and that never changes.
aws.kms.Key("shop", description="Shop data", tags=tags)

# Not encrypted, reachable from anywhere, its password in the program.
subnet_group = aws.rds.SubnetGroup("orders", subnet_ids=[subnet.id for subnet in subnets], tags=tags)
orders = aws.rds.Cluster(
    "orders",
    engine="aurora-postgresql",
    master_username="postgres",
    master_password="change-me-soon",
    db_subnet_group_name=subnet_group.name,
    vpc_security_group_ids=[database_access.id],
    skip_final_snapshot=True,
    tags=tags,
)
aws.rds.ClusterInstance(
    "orders",
    cluster_identifier=orders.id,
    engine="aurora-postgresql",
    instance_class="db.t3.medium",
    publicly_accessible=True,
    tags=tags,
)

# Encrypted, but with the key that AWS manages for everybody in the account.
aws.rds.Instance(
    "reporting",
    engine="postgres",
    instance_class="db.t3.micro",
    allocated_storage=20,
    username="reporting",
    manage_master_user_password=True,
    storage_encrypted=True,
    db_subnet_group_name=subnet_group.name,
    skip_final_snapshot=True,
    tags=tags,
)

# The policy looks scoped where it starts, and is not where it ends.
worker = aws.iam.Role(
    "worker",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
            ],
        }
    ),
    tags=tags,
)
aws.iam.RolePolicy(
    "worker",
    role=worker.name,
    policy=pulumi.Output.all(uploads.arn, reports.arn).apply(
        lambda arns: json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": [f"{arn}/*" for arn in arns]},
                    {"Effect": "Allow", "Action": "*", "Resource": "*"},
                ],
            }
        )
    ),
)
aws.iam.RolePolicyAttachment("worker", role=worker.name, policy_arn="arn:aws:iam::aws:policy/AdministratorAccess")

pulumi.export("uploads", uploads.bucket)
