"""The provider behind the recordings: echoes inputs, invents ids and ARNs, answers a few calls."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ledgergate.engine.provider import (
    Checked,
    Created,
    Invoked,
    ProviderConfig,
    ProviderError,
    ResourceRequest,
    Wire,
)

UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
ACCOUNT: Final = "111122223333"
REGION: Final = "us-east-1"
COMPUTED: Final = {
    "aws:ec2/vpc:Vpc": ("arn", "defaultSecurityGroupId", "ownerId", "region", "tagsAll"),
    "aws:iam/role:Role": ("arn", "createDate", "uniqueId", "tagsAll", "name"),
    "aws:kms/alias:Alias": ("arn", "targetKeyArn", "region"),
    "aws:kms/key:Key": ("arn", "keyId", "region", "tagsAll"),
    "aws:lambda/function:Function": (
        *("arn", "invokeArn", "lastModified", "version", "qualifiedArn", "region", "tagsAll"),
    ),
    "aws:rds/cluster:Cluster": (
        *("arn", "endpoint", "readerEndpoint", "hostedZoneId", "region", "tagsAll", "clusterResourceId"),
    ),
    "aws:s3/bucket:Bucket": (
        *("arn", "bucket", "bucketDomainName", "bucketRegionalDomainName", "hostedZoneId", "region", "tagsAll"),
    ),
    "aws:sqs/queue:Queue": ("arn", "url", "name", "region", "tagsAll"),
    "aws:ssm/parameter:Parameter": ("arn", "version", "region", "tagsAll"),
}
"""Type → outputs that are not inputs; every other type has an ARN."""


@dataclass(slots=True)
class Standin:
    """Implements `ledgergate.engine.provider.Provider`.

    Args:
        previews: Whether a preview's create says what it would give; else only inputs come back.
        only_arn: Types that have no computed output but an ARN: an older stand-in knew fewer.
        bucket_names: Logical name → physical name that `check` gives a nameless bucket; nothing = `check` adds nothing.
        seen: Call → URN → properties that came in.
    """

    previews: bool = True
    only_arn: tuple[str, ...] = ()
    bucket_names: Mapping[str, str] = field(default_factory=dict)
    seen: dict[str, dict[str, Mapping[str, Wire]]] = field(default_factory=lambda: {"check": {}, "create": {}})

    def check(self, request: ResourceRequest) -> Checked:
        """Refuse the tag value `failCheck`; add a default name where the recording had one."""
        self.seen["check"][request.urn] = request.inputs
        if "failCheck" in json.dumps(request.inputs.get("tags", {})):
            return Checked(request.inputs, (("tags", "tag failCheck is refused by the stand-in"),))
        if not self.bucket_names:
            return Checked(request.inputs)
        inputs = {"__defaults": [], **request.inputs}
        if request.type == "aws:s3/bucket:Bucket" and "bucket" not in inputs:
            inputs |= {"bucket": self.bucket_names[request.name], "__defaults": ["bucket"]}
        return Checked(inputs)

    def create(self, request: ResourceRequest) -> Created:
        """Refuse the tag value `failCreate` in an update."""
        self.seen["create"][request.urn] = request.inputs
        if request.preview:
            echoed = dict(request.inputs)
            return Created(
                "", self._completed(request, echoed, request.name, unknown=True) if self.previews else echoed
            )
        if "failCreate" in json.dumps(request.inputs.get("tags", {})):
            message = "stand-in refuses to create this resource"
            raise ProviderError(message)
        named = request.inputs.get("bucket") if request.type.startswith("aws:s3/bucket:") else None
        id_ = named or f"{request.name}-id"
        return Created(id_, self._completed(request, dict(request.inputs), id_, unknown=False))

    def read(self, request: ResourceRequest, resource_id: str) -> Created:
        """Find whatever is asked for."""
        bucket = request.type == "aws:s3/bucket:Bucket"
        found = {"bucket": resource_id, "tags": {"read": "yes"}} if bucket else {"readBack": True}
        return Created(resource_id, self._completed(request, dict(request.inputs) or found, resource_id, unknown=False))

    def invoke(self, token: str, args: Mapping[str, Wire], provider: ProviderConfig) -> Invoked:
        """Answer the calls of the recorded programs."""
        if token.endswith(":getAmi"):
            return Invoked(failures=(("filters", "no matching image (stand-in)"),))
        answers = {
            "aws:index/getRegion:getRegion": _region,
            "aws:index/getCallerIdentity:getCallerIdentity": _caller,
            "aws:index/getAvailabilityZones:getAvailabilityZones": _zones,
            "aws:index/getPartition:getPartition": _partition,
            "aws:iam/getPolicyDocument:getPolicyDocument": _document,
        }
        if token not in answers:
            message = f"stand-in has no answer for {token}"
            raise ProviderError(message)
        return Invoked(answers[token](args, _region_of(provider)))

    def delete(self, request: ResourceRequest, resource_id: str) -> None:
        """Forget nothing: nothing was kept."""

    def _completed(
        self, request: ResourceRequest, outputs: dict[str, Wire], id_: str, *, unknown: bool
    ) -> dict[str, Wire]:
        names = COMPUTED.get(request.type, ("arn",) if "/" in request.type else ())
        for name in ("arn",) if request.type in self.only_arn else names:
            if name not in outputs:
                outputs[name] = _computed(name, request, outputs, id_, unknown=unknown)
        return outputs


def _region_of(provider: ProviderConfig) -> str:
    return str(provider.inputs.get("region") or REGION)


def _computed(name: str, request: ResourceRequest, outputs: Mapping[str, Wire], id_: str, *, unknown: bool) -> Wire:
    region = _region_of(request.provider)
    if name == "tagsAll":
        tags = outputs.get("tags") or {}
        default_tags = json.loads(request.provider.inputs.get("defaultTags", "{}")).get("tags", {})
        return {**default_tags, **tags} if isinstance(tags, dict) else UNKNOWN
    if name == "region":
        return region
    if unknown:
        return UNKNOWN
    if name == "arn":
        service = request.type.split(":")[1].split("/")[0]
        return f"arn:aws:{service}:{outputs.get('region') or region}:{ACCOUNT}:{id_}"
    return f"{name}-of-{id_}"


def _region(_args: Mapping[str, Wire], region: str) -> dict[str, Any]:
    endpoint = f"ec2.{region}.amazonaws.com"
    about = {"description": "US East (N. Virginia)", "endpoint": endpoint}
    return {"id": region, "name": region, "region": region, **about}


def _caller(_args: Mapping[str, Wire], _region: str) -> dict[str, Any]:
    arn = f"arn:aws:iam::{ACCOUNT}:user/standin"
    return {"id": ACCOUNT, "accountId": ACCOUNT, "arn": arn, "userId": "AIDASTANDIN"}


def _zones(args: Mapping[str, Wire], region: str) -> dict[str, Any]:
    zones = {"names": [region + letter for letter in "abc"], "zoneIds": ["use1-az1", "use1-az2", "use1-az3"]}
    state = {"state": args["state"]} if "state" in args else {}
    return {"id": region, "groupNames": [region], "region": region, **zones, **state}


def _partition(_args: Mapping[str, Wire], _region: str) -> dict[str, Any]:
    suffixes = {"dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws"}
    return {"id": "aws", "partition": "aws", **suffixes}


def _document(args: Mapping[str, Wire], _region: str) -> dict[str, Any]:
    statements = [_statement(statement) for statement in args.get("statements", [])]
    text = json.dumps({"Version": "2012-10-17", "Statement": statements}, sort_keys=True)
    digest = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:10]
    return {"id": digest, "json": text, "minifiedJson": text, **args}


def _statement(statement: Mapping[str, Wire]) -> dict[str, Wire]:
    found = {
        "Effect": statement.get("effect", "Allow"),
        "Action": statement.get("actions"),
        "Resource": statement.get("resources"),
        "Sid": statement.get("sid") or None,
    }
    return {key: value for key, value in found.items() if value is not None}
