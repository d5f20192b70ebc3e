"""What a system is, and the parameters of the controls: defaults here, a profile per program, overrides per stack."""

import json
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ledgergate.errors import LedgergateError
from policies.suggestion import EVERY_STACK, did_you_mean
from policies.vocabulary import DataClass, EnvironmentClass, LockMode, LockScope

PROFILE_FILE: Final = "ledgergate.toml"
_SHOWN: Final = 60
"""Characters of a wrong value that a message shows."""

_MOST_PORTS: Final = 16
"""More than that would be a way to turn a control off, not a list of services."""

_MOST_ACTIONS: Final = 48
"""As many as a reviewer can read."""

Port = Annotated[int, Field(ge=0, le=65535)]
Region = Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
Name = Annotated[str, Field(min_length=1, pattern=r"\S")]
Word = Annotated[str, Field(min_length=3, pattern=r"^[A-Za-z0-9_]+$")]
ReasonedAction = Annotated[str, Field(pattern=r"^[a-z0-9-]+:[A-Za-z0-9]+ .{10,}$")]
LogDriver = Annotated[str, Field(pattern=r"^(awsfirelens|awslogs|fluentd|gelf|splunk|syslog)$")]
Registry = Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?$")]
TagFilter = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{3,}\*?$")]
OldProtocol = Annotated[str, Field(pattern=r"^(SSLv3|TLSv1|TLSv1\.1)$")]
ViewerPolicy = Annotated[str, Field(pattern=r"^TLSv1\.(2_20(2[1-9]|[3-9]\d)|[3-9]_20\d\d)$")]
DataClassName = Annotated[str, Field(pattern=r"^(public|internal|confidential|cardholder)$")]
RoleName = Annotated[str, Field(pattern=r"^[A-Za-z0-9+=,.@_-]{1,64}$")]
TlsPolicy = Annotated[str, Field(pattern=r"^ELBSecurityPolicy-TLS13-1-[23]-[A-Za-z0-9-]+$")]
LesserEnvironment = Annotated[str, Field(pattern=r"^(dev|staging)$")]
EndpointService = Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)*$")]
EnvironmentPair = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+:[A-Za-z0-9_-]+$")]
ServiceName = Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]

_NO_NAMES: Final = ("A", "Prod.Ledger", "ledger db", "ledger/db", "ledger:db", "")
"""Texts that no naming pattern may take: one that did would not be a pattern."""


def _telling_names_apart(pattern: str) -> str:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise ValueError(f"this is no regular expression: {error}") from None
    if not (pattern.startswith("^") and pattern.endswith("$")):
        raise ValueError("the pattern must hold for the whole name: begin it with ^ and end it with $")
    taken = [each for each in _NO_NAMES if compiled.search(each)]
    if taken:
        raise ValueError(f"the pattern takes {taken[0]!r}, so it says nothing")
    return pattern


NamePattern = Annotated[str, Field(max_length=200), AfterValidator(_telling_names_apart)]


