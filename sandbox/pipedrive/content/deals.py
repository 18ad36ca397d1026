"""Pipelines, stages and deals of a book, as Pipedrive has them."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from sandbox.pipedrive.content.cells import Row, instant, lead_id, optional_id, row_id, user_id
from sandbox.pipedrive.content.fields import option_id, own_key
from sandbox.pipedrive.content.parties import number
from sandbox.seed import Book, Deal

__all__ = ["deal_rows", "pipeline_rows", "stage_rows"]

_SINCE = {"add_time": "2022-03-01T09:00:00Z", "update_time": "2022-03-01T09:00:00Z"}


def pipeline_rows(book: Book) -> list[Row]:
    """The ways for deals."""
    ways = (one for one in book.pipelines if one.kind == "deal")
    flags = {"is_deleted": False, "is_deal_probability_enabled": True}
    return [
        {"id": place, "name": one.label, "order_nr": place, **flags, **_SINCE}
        for place, one in enumerate(ways, start=1)
    ]


def stage_rows(book: Book) -> list[Row]:
    """The open stages of every way: a deal that is won or lost keeps the stage in which it was."""
    told: list[Row] = []
    for pipeline_id, way in enumerate((one for one in book.pipelines if one.kind == "deal"), start=1):
        for place, stage in enumerate(one for one in way.stages if one.outcome == "open"):
            told.append(
                {
                    "id": len(told) + 1,
                    "order_nr": place,
                    "name": stage.label,
                    "is_deleted": False,
                    "deal_probability": int(stage.probability * 100),
                    "pipeline_id": pipeline_id,
                    "is_deal_rot_enabled": False,
                    "days_to_rotten": None,
                    **_SINCE,
                }
            )
    return told


def deal_rows(book: Book, *, archived_every: int) -> Iterator[Row]:
    """One row per deal; without an amount its value is 0, and every seventh open one has a probability of its own."""
    zone, places = ZoneInfo(book.time_zone), _places(book)
    sources = {lead.deal: lead_id(lead.number) for lead in book.leads if lead.deal is not None}
    for deal in book.deals:
        pipeline_id, stage_ids, status = places[deal.pipeline, deal.stage]
        is_archived = bool(archived_every) and deal.number % archived_every == 0
        yield {
            "id": row_id("deals", deal.number),
            "title": deal.name,
            "creator_user_id": user_id(deal.number % (len(book.users) + 1)),
            "owner_id": user_id(deal.owner),
            "person_id": row_id("persons", deal.roles[0].person) if deal.roles else None,
            "org_id": optional_id("organizations", deal.company),
            "pipeline_id": pipeline_id,
            "stage_id": stage_ids[-1] if status == "won" else stage_ids[deal.number % len(stage_ids)],
            "value": number(deal.amount) or 0,
            "currency": deal.currency,
            "add_time": instant(deal.created_at),
            "update_time": instant(deal.updated_at),
            "stage_change_time": None,
            "status": status,
            "is_deleted": False,
            "is_archived": is_archived,
            "archive_time": instant(deal.updated_at) if is_archived else None,
            "probability": 35 if status == "open" and deal.number % 7 == 0 else None,
            "lost_reason": deal.lost_reason,
            "visible_to": 3,
            **_closing(deal, status, zone),
            "expected_close_date": deal.close_on.isoformat(),
            "label_ids": [] if deal.deal_type is None else [option_id("deal", "label_ids", deal.deal_type)],
            "origin": "ManuallyCreated",
            "origin_id": None,
            "channel": option_id("deal", "channel", deal.lead_source),
            "channel_id": None,
            "acv": None,
            "arr": None,
            "mrr": None,
            "custom_fields": {own_key("deal", name): value for name, value in _own(deal).items()},
            "source_lead_id": sources.get(deal.number),
        }


def _own(deal: Deal) -> Row:
    """The account's fields; here and there a fee, and two weeks for the delivery."""
    until = deal.close_on + timedelta(days=14)
    return {
        "contractMonths": deal.contract_months,
        "competitor": deal.competitor,
        "setupFee": {"value": 100 + deal.number, "currency": deal.currency} if deal.number % 4 == 0 else None,
        "delivery": {"value": f"{deal.close_on}", "until": f"{until}"} if deal.number % 6 == 0 else None,
    }


def _places(book: Book) -> dict[tuple[str, str], tuple[int, list[int], str]]:
    """By keys of pipeline and stage: pipeline id, the stage ids where such a deal stands, and its status."""
    found: dict[tuple[str, str], tuple[int, list[int], str]] = {}
    first = 1
    for pipeline_id, way in enumerate((one for one in book.pipelines if one.kind == "deal"), start=1):
        steps = [one.key for one in way.stages if one.outcome == "open"]
        ids = list(range(first, first + len(steps)))
        first += len(steps)
        for one in way.stages:
            stood = [ids[steps.index(one.key)]] if one.outcome == "open" else ids
            found[way.key, one.key] = (pipeline_id, stood, one.outcome)
    return found


def _closing(deal: Deal, status: str, zone: ZoneInfo) -> Row:
    told: Row = {}
    for word in ("close", "won", "lost"):
        at = deal.closed_at if word in {"close", status} else None
        told[f"{word}_time"] = None if at is None else instant(at)
        told[f"local_{word}_date"] = None if at is None else at.astimezone(zone).date().isoformat()
    return told
