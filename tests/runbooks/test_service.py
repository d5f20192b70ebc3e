"""Shows what counts as an acknowledged write, and that a service on this machine is asked without a proxy."""

from typing import Any

import pytest

from integration.sandbox.world.service import Answer, served
from runbooks.errors import DrillError, NotYetError
from runbooks.service import HttpService


@pytest.mark.parametrize(
    ("answer", "acknowledged"),
    [((201, {}), True), ((200, {}), False), ((202, {}), False), ((500, {}), False), (None, False)],
)
def test_only_a_record_that_was_created_is_acknowledged(answer: Answer, *, acknowledged: bool) -> None:
    """An empty answer of somebody in between is no write."""
    with served({("POST", "/heartbeats"): lambda _: answer}) as url:
        assert HttpService(url).write(1) is acknowledged


def test_a_service_on_this_machine_is_asked_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment says, nobody else answers for it, and nothing leaves the machine."""
    asked: list[Any] = []

    def proxy(data: Any) -> Answer:
        asked.append(data)
        return 201, {}

    with served({("POST", "http://127.0.0.1:1/heartbeats"): proxy}) as url:
        monkeypatch.setenv("http_proxy", url)
        monkeypatch.delenv("no_proxy", raising=False)
        assert HttpService("http://127.0.0.1:1").write(7) is False
    assert asked == []


def test_what_does_not_answer_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that cannot be read now is no empty store."""
    monkeypatch.delenv("http_proxy", raising=False)
    with served({}) as url, pytest.raises(NotYetError, match="GET /heartbeats was answered with 404"):
        HttpService(url).numbers()
    with pytest.raises(DrillError, match="is no http or https address"):
        HttpService("file:///etc/passwd")
