"""What a program gives to `apply` is run, or known not to have been."""

from pathlib import Path

from ledgergate.engine.launcher import Level, NotRun
from tests.ledgergate.engine.running import named, run_program, run_text

UNKNOWN = """\
import functools
import pulumi
import pulumi_aws as aws

cluster = aws.rds.Cluster("store", engine="aurora-postgresql")


def group(port):
    return aws.ec2.SecurityGroup(f"on-{port}")


cluster.port.apply(group)
cluster.port.apply(lambda port: f"host:{port}")
pulumi.Output.all(cluster.port, cluster.arn).apply(lambda both: [group(port) for port in both])
pulumi.Output.all(cluster.port, pulumi.Output.from_input(group)).apply(lambda both: both[1](both[0]))
aws.rds.Cluster.get("other", "other").port.apply(
    functools.partial(aws.s3.Bucket, "late")
)
aws.ec2.get_vpc_output(default=True).enable_dns_support.apply(str).apply(lambda _: aws.s3.Bucket("later"))
cluster.cluster_identifier.apply(lambda name: aws.s3.Bucket(f"logs-of-{name}", bucket="logs-of-the-store"))
"""


def test_functions_that_may_register_and_are_not_run(tmp_path: Path) -> None:
    """Each is named with its place; one that only words a value is not, and one that is run is in the graph."""
    found = run_text(tmp_path, UNKNOWN)
    main = str(tmp_path / "program" / "__main__.py")
    assert found.not_run == (
        NotRun(main, 8, "group"),
        NotRun(main, 14, "<lambda>"),
        NotRun(main, 15, "<lambda>", 1),
        NotRun(main, 16, "partial"),
        NotRun(main, 19, "<lambda>", 2),
    )
    assert [resource.name for resource in found.graph if resource.type == "aws:s3/bucket:Bucket"] == [
        next(resource.name for resource in found.graph if resource.name.startswith("logs-of-"))
    ]


BLIND = """\
import asyncio
import pulumi
import pulumi_aws as aws

cluster = aws.rds.Cluster("store", engine="aurora-postgresql")


async def when_known():
    return aws.s3.Bucket("late") if await cluster.port.is_known() else None


async def by_value(output):
    found = await asyncio.wait_for(output.future(), 5)
    return aws.s3.Bucket("by-value", bucket="by-value") if found else None


pulumi.export("known", when_known())
pulumi.export("port", by_value(cluster.port))
pulumi.export("name", by_value(cluster.cluster_identifier))
cluster.port.apply(lambda port: aws.s3.Bucket("later") if isinstance(port, int) else None, run_with_unknowns=True)
cluster.port.apply(lambda port: "no port" if isinstance(port, pulumi.output.Unknown) else port, run_with_unknowns=True)
cluster.cluster_identifier.apply(lambda name: aws.s3.Bucket(name, bucket="logs"), run_with_unknowns=True)
"""


def test_what_is_decided_on_an_unknown(tmp_path: Path) -> None:
    """Whoever asks for the value itself is told that there is none; what it does with one nobody has looked at."""
    found = run_text(tmp_path, BLIND)
    main = str(tmp_path / "program" / "__main__.py")
    assert found.not_run == (
        NotRun(main, 9, "when_known", blind=True),
        NotRun(main, 13, "by_value", blind=True),
        NotRun(main, 20, "<lambda>", blind=True),
    )


def test_functions_not_run_because_the_program_is_told_less(tmp_path: Path) -> None:
    """What follows from a function that cannot stand a made-up value has not been looked at either."""
    text = (
        "import pulumi_aws as aws\n"
        "cluster = aws.rds.Cluster('store', engine='aurora-postgresql')\n"
        "parsed = cluster.cluster_resource_id.apply(lambda name: int(name.split('-')[1]))\n"
        "parsed.apply(lambda number: aws.ec2.SecurityGroup(f'group-{number}'))\n"
    )
    found = run_text(tmp_path, text)
    assert found.run.level is not Level.SYMBOLIC
    assert [(each.line, each.name) for each in found.not_run] == [(4, "<lambda>")]


def test_what_was_seen_with_made_up_values_may_not_be_all(tmp_path: Path) -> None:
    """A resource that only made-up values show is judged, and the function that made it is not taken for run."""
    found = run_program(tmp_path, "registers_in_apply")
    assert named(found, "late").type == "aws:s3/bucket:Bucket"
    assert [each.line for each in found.not_run] == [5]


def test_a_program_all_of_which_was_run(tmp_path: Path) -> None:
    """Nothing is named."""
    text = (
        "import pulumi_aws as aws\n"
        "bucket = aws.s3.Bucket('logs')\n"
        "bucket.arn.apply(lambda arn: aws.s3.BucketPolicy('logs', bucket=bucket.id, policy=arn))\n"
    )
    assert run_text(tmp_path, text).not_run == ()
