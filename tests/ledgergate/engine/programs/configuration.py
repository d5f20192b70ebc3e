import pulumi
import pulumi_aws as aws

config = pulumi.Config()
other = pulumi.Config("acme")
network = config.require_object("network")
database = config.require_secret_object("database")
aws.ec2.Vpc("vpc", cidr_block=network["cidr"], tags={"zones": ",".join(network["zones"])})
aws.ssm.Parameter("password", type="SecureString", value=config.require_secret("password"))
aws.ssm.Parameter("nested", type="SecureString", value=database.apply(lambda found: found["password"]))
pulumi.export("count", config.require_int("count") + 1)
pulumi.export("ratio", config.get_float("ratio"))
pulumi.export("enabled", config.get_bool("enabled"))
pulumi.export("version", config.require("version"))
pulumi.export("absent", str(config.get("absent")))
pulumi.export("other", other.require("team"))
pulumi.export("where", [pulumi.get_project(), pulumi.get_stack(), pulumi.get_organization()])
