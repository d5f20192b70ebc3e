"""Tags of stores, messages, secrets and what watches them, listed by their own services."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.readers.acm import KEY_TYPES
from integration.readers.backup_choices import plans
from integration.readers.batches import batches
from integration.readers.sqs import queue_pages
from integration.readers.tag_lists import Listed, Row, Tags, from_map, told
from integration.readers.tags import mapped_tags
from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import CallFailedError, Cause, Failure
from integration.scanning.observed import Place

_TABLES: Final = Paging("ExclusiveStartTableName", ("TableNames",), answered="LastEvaluatedTableName")
_TAGS: Final = Paging("NextToken", ("Tags",))
_TOPICS: Final = Paging("NextToken", ("Topics",))
_SYSTEMS: Final = Paging("Marker", ("FileSystems",), answered="NextMarker")
_SECRETS: Final = Paging("NextToken", ("SecretList",))
_PARAMETERS: Final = Paging("NextToken", ("Parameters",))
_REPLICATION_GROUPS: Final = Paging("Marker", ("ReplicationGroups",))
_CACHES: Final = Paging("Marker", ("CacheClusters",))
_CLUSTERS: Final = Paging("Marker", ("Clusters",))
_POOLS: Final = Paging("NextToken", ("UserPools",))
_REPOSITORIES: Final = Paging("nextToken", ("repositories",))
_CERTIFICATES: Final = Paging("NextToken", ("CertificateSummaryList",))
_DETECTORS: Final = Paging("NextToken", ("DetectorIds",))
_ALARMS: Final = Paging("NextToken", ("MetricAlarms", "CompositeAlarms"))
_VAULTS: Final = Paging("NextToken", ("BackupVaultList",))
_OF_POLICIES: Final = re.compile(r"TargetTracking-.+-Alarm(High|Low)-[0-9a-f-]{36}")
"""How the alarms of target tracking policies are called. Source: target tracking, Application Auto Scaling user guide,
read 2026-11-30."""
_TRAILS: Final = 20
"""Trails that one call tells the tags of. Source: ListTags, CloudTrail API reference, read 2026-11-30."""


def _tables(place: Place, desk: Desk) -> Iterator[Listed]:
    for page in desk.pages(_TABLES, desk.aws.dynamodb.list_tables):
        for name in page["TableNames"]:
            arn = place.arn("dynamodb", f"table/{name}")
            yield arn, partial(_of_table, arn)


def _of_table(arn: str, desk: Desk) -> Tags:
    pages = desk.every(_TAGS, desk.aws.dynamodb.list_tags_of_resource, ResourceArn=arn)
    return [tag for page in pages for tag in page["Tags"]]


def _topics(_place: Place, desk: Desk) -> Iterator[Listed]:
    for page in desk.pages(_TOPICS, desk.aws.sns.list_topics):
        for each in page["Topics"]:
            yield each["TopicArn"], partial(_of_topic, each["TopicArn"])


def _of_topic(arn: str, desk: Desk) -> Tags:
    return list(desk.one(desk.aws.sns.list_tags_for_resource, ResourceArn=arn)["Tags"])


def _queues(place: Place, desk: Desk) -> Iterator[Listed]:
    for page in queue_pages(desk):
        for url in page.get("QueueUrls", ()):
            arn = place.arn("sqs", url.rpartition("/")[2])
            yield arn, partial(_of_queue, arn, url)


def _of_queue(arn: str, url: str, desk: Desk) -> Tags:
    found = desk.one(desk.aws.sqs.list_queue_tags, QueueUrl=url)
    asked = desk.calls[-1]
    # SQS leaves out the tags of a queue that has none, which looks like an answer that nobody could read.
    if "Tags" not in found and mapped_tags(desk).get(arn):
        raise CallFailedError(Failure(asked, Cause.UNPARSABLE, "it has tags after all"))
    return from_map(found.get("Tags", {}))


def _file_systems(_place: Place, desk: Desk) -> Iterator[Listed]:
    for page in desk.pages(_SYSTEMS, desk.aws.efs.describe_file_systems):
        for each in page["FileSystems"]:
            yield each["FileSystemArn"], told(each["Tags"])


def _secrets(place: Place, desk: Desk) -> Iterator[Listed]:
    for page in desk.pages(_SECRETS, desk.aws.secretsmanager.list_secrets):
        for each in page["SecretList"]:
            # A copy has the tags of what it is copied from; what a service keeps comes and goes with its resource.
            if each.get("PrimaryRegion", place.region) == place.region and not each.get("OwningService"):
                yield each["ARN"], told(each.get("Tags", ()))


def _parameters(place: Place, desk: Desk) -> Iterator[Listed]:
    for page in desk.pages(_PARAMETERS, desk.aws.ssm.describe_parameters):
        for each in page["Parameters"]:
            arn = place.arn("ssm", f"parameter/{each['Name'].removeprefix('/')}")
            yield arn, partial(_of_parameter, each["Name"])


def _of_parameter(name: str, desk: Desk) -> Tags:
    asked = {"ResourceType": "Parameter", "ResourceId": name}
    return list(desk.one(desk.aws.ssm.list_tags_for_resource, **asked)["TagList"])


def _replication_groups(_place: Place, desk: Desk) -> Iterator[Listed]:
    for page in desk.pages(_REPLICATION_GROUPS, desk.aws.elasticache.describe_replication_groups):
        for each in page["ReplicationGroups"]:
            yield each["ARN"], partial(_of_cache, each["ARN"])


def _caches(_place: Place, desk: Desk) -> Iterator[Listed]:
    for page in desk.pages(_CACHES, desk.aws.elasticache.describe_cache_clusters):
        for each in page["CacheClusters"]:
            # One of a replication group is made with it, and has its tags.
            if not each.get("ReplicationGroupId"):
                yield each["ARN"], partial(_of_cache, each["ARN"])


def _of_cache(arn: str, desk: Desk) -> Tags:
    return list(desk.one(desk.aws.elasticache.list_tags_for_resource, ResourceName=arn)["TagList"])


def _warehouses(place: Place, desk: Desk) -> Iterator[Listed]:
    for page in desk.pages(_CLUSTERS, desk.aws.redshift.describe_clusters):
        for each in page["Clusters"]:
            yield place.arn("redshift", f"cluster:{each['ClusterIdentifier']}"), told(each["Tags"])


def _pools(place: Place, desk: Desk) -> Iterator[Listed]:
    for page in desk.pages(_POOLS, desk.aws.cognito.list_user_pools, MaxResults=60):
        for each in page["UserPools"]:
            yield place.arn("cognito-idp", f"userpool/{each['Id']}"), partial(_of_pool, each["Id"])


def _of_pool(pool: str, desk: Desk) -> Tags:
    return from_map(desk.one(desk.aws.cognito.describe_user_pool, UserPoolId=pool)["UserPool"].get("UserPoolTags", {}))


def _repositories(_place: Place, desk: Desk) -> Iterator[Listed]:
    for page in desk.pages(_REPOSITORIES, desk.aws.ecr.describe_repositories, maxResults=1_000):
        for each in page["repositories"]:
            yield each["repositoryArn"], partial(_of_repository, each["repositoryArn"])


def _of_repository(arn: str, desk: Desk) -> Tags:
    return list(desk.one(desk.aws.ecr.list_tags_for_resource, resourceArn=arn)["tags"])


def _certificates(_place: Place, desk: Desk) -> Iterator[Listed]:
    included = {"keyTypes": [*KEY_TYPES]}
    for page in desk.pages(_CERTIFICATES, desk.aws.acm.list_certificates, Includes=included):
        for each in page["CertificateSummaryList"]:
            yield each["CertificateArn"], partial(_of_certificate, each["CertificateArn"])


def _of_certificate(arn: str, desk: Desk) -> Tags:
    return list(desk.one(desk.aws.acm.list_tags_for_certificate, CertificateArn=arn)["Tags"])


def _detectors(place: Place, desk: Desk) -> Iterator[Listed]:
    for page in desk.pages(_DETECTORS, desk.aws.guardduty.list_detectors):
        for each in page["DetectorIds"]:
            yield place.arn("guardduty", f"detector/{each}"), partial(_of_detector, each)


def _of_detector(detector: str, desk: Desk) -> Tags:
    found = desk.one(desk.aws.guardduty.get_detector, DetectorId=detector)
    # What has no state is no detector, and not one without tags.
    _ = found["Status"]
    return from_map(found.get("Tags", {}))


def _alarms(member: str, _place: Place, desk: Desk) -> Iterator[Listed]:
    kinds = ["MetricAlarm", "CompositeAlarm"]
    for page in desk.pages(_ALARMS, desk.aws.cloudwatch.describe_alarms, AlarmTypes=kinds):
        for each in page[member]:
            if not _follows_target(each):
                yield each["AlarmArn"], partial(_of_alarm, each["AlarmArn"])


def _follows_target(alarm: Mapping[str, Any]) -> bool:
    """Tell whether a scaling policy made an alarm for itself, which comes and goes with it and nobody may edit."""
    actions = alarm["AlarmActions"]
    of_policies = bool(actions) and all(":scalingPolicy:" in each for each in actions)
    return of_policies and _OF_POLICIES.fullmatch(alarm["AlarmName"]) is not None


def _of_alarm(arn: str, desk: Desk) -> Tags:
    return list(desk.one(desk.aws.cloudwatch.list_tags_for_resource, ResourceARN=arn)["Tags"])


def _trails(place: Place, desk: Desk) -> Iterator[Listed]:
    listed = desk.one(desk.aws.cloudtrail.describe_trails, includeShadowTrails=False)["trailList"]
    # The trail of an organisation is tagged in the account that made it.
    own = [each["TrailARN"] for each in listed if f":{place.account}:" in each["TrailARN"]]
    for some in batches(own, _TRAILS):
        found = desk.one(desk.aws.cloudtrail.list_tags, ResourceIdList=some)["ResourceTagList"]
        by_arn = {each["ResourceId"]: each["TagsList"] for each in found}
        yield from ((arn, told(by_arn[arn])) for arn in some)


_OF_AWS: Final = ("Default", "aws/")
"""How the names of vaults and plans begin that AWS Backup makes by itself.

