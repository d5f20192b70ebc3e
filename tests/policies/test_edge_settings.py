"""Settings of containers, images and the way in: no value of them turns a control off."""

from typing import Any

import pytest
from pydantic import ValidationError

from policies.settings import Settings


@pytest.mark.parametrize(
    "written",
    [
        {"newest_fargate_linux": "1.3.0"},
        {"newest_fargate_linux": "LATEST"},
        {"newest_fargate_windows": "0.9.0"},
        {"log_drivers": ()},
        {"log_drivers": ("none",)},
        {"log_drivers": ("json-file",)},
        {"min_service_tasks": 1},
        {"image_registries": ("*",)},
        {"image_registries": ("docker",)},
        {"mutable_tag_filters": ("*",)},
        {"mutable_tag_filters": ("v*",)},
        {"forbidden_origin_protocols": ()},
        {"forbidden_origin_protocols": ("TLSv1.2",)},
        {"viewer_tls_policies": ()},
        {"viewer_tls_policies": ("TLSv1",)},
        {"viewer_tls_policies": ("TLSv1.2_2019",)},
        {"max_requests_per_minute": 0},
        {"max_requests_per_minute": 1_000_000},
        {"certificate_days": 1},
        {"min_rsa_bits": 1024},
    ],
    ids=str,
)
def test_value_that_would_turn_a_control_off_is_refused(written: dict[str, Any]) -> None:
    """What would let everything pass is no value of a setting."""
    with pytest.raises(ValidationError):
        Settings(**written)


@pytest.mark.parametrize(
    "written",
    [
        {"newest_fargate_linux": "1.10.0"},
        {"newest_fargate_linux": "2.0.0"},
        {"log_drivers": ("awslogs", "splunk")},
        {"image_registries": ("registry.example.com:5000",)},
        {"mutable_tag_filters": ("cache-*",)},
        {"viewer_tls_policies": ("TLSv1.3_2025", "TLSv1.2_2021")},
    ],
    ids=str,
)
def test_other_value_is_taken(written: dict[str, Any]) -> None:
    """A bank may choose among what is safe, and follow what AWS brings."""
    assert Settings(**written).model_dump(include=set(written)) == written
