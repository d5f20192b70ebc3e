"""A small account in a sandbox, made by hand: one of everything that a scan reads, and scans of it."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import boto3
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from integration.readers import READINGS, operations_for
from integration.scanning.asker import Asker, Line, LiveLine
from integration.scanning.calls import Call
from integration.scanning.judging import Audit
from integration.scanning.limits import Limits
from integration.scanning.observed import Observed, Place, Reading, Unread
from integration.scanning.outcome import Outcome
from integration.scanning.scan import Carrier, first_tasks, places_of, scan
from integration.session import Connections, patience
from ledgergate.finding import Finding
from policies.catalogue import load_catalogue
from policies.settings import Settings

ACCOUNT: Final = "111122223333"
REGION: Final = "us-east-1"
SETTINGS: Final = Settings(project_tag="x")
_TELLING: Final = {"Environment": "dev", "ManagedBy": "Pulumi"}
TAGS: Final = [{"Key": key, "Value": _TELLING.get(key, "x")} for key in SETTINGS.required_tags]
STORE_TAGS: Final = [*TAGS, {"Key": "DataClassification", "Value": "internal"}]
OBSERVED_AT: Final = "2026-11-21T00:00:00Z"

_TRUST: Final = json.dumps({"Version": "2012-10-17", "Statement": []})
READ_ONLY: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::ledger-one/*"}],
    }
)


def furnish(session: boto3.Session) -> None:
    """Create one of everything, so that every control passes on all of it."""
    _buckets(session)
    _identities(session.client("iam"))
    _networks(session.client("ec2"))
    _databases(session)
    _secrets(session)
    _certificates(session.client("acm"))
    tags = {each["Key"]: each["Value"] for each in STORE_TAGS}
    session.client("logs").create_log_group(logGroupName="ledger", tags=tags)
    session.client("sqs").create_queue(QueueName="ledger", tags=tags)
    _watchers(session)


def _certificates(acm: Any) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pay.example.com")])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + dt.timedelta(days=365))
    own = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    signed = made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    acm.import_certificate(Certificate=signed, PrivateKey=own, Tags=TAGS)


def _watchers(session: boto3.Session) -> None:
    plans: Any = [{"Name": name, "Status": "ENABLED"} for name in ("LAMBDA_NETWORK_LOGS", "RDS_LOGIN_EVENTS")]
    agents = [{"Name": "EKS_ADDON_MANAGEMENT", "Status": "ENABLED"}]
    plans += [{"Name": "RUNTIME_MONITORING", "Status": "ENABLED", "AdditionalConfiguration": agents}]
    plans += [{"Name": "S3_DATA_EVENTS", "Status": "ENABLED"}]
    guardduty: Any = session.client("guardduty")
    guardduty.create_detector(Enable=True, Features=plans, Tags={each["Key"]: each["Value"] for each in TAGS})
    inspector: Any = session.client("inspector2")
    inspector.enable(accountIds=[ACCOUNT], resourceTypes=["EC2", "ECR", "LAMBDA", "LAMBDA_CODE"])


def _buckets(session: boto3.Session) -> None:
    s3: Any = session.client("s3")
    key = _key(session)
    for name in ("ledger-one", "ledger-two"):
        s3.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": [*STORE_TAGS, {"Key": "Purpose", "Value": "audit"}]})
        s3.put_bucket_policy(Bucket=name, Policy=_guarding(f"arn:aws:s3:::{name}"))
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        by_default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
        encrypted = {"Rules": [{"ApplyServerSideEncryptionByDefault": by_default, "BucketKeyEnabled": True}]}
        s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration=encrypted)
        s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": [_KEPT]})
        lock = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Years": 7}}}
        s3.put_object_lock_configuration(Bucket=name, ObjectLockConfiguration=lock)
        s3.put_bucket_logging(Bucket=name, BucketLoggingStatus={"LoggingEnabled": _LOGGED})
    session.client("cloudtrail").create_trail(Name="books", S3BucketName="ledger-two", TagsList=TAGS)


_LOGGED: Final = {"TargetBucket": "ledger-one", "TargetPrefix": "logs/"}
_KEPT: Final = {
    "ID": "records",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "NoncurrentVersionExpiration": {"NoncurrentDays": 2557},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
}


def _guarding(arn: str) -> str:
    """Return a policy that lets in neither plain text nor who deletes versions without a second factor."""
    everyone = {"Effect": "Deny", "Principal": "*"}
    plain_text = {"Condition": {"Bool": {"aws:SecureTransport": "false"}}, "Resource": [arn, f"{arn}/*"]}
    without_mfa = {"Condition": {"Null": {"aws:MultiFactorAuthAge": "true"}}, "Resource": f"{arn}/*"}
    statements = [
        {**everyone, "Action": "s3:*", **plain_text},
        {**everyone, "Action": "s3:DeleteObjectVersion", **without_mfa},
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _key(session: boto3.Session) -> str:
    tags: Any = [{"TagKey": each["Key"], "TagValue": each["Value"]} for each in TAGS]
    return session.client("kms").create_key(Tags=tags)["KeyMetadata"]["Arn"]


def _identities(iam: Any) -> None:
    iam.create_role(RoleName="worker", AssumeRolePolicyDocument=_TRUST, Tags=TAGS)
    iam.put_role_policy(RoleName="worker", PolicyName="reads", PolicyDocument=READ_ONLY)
    iam.attach_role_policy(RoleName="worker", PolicyArn="arn:aws:iam::aws:policy/AWSSupportAccess")
    iam.create_user(UserName="auditor", Tags=TAGS)
    iam.create_group(GroupName="auditors")
    iam.create_policy(PolicyName="reads", PolicyDocument=READ_ONLY, Tags=TAGS)
    iam.create_instance_profile(InstanceProfileName="worker", Tags=TAGS)
    iam.create_open_id_connect_provider(Url="https://git.example.com", ThumbprintList=["a" * 40], Tags=TAGS)


def _networks(ec2: Any) -> None:
    ids = [each["GroupId"] for each in ec2.describe_security_groups()["SecurityGroups"]]
    ids += [each["VpcId"] for each in ec2.describe_vpcs()["Vpcs"]]
    ids += [each["SubnetId"] for each in ec2.describe_subnets()["Subnets"]]
    offices = ec2.create_managed_prefix_list(
        PrefixListName="offices", MaxEntries=1, AddressFamily="IPv4", Entries=[{"Cidr": "10.0.0.0/8"}]
    )["PrefixList"]["PrefixListId"]
    ec2.create_tags(Resources=[*ids, offices], Tags=TAGS)
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "PrefixListIds": [{"PrefixListId": offices}]}
    ec2.authorize_security_group_ingress(GroupId=ids[0], IpPermissions=[rule])


def _databases(session: boto3.Session) -> None:
    rds: Any = session.client("rds")
    key = _key(session)
    owner = {"MasterUsername": "root", "MasterUserPassword": "opened-to-nobody"}
    encrypted = {"StorageEncrypted": True, "KmsKeyId": key, "Tags": STORE_TAGS}
    rds.create_db_cluster(DBClusterIdentifier="books", Engine="aurora-postgresql", **owner, **encrypted)
    rds.create_db_instance(
        DBInstanceIdentifier="copies",
        DBInstanceClass="db.t3.micro",
        AllocatedStorage=20,
        Engine="postgres",
        PubliclyAccessible=False,
        **owner,
        **encrypted,
    )
    subnets = [each["SubnetId"] for each in session.client("ec2").describe_subnets()["Subnets"]]
    rds.create_db_subnet_group(
        DBSubnetGroupName="books", DBSubnetGroupDescription="-", SubnetIds=subnets[:2], Tags=TAGS
    )
    rds.create_event_subscription(
        SubscriptionName="books",
        SnsTopicArn=f"arn:aws:sns:{REGION}:{ACCOUNT}:books",
        SourceType="db-instance",
        Enabled=True,
        Tags=TAGS,
    )
    rds.create_db_parameter_group(
        DBParameterGroupName="books", DBParameterGroupFamily="postgres16", Description="-", Tags=TAGS
    )


def _secrets(session: boto3.Session) -> None:
    key = _key(session)
    secrets: Any = session.client("secretsmanager")
    secrets.create_secret(Name="books", SecretString="-", KmsKeyId=key, Tags=STORE_TAGS)
    secrets.rotate_secret(SecretId="books", RotationRules={"AutomaticallyAfterDays": 30})
    session.client("ssm").put_parameter(Name="/books/token", Value="-", Type="SecureString", KeyId=key)


@dataclass
class Scanned:
    """One scan of the account.

    Args:
        found: What it yielded.
        findings: What the controls say of it.
        outcomes: How each call ended, in the order in which they did.
    """

    found: list[Observed | Unread] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def calls(self) -> list[Call]:
        """The calls that were made."""
        return [outcome.call for outcome in self.outcomes]

    def verdicts(self) -> Mapping[tuple[str, str], str]:
        """Return (control, ARN) → verdict."""
        return {(each.control, each.arn): each.status.value for each in self.findings}


def connections_to(session: boto3.Session, *, attempts: int = 1) -> Connections:
    """Return connections that do not wait for what fails."""
    return Connections(session, operations_for(), patience(attempts=attempts))


def scanned(
    connections: Connections,
    *,
    line: Line | None = None,
    regions: Iterable[str] = (REGION,),
    select: tuple[str, ...] = (),
    workers: int = 4,
    settings: Settings | None = None,
    readings: Sequence[Reading] = READINGS,
) -> Scanned:
    """Scan the account and judge it."""
    done = Scanned()
    asker = Asker(line or LiveLine(Limits(None)), done.outcomes.append)
    controls = load_catalogue().select(select)
    audit = Audit(controls, settings or SETTINGS, Place(ACCOUNT, ""), OBSERVED_AT)
    tasks = first_tasks(readings, places_of(ACCOUNT, regions), audit.facts())
    done.found += scan(Carrier(connections, asker, REGION, workers), tasks)
    done.findings += audit.findings(done.found, readings)
    return done
