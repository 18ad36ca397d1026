"""Lists, single records, searches, related lists and metadata."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sandbox.zoho.org import record_id
from tests.sandbox.zoho.orgs import BOOK, Client, running_org

ZONE = ZoneInfo("Europe/Berlin")


def told(moment: datetime) -> str:
    """*moment* as the organisation tells it."""
    return moment.replace(microsecond=0).astimezone(ZONE).isoformat()


def test_a_contact_is_told_as_zoho_tells_one(org: Client) -> None:
    """Ids are texts of 18 digits, look-ups objects, instants carry the organisation's offset, lists the requested."""
    person = next(one for one in BOOK.people if one.company and one.birth_date and one.owner and one.interests)
    fields = "Last_Name,Account_Name,Owner,Modified_Time,Date_of_Birth,Interests,VIP,Nope"
    row = org.rows("Contacts", fields=fields, ids=record_id("Contacts", person.number))[0]
    owner, company = BOOK.users[person.owner - 1], BOOK.companies[person.company - 1]

    assert row == {
        "id": record_id("Contacts", person.number),
        "Last_Name": person.last_name,
        "Account_Name": {"name": company.name, "id": record_id("Accounts", company.number)},
        "Owner": {"name": owner.name, "id": record_id("Users", owner.number), "email": owner.email},
        "Modified_Time": told(person.updated_at),
        "Date_of_Birth": person.birth_date.isoformat(),
        "Interests": list(person.interests),
        "VIP": bool(person.is_vip),
    }
    assert len(row["id"]) == 18


