import pulumi
import pulumi_aws as aws

database = aws.rds.Instance("database", instance_class="db.t4g.micro")
aws.ssm.Parameter("next", type="String", value=database.address.apply(lambda host: str(int(host.split(".")[1]) + 1)))
