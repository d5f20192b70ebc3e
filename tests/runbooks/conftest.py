"""What all tests of drills share."""

import os

import pytest


@pytest.fixture(autouse=True)
def _quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Force nothing to the disk: what these tests let die are processes, never the machine."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
