"""The payment system, one stack for each environment."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

import pulumi
import pulumi_aws as aws
from backup import make_backup
from compute import make_compute
from database import make_database
from edge import make_edge
from monitoring import make_detector, make_monitoring
from network import make_network
from security import make_keys, make_origin_header
from settings import load_settings
from storage import make_buckets

from components.cidr import Tier
from components.place import Place
from components.tags import Ownership, tag_every_resource

settings = load_settings()
ownership = Ownership(
    environment=settings.environment.value,
    owner=settings.owner,
    cost_center=settings.cost_center,
    project=pulumi.get_project(),
)
tag_every_resource(ownership.tags)

place = Place(
    partition=aws.get_partition().partition,
    account_id=aws.get_caller_identity().account_id,
    region=settings.region,
)
keys = make_keys(settings, place)
network = make_network(settings, place, keys.logs)
buckets = make_buckets(settings, place, keys.objects)
database = make_database(settings, place, keys, network)
origin_header = make_origin_header(settings)
compute = make_compute(settings, place, keys, network, buckets, database, origin_header)
edge = make_edge(settings, place, keys, buckets, compute, origin_header)
detector_id = make_detector(settings, place)
make_monitoring(settings, place, keys, buckets, compute, edge)
make_backup(settings, place, keys, database)

pulumi.export("vpcId", network.vpc_id)
pulumi.export("publicSubnetIds", network.subnet_ids[Tier.PUBLIC])
pulumi.export("privateSubnetIds", network.subnet_ids[Tier.PRIVATE])
pulumi.export("clusterEndpoint", database.endpoint)
pulumi.export("clusterReaderEndpoint", database.reader_endpoint)
pulumi.export("cloudFrontUrl", pulumi.Output.concat("https://", edge.host))
pulumi.export("albDnsName", compute.balancer_dns_name)
# A cluster of ECS has no endpoint: its ARN is what its API takes.
pulumi.export("ecsClusterEndpoint", compute.cluster_arn)
pulumi.export("staticBucketName", buckets.static)
pulumi.export("auditBucketName", buckets.audit)
pulumi.export("accessLogBucketName", buckets.access_logs)
pulumi.export("guardDutyDetectorId", detector_id)
