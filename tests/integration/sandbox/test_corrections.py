"""Each correction: what AWS answers, and that moto by itself still answers something else."""

import json
from typing import Any

import boto3
import pytest

from integration.sandbox import Sandbox
from integration.sandbox.corrections import corrected
from integration.sandbox.corrections.registry import corrections, provides
from tests.integration.sandbox.cases import Case, answer, answers


def _bucket(session: boto3.Session) -> Any:
    s3 = session.client("s3")
    s3.create_bucket(Bucket="new-bucket")
    return s3


def _bucket_encryption(session: boto3.Session) -> Any:
    found = _bucket(session).get_bucket_encryption(Bucket="new-bucket")["ServerSideEncryptionConfiguration"]["Rules"]
    return found[0]["ApplyServerSideEncryptionByDefault"]


def _bucket_block(session: boto3.Session) -> Any:
    found = _bucket(session).get_public_access_block(Bucket="new-bucket")["PublicAccessBlockConfiguration"]
    return set(found.values())


def _bucket_ownership(session: boto3.Session) -> Any:
    return _bucket(session).get_bucket_ownership_controls(Bucket="new-bucket")["OwnershipControls"]["Rules"]


def _encryption_after_deletion(session: boto3.Session) -> Any:
    s3 = _bucket(session)
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/mine"}}
    s3.put_bucket_encryption(Bucket="new-bucket", ServerSideEncryptionConfiguration={"Rules": [rule]})
    s3.delete_bucket_encryption(Bucket="new-bucket")
    found = s3.get_bucket_encryption(Bucket="new-bucket")["ServerSideEncryptionConfiguration"]["Rules"]
    return found[0]["ApplyServerSideEncryptionByDefault"]


def _logging_before_policy(session: boto3.Session) -> Any:
    s3 = _bucket(session)
    target = {"TargetBucket": "new-bucket", "TargetPrefix": "log/"}
    s3.put_bucket_logging(Bucket="new-bucket", BucketLoggingStatus={"LoggingEnabled": target})
    return s3.get_bucket_logging(Bucket="new-bucket")["LoggingEnabled"]["TargetPrefix"]


def _public_key(session: boto3.Session) -> Any:
    kms = session.client("kms")
    return kms.get_public_key(KeyId=kms.create_key()["KeyMetadata"]["KeyId"])


def _rotation(session: boto3.Session) -> Any:
    kms = session.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.enable_key_rotation(KeyId=key)
    default = kms.get_key_rotation_status(KeyId=key)
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    return default.get("RotationPeriodInDays"), kms.get_key_rotation_status(KeyId=key).get("RotationPeriodInDays")


