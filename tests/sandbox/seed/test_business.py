"""Deals, leads and activities."""

from collections import Counter
from decimal import Decimal

import pytest

from sandbox.seed import TODAY, Book
from tests.sandbox.seed.reading import share


def test_pipelines_have_the_promised_stages(book: Book) -> None:
    """Two ways for deals with one won and one lost stage each, one for leads, stage keys never twice."""
    shape = {pipeline.key: (pipeline.kind, len(pipeline.stages)) for pipeline in book.pipelines}
    outcomes = [
        Counter(stage.outcome for stage in pipeline.stages) for pipeline in book.pipelines if pipeline.kind == "deal"
    ]
    keys = [stage.key for pipeline in book.pipelines for stage in pipeline.stages]

    assert shape == {"sales": ("deal", 6), "renewals": ("deal", 4), "leads": ("lead", 5)}
    assert all(counts["won"] == counts["lost"] == 1 for counts in outcomes)
    assert len(set(keys)) == len(keys)
    assert all(0 <= stage.probability <= 1 for pipeline in book.pipelines for stage in pipeline.stages)


def test_deals_close_as_their_stage_says(book: Book) -> None:
    """A won or lost deal has its closing instant and day, an open one an expected day, a lost one mostly a reason."""
    outcome = {(pipeline.key, stage.key): stage.outcome for pipeline in book.pipelines for stage in pipeline.stages}

    for deal in book.deals:
        told = outcome[deal.pipeline, deal.stage]
        assert (deal.closed_at is None) == (told == "open")
        if deal.closed_at:
            assert deal.created_at <= deal.closed_at <= deal.updated_at
            assert deal.close_on == deal.closed_at.date()
        assert deal.lost_reason is None or told == "lost"
    counts = Counter(outcome[deal.pipeline, deal.stage] for deal in book.deals)
    assert min(counts["open"], counts["won"], counts["lost"]) > 80


def test_amounts_are_exact_in_several_currencies(book: Book, other: Book) -> None:
    """Cents at most, none in yen, some missing; the home currency leads."""
    for one, home in ((book, "EUR"), (other, "USD")):
        counts = Counter(deal.currency for deal in one.deals)
        amounts = [(deal.amount, deal.currency) for deal in one.deals if deal.amount is not None]
        assert one.home_currency == home
        assert set(counts) == set(one.currencies) == {"EUR", "USD", "GBP", "JPY"}
        assert counts.most_common(1)[0][0] == home
        assert 0.04 < 1 - len(amounts) / len(one.deals) < 0.13
        assert all(amount > 0 and amount == amount.quantize(Decimal("0.01")) for amount, _ in amounts)
        assert all(amount == amount.to_integral_value() for amount, currency in amounts if currency == "JPY")
        assert any(amount != amount.to_integral_value() for amount, _ in amounts)


def test_every_second_person_has_deals(book: Book) -> None:
    """None to three people a deal, the first one primary; a person has none, one or two of them, rarely more."""
    sizes = Counter(len(deal.roles) for deal in book.deals)
    per_person = Counter(role.person for deal in book.deals for role in deal.roles)

    assert set(sizes) == {0, 1, 2, 3}
    assert all(
        [role.is_primary for role in deal.roles] == [True, False, False][: len(deal.roles)] for deal in book.deals
    )
    assert len(per_person) / len(book.people) == pytest.approx(0.5, abs=0.05)
    assert share(count <= 2 for count in per_person.values()) > 0.95


def test_leads_have_persons_and_every_status(book: Book) -> None:
    """Each lead is a person of the book, no person is two leads, and the row agrees with the person's."""
    people = {person.number: person for person in book.people}

    assert {lead.status for lead in book.leads} == {"new", "working", "qualified", "disqualified", "converted"}
    numbers = [lead.person for lead in book.leads if lead.person]
    assert len(set(numbers)) == len(book.leads)
    for lead in book.leads:
        person = people[lead.person or 0]
        assert (lead.first_name, lead.last_name, lead.email) == (person.first_name, person.last_name, person.email)
        assert lead.company_name
        assert lead.title


def test_converted_leads_name_what_they_became(book: Book) -> None:
    """A converted lead has day, company and deal, its person has a part in that deal; the others have none of them."""
    deals = {deal.number: deal for deal in book.deals}
    converted = [lead for lead in book.leads if lead.status == "converted"]

    assert 0.08 < len(converted) / len(book.leads) < 0.16
    for lead in converted:
        deal = deals[lead.deal or 0]
        assert lead.converted_on is not None
        assert lead.company == deal.company is not None
        assert lead.person == deal.roles[0].person
    others = [lead for lead in book.leads if lead.status != "converted"]
    assert {(lead.converted_on, lead.company, lead.deal) for lead in others} == {(None, None, None)}


def test_appointments_lie_around_today(book: Book) -> None:
    """Past, today's and coming ones; whole-day ones have days, the others instants, and all end after they start."""
    whole_day = [one for one in book.appointments if one.starts_on]
    timed = [one for one in book.appointments if one.starts_at]

    assert len(whole_day) + len(timed) == len(book.appointments)
    assert len(whole_day) / len(book.appointments) == pytest.approx(0.06, abs=0.03)
    assert all(one.starts_at is one.ends_at is None for one in whole_day)
    assert all(one.starts_on and one.ends_on and one.starts_on < one.ends_on for one in whole_day)
    assert all(one.starts_on is one.ends_on is None for one in timed)
    assert all(one.starts_at and one.ends_at and one.starts_at < one.ends_at for one in timed)
    days = [one.starts_at.date() if one.starts_at else one.starts_on for one in book.appointments]
    assert sum(day == TODAY for day in days) > 0
    assert min(sum(day < TODAY for day in days if day), sum(day > TODAY for day in days if day)) > 100


def test_outcomes_of_appointments_fit_their_days(book: Book) -> None:
    """What is past is no longer scheduled, what is ahead is not yet completed."""
    for one in book.appointments:
        day = one.starts_at.date() if one.starts_at else one.starts_on
        assert day is not None
        assert one.outcome in ({"scheduled", "canceled"} if day >= TODAY else {"completed", "canceled", "no_show"})
    assert {one.outcome for one in book.appointments} == {"scheduled", "completed", "canceled", "no_show"}


def test_notes_have_lines_and_markup(book: Book) -> None:
    """Line breaks everywhere, signs with a meaning in HTML in many."""
    assert all("\n" in note.body for note in book.notes)
    assert share("<" in note.body and "&" in note.body for note in book.notes) > 0.4


def test_tasks_are_done_when_they_say_so(book: Book) -> None:
    """Done ones alone carry when; days to be done lie before and after today."""
    assert {task.status for task in book.tasks} == {"open", "in_progress", "done", "canceled"}
    assert all((task.completed_at is not None) == (task.status == "done") for task in book.tasks)
    due = [task.due_on for task in book.tasks if task.due_on]
    assert min(due) < TODAY < max(due)