class Settings(BaseModel):
    """What a system is, and what its controls ask for. Nothing here turns a control off: that is a waiver."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)

    system: str = ""
    """Name of the system, `banking`."""
    environment_class: EnvironmentClass = EnvironmentClass.PROD
    """How much the stack is worth; the strictest unless the profile says otherwise."""
    data_class: DataClass = DataClass.CARDHOLDER
    """The most sensitive data in the stack; the strictest unless the profile says otherwise."""
    destroyable: bool = False
    """Whether the stack is made to be destroyed. Counts in stacks below class prod only."""
    regions: tuple[Region, ...] = ()
    """Regions that the stack may use, the primary one first."""
    account_id: Annotated[str, Field(pattern=r"^(\d{12})?$")] = ""
    """AWS account id, 12 digits."""
    partition: Annotated[str, Field(pattern=r"^aws[a-z-]*$")] = "aws"
    """AWS partition."""
    required_tags: Annotated[tuple[Name, ...], Field(min_length=1)] = (
        "Environment",
        "Owner",
        "CostCenter",
        "ManagedBy",
        "Project",
    )
    """Tag keys that every taggable resource carries (LG-TAG-01)."""
    environment_tags: Annotated[tuple[Name, ...], Field(min_length=1, max_length=8)] = ("dev", "staging", "prod")
    """Values that the tag Environment may have (LG-TAG-02)."""
    project_tag: str = ""
    """Value of the tag Project; empty for the name of the system (LG-TAG-02)."""
    data_class_tags: Annotated[tuple[DataClassName, ...], Field(min_length=1)] = (
        "public",
        "internal",
        "confidential",
        "cardholder",
    )
    """Values that the tag DataClassification of a data store may have (LG-TAG-03)."""
    compliance_systems: Annotated[tuple[Name, ...], Field(min_length=1)] = ("banking", "payments")
    """Systems whose resources carry the tag Compliance (LG-TAG-04)."""
    compliance_tags: Annotated[tuple[Name, ...], Field(min_length=1, max_length=8)] = ("pci-dss",)
    """Values that the tag Compliance may have (LG-TAG-04)."""
    name_pattern: NamePattern = "^[a-z0-9-]+$"
    """Regular expression that the whole of a physical name follows, the suffix of the environment included
    (LG-NAM-01)."""
    authorized_tcp_ports: Annotated[tuple[Port, ...], Field(max_length=_MOST_PORTS)] = (443, 80)
    """TCP ports that the internet may reach (LG-NET-02)."""
    admin_ports: Annotated[tuple[Port, ...], Field(max_length=64)] = ()
    """Ports by which machines are administered, beside 22 and 3389, which always count (EC2.53, EC2.54)."""
    unscopable_actions: Annotated[tuple[ReasonedAction, ...], Field(max_length=_MOST_ACTIONS)] = (
        "cloudwatch:PutMetricData CloudWatch takes no resource for it",
        "ec2:CreateNetworkInterface Lambda makes network interfaces whose ids nobody knows beforehand",
        "ec2:DeleteNetworkInterface Lambda removes network interfaces whose ids nobody knows beforehand",
        "ec2:DescribeNetworkInterfaces EC2 takes no resource for a list",
        "ecr:GetAuthorizationToken the token is the registry's, not a repository's",
        "logs:CreateLogDelivery CloudWatch Logs takes no resource for it",
        "ssmmessages:CreateControlChannel Session Manager takes no resource for it",
        "ssmmessages:CreateDataChannel Session Manager takes no resource for it",
        "ssmmessages:OpenControlChannel Session Manager takes no resource for it",
        "ssmmessages:OpenDataChannel Session Manager takes no resource for it",
        "xray:PutTelemetryRecords X-Ray takes no resource for it",
        "xray:PutTraceSegments X-Ray takes no resource for it",
    )
    """Actions that may be allowed on every resource: each without wildcards, a blank, and the reason (LG-IAM-03)."""
    no_source_context: Annotated[tuple[ServiceName, ...], Field(max_length=8)] = ("ec2", "edgelambda", "spotfleet")
    """First labels of service principals that assume roles without saying for which resource (LG-IAM-04)."""
    human_roles: Annotated[tuple[Name, ...], Field(max_length=16)] = ()
    """Names of roles for people beside operator, auditor and security-admin, which always are (LG-IAM-19)."""
    environment_mode_systems: Annotated[tuple[Name, ...], Field(min_length=1)] = ("fraud",)
    """Systems whose workloads may do with data only what suits the class of their environment (LG-IAM-20)."""
    max_key_rotation_days: Annotated[int, Field(ge=90, le=365)] = 365
    """Longest time between two rotations of a key, days (KMS.4)."""
    multi_region_key_systems: Annotated[tuple[Name, ...], Field(min_length=1)] = ("banking",)
    """Systems whose copied stores need a key in every one of their Regions (LG-DR-13)."""
    functions_outside_vpc: Annotated[tuple[Name, ...], Field(max_length=8)] = ()
    """Names of Lambda functions that run at the edge or for deployments and belong to no VPC (LG-NET-08)."""
    min_function_zones: Annotated[int, Field(ge=2, le=6)] = 2
    """Availability zones that a Lambda function has subnets in, at least (LG-NET-08)."""
    secret_name_words: Annotated[tuple[Word, ...], Field(max_length=64)] = ()
    """Words that give away a secret in the name of a variable, beside those that are always looked for (LG-IAM-10)."""

    audit_words: Annotated[tuple[Word, ...], Field(max_length=16)] = ()
    """Words in the name or the tags Purpose and DataClassification of a store that say it holds audit records, beside
    audit and archive (LG-RET-01, LG-RET-02, LG-RET-06, LG-IAM-24, S3.15)."""
    audit_retention_days: Annotated[int, Field(ge=365, le=36525)] = 2557
    """How long audit records are kept at least, days; seven years are 2557 (LG-RET-01, LG-RET-02, LG-RET-06)."""
    log_retention_days: Annotated[int, Field(ge=30, le=36525)] = 365
    """How long logs are kept at least, days; less than 365 counts in class dev only (LG-RET-05)."""
    logs_may_stay_forever: bool = False
    """Whether a log group whose records never expire is kept long enough (LG-RET-05)."""
    object_lock_mode: LockMode = LockMode.ANY
    """Mode of the default retention that an object lock needs; any asks for none (S3.15)."""
    object_lock_scope: LockScope = LockScope.TAGGED
    """Which buckets need an object lock (S3.15)."""
    max_log_delivery_hours: Annotated[int, Field(ge=1, le=24)] = 24
    """How long ago a trail may have delivered to CloudWatch Logs the last time, hours (LG-LOG-02)."""
    replicated_bucket_systems: Annotated[tuple[Name, ...], Field(min_length=1)] = ("banking",)
    """Systems whose buckets of confidential or cardholder data are copied to another Region (LG-DR-12)."""
    replicated_delete_markers: bool = True
    """Whether the copies of those buckets take deletions over too (LG-DR-12)."""
    regional_detail_types: Annotated[tuple[Name, ...], Field(max_length=256)] = ()
    """Kinds of events, values of detail-type, that must not leave their Region (LG-RES-04)."""

    max_backup_hours: Annotated[int, Field(ge=1, le=24)] = 24
    """Longest time between two backups of a plan, hours (LG-RET-07)."""
    min_backup_days: Annotated[int, Field(ge=30, le=36525)] = 30
    """How long backups and their copies are kept at least, days (LG-RET-07, LG-RET-08, LG-DR-04)."""
    copied_backup_systems: Annotated[tuple[Name, ...], Field(min_length=1)] = ("banking", "payments")
    """Systems whose backups are copied to another Region (LG-DR-04)."""
    recovery_point_roles: Annotated[tuple[RoleName, ...], Field(max_length=8)] = ()
    """Names of roles that may end recovery points early, beside AWS Backup's own service-linked role (LG-DR-05)."""
    max_restore_test_days: Annotated[int, Field(ge=1, le=90)] = 30
    """Longest time between two trials of restoring a backup, days (LG-DR-21)."""
    runs_kubernetes: bool = True
    """Whether the account is meant to run EKS clusters; one that is there counts in any case (GuardDuty.7)."""

    database_backup_days: Annotated[int, Field(ge=7, le=35)] = 35
    """How long databases can be restored to any time, days (LG-DR-01)."""
    min_database_instances: Annotated[int, Field(ge=2, le=15)] = 3
    """Instances that an Aurora cluster has in zones of their own, at least (LG-DR-10)."""
    min_database_zones: Annotated[int, Field(ge=2, le=6)] = 2
    """Availability zones that a group of database subnets lies in, at least (LG-NET-04)."""
    default_master_names: Annotated[tuple[Name, ...], Field(max_length=32)] = ()
    """Names that engines give a first user, beside admin and postgres, which always count (RDS.24)."""
    global_database_regions: Annotated[tuple[Region, ...], Field(max_length=16)] = ()
    """Regions in which a global database has a cluster; empty for all that the stack may use (LG-DR-09)."""
    max_secret_rotation_days: Annotated[int, Field(ge=1, le=365)] = 90
    """Longest time between two rotations of a secret, days (SecretsManager.1, SecretsManager.4)."""
    unrotated_secret_classes: Annotated[tuple[Name, ...], Field(max_length=4)] = ()
    """Values of the tag SecretClass of secrets that hold no credential, so that there is nothing to rotate
    (SecretsManager.1, SecretsManager.4)."""
    replicated_secret_systems: Annotated[tuple[Name, ...], Field(min_length=1)] = ("banking",)
    """Systems whose secrets are needed in all of their Regions after a failover (LG-DR-14)."""
    min_key_deletion_days: Annotated[int, Field(ge=7, le=30)] = 30
    """How long a key that is scheduled for deletion can be kept from it, days (LG-DR-07)."""
    regional_stores: Annotated[tuple[Name, ...], Field(max_length=64)] = ()
    """Physical names of stores of which no copy leaves their Region, beside those tagged DataResidency regional
    (LG-RES-03)."""

    allowed_tls_policies: Annotated[tuple[TlsPolicy, ...], Field(min_length=1, max_length=16)] = (
        "ELBSecurityPolicy-TLS13-1-2-2021-06",
        "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
        "ELBSecurityPolicy-TLS13-1-3-2021-06",
        "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
        "ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04",
    )
    """Security policies with which load balancers may meet clients: TLS 1.2 at least, and 1.3 (LG-TLS-01)."""
    plain_target_environments: Annotated[tuple[LesserEnvironment, ...], Field(max_length=2)] = ()
    """Classes of environments, dev or staging, in which load balancers may speak plainly with targets (LG-TLS-06)."""
    cloudfront_entry_systems: Annotated[tuple[Name, ...], Field(min_length=1)] = ("payments",)
    """Systems that are entered through CloudFront alone (LG-NET-12, LG-NET-13)."""
    origin_header: Annotated[str, Field(pattern=r"^[Xx]-[A-Za-z0-9-]{3,}$")] = "X-Origin-Verify"
    """Header by which a load balancer knows its own distribution (LG-NET-13)."""
    further_endpoints: Annotated[tuple[EndpointService, ...], Field(max_length=32)] = ()
    """Services that a VPC with private subnets has endpoints for, beside s3, ecr.api, ecr.dkr, logs, secretsmanager,
    ssm, kms and sts, `dynamodb` (LG-NET-07)."""
    joined_environments: Annotated[tuple[EnvironmentPair, ...], Field(max_length=4)] = ()
    """Values of the tag Environment of networks that may be joined across the border of production, each pair with a
    colon between, `prod:staging` (LG-NET-11)."""

    credential_variables: Annotated[tuple[Name, ...], Field(max_length=64)] = ()
    """Names of environment variables that hold a credential, beside AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
    ECS_ENGINE_AUTH_DATA (ECS.8)."""
    newest_fargate_linux: Annotated[str, Field(pattern=r"^(1\.([4-9]|[1-9]\d+)|[2-9]\d*\.\d+)\.\d+$")] = "1.4.0"
    """Newest platform version of Fargate for Linux; 1.4.0 on 2026-11-20 (ECS.10)."""
    newest_fargate_windows: Annotated[str, Field(pattern=r"^[1-9]\d*\.\d+\.\d+$")] = "1.0.0"
    """Newest platform version of Fargate for Windows; 1.0.0 on 2026-11-20 (ECS.10)."""
    log_drivers: Annotated[tuple[LogDriver, ...], Field(min_length=1)] = ("awslogs", "awsfirelens")
    """Log drivers that containers may use (LG-LOG-07)."""
    min_service_tasks: Annotated[int, Field(ge=2, le=100)] = 2
    """Tasks that a service in class prod starts with, at least (LG-DR-19)."""
    image_registries: Annotated[tuple[Registry, ...], Field(max_length=8)] = ("public.ecr.aws",)
    """Host names of registries that images may come from, beside the account's own ECR registry (LG-SUP-02)."""
    image_tags_allowed: bool = False
    """Whether an image may be named by a tag. Counts in stacks below class prod only (LG-SUP-02)."""
    unscanned_images_allowed: bool = False
    """Whether a service may run an image that no scan of ECR covers. Counts in class dev only (LG-SUP-03)."""
    mutable_tag_filters: Annotated[tuple[TagFilter, ...], Field(max_length=8)] = ()
    """Filters of image tags that may move in a repository whose other tags cannot (LG-SUP-01)."""
    forbidden_origin_protocols: Annotated[tuple[OldProtocol, ...], Field(min_length=1)] = ("SSLv3", "TLSv1", "TLSv1.1")
    """Protocols that CloudFront must not offer to an origin; SSLv3 always is one (CloudFront.10)."""
    viewer_tls_policies: Annotated[tuple[ViewerPolicy, ...], Field(min_length=1)] = (
        "TLSv1.2_2021",
        "TLSv1.2_2025",
        "TLSv1.3_2025",
    )
    """Security policies with which CloudFront may meet viewers (LG-TLS-03)."""
    max_requests_per_minute: Annotated[int, Field(ge=1, le=100_000)] = 1000
    """Requests that one address may send in a minute, at most (LG-NET-16)."""
    exact_request_limit: bool = False
    """Whether the limit must be exactly that many, counted over 60 seconds (LG-NET-16)."""
    managed_rule_groups: Annotated[tuple[Name, ...], Field(max_length=16)] = ()
    """Managed rule groups of AWS that a web ACL asks, beside the common, the SQL, the known bad inputs and the IP
    reputation one (LG-NET-17)."""
    certificate_days: Annotated[int, Field(ge=14, le=90)] = 30
    """For how many days a certificate must still be valid, at least (ACM.1)."""
    min_rsa_bits: Annotated[int, Field(ge=2048, le=4096)] = 2048
    """Length of the RSA key of a certificate, bits, at least (ACM.2)."""

    @property
    def may_be_destroyed(self) -> bool:
        """Tell whether controls that guard against loss may stand aside: never in class prod."""
        return self.destroyable and self.environment_class is not EnvironmentClass.PROD