def _tagged_arns(session: boto3.Session) -> Any:
    ec2, tags = session.client("ec2"), [{"Key": "a", "Value": "b"}]
    group = ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]
    permission: Any = [{"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]
    made = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=permission)
    lists: Any = ec2.create_managed_prefix_list(PrefixListName="l", MaxEntries=1, AddressFamily="IPv4")
    rule = made["SecurityGroupRules"][0]["SecurityGroupRuleId"]
    tagged: Any = tags
    ec2.create_tags(Resources=[rule, lists["PrefixList"]["PrefixListId"]], Tags=tagged)
    found = session.client("resourcegroupstaggingapi").get_resources()["ResourceTagMappingList"]
    return {each["ResourceARN"].split(":")[5].split("/")[0] for each in found}


def _pages_of_tags(session: boto3.Session) -> Any:
    make: Any = session.client
    for number in range(3):
        make("sqs").create_queue(QueueName=f"q{number}", tags={f"k{each}": "v" for each in range(40)})
    first = make("resourcegroupstaggingapi").get_resources()
    one = make("resourcegroupstaggingapi").get_resources(ResourcesPerPage=2)
    token = one["PaginationToken"]
    again = [make("resourcegroupstaggingapi").get_resources(PaginationToken=token) for _ in range(2)]
    return len(first["ResourceTagMappingList"]), [len(each["ResourceTagMappingList"]) for each in again]


def _tags_of_other_services(session: boto3.Session) -> Any:
    make: Any = session.client
    make("ecr").create_repository(repositoryName="front", tags=[{"Key": "a", "Value": "b"}])
    make("events").put_rule(Name="e", ScheduleExpression="rate(1 day)", Tags=[{"Key": "a", "Value": "b"}])
    rule = {"ConfigRuleName": "c", "Source": {"Owner": "AWS", "SourceIdentifier": "ROOT_ACCOUNT_MFA_ENABLED"}}
    scope = {"ComplianceResourceTypes": ["AWS::EC2::Volume"]}
    make("config").put_config_rule(ConfigRule={**rule, "Scope": scope}, Tags=[{"Key": "a", "Value": "b"}])
    found = make("resourcegroupstaggingapi").get_resources()["ResourceTagMappingList"]
    return {each["ResourceARN"].split(":")[2] for each in found if each["Tags"] == [{"Key": "a", "Value": "b"}]}


def _tags_of_nothing(session: boto3.Session) -> Any:
    iam = session.client("iam")
    return [
        iam.list_mfa_device_tags(SerialNumber="arn:aws:iam::111122223333:mfa/m")["Tags"],
        iam.list_saml_provider_tags(SAMLProviderArn="arn:aws:iam::111122223333:saml-provider/s")["Tags"],
        iam.list_server_certificate_tags(ServerCertificateName="c")["Tags"],
    ]


def _group_key(session: boto3.Session) -> Any:
    logs = session.client("logs")
    logs.create_log_group(logGroupName="/a")
    logs.associate_kms_key(logGroupName="/a", kmsKeyId="arn:key")
    with_key = logs.describe_log_groups()["logGroups"][0].get("kmsKeyId")
    logs.disassociate_kms_key(logGroupName="/a")
    return with_key, logs.describe_log_groups()["logGroups"][0].get("kmsKeyId")


def _key_of_no_group(session: boto3.Session) -> Any:
    return session.client("logs").associate_kms_key(logGroupName="/none", kmsKeyId="arn:key")


def _managed_policy(session: boto3.Session) -> Any:
    arn = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
    return session.client("iam").get_policy(PolicyArn=arn)["Policy"]["Arn"]


def _policy_that_nobody_manages(session: boto3.Session) -> Any:
    return session.client("iam").get_policy(PolicyArn="arn:aws:iam::aws:policy/ViewOnlyAccess")


def _attached_policies(session: boto3.Session) -> Any:
    iam = session.client("iam")
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    iam.create_role(RoleName="r", AssumeRolePolicyDocument="{}")
    iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    iam.create_user(UserName="u")
    iam.attach_user_policy(UserName="u", PolicyArn=arn)
    iam.create_group(GroupName="g")
    iam.attach_group_policy(GroupName="g", PolicyArn=arn)
    return iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"]


def _default_group(session: boto3.Session) -> Any:
    ec2 = session.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    groups = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["SecurityGroups"]
    pairs = groups[0]["IpPermissions"][0]["UserIdGroupPairs"]
    return groups[0]["IpPermissions"][0]["IpProtocol"], [pair["GroupId"] for pair in pairs] == [groups[0]["GroupId"]]


def _endpoint(session: boto3.Session, **settings: Any) -> tuple[Any, str]:
    ec2 = session.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return ec2, ec2.create_vpc_endpoint(VpcId=vpc, **settings)["VpcEndpoint"]["VpcEndpointId"]


def _gateway_names(session: boto3.Session) -> Any:
    ec2, id_ = _endpoint(session, ServiceName="com.amazonaws.us-east-1.s3")
    (found,) = ec2.describe_vpc_endpoints(VpcEndpointIds=[id_])["VpcEndpoints"]
    return found.get("VpcEndpointType"), found["PrivateDnsEnabled"]


def _changed_names(session: boto3.Session) -> Any:
    settings = {"VpcEndpointType": "Interface", "ServiceName": "com.amazonaws.us-east-1.kms"}
    ec2, id_ = _endpoint(session, **settings, PrivateDnsEnabled=True)
    ec2.modify_vpc_endpoint(VpcEndpointId=id_, PrivateDnsEnabled=False)
    return [each["PrivateDnsEnabled"] for each in ec2.describe_vpc_endpoints(VpcEndpointIds=[id_])["VpcEndpoints"]]


def _deleted_endpoint(session: boto3.Session) -> Any:
    ec2, id_ = _endpoint(session, VpcEndpointType="Gateway", ServiceName="com.amazonaws.us-east-1.s3")
    ec2.delete_vpc_endpoints(VpcEndpointIds=[id_])
    return ec2.describe_vpc_endpoints()["VpcEndpoints"]


def _missing_operation(session: boto3.Session) -> Any:
    return session.client("ec2").describe_client_vpn_endpoints()


def _managed_by_aws(session: boto3.Session) -> Any:
    kms = session.client("kms")
    ids = ("alias/aws/rds", kms.create_key()["KeyMetadata"]["KeyId"])
    return [kms.describe_key(KeyId=each)["KeyMetadata"]["KeyManager"] for each in ids]


def _profile_tags(session: boto3.Session) -> Any:
    iam = session.client("iam")
    iam.create_instance_profile(InstanceProfileName="profile", Tags=[{"Key": "a", "Value": "b"}])
    return iam.list_instance_profile_tags(InstanceProfileName="profile")["Tags"]


def _conditional_denial(session: boto3.Session) -> Any:
    s3 = _bucket(session)
    everything = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::new-bucket/*"}
    plain = {**everything, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    s3.put_bucket_policy(Bucket="new-bucket", Policy=json.dumps({"Version": "2012-10-17", "Statement": [plain]}))
    s3.put_object(Bucket="new-bucket", Key="it", Body=b"written")
    return s3.get_object(Bucket="new-bucket", Key="it")["Body"].read()


def _written_rules(session: boto3.Session) -> Any:
    s3 = _bucket(session)
    s3.put_bucket_versioning(Bucket="new-bucket", VersioningConfiguration={"Status": "Enabled"})
    on: Any = {"Status": "Enabled"}
    written: Any = {"DeleteMarkerReplication": on, "SourceSelectionCriteria": {"SseKmsEncryptedObjects": on}}
    plain: Any = {"ID": "a", "Priority": 1, **on, "Destination": {"Bucket": "arn:aws:s3:::other"}}
    rules: Any = [{**plain, **written, "Filter": {"Prefix": ""}}, {**plain, "ID": "b", "Prefix": "old/"}]
    s3.put_bucket_replication(Bucket="new-bucket", ReplicationConfiguration={"Role": "arn:role", "Rules": rules})
    found = s3.get_bucket_replication(Bucket="new-bucket")["ReplicationConfiguration"]["Rules"]
    return [each.get("ID") for each in found if each in rules]


CASES = (
    Case(_written_rules, ["a", "b"], ("S3Response.get_bucket_replication",)),
    Case(_bucket_encryption, {"SSEAlgorithm": "AES256"}, ("FakeBucket.__init__",)),
    Case(_bucket_block, {True}, ("FakeBucket.__init__",)),
    Case(_bucket_ownership, [{"ObjectOwnership": "BucketOwnerEnforced"}], ("FakeBucket.__init__",)),
    Case(_encryption_after_deletion, {"SSEAlgorithm": "AES256"}, ("S3Backend.delete_bucket_encryption",)),
    Case(_logging_before_policy, "log/", ("FakeBucket._log_permissions_enabled_policy",)),
    Case(_rotation, (365, 90), ("KmsResponse.enable_key_rotation", "KmsResponse.get_key_rotation_status")),
    Case(_tagged_arns, {"security-group-rule", "prefix-list"}, ("EC2Backend.iter_tagged_resources",)),
    Case(
        _tags_of_other_services,
        {"config", "ecr", "events"},
        ("ResourceGroupsTaggingAPIBackend.get_resources",),
    ),
    Case(_pages_of_tags, (3, [1, 1]), ("ResourceGroupsTaggingAPIBackend.get_resources",)),
    Case(
        _tags_of_nothing,
        [[], [], []],
        tuple(f"IamResponse.list_{each}_tags" for each in ("mfa_device", "saml_provider", "server_certificate")),
    ),
    Case(_group_key, ("arn:key", None), ("LogsResponse.associate_kms_key", "LogsResponse.disassociate_kms_key")),
    Case(_public_key, "UnsupportedOperationException", ("moto.kms.models.generate_private_key",)),
    Case(_key_of_no_group, "ResourceNotFoundException", ("LogsResponse.associate_kms_key",)),
    Case(_managed_policy, "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess", ("IAMBackend.get_policy",)),
    Case(
        _attached_policies,
        3,
        ("IAMBackend.attach_role_policy", "IAMBackend.attach_user_policy", "IAMBackend.attach_group_policy"),
    ),
    Case(_default_group, ("-1", True), ("EC2Backend.create_vpc",)),
    Case(_gateway_names, ("Gateway", False), ("VPCEndPoint.__init__",)),
    Case(_changed_names, [False], ("VPCs.modify_vpc_endpoint",)),
    Case(_deleted_endpoint, [], ("EC2Backend.delete_vpc_endpoints",)),
    Case(_managed_by_aws, ["AWS", "CUSTOMER"], ("KmsBackend._generate_default_keys",)),
    Case(_profile_tags, [{"Key": "a", "Value": "b"}], ("IamResponse.list_instance_profile_tags",)),
    Case(_conditional_denial, b"written", ("FakeBucket.get_permission",)),
    Case(_missing_operation, "501", ("BotocoreStubber.process_request",)),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.probe.__name__.strip("_"))
def test_the_sandbox_answers_as_aws_and_moto_does_not(case: Case) -> None:
    """With the correction the answer is that of AWS; without it, it is not, or the correction could go."""
    sandbox, moto = answers(case)
    assert sandbox == case.aws
    assert moto != case.aws


def test_a_policy_under_another_path_is_not_there(sandbox: Sandbox) -> None:
    """A managed policy is found by its whole ARN, not by its name alone."""
    case = Case(_policy_that_nobody_manages, "NoSuchEntity", ())
    assert answer(case, sandbox.session()) == case.aws


def test_every_correction_has_a_case() -> None:
    """No correction is without a test, and each says what AWS does and where that is written."""
    from tests.integration.sandbox.test_corrections_account import CASES as OF_ACCOUNTS
    from tests.integration.sandbox.test_corrections_containers import CASES as OF_CONTAINERS
    from tests.integration.sandbox.test_corrections_edge import CASES as OF_EDGE
    from tests.integration.sandbox.test_corrections_networks import CASES as OF_NETWORKS
    from tests.integration.sandbox.test_corrections_rds import CASES as OF_DATABASES
    from tests.integration.sandbox.test_corrections_serverless import CASES as OF_FUNCTIONS
    from tests.integration.sandbox.test_corrections_services import CASES as OF_SERVICES

    with corrected():
        known = corrections()
    tables = (CASES, OF_ACCOUNTS, OF_CONTAINERS, OF_DATABASES, OF_EDGE, OF_FUNCTIONS, OF_NETWORKS, OF_SERVICES)
    covered = {name for cases in tables for case in cases for name in case.covers}
    assert {f"{each.owner.__name__}.{each.name}" for each in known} == covered
    assert all(each.fact and each.source for each in known)


def test_nothing_stays_corrected() -> None:
    """Once a sandbox is closed, moto is as it was: other tests use it."""
    with Sandbox.in_process():
        pass
    left = [each.name for each in corrections() if vars(each.owner).get(each.name) is each.replacement]
    assert left == []


def test_a_substitute_for_what_moto_has_is_refused() -> None:
    """A method that moto has must be wrapped, so that nobody loses it."""
    with pytest.raises(TypeError, match="exists: delete its substitute"):
        provides(dict, "keys", fact="-", source="-")
