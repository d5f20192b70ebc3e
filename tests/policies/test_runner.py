"""The runner: every control asked once, nothing raised, nothing passed that nobody saw."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pytest

from ledgergate.finding import Finding, Severity, Source, Stage, Status
from ledgergate.graph import Frame, Graph, Kind, Resource
from ledgergate.values import SYMBOL_MARK, UNKNOWN, Secret
from policies.catalogue import load_catalogue
from policies.facts.properties import settings_of
from policies.facts.registry import adapter
from policies.model import PASS, Control, Verdict, control, deferred, example, fail
from policies.runner import Judge, judge, judge_resource, judge_stack
from policies.settings import Settings
from policies.view import UnknownReadError
from tests.policies.graphs import ACCESS_BLOCK, BUCKET, graph, provider, resource

LAMP: Final = "bank:light:Lamp"
NOW: Final = "2026-11-21T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Lamp:
    """A fact of these tests."""

    colour: Any = "green"


@adapter(types=(LAMP,))
def lamp_from_graph(graph: Graph, resource: Resource) -> Lamp:
    """Build a lamp; one without a colour has no fact."""
    return Lamp(settings_of(resource)["colour"])


def made(judge_lamp: Any, **changes: Any) -> Control:
    """Return a control of lamps that judges with a function."""
    metadata: dict[str, Any] = {
        "id": "LAMP-1",
        "slug": "bank-lamp-green",
        "severity": Severity.LOW,
        "requirements": (),
        "families": ("network",),
        "source": "these tests, read 2026-11-20",
        "rationale": "Nobody finds the way.",
        "remediation": "Paint it.",
        "passes": [example("green", Lamp())],
        "fails": [example("red", Lamp("red"))],
        "unknowns": [example("later", Lamp(UNKNOWN))],
    }

    @control(**(metadata | changes))
    def green(lamp: Lamp) -> Verdict:
        """A lamp is green."""
        verdict: Verdict = judge_lamp(lamp)
        return verdict

    return green


def lamp(colour: Any = "green", **fields: Any) -> Resource:
    """Return a lamp."""
    return resource(LAMP, "lamp", {"colour": colour} if colour is not None else {"shape": "round"}, **fields)


def verdict(judge_lamp: Any, subject: Resource, *, stage: Stage = Stage.DESIGN, **changes: Any) -> Verdict:
    """Judge one lamp."""
    (said,) = judge_resource(subject, graph(subject), [made(judge_lamp, **changes)], Settings(), stage=stage)
    return said.verdict


def swallow(lamp: Lamp) -> Verdict:
    """Judge as a careless control would."""
    try:
        return PASS if lamp.colour == "green" else fail("it is not")
    except Exception:  # noqa: BLE001 - the carelessness that is tested
        return PASS


def test_unknown_value_is_named() -> None:
    """An unknown that was read gives UNKNOWN with the property's name."""
    said = verdict(lambda lamp: PASS if lamp.colour else fail("no"), lamp(UNKNOWN))

    assert (said.status, said.message, said.unread) == (Status.UNKNOWN, "colour is not known", "colour")


def test_control_cannot_swallow_an_unknown() -> None:
    """A control that catches everything still does not pass on what it could not read."""
    assert verdict(swallow, lamp(UNKNOWN)).status is Status.UNKNOWN


def test_control_that_raises_is_undecided() -> None:
    """A mistake in a control blocks with its name and text and leaves the other controls be."""
    said = verdict(lambda lamp: 1 / 0, lamp())

    assert said == Verdict(Status.UNKNOWN, "control LAMP-1 could not be decided: ZeroDivisionError: division by zero")


def test_control_that_claims_to_have_read_an_unknown() -> None:
    """An error of the view that no reading gave is a mistake like any other."""

    def claiming(lamp: Lamp) -> Verdict:
        raise UnknownReadError("colour")

    assert verdict(claiming, lamp()).message == "control LAMP-1 could not be decided: UnknownReadError: colour"


def test_control_that_returns_no_verdict_is_undecided() -> None:
    """A forgotten return is no pass."""
    assert verdict(lambda lamp: None, lamp()).message == "control LAMP-1 returned no verdict"


def test_adapter_that_raises_is_undecided() -> None:
    """A resource that no adapter understands is reported under each of its controls."""
    said = verdict(lambda lamp: PASS, lamp(None))

    assert said == Verdict(Status.UNKNOWN, "the fact Lamp could not be decided: KeyError: 'colour'")


def test_error_text_is_withheld_beside_a_secret() -> None:
    """An exception may quote what the control or the adapter had in its hands."""

    def careless(lamp: Lamp) -> Verdict:
        raise ValueError(lamp.colour)

    said = verdict(careless, lamp(Secret("hush")))
    built = verdict(lambda lamp: PASS, resource(LAMP, "lamp", {"shape": Secret("hush")}))

    for each in (said, built):
        assert each.status is Status.UNKNOWN
        assert each.message.endswith("Error: its text is withheld, a secret may be in it")


def test_secret_that_decides_is_not_shown() -> None:
    """A control that quotes what it read does not tell a secret."""
    said = verdict(lambda lamp: fail(f"it is {lamp.colour}", found=lamp.colour), lamp(Secret("hush")))

    assert said.found == "[secret]"
    assert said.message == "this does not hold: A lamp is green. Details are withheld, because colour is secret"


