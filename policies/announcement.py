"""What the pack says about itself and its policies before a run.

Source: `pulumi/analyzer.proto`, SDK 3.272.0; a policy takes one framework, the rest goes into its tags.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from pulumi.runtime.proto import analyzer_pb2

from ledgergate.finding import Severity
from policies.frameworks import FRAMEWORK, FRAMEWORK_REFERENCE, FRAMEWORK_VERSION
from policies.model import Control
from policies.pack import Pack
from policies.settings import parameters_schema

PACK_NAME: Final = "ledgergate"
PACK_VERSION: Final = "0.1.0"

SETUP: Final = "ledgergate-program-found"
"""Advisory policy that says when profile and waivers were not found."""

WAIVERS: Final = "ledgergate-waivers-valid"
"""Mandatory policy that reports waivers that have expired or match nothing."""

SEVERITIES: Final = {
    Severity.CRITICAL: analyzer_pb2.POLICY_SEVERITY_CRITICAL,
    Severity.HIGH: analyzer_pb2.POLICY_SEVERITY_HIGH,
    Severity.MEDIUM: analyzer_pb2.POLICY_SEVERITY_MEDIUM,
    Severity.LOW: analyzer_pb2.POLICY_SEVERITY_LOW,
}

_DOCUMENTATION: Final = Path(__file__).resolve().parent.parent / "docs" / "controls.md"


def announce(pack: Pack) -> Any:
    """Return the `AnalyzerInfo` of a pack: every control as a mandatory policy."""
    return analyzer_pb2.AnalyzerInfo(
        name=PACK_NAME,
        version=PACK_VERSION,
        displayName="Ledgergate",
        supportsConfig=True,
        policies=[*(_policy(control) for control in pack.controls), *_own_policies()],
    )


def level_of(configured: Any) -> Any:
    """Return the level at which a violation is reported: nothing here remediates, so that level is mandatory."""
    return analyzer_pb2.MANDATORY if configured == analyzer_pb2.REMEDIATE else configured


def _policy(control: Control) -> Any:
    kind = analyzer_pb2.POLICY_TYPE_STACK if control.joined else analyzer_pb2.POLICY_TYPE_RESOURCE
    first, *further = control.requirements or ("",)
    info = analyzer_pb2.PolicyInfo(
        name=control.slug,
        displayName=f"{control.id} {control.title}",
        description=f"{control.title} {control.rationale}",
        enforcementLevel=analyzer_pb2.MANDATORY,
        policy_type=kind,
        severity=SEVERITIES[control.severity],
        tags=[control.id, *control.families, *further],
        remediation_steps=control.remediation,
        url=f"{_DOCUMENTATION.as_uri()}#{control.slug}",
    )
    if first:
        info.framework.name, info.framework.version = FRAMEWORK, FRAMEWORK_VERSION
        info.framework.reference, info.framework.specification = FRAMEWORK_REFERENCE, first
    if control.parameters:
        info.configSchema.properties.update(parameters_schema(control.parameters))
    return info


def _own_policies() -> Iterable[Any]:
    yield analyzer_pb2.PolicyInfo(
        name=SETUP,
        description="The program's profile and waivers are known to the policy pack.",
        enforcementLevel=analyzer_pb2.ADVISORY,
        policy_type=analyzer_pb2.POLICY_TYPE_RESOURCE,
    )
    yield analyzer_pb2.PolicyInfo(
        name=WAIVERS,
        description="Every waiver is in force and covers a finding.",
        enforcementLevel=analyzer_pb2.MANDATORY,
        policy_type=analyzer_pb2.POLICY_TYPE_STACK,
    )
