import base64

import pulumi
import pulumi_aws as aws

cluster = aws.eks.Cluster(
    "cluster", role_arn="arn:aws:iam::123456789012:role/eks", vpc_config={"subnet_ids": ["subnet-1", "subnet-2"]}
)
certificate = cluster.certificate_authority.data.apply(lambda data: base64.b64decode(data, validate=True).decode())
aws.ssm.Parameter("certificate", type="String", value=certificate)
