"""Every kind of value, in and out."""

import json

import pulumi
from kit import Count, Group, Rule, RuleArgs, Thing, Tier

first = Thing(
    "first",
    display_name="one",
    size=3,
    enabled=True,
    retry_count=Count.TWO,
    rules=[RuleArgs(from_port=443, cidr_blocks=["10.0.0.0/8"], tier=Tier.HOT), {"from_port": 80}],
    tags={"A": "b", "fromPort": "kept"},
    document={"someKey": [1, 2.5, None, True, {"deep": "x"}], "other_key": None},
    secret_text="hush",
)
second = Thing(
    "second",
    display_name=first.display_name.apply(lambda name: f"{name}!"),
    rules=[{"fromPort": first.retry_count, "cidrBlocks": [first.arn, "10.1.0.0/16"]}],
    tags={"Arn": first.arn, "Id": first.id, "Both": pulumi.Output.concat(first.arn, "/", first.id)},
    document=pulumi.Output.json_dumps({"arn": first.arn, "size": first.size, "n": 1}),
)


def describe(rules: list[Rule]) -> str:
    """Show what the nested output types became."""
    kinds = [type(rule).__name__ for rule in rules]
    ports = [f"{type(rule.from_port).__name__} {rule.from_port}" for rule in rules]
    return json.dumps([kinds, ports, rules[0].tier, rules[0].cidr_blocks])


pulumi.export("rules", first.rules.apply(describe))
pulumi.export("count", first.retry_count.apply(lambda count: f"{type(count).__name__} {count!r}"))
pulumi.export("thing", second)
pulumi.export("document", first.document)
pulumi.export("secret", first.secret_text)
pulumi.export("size", first.size)
pulumi.export("none", None)

group = Group("group")
Thing("inside", pulumi.ResourceOptions(parent=group, depends_on=[first], protect=True), display_name="in")
Thing("after", pulumi.ResourceOptions(depends_on=[group, second], aliases=[pulumi.Alias(name="before")]), size=1)
group.register_outputs({"arn": first.arn})
