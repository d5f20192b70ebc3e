"""Resources that others need, and that some changes are about."""

from tests.integration.sandbox.stacks import Wanted

VPC = Wanted("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"}, "vpc")
OTHER_VPC = Wanted(VPC.type, {"cidrBlock": "10.1.0.0/16"}, "other")
SUBNETS = tuple(
    Wanted(
        "aws:ec2/subnet:Subnet",
        {"vpcId": "$vpc.id", "cidrBlock": f"10.0.{n}.0/24", "availabilityZone": f"us-east-1{'abc'[n]}"},
        f"subnet-{n}",
    )
    for n in range(3)
)
GROUP = Wanted("aws:ec2/securityGroup:SecurityGroup", {"vpcId": "$vpc.id", "name": "first"}, "group")
OTHER_GROUP = Wanted(GROUP.type, {"vpcId": "$vpc.id", "name": "second"}, "other-group")
TABLE = Wanted("aws:ec2/routeTable:RouteTable", {"vpcId": "$vpc.id"}, "table")
INTERNET = Wanted("aws:ec2/internetGateway:InternetGateway", {"vpcId": "$vpc.id"}, "internet")
ADDRESS = Wanted("aws:ec2/eip:Eip", {"domain": "vpc"}, "address")
NAT = Wanted("aws:ec2/natGateway:NatGateway", {"subnetId": "$subnet-0.id", "allocationId": "$address.id"}, "nat")
KEY = Wanted("aws:kms/key:Key", {}, "key")
OTHER_KEY = Wanted(KEY.type, {}, "other-key")
BUCKET = Wanted(
    "aws:s3/bucket:Bucket", {"bucket": "the-bucket", "objectLockEnabled": True, "forceDestroy": True}, "bucket"
)
ROLE = Wanted("aws:iam/role:Role", {"name": "role", "assumeRolePolicy": "{}"}, "role")
LOGS = Wanted("aws:cloudwatch/logGroup:LogGroup", {"name": "/flow"}, "logs")
SUBNET_GROUP = Wanted("aws:rds/subnetGroup:SubnetGroup", {"name": "data", "subnetIds": ["$subnet-0.id"]}, "subnets")
PARAMETERS = Wanted(
    "aws:rds/clusterParameterGroup:ClusterParameterGroup", {"name": "first", "family": "aurora-postgresql17"}, "first"
)
OTHER_PARAMETERS = Wanted(PARAMETERS.type, {"name": "second", "family": "aurora-postgresql17"}, "second")
INSTANCE_PARAMETERS = Wanted(
    "aws:rds/parameterGroup:ParameterGroup", {"name": "alone", "family": "postgres17"}, "instance-parameters"
)
DATABASE = {"engine": "aurora-postgresql", "engineVersion": "17.4"}
CLUSTER = Wanted(
    "aws:rds/cluster:Cluster",
    {
        **DATABASE,
        "clusterIdentifier": "cluster",
        "masterUsername": "owner",
        "masterPassword": "not-a-real-one",
        "skipFinalSnapshot": True,
    },
    "cluster",
)
NETWORK = (VPC, *SUBNETS)
