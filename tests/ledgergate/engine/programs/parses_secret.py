import json

import pulumi
import pulumi_aws as aws

found = aws.secretsmanager.get_secret_version_output(secret_id="database")
login = found.secret_string.apply(json.loads)
aws.rds.Instance("database", instance_class="db.t4g.micro", username=login["username"])
