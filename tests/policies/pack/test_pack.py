"""The pack over gRPC, preview and update, as `pulumi up --policy-pack policies` drives it."""

from pathlib import Path
from typing import Any

import pytest

from ledgergate.engine import wire
from ledgergate.engine.packs import Diagnostic, Enforcement, PackError, PackProcess
from policies.controls.s3.access_block import public_access_blocked
from tests.policies.pack.conftest import TAGS, Start, resource, secret

BUCKET = "aws:s3/bucket:Bucket"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
POLICY = "aws:iam/rolePolicy:RolePolicy"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
FLAGS = dict.fromkeys(("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True)

CLASSIFIED = {"tagsAll": {"DataClassification": "internal"}}
"""The only tag of a bucket that lacks every tag that all resources need."""
TAGGED = "common-resource-required-tags-set"
BLOCKED = "s3-bucket-public-access-blocked"
ENCRYPTED = "rds-database-encrypted-with-customer-key"
ON_POLICIES = (
    "iam-policy-admin-statement-absent",
    "iam-policy-kms-decrypt-scoped",
    "iam-policy-pass-role-scoped",
    "iam-policy-resource-scoped",
    "iam-policy-service-wildcard-absent",
)
PORTS = "ec2-securitygroup-internet-ports-authorized"


def found(diagnostics: list[Diagnostic]) -> set[tuple[str, Enforcement]]:
    """Return which policies spoke, and at which level."""
    return {(item.policy, item.level) for item in diagnostics}


def open_group(port: int) -> dict[str, Any]:
    """Return a security group that lets the internet reach one port."""
    rule = {"protocol": "tcp", "fromPort": port, "toPort": port, "cidrBlocks": ["0.0.0.0/0"]}
    return resource(GROUP, "web", {"ingress": [rule], "tags": TAGS})


class TestAnnouncement:
    """What the pack says about itself."""

    def test_every_control_is_a_mandatory_policy_with_its_metadata(self, start: Start) -> None:
        """A control's id, families and further requirements become tags, its first requirement the framework's."""
        policies = {policy.name: policy for policy in start().info.policies}
        blocked = policies[BLOCKED]
        assert blocked.level is Enforcement.MANDATORY
        assert blocked.judges_stack
        assert blocked.severity == "high"
        assert blocked.tags == ("S3.8", "pci", "network")
        assert blocked.framework["name"] == "PCI DSS"
        assert blocked.framework["specification"] == "1.4.4"
        assert blocked.description == f"{public_access_blocked.title} {public_access_blocked.rationale}"
        assert blocked.remediation_steps == public_access_blocked.remediation
        assert blocked.url.endswith("docs/controls.md#s3-bucket-public-access-blocked")

    def test_parameters_are_announced_without_defaults(self, start: Start) -> None:
        """The engine fills in announced defaults, which would override the program's profile."""
        policies = {policy.name: policy for policy in start().info.policies}
        schema = policies[PORTS].schema["properties"]["authorized_tcp_ports"]
        assert schema["type"] == "array"
        assert "default" not in schema


class TestPhases:
    """The same request in a preview and in an update."""

    def test_an_unknown_is_reported_in_a_preview_and_blocks_an_update(self, start: Start) -> None:
        """What nobody knows yet passes neither phase: a preview says so, an update stops."""
        request = resource(POLICY, "app", {"policy": wire.UNKNOWN})
        expected = dict.fromkeys(ON_POLICIES, Enforcement.ADVISORY), dict.fromkeys(ON_POLICIES, Enforcement.MANDATORY)
        assert expected == (
            dict(found(start(preview=True).analyze(request))),
            dict(found(start(preview=False).analyze(request))),
        )

    def test_a_failure_is_mandatory_in_both_phases(self, start: Start) -> None:
        """A bucket without tags is refused before anything exists."""
        request = resource(BUCKET, "logs", CLASSIFIED)
        for preview in (True, False):
            assert found(start(preview=preview).analyze(request)) == {(TAGGED, Enforcement.MANDATORY)}

    def test_a_join_follows_property_dependencies_while_the_id_is_unknown(self, start: Start) -> None:
        """In a preview of a create the companion names the bucket only by its dependency."""
        bucket = resource(BUCKET, "logs", {"bucket": wire.UNKNOWN, "tags": TAGS, "tagsAll": TAGS})
        depended = {"bucket": {"urns": [bucket["urn"]]}}
        block = resource(BLOCK, "logs", {"bucket": wire.UNKNOWN, **FLAGS}, propertyDependencies=depended)
        pack = start()
        assert BLOCKED not in {item.policy for item in pack.analyze_stack({"resources": [bucket, block]})}
        alone = pack.analyze_stack({"resources": [bucket]})
        assert (BLOCKED, Enforcement.MANDATORY) in found(alone)

    def test_what_the_service_filled_in_does_not_count_as_asked_for(self, start: Start) -> None:
        """RDS encrypts with its own key where none is named, and reports that key among the outputs."""
        asked = {"storageEncrypted": True, "engine": "aurora-postgresql", "tagsAll": TAGS}
        cluster = resource("aws:rds/cluster:Cluster", "ledger", asked)
        pack = start(preview=False)
        pack.analyze(cluster)
        key = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
        created = resource("aws:rds/cluster:Cluster", "ledger", {**asked, "kmsKeyId": key})
        assert (ENCRYPTED, Enforcement.MANDATORY) in found(pack.analyze_stack({"resources": [created]}))

    def test_a_block_that_may_be_another_buckets_is_not_this_ones(self, start: Start) -> None:
        """An unknown name that depends on two buckets blocks neither for certain."""
        buckets = [resource(BUCKET, name, {"bucket": wire.UNKNOWN, "tagsAll": TAGS}) for name in ("a", "b")]
        depended = {"bucket": {"urns": [bucket["urn"] for bucket in buckets]}}
        block = resource(BLOCK, "one", {"bucket": wire.UNKNOWN, **FLAGS}, propertyDependencies=depended)
        items = [item for item in start().analyze_stack({"resources": [*buckets, block]}) if item.policy == BLOCKED]
        assert {item.urn for item in items} == {bucket["urn"] for bucket in buckets}

    def test_a_joined_control_names_the_resource_it_is_about(self, start: Start) -> None:
        """A stack policy's message is shown on the resource only when it carries its URN."""
        bucket = resource(BUCKET, "logs", {"bucket": "logs-1", "tags": TAGS, "tagsAll": TAGS})
        (item,) = [item for item in start().analyze_stack({"resources": [bucket]}) if item.policy == BLOCKED]
        assert bucket["urn"] == item.urn

    def test_provider_default_tags_count(self, start: Start) -> None:
        """Tags that only the provider sets reach a resource as `tagsAll`."""
        request = resource(BUCKET, "logs", {"tagsAll": TAGS})
        assert start().analyze(request) == []

    def test_a_secret_value_is_judged_and_never_shown(self, start: Start) -> None:
        """A document that is secret still fails, without its text."""
        text = '{"Statement": [{"Sid": "Hush", "Effect": "Allow", "Action": "*", "Resource": "*"}]}'
        diagnostics = start().analyze(resource(POLICY, "app", {"policy": secret(text)}))
        assert found(diagnostics) == {(name, Enforcement.MANDATORY) for name in ON_POLICIES}
        assert "Hush" not in repr(diagnostics)


class TestConfiguration:
    """Levels and parameters from `--policy-pack-config`."""

    def test_levels_are_obeyed(self, start: Start) -> None:
        """An advisory control reports, a disabled one is silent."""
        request = resource(BUCKET, "logs", CLASSIFIED)
        assert found(start(config={TAGGED: "advisory"}).analyze(request)) == {(TAGGED, Enforcement.ADVISORY)}
        assert start(config={"all": "disabled"}).analyze(request) == []

    def test_the_remediate_level_is_mandatory(self, start: Start) -> None:
        """Nothing here remediates, so what is left over blocks."""
        pack = start(config={TAGGED: "remediate"})
        request = resource(BUCKET, "logs", CLASSIFIED)
        assert pack.remediate(request) == []
        assert found(pack.analyze(request)) == {(TAGGED, Enforcement.MANDATORY)}

    def test_a_parameter_changes_the_verdict(self, start: Start) -> None:
        """Ports arrive as doubles and are ports all the same."""
        stack = {"resources": [open_group(8443)]}
        assert (PORTS, Enforcement.MANDATORY) in found(start().analyze_stack(stack))
        allowed = start(config={PORTS: {"authorized_tcp_ports": [443, 8443]}}).analyze_stack(stack)
        assert PORTS not in {item.policy for item in allowed}

    def test_an_unknown_parameter_ends_the_run(self, start: Start) -> None:
        """A misspelt parameter would leave the control at its default unseen."""
        with pytest.raises(PackError, match="authorised_tcp_ports"):
            start(config={PORTS: {"authorised_tcp_ports": [443]}})


class TestProgram:
    """Profile and waivers, found by the project's name or through a variable."""

    def test_an_unknown_program_gets_one_advisory_line(self, start: Start) -> None:
        """Defaults without waivers are no reason to stop, and no reason to be silent."""
        pack = start(named=False, project="nobody-knows-it")
        stack = {"type": "pulumi:pulumi:Stack", "urn": "urn:pulumi:dev::x::pulumi:pulumi:Stack::x-dev", "name": "x-dev"}
        (item,) = pack.analyze({**stack, "properties": {}, "options": {}})
        assert (item.policy, item.level) == ("ledgergate-program-found", Enforcement.ADVISORY)
        assert "nobody-knows-it" in item.message
        assert "LEDGERGATE_PROJECT" in item.message

    def test_the_profile_sets_parameters(self, start: Start, program: Path) -> None:
        """The pack reads the profile that the gate reads."""
        (program / "ledgergate.toml").write_text("authorized_tcp_ports = [443, 8443]\n")
        found_ = start().analyze_stack({"resources": [open_group(8443)]})
        assert PORTS not in {item.policy for item in found_}

    def test_a_malformed_profile_stops_the_run_before_it_starts(self, start: Start, program: Path) -> None:
        """Nothing is judged with settings that nobody meant, and there is no traceback."""
        (program / "ledgergate.toml").write_text("athorized_tcp_ports = [443]\n")
        with pytest.raises(PackError, match="athorized_tcp_ports") as raised:
            start()
        assert "Traceback" not in str(raised.value)

    @pytest.mark.parametrize(
        ("expires", "level"),
        [("2999-01-01", Enforcement.ADVISORY), ("2020-01-01", Enforcement.MANDATORY)],
        ids=["in force", "expired"],
    )
    def test_a_waiver_turns_a_violation_into_a_note_until_it_expires(
        self, start: Start, program: Path, expires: str, level: Enforcement
    ) -> None:
        """A waived violation stays visible; an expired waiver waives nothing."""
        write_waiver(program, "urn:pulumi:dev::demo::*::logs", expires)
        pack = start()
        assert found(pack.analyze(resource(BUCKET, "logs", CLASSIFIED))) == {(TAGGED, level)}
        problems = [item for item in pack.analyze_stack({"resources": []}) if item.policy == "ledgergate-waivers-valid"]
        assert [item.level for item in problems] == [Enforcement.MANDATORY] * (expires < "2026")

    def test_a_waiver_may_name_the_arn_that_inputs_decide(self, start: Start, program: Path) -> None:
        """Nothing has an ARN yet when it is judged, but a bucket with a name will have only one."""
        (program / "ledgergate.toml").write_text('account_id = "111122223333"\nregions = ["us-east-1"]\n')
        write_waiver(program, "arn:aws:s3:::ledger-logs", "2999-01-01")
        pack = start(preview=False)
        named = resource(BUCKET, "logs", {"bucket": "ledger-logs", **CLASSIFIED})
        other = resource(BUCKET, "other", {"bucket": "ledger-others", **CLASSIFIED})
        assert found(pack.analyze(named)) == {(TAGGED, Enforcement.ADVISORY)}
        assert found(pack.analyze(other)) == {(TAGGED, Enforcement.MANDATORY)}
        assert not [item for item in pack.analyze_stack({"resources": []}) if item.policy == "ledgergate-waivers-valid"]

    def test_a_waiver_for_every_stack_need_not_match_in_this_one(self, start: Start, program: Path) -> None:
        """What is accepted in production is no mistake while development is deployed."""
        for stack in ("dev", "prod"):
            (program / f"Pulumi.{stack}.yaml").write_text("config: {}\n")
        write_waiver(program, "urn:pulumi:prod::demo::*::logs", "2999-01-01")
        pack = start()
        pack.analyze(resource(BUCKET, "logs", {"tagsAll": TAGS}))
        assert pack.analyze_stack({"resources": []}) == []

    def test_a_waiver_of_no_use_is_a_violation_at_the_end(self, start: Start, program: Path) -> None:
        """What no longer fails must not stay accepted."""
        write_waiver(program, "urn:pulumi:dev::demo::*::logs", "2999-01-01")
        pack = start()
        pack.analyze(resource(BUCKET, "logs", {"tagsAll": TAGS}))
        (item,) = [item for item in pack.analyze_stack({"resources": []}) if item.policy == "ledgergate-waivers-valid"]
        assert item.level is Enforcement.MANDATORY
        assert "no use" in item.message


def write_waiver(program: Path, resource_pattern: str, expires: str) -> None:
    """Write a waiver file with one entry for the tag control."""
    (program / "waivers.toml").write_text(
        f'[[waiver]]\ncontrol = "{TAGGED}"\nresource = "{resource_pattern}"\nreason = "a trial"\n'
        f'requirement = "B-79"\nowner = "ann"\napprover = "bob"\nexpires = {expires}\n'
    )


OWN_CONTROLS = '''
"""A control that raises, in a file that prints."""

from dataclasses import dataclass

from ledgergate.finding import Severity
from ledgergate.graph import Graph, Resource
from policies.facts.registry import adapter
from policies.model import UNKNOWN, Verdict, control, example, require

print("a line that must not come before the port")


@dataclass(frozen=True, slots=True)
class Queue:
    delay: int


@adapter(types=("aws:sqs/queue:Queue",))
def queue_from_graph(graph: Graph, resource: Resource) -> Queue:
    return Queue(delay=resource.inputs.get("delaySeconds", 0))


@control(
    id="BANK-1",
    slug="sqs-queue-broken-control",
    severity=Severity.LOW,
    requirements=(),
    families=("naming",),
    source="the bank, read 2026-11-21",
    rationale="Nobody can tell what it judged.",
    remediation="Mend the control.",
    passes=[example("no delay", Queue(0))],
    fails=[example("a delay", Queue(1))],
    unknowns=[example("unknown", Queue(UNKNOWN))],
)
def broken(queue: Queue) -> Verdict:
    """A queue is anything at all."""
    return require(1 / queue.delay, "never reached")
'''


class TestBrokenControls:
    """A control that fails must be a finding, not a crash."""

    @pytest.fixture(autouse=True)
    def _own_controls(self, program: Path) -> None:
        """Give the program a folder of its own controls."""
        (program / "controls").mkdir()
        (program / "controls" / "queues.py").write_text(OWN_CONTROLS)
        (program / "ledgergate.toml").write_text('controls = ["controls"]\nsystem = "demo"\nregions = ["us-east-1"]\n')

    def test_an_exception_in_a_control_is_a_finding(self, start: Start) -> None:
        """The run goes on, the resource is refused even in a preview, and the message names the control."""
        pack: PackProcess = start()
        items = pack.analyze(resource("aws:sqs/queue:Queue", "jobs", {"delaySeconds": 0, "tagsAll": TAGS}))
        assert found(items) == {("sqs-queue-broken-control", Enforcement.MANDATORY)}
        assert "BANK-1" in items[0].message
        assert "ZeroDivisionError" in items[0].message

    def test_a_control_that_prints_while_it_is_loaded_does_no_harm(self, start: Start) -> None:
        """The engine takes the first line on standard output for the port."""
        pack = start()
        assert "sqs-queue-broken-control" in {policy.name for policy in pack.info.policies}
        assert "must not come before" in pack.output()
