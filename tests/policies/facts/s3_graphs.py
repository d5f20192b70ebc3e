"""Buckets and their companions, as the tests of their settings need them."""

import json
from typing import Any, Final

from ledgergate.graph import Resource
from tests.policies.graphs import BUCKET, KEY, resource

LEDGER: Final = resource(BUCKET, "ledger", {"bucket": "ledger-1"}, id="ledger-1")
OTHER: Final = resource(BUCKET, "other", {"bucket": "other-1"}, id="other-1")
FAR: Final = resource(BUCKET, "far", {"bucket": "far-1", "region": "us-east-1"}, outputs={"arn": "arn:aws:s3:::far-1"})
OWN_KEY: Final = resource(KEY, "key", outputs={"arn": "arn:aws:kms:eu-west-1:111122223333:key/k"}, id="k")
POLICY: Final = json.dumps(
    {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}}
)


def companion(what: str, name: str = "one", bucket: Any = "ledger-1", **inputs: Any) -> Resource:
    """Return a companion of a bucket, `BucketVersioning`."""
    fields = {key: inputs.pop(key) for key in ("kind", "property_dependencies", "outputs") if key in inputs}
    token = f"aws:s3/{what[0].lower()}{what[1:]}:{what}"
    return resource(token, name, {"bucket": bucket, **inputs}, **fields)
