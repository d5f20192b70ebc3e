"""Every component once, with the arguments that it demands and nothing else; each stands alone in its subtree."""

import sys
from ipaddress import IPv4Network
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[4] / "infra"))

import pulumi_aws as aws

from components.access_log_bucket import AccessLogBucket, AccessLogBucketArgs
from components.alarm_table import distribution_alarms
from components.alarm_topic import AlarmTopic, AlarmTopicArgs
from components.alarms import Alarms, AlarmsArgs
from components.audit_events import AuditEvents, AuditEventsArgs
from components.backup_plan import BackupPlan, BackupPlanArgs
from components.backup_vault import BackupVault, BackupVaultArgs
from components.balancer_log_bucket import BalancerLogBucket, BalancerLogBucketArgs
from components.blue_green_route import BlueGreenRoute, BlueGreenRouteArgs
from components.bucket import Bucket, BucketArgs
from components.config_recorder import ConfigRecorder, ConfigRecorderArgs
from components.config_rules import NETWORK_RULES, ConfigRules, ConfigRulesArgs
from components.connection_secret import ConnectionSecret, ConnectionSecretArgs
from components.container import Container
from components.container_cluster import ContainerCluster, ContainerClusterArgs
from components.database import Capacity, Database, DatabaseArgs, Insights
from components.delivered_log_group import DeliveredLogGroup, DeliveredLogGroupArgs, delivery_policy
from components.distribution import Balancer, Distribution, DistributionArgs
from components.distribution_log import DistributionLog, DistributionLogArgs
from components.distribution_origins import OriginSecret
from components.fargate_service import Deployer, FargateService, FargateServiceArgs
from components.flow_log import FlowLog, FlowLogArgs
from components.identity_policy import allow
from components.image_gate import ImageGate, ImageGateArgs
from components.key import EncryptionKey, EncryptionKeyArgs
from components.key_policy import used_through
from components.lifecycle import Lifecycle
from components.load_balancer import LoadBalancer, LoadBalancerArgs
from components.log_group import LogGroup, LogGroupArgs
from components.names import Names
from components.nat import NatGateways, NatGatewaysArgs, NatStrategy
from components.network import Network, NetworkArgs
from components.origin_header import HEADER, OriginHeader, OriginHeaderArgs
from components.parameters import Parameters, ParametersArgs
from components.place import Place
from components.placeholder_certificate import PlaceholderCertificate, PlaceholderCertificateArgs
from components.repository import Repository, RepositoryArgs
from components.restore_test import RestoreTest, RestoreTestArgs
from components.security_groups import Flow, PrefixList, SecurityGroups, SecurityGroupsArgs
from components.served_bucket_policy import ServedBucketPolicy, ServedBucketPolicyArgs
from components.service_role import ServiceRole, ServiceRoleArgs
from components.service_scaling import ServiceScaling, ServiceScalingArgs
from components.tags import DataClass, Ownership, tag_every_resource
from components.threat_detection import ThreatDetection, ThreatDetectionArgs
from components.trace_sampling import TraceSampling, TraceSamplingArgs
from components.vpc_endpoints import VpcEndpoints, VpcEndpointsArgs
from components.vulnerability_scanning import VulnerabilityScanning, VulnerabilityScanningArgs
from components.web_acl import Scope, WebAcl, WebAclArgs

tag_every_resource(Ownership(environment="prod", owner="ledger", cost_center="cc-1", project="ledger").tags)

NAMES = Names(system="ledger", suffix="lgprod")
PLACE = Place(partition="aws", account_id="444455556666", region="us-east-1")
HERE = {"names": NAMES, "region": PLACE.region}
THERE = {"names": NAMES, "place": PLACE}
KEY = PLACE.arn("kms", "key/1a2b3c4d-0000-4000-8000-00000000000a")
CERTIFICATE = PLACE.arn("acm", "certificate/1a2b3c4d-0000-4000-8000-00000000000b")
BALANCER = PLACE.arn("elasticloadbalancing", "loadbalancer/app/ledger/0123456789abcdef")
DISTRIBUTION = PLACE.global_arn("cloudfront", "distribution/E1ABCDEFGHIJKL")
VPC, GROUP = "vpc-0123456789abcdef0", "sg-0123456789abcdef0"
ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")
SUBNETS = [f"subnet-0123456789abcdef{position}" for position in range(len(ZONES))]
SEVEN_YEARS = 2557
KEPT = Lifecycle(noncurrent_days=SEVEN_YEARS, expire_days=SEVEN_YEARS)
RECORD = {"key_arn": KEY, "retention_days": SEVEN_YEARS}


def role_arn(name):
    return f"arn:aws:iam::{PLACE.account_id}:role/{name}"