@pytest.mark.parametrize("sort_by", ["id", "Created_Time", "Modified_Time"])
@pytest.mark.parametrize("sort_order", ["asc", "desc"])
def test_tokens_walk_a_list_without_gaps(org: Client, sort_by: str, sort_order: str) -> None:
    """Over ties too; the last page has no token."""
    asked = {"fields": "Created_Time,Modified_Time", "per_page": 7, "sort_by": sort_by, "sort_order": sort_order}
    answer = org.get("Contacts", **asked).json()
    found = answer["data"]
    while (token := answer["info"]["next_page_token"]) is not None:
        answer = org.get("Contacts", **asked, page_token=token).json()
        found += answer["data"]

    keys = [one["id"] if sort_by == "id" else datetime.fromisoformat(one[sort_by]) for one in found]
    assert len({one["id"] for one in found}) == len(found) == len(BOOK.people)
    assert keys == sorted(keys, reverse=sort_order == "desc")
    assert answer["info"]["more_records"] is False
    assert answer["info"]["page"] == -(-len(found) // 7)


def test_tokens_are_bound_to_the_question_and_expire() -> None:
    """Another parameter makes them invalid, 24 hours make them old."""
    with running_org(token_ttl_s=100_000) as org:
        token = org.get("Contacts", fields="id", per_page=5).json()["info"]["next_page_token"]
        other = org.get("Contacts", fields="Email", per_page=5, page_token=token)
        org.sandbox.clock.advance(86_401)
        late = org.get("Contacts", fields="id", per_page=5, page_token=token)

    assert (other.status_code, other.json()["code"]) == (400, "INVALID_DATA")
    assert (late.status_code, late.json()["code"]) == (400, "EXPIRED_VALUE")


def test_what_is_not_there_has_no_content(org: Client) -> None:
    """204 for records, lists, searches and queries; 304 for nothing new."""
    nothing = [
        org.get("Contacts/1"),
        org.get("Contacts", fields="id", ids="1,2"),
        org.get("Contacts", fields="id", page=9),
        org.get("Contacts/search", word="zzzzzz"),
        org.coql("select id from Contacts where id = 1"),
    ]
    newest = max(one.updated_at for one in BOOK.people).replace(microsecond=0)
    since = {"If-Modified-Since": (newest - timedelta(seconds=1)).isoformat()}
    late = {"If-Modified-Since": newest.isoformat()}
    new = org.http.get("/crm/v8/Contacts", params={"fields": "id"}, headers=since).json()["data"]

    assert [(one.status_code, one.content) for one in nothing] == [(204, b"")] * 5
    assert {one["id"] for one in new} == {
        record_id("Contacts", one.number) for one in BOOK.people if one.updated_at >= newest
    }
    assert org.http.get("/crm/v8/Contacts", params={"fields": "id"}, headers=late).status_code == 304
    assert org.http.get("/crm/v8/users", headers=late).status_code == 304


def test_converted_leads_leave_the_list(org: Client) -> None:
    """They are there for those who ask, with what became of them."""
    converted = [one for one in BOOK.leads if one.status == "converted"]
    counts = [len(org.rows("Leads", fields="id", converted=word)) for word in ("false", "true", "both")]
    lead = converted[0]
    path = f"Leads/{record_id('Leads', lead.number)}"
    row = org.get(path, converted="both").json()["data"][0]

    assert counts == [len(BOOK.leads) - len(converted), len(converted), len(BOOK.leads)]
    assert len(org.rows("Leads", fields="id")) == counts[0]
    assert org.get(path).status_code == 204
    assert row["Converted__s"] is True
    assert row["Converted_Deal"]["id"] == record_id("Deals", lead.deal)
    assert org.get("Leads/actions/count").json() == {"count": counts[0]}


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        ({"criteria": "(Last_Name:equals:an)"}, lambda one: "an" in one.last_name.casefold()),
        ({"criteria": "(Last_Name:starts_with:m)"}, lambda one: one.last_name.casefold().startswith("m")),
        (
            {"criteria": "((NPS_Score:greater_equal:5)and(Department:in:Sales,Finance))"},
            lambda one: (one.nps or 0) >= 5 and any(w in (one.department or "") for w in ("Sales", "Finance")),
        ),
        (
            {"criteria": "((NPS_Score:between:2,3)or(VIP:equals:true))"},
            lambda one: one.nps in {2, 3} or bool(one.is_vip),
        ),
        ({"criteria": r"(Title:equals:VP\, Operations)"}, lambda one: one.job_title == "VP, Operations"),
        ({"email": (BOOK.people[3].email or "").upper()}, lambda one: one.email == BOOK.people[3].email),
        (
            {"word": BOOK.people[5].last_name},
            lambda one: (
                BOOK.people[5].last_name.casefold()
                in f"{one.first_name} {one.last_name} {one.email} {one.description} {one.street}".casefold()
            ),
        ),
    ],
)
def test_searches_find_what_they_say(org: Client, asked: dict[str, str], holds) -> None:
    """By criteria, address and word; equality of texts is containment."""
    found = {one["id"] for one in org.rows("Contacts/search", fields="Last_Name", **asked)}
    count = org.get("Contacts/actions/count", **asked).json()["count"]

    assert found == {record_id("Contacts", one.number) for one in BOOK.people if holds(one)}
    assert count == len(found) > 0


def test_an_index_lags_behind_if_asked_to() -> None:
    """What changed within the lag is not found yet, but read."""
    newest = max(BOOK.people, key=lambda one: one.updated_at)
    with running_org(index_lag_s=400 * 86_400) as org:
        found = {one["id"] for one in org.rows("Contacts/search", criteria="(id:not_equal:1)", fields="id")}
        read = org.get(f"Contacts/{record_id('Contacts', newest.number)}").status_code

    assert read == 200
    assert record_id("Contacts", newest.number) not in found
    assert 0 < len(found) < len(BOOK.people)


def test_related_lists_lead_on(org: Client) -> None:
    """The roles of a deal, the contacts of an account, the notes of whatever has some."""
    deal = next(one for one in BOOK.deals if len(one.roles) > 1)
    roles = org.rows(f"Deals/{record_id('Deals', deal.number)}/Contact_Roles", fields="Last_Name")
    company = next(one.company for one in BOOK.people if one.company)
    contacts = org.rows(f"Accounts/{record_id('Accounts', company)}/Contacts", fields="Last_Name")
    note = org.rows("Notes", fields="Parent_Id")[0]
    parent = note["Parent_Id"]
    notes = org.rows(f"{parent['module']['api_name']}/{parent['id']}/Notes", fields="Note_Title")

    assert [(one["id"], one["Contact_Role"] and one["Contact_Role"]["name"]) for one in roles] == [
        (record_id("Contacts", role.person), role.role) for role in deal.roles
    ]
    assert {one["id"] for one in contacts} == {
        record_id("Contacts", one.number) for one in BOOK.people if one.company == company
    }
    assert note["id"] in {one["id"] for one in notes}


