from pathlib import Path

import pulumi
import pulumi_aws as aws
from pulumi.dynamic import CreateResult, Resource, ResourceProvider

MARK = Path(pulumi.Config().require("mark"))


class Schema(ResourceProvider):
    def check(self, _olds, news):
        MARK.write_text("checked")
        raise RuntimeError("provider code was run")

    def create(self, props):
        MARK.write_text("created")
        return CreateResult("id", props)


class Migration(Resource):
    version: pulumi.Output[str]
    applied_at: pulumi.Output[str]

    def __init__(self, name, version, opts=None):
        super().__init__(Schema(), name, {"version": version, "applied_at": None}, opts)


migration = Migration("migration", version="7")
aws.ssm.Parameter("version", type="String", value=migration.version)
aws.ssm.Parameter("applied", type="String", value=migration.applied_at)
