"""A small book of records in two sources, and a way to query it."""

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

import pytest
import strawberry

from model.capabilities import Description
from model.entities import Appointment, Company, Contact, Deal, Note, Pipeline, Stage, User
from model.ids import GlobalId
from model.page import Link
from model.reading import PlatformInfo, SourceInfo, SourceStatus
from model.values import Attendee, Choice, LabelledValue, Money, RecordRef, Ref
from schema import Context, Limits, build_schema
from tests.schema.shelf import Shelf

NOW = datetime(2026, 5, 13, 10, 30, tzinfo=UTC)
SALES = PlatformInfo(key="salesforce", name="Salesforce", auth_kinds=("OAUTH_CODE", "JWT_BEARER"))
HUB = PlatformInfo(key="hubspot", name="HubSpot", auth_kinds=("TOKEN",))

Ask = Callable[..., Coroutine[Any, Any, dict[str, Any]]]


def gid(kind: str, source: str, remote_id: str) -> str:
    """The global id of something."""
    return GlobalId(kind, source, remote_id).encode()


def contact(source: str, number: int, **values: Any) -> Contact:
    """A contact with every scalar read."""
    given: dict[str, Any] = {
        "url": None,
        "created_at": f"2026-05-{number:02}T08:00:00.000Z",
        "updated_at": "2026-05-12T23:30:00.000Z",
        "created_by": None,
        "updated_by": None,
        "version": None,
        "fetched_at": "2026-05-13T10:30:00.000Z",
        "is_deleted": False,
        "is_archived": None,
        "first_name": f"First{number}",
        "last_name": f"Last{number}",
        "email": f"{number}@{source}.example",
        "emails": (LabelledValue(f"{number}@{source}.example", "work", is_primary=True),),
        "lifecycle": Choice("lead", "Lead"),
        "tags": ("vip", "North"),
        "addresses": None,
        "birth_date": None,
        "email_opt_out": False,
        "company": None,
        "owner": None,
    }
    return Contact(source=source, remote_id=f"c{number}", **(given | values))


@pytest.fixture
def shelf() -> Shelf:
    """Two sources: north with a whole little office, south with one contact."""
    person = Attendee(name="First1", contact=Ref("contact", "c1"), is_required=True)
    stage = Stage(
        source="north", remote_id="s1", pipeline_id="p1", name="Won", position=2, probability="0.75", outcome="WON"
    )
    return Shelf(
        infos=[
            SourceInfo(key="north", name="North", platform=SALES, status=SourceStatus.READY),
            SourceInfo(
                key="south", name="South", platform=HUB, status=SourceStatus.DEGRADED, status_reason="slow today"
            ),
        ],
        descriptions={
            "north": Description(
                types={}, pipelines=(Pipeline(source="north", remote_id="p1", name="Sales", stages=(stage,)),)
            )
        },
        records=[
            contact("north", 1, company=Ref("company", "k1"), owner=Ref("user", "u1")),
            contact("north", 2, company=Ref("company", "k1"), email=None),
            contact("south", 3),
            Company(source="north", remote_id="k1", name="Acme", parent=None, owner=Ref("user", "u1")),
            User(source="north", remote_id="u1", name="Uma", email="uma@north.example", kind="TEAM"),
            Deal(
                source="north",
                remote_id="d1",
                name="Big one",
                amount=Money("1234.50", "EUR"),
                probability="0.75",
                status="WON",
                pipeline=Ref("pipeline", "p1"),
                stage=Ref("stage", "s1"),
                company=Ref("company", "k1"),
            ),
            Deal(
                source="north", remote_id="d2", name="Small one", amount=None, stage=None, pipeline=None, company=None
            ),
            Appointment(
                source="north",
                remote_id="a1",
                title="Kick-off",
                attendees=(person, Attendee(email="guest@else.example")),
                about=(
                    RecordRef(remote_type="Opportunity", remote_id="d1", ref=Ref("deal", "d1")),
                    RecordRef(remote_type="Case", remote_id="x9"),
                ),
            ),
            Note(source="north", remote_id="n1", title="Hello", body="<b>Hello</b>", author=None, about=None),
        ],
        links={
            ("north", "k1", "contacts"): [Link(ref=Ref("contact", "c1")), Link(ref=Ref("contact", "c2"))],
            ("north", "c1", "deals"): [Link(ref=Ref("deal", "d1")), Link(ref=Ref("deal", "d2"))],
            ("north", "d1", "contacts"): [Link(ref=Ref("contact", "c1"), role="Buyer", is_primary=True)],
            ("north", "d1", "notes"): [Link(ref=Ref("note", "n1"))],
            ("north", "a1", "contacts"): [Link(ref=Ref("contact", "c2"))],
        },
    )


@pytest.fixture(scope="session")
def schema() -> strawberry.Schema:
    """The schema; it holds nothing of a request."""
    return build_schema()


@pytest.fixture
def ask(schema: strawberry.Schema, shelf: Shelf) -> Ask:
    """Runs a query over the shelf; the answer as a client gets it, `data` and `errors`."""

    async def run(query: str, *, limits: Limits | None = None, **variables: Any) -> dict[str, Any]:
        context = Context(reads=shelf, now=NOW, limits=limits or Limits(first=50))
        result = await schema.execute(query, variable_values=variables, context_value=context)
        return {"data": result.data, "errors": [error.formatted for error in result.errors or ()]}

    return run