Source: default backup vault, and automatic backups of Amazon EFS, AWS Backup developer guide, read 2026-11-30.
"""


def _vaults(_place: Place, desk: Desk) -> Iterator[Listed]:
    for page in desk.pages(_VAULTS, desk.aws.backup.list_backup_vaults, ByVaultType="BACKUP_VAULT"):
        named = [(each["BackupVaultName"], each["BackupVaultArn"]) for each in page["BackupVaultList"]]
        yield from _of_somebody(named, desk)


def _plans(_place: Place, desk: Desk) -> Iterator[Listed]:
    yield from _of_somebody([(each["BackupPlanName"], each["BackupPlanArn"]) for each in plans(desk)], desk)


def _of_somebody(named: list[tuple[str, str]], desk: Desk) -> Iterator[Listed]:
    """Yield what somebody made, or tagged; what the tagging API does not tell of has no tags."""
    tags = mapped_tags(desk)
    for name, arn in named:
        if tags.get(arn) or not (name == _OF_AWS[0] or name.startswith(_OF_AWS[1])):
            yield arn, told(tags.get(arn, ()))


ROWS: Final = (
    Row("aws:dynamodb/table:Table", "dynamodb", "table/",
        ("dynamodb:ListTables", "dynamodb:ListTagsOfResource"), _tables),
    Row("aws:sns/topic:Topic", "sns", "", ("sns:ListTopics", "sns:ListTagsForResource"), _topics),
    Row("aws:sqs/queue:Queue", "sqs", "",
        ("sqs:ListQueues", "sqs:ListQueueTags", "resourcegroupstaggingapi:GetResources"), _queues),
    Row("aws:efs/fileSystem:FileSystem", "elasticfilesystem", "file-system/",
        ("efs:DescribeFileSystems",), _file_systems),
    Row("aws:secretsmanager/secret:Secret", "secretsmanager", "secret:", ("secretsmanager:ListSecrets",), _secrets),
    Row("aws:ssm/parameter:Parameter", "ssm", "parameter/",
        ("ssm:DescribeParameters", "ssm:ListTagsForResource"), _parameters),
    Row("aws:elasticache/replicationGroup:ReplicationGroup", "elasticache", "replicationgroup:",
        ("elasticache:DescribeReplicationGroups", "elasticache:ListTagsForResource"), _replication_groups),
    Row("aws:elasticache/cluster:Cluster", "elasticache", "cluster:",
        ("elasticache:DescribeCacheClusters", "elasticache:ListTagsForResource"), _caches),
    Row("aws:redshift/cluster:Cluster", "redshift", "cluster:", ("redshift:DescribeClusters",), _warehouses),
    Row("aws:cognito/userPool:UserPool", "cognito-idp", "userpool/",
        ("cognito-idp:ListUserPools", "cognito-idp:DescribeUserPool"), _pools),
    Row("aws:ecr/repository:Repository", "ecr", "repository/",
        ("ecr:DescribeRepositories", "ecr:ListTagsForResource"), _repositories),
    Row("aws:acm/certificate:Certificate", "acm", "certificate/",
        ("acm:ListCertificates", "acm:ListTagsForCertificate"), _certificates),
    Row("aws:guardduty/detector:Detector", "guardduty", "detector/",
        ("guardduty:ListDetectors", "guardduty:GetDetector"), _detectors),
    Row("aws:cloudwatch/metricAlarm:MetricAlarm", "cloudwatch", "alarm:",
        ("cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"), partial(_alarms, "MetricAlarms")),
    Row("aws:cloudwatch/compositeAlarm:CompositeAlarm", "cloudwatch", "alarm:",
        ("cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"), partial(_alarms, "CompositeAlarms")),
    Row("aws:cloudtrail/trail:Trail", "cloudtrail", "trail/",
        ("cloudtrail:DescribeTrails", "cloudtrail:ListTags"), _trails),
    Row("aws:backup/vault:Vault", "backup", "backup-vault:",
        ("backup:ListBackupVaults", "resourcegroupstaggingapi:GetResources"), _vaults),
    Row("aws:backup/plan:Plan", "backup", "backup-plan:",
        ("backup:ListBackupPlans", "resourcegroupstaggingapi:GetResources"), _plans),
)  # fmt: skip