def test_events_tell_who_takes_part(org: Client) -> None:
    """Only if asked; whole days end a second before midnight, and some guests are nobody known."""
    rows = org.rows(
        "Events", fields="Participants,All_day,Start_DateTime,End_DateTime,Who_Id,What_Id", sort_order="asc"
    )
    whole = [one for one in rows if one["All_day"]]
    kinds = {one["type"] for row in rows for one in row["Participants"]}
    meeting = next(one for one in BOOK.appointments if one.lead and not one.deal)
    about_lead = rows[meeting.number - 1]

    assert "Participants" not in org.rows("Events", fields="All_day")[0]
    assert kinds == {"contact", "lead", "user", "email"}
    assert [[one["participant"] for one in row["Participants"] if one["type"] == "contact"] for row in rows] == [
        [record_id("Contacts", person) for person in one.people] for one in BOOK.appointments
    ]
    assert whole
    assert all("T00:00:00" in one["Start_DateTime"] and "T23:59:59" in one["End_DateTime"] for one in whole)
    assert (about_lead["What_Id"]["id"], about_lead["$se_module"]) == (record_id("Leads", meeting.lead), "Leads")
    assert about_lead["Who_Id"] is None


def test_pipelines_and_fields_say_what_a_stage_is(org: Client) -> None:
    """Which stages a pipeline has and how they are forecast; their probabilities stand in the field's values."""
    layout = org.get("settings/layouts", module="Deals").json()["layouts"][0]["id"]
    pipelines = org.get("settings/pipeline", layout_id=layout).json()["pipeline"]
    one = org.get(f"settings/pipeline/{pipelines[1]['id']}", layout_id=layout).json()["pipeline"]
    fields = {one["api_name"]: one for one in org.get("settings/fields", module="Deals").json()["fields"]}
    values = {one["actual_value"]: one for one in fields["Stage"]["pick_list_values"]}
    words = {"open": "Open", "won": "Closed Won", "lost": "Closed Lost"}

    ways = [one for one in BOOK.pipelines if one.kind == "deal"]
    assert [(one["actual_value"], [stage["forecast_type"] for stage in one["maps"]]) for one in pipelines] == [
        (way.label, [words[stage.outcome] for stage in way.stages]) for way in ways
    ]
    assert one == pipelines[1:2]
    assert {name: one["probability"] for name, one in values.items()} == {
        stage.label: int(stage.probability * 100) for way in ways for stage in way.stages
    }
    assert [name for name, one in fields.items() if one["custom_field"]] == ["Contract_Months", "Main_Competitor"]
    assert fields["Account_Name"]["lookup"]["module"]["api_name"] == "Accounts"


def test_users_are_listed_by_type(org: Client) -> None:
    """Queues are no users; the one whom the token belongs to is nobody of the book."""
    people = [one for one in BOOK.users if one.kind == "user"]
    counts = {kind: len(org.get("users", type=kind).json()["users"]) for kind in ("AllUsers", "ActiveUsers")}
    current = org.get("users", type="CurrentUser").json()["users"]
    wanted = org.get("users", ids=record_id("Users", 2)).json()["users"]

    assert counts == {"AllUsers": len(people) + 1, "ActiveUsers": sum(one.is_active for one in people) + 1}
    assert [one["email"] for one in current] == ["admin@crew.example"]
    assert [one["full_name"] for one in wanted] == [BOOK.users[1].name]
    assert org.get("org").json()["org"][0]["iso_code"] == BOOK.home_currency
