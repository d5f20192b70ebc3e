"""The engine refuses a resource that others depend on."""

import pulumi
from kit import Thing

bad = Thing("refused", display_name="bad")
Thing("depends", display_name=bad.arn)
Thing("applies", display_name=bad.arn.apply(lambda arn: arn.upper()))
Thing("independent")
pulumi.export("arn", bad.arn)
