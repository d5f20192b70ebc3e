"""Function calls, plain and as outputs, and look-ups."""

import pulumi
from kit import Thing

plain = pulumi.runtime.invoke("kit:index:find", {"someName": "x", "list": [1, "a"]})
base = Thing("base", size=1)
later = pulumi.runtime.invoke_output("kit:index:findLater", {"arn": base.arn, "size": base.size})
found = Thing.get("found", "an-id")
Thing("uses", document=plain.value, display_name=found.arn)
pulumi.export("later", later)
pulumi.export("found", found.id)