@pytest.mark.parametrize("stage", Stage)
def test_deferral_counts_only_where_it_is_declared(stage: Stage) -> None:
    """Elsewhere the answer is that nobody decided, and at run time there is nobody to defer to."""
    declared = (Stage.DESIGN, Stage.DEPLOY)
    late = deferred(Stage.RUN, "ask the account")

    said = verdict(lambda lamp: late, lamp(), stage=stage, deferrable=declared, reach="some of it")
    assert said == (late if stage in declared else Verdict(Status.UNKNOWN, "ask the account"))
    assert verdict(lambda lamp: late, lamp(), stage=stage).status is Status.UNKNOWN


def test_reads_are_never_judged() -> None:
    """A resource that is looked up belongs to somebody else."""
    controls = load_catalogue().controls.values()
    subject = resource(BUCKET, "read", {"bucket": "x"}, kind=Kind.READ)

    assert list(Judge(controls, Settings()).resource(subject, graph(subject))) == []
    assert list(judge_stack(graph(subject), controls, Settings())) == []


def test_fact_is_built_once_for_all_its_controls() -> None:
    """Controls of one fact share it."""
    built: list[str] = []

    class Counting(dict[str, Any]):
        def __getitem__(self, key: str) -> Any:
            built.append(key)
            return super().__getitem__(key)

    controls = [made(lambda lamp: PASS, id=f"LAMP-{number}") for number in range(3)]
    subject = replace(lamp(), inputs=Counting(colour="green"))

    assert len(list(Judge(controls, Settings()).resource(subject, graph(subject)))) == 3
    assert built == ["colour"]


def test_facts_that_come_from_no_graph_are_judged_too() -> None:
    """Readers of the live account hand in the same facts."""
    green, other = made(lambda lamp: PASS), next(iter(load_catalogue().controls.values()))
    said = list(Judge([green, other], Settings(), stage=Stage.RUN).fact(Lamp("red")))

    assert said == [(green, PASS)]


def findings(*resources: Resource, controls: list[Control] | None = None, **changes: Any) -> list[Finding]:
    """Judge a stack at design time."""
    chosen = controls if controls is not None else list(load_catalogue().controls.values())
    return judge(graph(*resources), chosen, Settings(**changes), stage=Stage.DESIGN, observed_at=NOW)


def test_every_control_has_a_finding() -> None:
    """Also the passes, and the controls that found nothing to judge."""
    found = findings(
        resource(BUCKET, "ledger", {"bucket": "ledger"}), resource(ACCESS_BLOCK, "b", {"bucket": "ledger"})
    )
    without_subject = [each for each in found if not each.resource]

    assert {each.control for each in found} == set(load_catalogue().controls)
    assert {"LG-IAM-01", "LG-NET-02"} <= {each.control for each in without_subject}
    assert {each.status for each in without_subject} == {Status.NOT_APPLICABLE}
    assert len({(each.control, each.resource) for each in found}) == len(found)


def test_finding_says_where_and_when() -> None:
    """A finding carries all that a report needs, and only real ARNs and Regions."""
    subject = lamp(outputs={"arn": "arn:aws:lamp:eu-west-1:111122223333:lamp/1"}, provider=provider().urn)
    (found,) = findings(
        subject, controls=[made(lambda lamp: fail("it is red", found="red"))], account_id="111122223333"
    )

    assert found == Finding(
        control="LAMP-1",
        slug="bank-lamp-green",
        status=Status.FAIL,
        severity=Severity.LOW,
        message="it is red",
        resource=subject.urn,
        arn="arn:aws:lamp:eu-west-1:111122223333:lamp/1",
        type=LAMP,
        account="111122223333",
        region="eu-west-1",
        program="bank",
        stack="dev",
        stage=Stage.DESIGN,
        found="red",
        observed_at=NOW,
    )


@pytest.mark.parametrize("arn", [f"arn:aws:lamp:::{SYMBOL_MARK}", UNKNOWN, Secret("arn:aws:lamp:::x")])
def test_arn_that_is_not_physical_is_left_out(arn: object) -> None:
    """A made-up, unknown or secret ARN is no fact about the account."""
    (found,) = findings(lamp(outputs={"arn": arn}), controls=[made(lambda lamp: PASS)])

    assert found.arn == ""


def test_source_names_the_place_and_who_called_it() -> None:
    """Paths below the root are relative; inside a component, its maker is named too."""
    frames = (Frame("/repo/lib/light.py", 7), Frame("/repo/lib/light.py", 3), Frame("/repo/main.py", 12))
    component = resource("bank:light:Room", "room", kind=Kind.COMPONENT)
    alone, inside = lamp(source=frames), lamp(source=frames, parent=component.urn)
    green = [made(lambda lamp: PASS)]

    def source(*resources: Resource, root: str = "/repo") -> Source | None:
        found = judge(graph(*resources), green, Settings(), stage=Stage.DESIGN, observed_at=NOW, root=Path(root))
        return found[0].source

    assert source(alone) == Source("lib/light.py", 7)
    assert source(component, inside) == Source("lib/light.py", 7, "main.py", 12)
    assert source(alone, root="/elsewhere") == Source("/repo/lib/light.py", 7)
    assert source(lamp()) is None
