"""Shows what a comment on a pull request says."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ledgergate.report import markdown
from tests.ledgergate.report import samples
from tests.ledgergate.report.samples import judged, report


def test_the_comment() -> None:
    """The outcome, a row for each stack, each control that blocks with its fix, and what is waived and deferred."""
    found = report(judged(samples.FAILED, samples.UNDECIDED, samples.WAIVED, samples.DEFERRED), samples.BROKEN)
    text = markdown.rendered(found)
    assert text.startswith(
        "### Ledgergate: ERROR: 4 judgements in 1 stack: 1 failed, 1 undecided, 1 waived, 1 deferred"
    )
    assert "| `shop/prod` | 12 | 4 | 1 | 1 | 1 | 1 |" in text
    assert "| `shop/dev` | **not judged** |" in text
    assert "**FAILED S3.8** (high, PCI DSS 1.4.4): A bucket blocks public access." in text
    assert "- `logs` in `shop/prod`: at `components/bucket.py:41`; public access is not blocked; found" in text
    assert "Fix: Add a public access block." in text
    assert "**UNDECIDED S3.8**" in text
    assert "Waived by: `W-1` × 1" in text
    assert "Left to the audit: `S3.8` × 1" in text
    assert "- shop/dev: the program failed: ValueError: no" in text


def test_many_failures_fit_into_one_comment() -> None:
    """However many controls fail, the text stays short, and says what it leaves out."""
    many = [
        replace(samples.FAILED, control=f"X-{number}", resource=f"{samples.FAILED.resource}-{number}")
        for number in range(2000)
    ]
    text = markdown.rendered(report(judged(*many)))
    assert len(text) <= markdown.LONGEST + 200
    assert "more blocks are left out here" in text


def test_many_resources_of_one_control_are_counted() -> None:
    """A control that fails a hundred times takes a few lines."""
    many = [replace(samples.FAILED, resource=f"{samples.FAILED.resource}-{number}") for number in range(100)]
    text = markdown.rendered(report(judged(*many)))
    assert text.count("- `logs-") == 5
    assert "- and 95 more" in text


@given(st.text())
def test_a_program_writes_no_markup(odd: str) -> None:
    """Neither a mention nor a tag gets out of what a program chose."""
    hostile = f"@everyone <img src=x> [a](http://x) {odd}"
    found = replace(samples.FAILED, message=hostile, found=f"``` {hostile}", stack="prod")
    text = markdown.rendered(report(judged(found)))
    line = next(each for each in text.splitlines() if each.startswith("- `logs`"))
    outside = line.split("; found ")[0]
    assert "<img" not in outside.replace("\\<", "")
    assert "@everyone" not in outside
    assert "](" not in outside
