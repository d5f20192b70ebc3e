"""Unknowns and secrets travel through applies, lists and documents."""

import pulumi
from kit import Thing

base = Thing("base", size=1, display_name=pulumi.Output.secret("hidden"), secret_text="x")
mixed = pulumi.Output.all(base.size, base.arn, base.secret_text)
pulumi.export("unknown", base.size.apply(lambda size: size + 1))
pulumi.export("sees_unknown", base.size.apply(lambda size: type(size).__name__, run_with_unknowns=True))
pulumi.export("mixed", mixed)
pulumi.export("lifted", base.tags["missing"] if False else base.arn[1:3])
pulumi.export("unsecret", pulumi.Output.unsecret(base.secret_text))
pulumi.export("formatted", pulumi.Output.format("{0}-{1}", base.arn, base.secret_text))
Thing(
    "user",
    tags={"Secret": base.secret_text, "Size": base.size.apply(str), "Plain": "p"},
    document={"list": [base.size, base.secret_text, base.arn]},
    display_name=mixed.apply(lambda values: values[1]),
)