def bucket(name, **more):
    args = BucketArgs(
        bucket=f"ledger-{name}-lgprod",
        place=PLACE,
        purpose="statements",
        data_class=DataClass.CONFIDENTIAL,
        key_arn=KEY,
        access_log_bucket="ledger-access-logs-lgprod",
        lifecycle=KEPT,
        **more,
    )
    return Bucket(name, args)


def role(name, service, statements):
    args = ServiceRoleArgs(
        **THERE, kind=name, description=name, service=service, source=PLACE.arn("ecs", "*"), statements=statements
    )
    return ServiceRole(name, args)


AccessLogBucket(
    "access-log-bucket",
    AccessLogBucketArgs(bucket="ledger-access-logs-lgprod", place=PLACE, sources=["ledger-a-lgprod"], lifecycle=KEPT),
)
AlarmTopic("alarm-topic", AlarmTopicArgs(**THERE, key_arn=KEY))
Alarms("alarms", AlarmsArgs(**HERE, topic_arn=PLACE.arn("sns", "ledger"), alarms=distribution_alarms("E1ABCDEFGHIJKL")))
AuditEvents("audit-events", AuditEventsArgs(**THERE, **RECORD))
BackupPlan(
    "backup-plan",
    BackupPlanArgs(
        **HERE,
        vault="ledger-backup-lgprod",
        copy_vault_arn="arn:aws:backup:us-west-2:444455556666:backup-vault:ledger-backup-lgprod",
        keep_days=SEVEN_YEARS,
        role_arn=role_arn("backup"),
        resource_arn=PLACE.arn("rds", "cluster:ledger"),
    ),
)
BackupVault(
    "backup-vault",
    BackupVaultArgs(**THERE, kind="backup", data_class=DataClass.CARDHOLDER, key_arn=KEY, exempt=[]),
)
log_bucket = BalancerLogBucket(
    "balancer-log-bucket",
    BalancerLogBucketArgs(
        bucket="ledger-balancer-logs-lgprod",
        place=PLACE,
        access_log_bucket="ledger-access-logs-lgprod",
        lifecycle=KEPT,
    ),
)
route = BlueGreenRoute(
    "blue-green-route",
    BlueGreenRouteArgs(
        **HERE,
        service="api",
        vpc_id=VPC,
        listener_arn=PLACE.arn("elasticloadbalancing", "listener/app/ledger/0123456789abcdef/0123456789abcdef"),
        priority=1,
        paths=["/api/*"],
        header=HEADER,
        accepted=["first", "second"],
        port=8443,
        health_path="/",
    ),
)
bucket("bucket")
ConfigRecorder("config-recorder", ConfigRecorderArgs(**THERE, bucket="ledger-config-logs-lgprod", key_arn=KEY))
ConfigRules("config-rules", ConfigRulesArgs(**HERE, rules=NETWORK_RULES))
ConnectionSecret("connection-secret", ConnectionSecretArgs(**HERE, kind="connection", key_arn=KEY, details={"port": 1}))
ContainerCluster(
    "container-cluster", ContainerClusterArgs(**HERE, key_arn=KEY, log_key_arn=KEY, log_retention_days=SEVEN_YEARS)
)
Database(
    "database",
    DatabaseArgs(
        **THERE,
        key_arn=KEY,
        log_key_arn=KEY,
        subnet_ids=SUBNETS,
        zones=ZONES,
        security_group_id=GROUP,
        database="ledger",
        instance_class="db.serverless",
        capacity=Capacity(lowest=1, highest=4),
        backup_days=35,
        log_retention_days=SEVEN_YEARS,
        slow_query_ms=1000,
        insights=Insights.ADVANCED,
    ),
)
DeliveredLogGroup(
    "delivered-log-group",
    DeliveredLogGroupArgs(
        place=PLACE,
        group="/ledger/delivered-lgprod",
        policy_name="ledger-delivered-lgprod",
        policy=delivery_policy(PLACE, "/ledger/delivered-lgprod"),
        data_class=DataClass.CONFIDENTIAL,
        **RECORD,
    ),
)
Distribution(
    "distribution",
    DistributionArgs(
        names=NAMES,
        domains=["ledger.example.com"],
        certificate_arn=CERTIFICATE,
        web_acl_arn=PLACE.arn("wafv2", "global/webacl/ledger/1a2b3c4d-0000-4000-8000-00000000000c"),
        balancer=Balancer(
            arn=BALANCER,
            host="internal-ledger-1.us-east-1.elb.amazonaws.com",
            internal=True,
            secret=OriginSecret(header=HEADER, value="first"),
        ),
        asset_host="ledger-static-lgprod.s3.us-east-1.amazonaws.com",
        price_class="PriceClass_100",
        countries=[],
    ),
)
DistributionLog("distribution-log", DistributionLogArgs(**THERE, distribution_arn=DISTRIBUTION, **RECORD))
gate = ImageGate(
    "image-gate",
    ImageGateArgs(
        **THERE,
        key_arn=KEY,
        log_key_arn=KEY,
        log_retention_days=SEVEN_YEARS,
        subnet_ids=SUBNETS,
        security_group_id=GROUP,
        repositories=["ledger-api-lgprod"],
    ),
)
FargateService(
    "fargate-service",
    FargateServiceArgs(
        **HERE,
        kind="api",
        cluster_arn=PLACE.arn("ecs", "cluster/ledger-cluster-lgprod"),
        container=Container(
            name="api",
            image=f"444455556666.dkr.ecr.us-east-1.amazonaws.com/ledger-api-lgprod@sha256:{'0' * 64}",
            port=8443,
            user="1000:1000",
        ),
        log_group="/ledger/ledger-application-lgprod",
        task_role=role("task", "ecs-tasks", [allow("Read", ["s3:GetObject"], "arn:aws:s3:::ledger-a-lgprod/*")]),
        execution_role=role("start", "ecs-tasks", [allow("Token", ["ecr:GetAuthorizationToken"], "*")]),
        subnet_ids=SUBNETS,
        security_group_id=GROUP,
        route=route,
        deployer=Deployer(
            traffic=role("traffic", "ecs", [allow("Move", ["elasticloadbalancing:ModifyRule"], BALANCER)]), gate=gate
        ),
    ),
)
FlowLog("flow-log", FlowLogArgs(**THERE, vpc_id=VPC, **RECORD))
EncryptionKey("encryption-key", EncryptionKeyArgs(**THERE, purpose="ledger", uses=used_through(PLACE, "s3")))
LoadBalancer(
    "load-balancer",
    LoadBalancerArgs(
        **HERE,
        internal=True,
        subnet_ids=SUBNETS,
        security_group_id=GROUP,
        certificate_arn=CERTIFICATE,
        log_bucket=log_bucket,
    ),
)
LogGroup(
    "log-group",
    LogGroupArgs(
        name="/ledger/ledger-application-lgprod",
        region=PLACE.region,
        data_class=DataClass.CONFIDENTIAL,
        **RECORD,
    ),
)
Network("network", NetworkArgs(**HERE, cidr=IPv4Network("10.0.0.0/16"), zones=ZONES))
NatGateways(
    "nat-gateways",
    NatGatewaysArgs(
        **HERE,
        strategy=NatStrategy.PER_ZONE,
        vpc_id=VPC,
        public_subnet_ids=dict(zip(ZONES, SUBNETS)),
        internet_gateway=aws.ec2.InternetGateway("gateway", vpc_id=VPC),
    ),
)
OriginHeader("origin-header", OriginHeaderArgs(generation=1))
Parameters("parameters", ParametersArgs(**HERE, key_arn=KEY, values={"log-level": "info"}))
PlaceholderCertificate(
    "placeholder-certificate", PlaceholderCertificateArgs(region=PLACE.region, domain="ledger.invalid")
)
Repository("repository", RepositoryArgs(**HERE, service="api", key_arn=KEY))
RestoreTest(
    "restore-test",
    RestoreTestArgs(
        **HERE,
        vault_arn=PLACE.arn("backup", "backup-vault:ledger-backup-lgprod"),
        role_arn=role_arn("restore"),
        cluster_arn=PLACE.arn("rds", "cluster:ledger"),
        subnet_group="ledger-database-lgprod",
    ),
)
SecurityGroups(
    "security-groups",
    SecurityGroupsArgs(
        **HERE,
        vpc_id=VPC,
        groups={"balancer": "Load balancer", "api": "Tasks"},
        flows=[
            Flow(PrefixList("cloudfront", "pl-0123456789abcdef0"), "balancer", 443, "HTTPS from CloudFront"),
            Flow("balancer", "api", 8443, "API calls"),
        ],
    ),
)
ServedBucketPolicy(
    "served-bucket-policy",
    ServedBucketPolicyArgs(place=PLACE, bucket=bucket("served-bucket", served=True), distribution_arn=DISTRIBUTION),
)
ServiceScaling(
    "service-scaling",
    ServiceScalingArgs(
        **HERE, kind="api", cluster="ledger-cluster-lgprod", service="ledger-api-lgprod", fewest=3, most=6
    ),
)
ThreatDetection("threat-detection", ThreatDetectionArgs(region=PLACE.region))
TraceSampling("trace-sampling", TraceSamplingArgs(**HERE, rate=0.05))
VpcEndpoints(
    "vpc-endpoints",
    VpcEndpointsArgs(
        **THERE,
        vpc_id=VPC,
        vpc_cidr="10.0.0.0/16",
        subnet_ids=SUBNETS,
        route_table_ids=["rtb-0123456789abcdef0"],
        services=["ecs"],
    ),
)
VulnerabilityScanning("vulnerability-scanning", VulnerabilityScanningArgs(place=PLACE))
WebAcl("web-acl", WebAclArgs(**THERE, scope=Scope.CLOUDFRONT, kind="edge", requests_per_minute=1000, **RECORD))
