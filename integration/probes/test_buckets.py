"""What a bucket does when somebody deletes, or comes without TLS."""

import pytest

from integration.probes.target import Target
from integration.probes.transport import plain_http_refused
from integration.probes.versions import deleted_version_comes_back


def test_deleted_version_comes_back(target: Target, bucket: str) -> None:
    """What is deleted by mistake can be brought back."""
    if wrong := deleted_version_comes_back(target, bucket):
        pytest.fail(wrong, pytrace=False)


def test_plain_http_refused(target: Target, bucket: str) -> None:
    """Nobody reads or writes without TLS, whatever they are allowed."""
    if wrong := plain_http_refused(target, bucket):
        pytest.fail(wrong, pytrace=False)