@dataclass(frozen=True, slots=True)
class Profile:
    """What `ledgergate.toml` says about one stack.

    Args:
        settings: Its settings.
        control_folders: Folders of the bank's own controls, absolute.
        path: The file; None when there is none.
    """

    settings: Settings
    control_folders: tuple[Path, ...] = ()
    path: Path | None = None


def load_profile(path: Path, stack: str, known_stacks: Collection[str] = ()) -> Profile:
    """Return what a profile says about `stack`.

    Args:
        path: The file `ledgergate.toml`; its top level holds settings for every stack and `controls`, a list of
            folders relative to it; `[stack.<name>]` overrides settings for one stack.
        stack: Stack name.
        known_stacks: Stacks that exist; empty to take any.

    Raises:
        LedgergateError: It cannot be read, a key or value in it is wrong, or it names a stack that does not exist.
    """
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LedgergateError(f"{path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LedgergateError(f"{path} is not TOML: {error}") from None
    stacks = written.pop("stack", {})
    if not isinstance(stacks, dict) or not all(isinstance(each, dict) for each in stacks.values()):
        raise LedgergateError(f"{path}: `stack` must hold one table for each stack", "Write [stack.dev].")
    missing = sorted(set(stacks) - set(known_stacks)) if known_stacks else []
    if missing:
        hint = did_you_mean(missing[0], known_stacks, EVERY_STACK)
        raise LedgergateError(f"{path}: [stack.{missing[0]}] is for a stack that does not exist", hint)
    folders = written.pop("controls", [])
    if not isinstance(folders, list) or not all(isinstance(each, str) for each in folders):
        raise LedgergateError(f"{path}: `controls` must be a list of folders", 'Write controls = ["controls"].')
    settings = _validated(written, str(path))
    # All of them: a mistake in the table of another stack would else wait for the day that stack is deployed.
    overridden = {name: _validated(written | table, f"{path}, [stack.{name}]") for name, table in stacks.items()}
    return Profile(overridden.get(stack, settings), tuple((path.parent / each).resolve() for each in folders), path)


def settings_from_policy_config(config: Mapping[str, Mapping[str, Any]], base: Settings | None = None) -> Settings:
    """Return settings with what `--policy-pack-config` sets.

    Args:
        config: Policy name → parameter → value, without enforcement levels; numbers may be floats.
        base: Settings to override; the defaults when None.

    Raises:
        LedgergateError: A key or value is wrong, or two policies set one parameter differently.
    """
    merged: dict[str, Any] = {}
    for policy, parameters in config.items():
        for key, value in parameters.items():
            whole = _whole(value)
            if merged.setdefault(key, whole) != whole:
                raise LedgergateError(f"the policy configuration sets `{key}` twice, differently ({policy})")
    current = (base or Settings()).model_dump(mode="json")
    return _validated(current | merged, "the policy configuration")


def parameters_schema(names: Iterable[str]) -> dict[str, Any]:
    """Return the JSON schema of these settings: property name → schema, with a description and without a default.

    Without a default the engine sends only what a user wrote, so a profile is not overridden by accident.
    """
    schema = Settings.model_json_schema()
    definitions = schema.get("$defs", {})

    def inlined(name: str) -> dict[str, Any]:
        written = schema["properties"][name]
        referred = definitions.get(str(written.get("$ref", "")).rpartition("/")[2], {})
        return {key: value for key, value in (referred | written).items() if key not in ("$ref", "title", "default")}

    return {name: inlined(name) for name in names}


def _whole(value: Any) -> Any:
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _validated(written: Mapping[str, Any], where: str) -> Settings:
    try:
        # As JSON, where strict validation still takes a list for a tuple and a text for a member of an enumeration.
        return Settings.model_validate_json(json.dumps(written, default=str))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = "".join(f"[{part}]" if isinstance(part, int) else str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            hint = did_you_mean(key, Settings.model_fields, "policies/settings.py describes them all")
            raise LedgergateError(f"{where}: there is no setting `{key}`", hint) from None
        wrong = json.dumps(first["input"], default=str)[:_SHOWN]
        described = Settings.model_fields[str(first["loc"][0])].description or ""
        raise LedgergateError(f"{where}: `{key}` is {wrong}. {first['msg']}.", " ".join(described.split())) from None
