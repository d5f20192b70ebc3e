"""Real programs through the engine: a load balancer as it should be passes, each thing changed fails its control."""

from pathlib import Path
from typing import Final

import pytest

from ledgergate.finding import Status
from tests.ledgergate.engine.running import run_text
from tests.policies.controls.test_network_programs import judged

_GOOD: Final = """
import pulumi_aws as aws
group = aws.ec2.SecurityGroup("edge")
edge = aws.ec2.get_managed_prefix_list(name="com.amazonaws.global.cloudfront.origin-facing")
aws.vpc.SecurityGroupIngressRule(
    "edge", security_group_id=group.id, ip_protocol="tcp", from_port=443, to_port=443, prefix_list_id=edge.id
)
balancer = aws.lb.LoadBalancer(
    "front", drop_invalid_header_fields=True, desync_mitigation_mode="strictest", security_groups=[group.id],
    access_logs={"bucket": "logs", "enabled": True},
)
targets = aws.lb.TargetGroup("app", target_type="ip", protocol="HTTPS", port=443, vpc_id="vpc-1")
refusal = {"type": "fixed-response", "fixed_response": {"content_type": "text/plain", "status_code": "403"}}
https = aws.lb.Listener(
    "https", load_balancer_arn=balancer.arn, port=443, protocol="HTTPS", default_actions=[refusal],
    ssl_policy="ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    certificate_arn="arn:aws:acm:us-east-1:123456789012:certificate/x",
)
aws.lb.ListenerRule(
    "app", listener_arn=https.arn, actions=[{"type": "forward", "target_group_arn": targets.arn}],
    conditions=[{"http_header": {"http_header_name": "x-origin-verify", "values": ["s"]}}],
)
moved = {"type": "redirect", "redirect": {"protocol": "HTTPS", "port": "443", "status_code": "HTTP_301"}}
aws.lb.Listener("http", load_balancer_arn=balancer.arn, port=80, default_actions=[moved])
header = {"name": "X-Origin-Verify", "value": "s"}
methods = {"allowed_methods": ["GET"], "cached_methods": ["GET"]}
aws.cloudfront.Distribution(
    "entry", enabled=True,
    origins=[{"origin_id": "a", "domain_name": balancer.dns_name, "custom_headers": [header]}],
    default_cache_behavior={"target_origin_id": "a", "viewer_protocol_policy": "https-only", **methods},
    restrictions={"geo_restriction": {"restriction_type": "none"}},
    viewer_certificate={"cloudfront_default_certificate": True},
)
"""

_CHANGES: Final = {
    "ELB.4": ("front", "drop_invalid_header_fields=True, ", ""),
    "ELB.12": ("front", '"strictest"', '"monitor"'),
    "LG-LOG-05": ("front", '"enabled": True', '"enabled": False'),
    "LG-TLS-01": ("https", 'ssl_policy="ELBSecurityPolicy-TLS13-1-2-Res-2021-06",', ""),
    "LG-TLS-02": ("http", '"redirect": {"protocol": "HTTPS", ', '"redirect": {'),
    "LG-TLS-06": ("app", 'protocol="HTTPS", port=443, vpc_id', 'protocol="HTTP", port=80, vpc_id'),
    "LG-NET-12": ("front", "prefix_list_id=edge.id", 'cidr_ipv4="0.0.0.0/0"'),
    "LG-NET-13": ("https", '"X-Origin-Verify"', '"X-Something-Else"'),
}
"""Control → the resource it is about, what is changed in the program, and into what."""


def test_whole_balancer_passes(tmp_path: Path) -> None:
    """A load balancer with everything that is demanded passes every control of it."""
    said = judged(run_text(tmp_path, _GOOD), *_CHANGES)

    assert {control: said[control, name] for control, (name, _, _) in _CHANGES.items()} == dict.fromkeys(
        _CHANGES, Status.PASS
    )


@pytest.mark.parametrize("control", _CHANGES)
def test_one_change_fails_its_control(control: str, tmp_path: Path) -> None:
    """One wrong line fails the control that it breaks."""
    name, old, new = _CHANGES[control]
    text = _GOOD.replace(old, new)
    assert text != _GOOD

    assert judged(run_text(tmp_path, text), control)[control, name] is Status.FAIL


def test_listener_that_goes_past_the_header_fails(tmp_path: Path) -> None:
    """A rule without the header lets strangers in, whatever the default action is."""
    text = _GOOD.replace(
        '"http_header": {"http_header_name": "x-origin-verify", "values": ["s"]}', '"path_pattern": {"values": ["/*"]}'
    )

    assert judged(run_text(tmp_path, text), "LG-NET-13")["LG-NET-13", "https"] is Status.FAIL


@pytest.mark.parametrize(
    ("value", "said"),
    [("secret.result", Status.DEFERRED), ('secret.result.apply(lambda text: f"{text}*")', Status.FAIL)],
)
def test_secret_that_is_made_at_deployment_is_left_to_the_audit(value: str, said: Status, tmp_path: Path) -> None:
    """What a generator makes may hold a wildcard, which nobody sees before it is there; one that is added, is seen."""
    made = 'import pulumi_random as random\nsecret = random.RandomPassword("s", length=32)\n'
    text = made + _GOOD.replace('"x-origin-verify", "values": ["s"]', f'"x-origin-verify", "values": [{value}]')

    assert judged(run_text(tmp_path, text), "LG-NET-13")["LG-NET-13", "https"] is said


def test_another_system_is_entered_as_it_likes(tmp_path: Path) -> None:
    """Only systems of the profile are entered through CloudFront alone."""
    said = judged(run_text(tmp_path, _GOOD), "LG-NET-12", "LG-NET-13", system="fraud")

    assert {*said.values()} == {Status.NOT_APPLICABLE}
