"""The estimate of cost: amounts from the graph, prices with a source, and a sum that is one."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest

from docs.cost import ASKED_USD, document, load_prices, total
from docs.quantities import HOURS, quantities
from tests.infra.recording import PAYMENTS, Recording, open_recorder

PRICES = load_prices()


@pytest.fixture(scope="module")
def prod() -> Iterator[Recording]:
    """Return the production stack of the payment system."""
    with open_recorder() as record:
        yield record(PAYMENTS, "prod")


@pytest.mark.requirement("B-89")
def test_every_price_says_where_and_when_it_was_read() -> None:
    """No price is guessed: each has an address and a date that is not ahead of us."""
    prices = PRICES.prices.values()

    assert all(price.usd > 0 for price in prices)
    assert all(re.match(r"https?://\S+\.\S+", price.source) for price in prices)
    assert all(dt.date(2026, 1, 1) <= price.read for price in prices)


@pytest.mark.requirement("B-89")
def test_what_has_no_price_is_named_with_where_to_look() -> None:
    """Every gap of the estimate is left to the reader by name, with the service's own page."""
    assert PRICES.unpriced
    assert all(where.startswith("https://aws.amazon.com/") for where in PRICES.unpriced.values())


@pytest.mark.requirement("B-89")
@pytest.mark.requirement("B-17")
def test_amounts_are_those_of_the_graph(prod: Recording) -> None:
    """Gateways, addresses, tasks, capacity and keys count as often as the stack has them, for the whole month."""
    found = {(line.service, line.what): line.amount for line in quantities(prod.graph, PRICES.usage)}

    assert found["VPC", "NAT gateways"] == 3 * HOURS
    assert found["VPC", "public addresses"] == 3 * HOURS
    assert found["Fargate", "vCPU hours"] == 2 * 2 * HOURS
    assert found["Fargate", "GB hours"] == 2 * 2 * 2 * HOURS
    assert found["Aurora", "capacity unit hours at rest"] == 3 * 1 * HOURS
    assert found["KMS", "keys"] == len(prod.graph.of_type("aws:kms/key:Key"))
    assert found["WAF", "rules"] == 5


@pytest.mark.requirement("B-89")
def test_document_sums_its_lines_and_says_how_it_stands_to_what_was_asked(prod: Recording) -> None:
    """The total is the sum of the lines, and the document owns up to the expectation that it misses."""
    lines = quantities(prod.graph, PRICES.usage)
    sum_ = sum(line.amount * PRICES.prices[line.price].usd for line in lines)
    text = document({"prod": prod.graph}, PRICES)

    assert total(lines, PRICES, assumed=False) + total(lines, PRICES, assumed=True) == pytest.approx(sum_)
    assert f"**{sum_:,.2f}**" in text
    assert ASKED_USD[0] < sum_
    assert "above the 425 to 650 that were expected" in text


@pytest.mark.requirement("B-89")
def test_every_price_is_used_or_gone(prod: Recording) -> None:
    """The list holds no price that nothing is paid by."""
    used = {line.price for line in quantities(prod.graph, PRICES.usage)}

    assert set(PRICES.prices) == used
