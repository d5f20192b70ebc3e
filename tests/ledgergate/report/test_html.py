"""Shows what the page says, and that nothing in it is more than text."""

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from ledgergate.finding import Source, Status
from ledgergate.report import Report, html
from ledgergate.report.heat import heat_map
from ledgergate.report.rule import Acceptance
from ledgergate.report.summary import Node
from tests.ledgergate.report import samples
from tests.ledgergate.report.samples import judged, report

ACCEPTED = Acceptance("W-1", "S3.8", "no other way", "3.5.1", "data team", "the officer", "2026-12-24", 24)


class Reader(HTMLParser):
    """Reads a page as a browser does: its text, its tags and their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if not self.tags or self.tags[-1][0] not in ("script", "style"):
            self._texts.append(data)

    @property
    def text(self) -> str:
        """Return all text, blanks collapsed."""
        return " ".join(" ".join(self._texts).split())

    def entries(self) -> list[dict[str, str | None]]:
        """Return the attributes of each finding that is shown."""
        return [attributes for _, attributes in self.tags if "entry" in (attributes.get("class") or "").split()]


def everything() -> Report:
    """Return a report that has something of each kind."""
    logs = samples.FAILED.resource
    root, part = "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod", "urn:pulumi:prod::shop::shop:Vault::vault"
    tree = (
        Node(root, "shop-prod", "pulumi:pulumi:Stack", ""),
        Node(part, "vault", "shop:Vault", root),
        Node(logs, "logs", samples.BUCKET, part),
    )
    found = (samples.FAILED, samples.UNDECIDED, samples.WAIVED, samples.DEFERRED, samples.PASSED)
    stack = replace(judged(*found, samples.NOT_APPLICABLE), tree=tree, notes=("answers were made up",))
    whole = report(stack, samples.BROKEN, errors=("W-9 has expired",), notes=("run for its outputs only",))
    return replace(whole, waivers=(ACCEPTED,))


def test_the_page_tells_everything() -> None:
    """Outcome, mistakes, what was not judged, findings with their places, waivers, assumptions and notes."""
    page = Reader(html.rendered(everything()))
    for said in (
        "ERROR: 5 judgements in 1 stack: 1 failed, 1 undecided, 1 waived, 1 deferred, 1 passed. Not judged: 1 stack.",
        "W-9 has expired",
        "not judged: shop/dev: the program failed: ValueError: no",
        "Why it matters: A crawler finds the files and sells them.",
        "What to do: Add a public access block.",
        "found ignorePublicAcls is false wanted all four flags true",
        "components/bucket.py:41 from __main__.py:7",
        "W-1 S3.8 24 2026-12-24 1 3.5.1 no other way data team the officer",
        "aws:ec2/getAmi:getAmi × 2",
        "run for its outputs only",
        "vault shop:Vault",
    ):
        assert said in page.text, said
    outcomes = Counter(each["data-outcome"] for each in page.entries())
    assert outcomes == {"fail": 1, "unknown": 2, "waived": 1, "deferred": 1}


def test_a_branch_is_open_where_something_blocks() -> None:
    """Whoever looks at the tree sees failures without unfolding, and nothing else is unfolded."""
    page = everything()
    assert unfolded(page) == [True, True]
    (stack, *_) = page.stacks
    quiet = replace(stack, findings=tuple(replace(each, status=Status.PASS, waiver="") for each in stack.findings))
    assert unfolded(replace(page, stacks=(quiet,))) == [False, False]


def unfolded(found: Report) -> list[bool]:
    """Return of each branch of the trees whether it is open."""
    return ["open" in attributes for tag, attributes in Reader(html.rendered(found)).tags if tag == "details"]


def test_names_that_were_hidden_alike_make_no_endless_tree() -> None:
    """Two resources whose names were hidden may be called the same, one below the other."""
    urn = "urn:pulumi:prod::shop::a:B::[secret]"
    tree = (Node(urn, "[secret]", "a:B", ""), Node(urn, "[secret]", "a:B", urn))
    assert "[secret]" in html.rendered(report(replace(judged(samples.FAILED), tree=tree)))


def test_the_heat_map_shows_the_gravest() -> None:
    """A requirement with one failure and many passes is a failure; one that nothing was judged for says so."""
    ((chapter, (cell,)),) = heat_map(report(judged(samples.PASSED, samples.PASSED, samples.FAILED)))
    assert (chapter, cell.requirement, cell.worst, cell.counts["pass"]) == ("1", "1.4.4", "fail", 2)
    ((_, (nothing,)),) = heat_map(report(judged(samples.NOT_APPLICABLE)))
    assert nothing.worst == "not_applicable"


def test_the_page_loads_nothing_and_runs_its_own_script_only() -> None:
    """Whatever it would load is forbidden, and the script that it may run is the one that it has."""
    page = html.rendered(everything())
    reader = Reader(page)
    assert not [tag for tag, attributes in reader.tags if "src" in attributes or tag in ("link", "img", "iframe")]
    assert sum(tag == "script" for tag, _ in reader.tags) == 1
    assert re.search(r"default-src 'none';.*script-src 'sha256-[A-Za-z0-9+/=]{44}'", page)
    assert not [name for _, attributes in reader.tags for name in attributes if name.startswith("on")]


@given(st.text())
def test_whatever_a_program_wrote_is_text(odd: str) -> None:
    """No text gets out of where it stands: the page has the same tags whatever it holds."""
    hostile = f"</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{{{ 7*7 }}}}{odd}"
    found = replace(
        samples.FAILED,
        message=hostile,
        found=hostile,
        wanted=hostile,
        resource=f"urn:pulumi:prod::shop::{samples.BUCKET}::{hostile}",
        source=Source(hostile, 1),
    )
    tame = replace(found, message="m", found="f", wanted="w", source=Source("s", 1), resource=samples.FAILED.resource)

    def tags(each: Report) -> list[str]:
        return [tag for tag, _ in Reader(html.rendered(each)).tags]

    assert tags(report(judged(found), errors=(hostile,))) == tags(report(judged(tame), errors=("e",)))
