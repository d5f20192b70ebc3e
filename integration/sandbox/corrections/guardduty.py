"""GuardDuty: one detector in a Region, and protection plans that are changed one by one."""

from typing import Any, Final

from moto.core.exceptions import JsonRESTError
from moto.guardduty.models import Detector, GuardDutyBackend

from integration.sandbox.corrections.registry import corrects

_SECOND: Final = "The request is rejected because a detector already exists for the current account."


@corrects(
    GuardDutyBackend,
    "create_detector",
    fact="An account takes one detector in a Region; a second one is refused",
    source="Amazon GuardDuty API reference, CreateDetector; hashicorp/terraform-provider-aws#11780, read 2026-11-30",
)
def _create(original: Any, backend: GuardDutyBackend, *args: Any, **given: Any) -> Any:
    if backend.detectors:
        raise JsonRESTError("BadRequestException", _SECOND)
    return original(backend, *args, **given)


@corrects(
    Detector,
    "update",
    fact="Protection plans that a change does not name stay as they are",
    source="Amazon GuardDuty user guide, feature activation: each plan is configured by itself, read 2026-11-30",
)
def _update(
    original: Any,
    detector: Detector,
    enable: Any,
    finding_publishing_frequency: Any,
    data_sources: Any,
    features: Any,
) -> Any:
    if features is not None:
        plans = {each["name"]: each for each in (*detector.features, *features)}
        features = list(plans.values())
    return original(detector, enable, finding_publishing_frequency, data_sources, features)
