"""A bill of a million lines with planted differences of every kind, in GB18030, over the border of the day, and cut
off: exactly those are found, within ten minutes and 300 MB (proof b11). The ordinary run has a thousand lines."""

import os
from collections import Counter
from datetime import datetime, timedelta

import pytest

from baokao.core.invariants import runner
from baokao.payments import providers, services
from baokao.payments.gateways.alipay import billfile
from baokao.payments.models import BillLine, Difference
from tests.payments import million
from tests.payments.million import DAY, NOW
from tests.site import environment_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.breaks_invariants]

SEED = int(os.environ.get("BILL_SEED", "11"))
MORNING = datetime.fromisoformat(NOW)
KINDS = {kind for kind, _ in Difference.Kind.choices}


def listed():
    return Counter(Difference.objects.filter(state="listed").values_list("kind", "number"))


def broken():
    """The invariants that speak of bills."""
    return [str(found) for found in runner.run(patience=0) if found.name == "I7" and "bill" in found.sentence]


def exactly_those(rows, each, tmp_path, fetch):
    """A bill that is cut off changes nothing; of a whole one exactly what was planted is found. What was planted, and
    the fetch's figures."""
    file = tmp_path / "bill.zip"
    million.fill(rows)
    million.write(file, million.planted(rows // 2, each, SEED).lines(), cut=True)
    assert fetch(file)["state"] == "due"
    assert not BillLine.objects.exists()
    plan = million.planted(rows, each, SEED)
    million.write(file, plan.lines())
    figures = fetch(file)
    assert figures["state"] == "compared"
    assert listed() == plan.found
    assert {kind for kind, _ in plan.found} == KINDS, "every kind was planted"
    assert broken() == []
    return plan, figures


def the_next_day_explains_the_border(plan, tmp_path, monkeypatch):
    """What the day's bill lacked at its end stands in the next day's."""
    file = tmp_path / "next.zip"
    after = DAY + timedelta(days=1)
    million.write(file, iter(plan.border), after)
    monkeypatch.setattr(providers, "configured", lambda: {"alipay": million.gateway(file)})
    services.fetch_bill(services.bill_of("alipay", after).id, MORNING + timedelta(days=1))
    assert listed() == Counter({found: count for found, count in plan.found.items() if found[0] != "day_border"})
    assert broken() == []


def in_this_process(monkeypatch):
    def fetch(file):
        monkeypatch.setattr(providers, "configured", lambda: {"alipay": million.gateway(file)})
        return {"state": services.fetch_bill(services.bill_of("alipay", DAY).id, MORNING)}

    return fetch


def test_b11_exactly_the_planted_differences_are_found_however_often(tmp_path, monkeypatch):
    fetch = in_this_process(monkeypatch)
    plan, _ = exactly_those(1000, 3, tmp_path, fetch)
    fetch(tmp_path / "bill.zip")
    assert listed() == plan.found
    assert Difference.objects.count() == plan.found.total()
    the_next_day_explains_the_border(plan, tmp_path, monkeypatch)


@pytest.mark.prove
@pytest.mark.timeout(3000)
def test_b11_a_million_lines_within_ten_minutes_and_300_megabytes(tmp_path, monkeypatch, record_property):
    """In a process of its own, as the worker's role."""
    plan, figures = exactly_those(1_000_000, 100, tmp_path, lambda file: million.fetch(file, environment_of("worker")))
    record_property("fetched", f"{figures['seconds']:.0f} s, {figures['megabytes']:.0f} MB")
    assert figures["seconds"] < 600
    assert figures["megabytes"] < 300
    the_next_day_explains_the_border(plan, tmp_path, monkeypatch)


def test_b11_control_a_bill_that_is_read_loosely_is_believed_when_cut_off(tmp_path, monkeypatch):
    monkeypatch.setattr(billfile, "_require_whole", lambda *_: None)
    with pytest.raises(AssertionError, match="due"):
        exactly_those(1000, 3, tmp_path, in_this_process(monkeypatch))
