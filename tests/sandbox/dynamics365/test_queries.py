"""What query options mean, against Python's own answer over the book, and what is refused."""

from collections import Counter
from collections.abc import Callable
from urllib.parse import quote

import pytest

from sandbox.seed.book import Person
from tests.sandbox.dynamics365.organization import Organization

CRM = "Microsoft.Dynamics.CRM."
Test = Callable[[Person], object]

CONDITIONS: list[tuple[str, Test]] = [
    ("lastname eq 'MÜLLER  '", lambda one: one.last_name.casefold() == "müller"),
    ("jobtitle ne 'buyer'", lambda one: (one.job_title or "").casefold() != "buyer"),
    ("not (jobtitle eq 'buyer')", lambda one: (one.job_title or "").casefold() != "buyer"),
    ("department eq null", lambda one: one.department is None),
    ("contains(fullname,'AN')", lambda one: "an" in f"{one.first_name or ''} {one.last_name}".casefold()),
    ("not contains(jobtitle,'sales')", lambda one: "sales" not in (one.job_title or "").casefold()),
    ("startswith(lastname,'[a-c]')", lambda one: one.last_name[0].casefold() in "abc"),
    ("endswith(jobtitle,'f_')", lambda one: (one.job_title or "").casefold()[-2:-1] == "f"),
    ("new_npsscore ge 9", lambda one: one.nps is not None and one.nps >= 9),
    ("not (new_npsscore gt 3)", lambda one: one.nps is not None and one.nps <= 3),
    ("9 le new_npsscore", lambda one: one.nps is not None and one.nps >= 9),
    ("new_isvip eq true or new_isvip eq null", lambda one: one.is_vip is not False),
    ("new_renewalon lt 2026-12-01", lambda one: one.renewal_on and one.renewal_on.isoformat() < "2026-12-01"),
    ("createdon ge 2026-01-01T02:00:00+02:00", lambda one: one.created_at.year == 2026),
    ("createdon ge 2026-01-01", lambda one: one.created_at.year == 2026),
    ("parentcustomerid_account/name eq null", lambda one: one.company is None),
    (
        f'{CRM}In(PropertyName=\'lastname\',PropertyValues=["müller","x"])',
        lambda one: one.last_name.casefold() == "müller",
    ),
    (f'{CRM}NotIn(PropertyName=\'new_npsscore\',PropertyValues=["1","2"])', lambda one: one.nps not in {1, 2}),
    (f'{CRM}Between(PropertyName=\'new_npsscore\',PropertyValues=["2","4"])', lambda one: one.nps in {2, 3, 4}),
    (
        f'{CRM}ContainValues(PropertyName=\'new_interests\',PropertyValues=["1","3"])',
        lambda one: {"product", "support"} & {*one.interests},
    ),
    (
        f"{CRM}DoesNotContainValues(PropertyName='new_interests',PropertyValues=[\"2\"])",
        lambda one: "pricing" not in one.interests,
    ),
    (
        f"{CRM}OnOrAfter(PropertyName='createdon',PropertyValue=2026-03-05)",
        lambda one: f"{one.created_at:%Y-%m-%d}" >= "2026-03-05",
    ),
    ("lastname eq @p1&@p1='müller'", lambda one: one.last_name.casefold() == "müller"),
]


@pytest.mark.parametrize(("condition", "test"), CONDITIONS, ids=[text for text, _ in CONDITIONS])
def test_conditions_find_what_they_mean(organization: Organization, condition: str, test: Test) -> None:
    """A condition finds the people that it is true of; only null, ne and negated searches are true of nothing."""
    told = condition.replace("+", "%2B")

    found = organization.rows(f"contacts?$select=lastname&$filter={told}")

    expected = [one.last_name for one in organization.book.people if test(one)]
    assert sorted(row["lastname"] for row in found) == sorted(expected)


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("contact_customer_accounts/any()", bool),
        (
            "contact_customer_accounts/any(c:startswith(c/lastname,'m'))",
            lambda names: any(n.startswith("m") for n in names),
        ),
        (
            "not contact_customer_accounts/any(c:contains(c/lastname,'o'))",
            lambda names: not any("o" in n for n in names),
        ),
        ("contact_customer_accounts/all(c:contains(c/lastname,'e'))", lambda names: all("e" in n for n in names)),
    ],
)
def test_lambdas_look_at_related_rows(
    organization: Organization, condition: str, count: Callable[[list[str]], bool]
) -> None:
    """`any` and `all` look at the contacts of an account."""
    names: dict[int, list[str]] = {one.number: [] for one in organization.book.companies}
    for person in organization.book.people:
        if person.company:
            names[person.company].append(person.last_name.casefold())

    found = organization.rows(f"accounts?$select=name&$filter={condition}")

    assert len(found) == sum(map(count, names.values()))


def test_missing_values_come_first_and_last_when_descending(organization: Organization) -> None:
    """As in SQL Server; ties come by key, and text is sorted whatever its case."""
    up = [row["new_npsscore"] for row in organization.rows("contacts?$select=new_npsscore&$orderby=new_npsscore")]
    down = [
        row["new_npsscore"] for row in organization.rows("contacts?$select=new_npsscore&$orderby=new_npsscore desc")
    ]
    missing = sum(one.nps is None for one in organization.book.people)

    assert up[:missing] == [None] * missing == down[len(down) - missing :]
    assert up[missing:] == sorted(up[missing:]) == down[: len(down) - missing][::-1]


def test_lookups_are_sorted_by_the_names_they_show(organization: Organization) -> None:
    """Not by their ids."""
    rows = organization.rows(
        "contacts?$select=fullname&$orderby=_parentcustomerid_value&$expand=parentcustomerid_account($select=name)"
    )
    names = [row["parentcustomerid_account"]["name"].casefold() for row in rows if row["parentcustomerid_account"]]

    assert rows[0]["parentcustomerid_account"] is None
    assert [name for name in names if name.isascii()] == sorted(name for name in names if name.isascii())


def test_a_walk_by_keys_meets_every_row(organization: Organization) -> None:
    """GUIDs compare as they are sorted: as SQL Server does, by their last group first."""
    keys: list[str] = []
    while len(keys) < 1_000:
        condition = f"&$filter=contactid gt {keys[-1]}" if keys else ""
        page = organization.get(f"contacts?$select=contactid&$orderby=contactid&$top=30{condition}").json()["value"]
        if not page:
            break
        keys += [row["contactid"] for row in page]

    assert len(keys) == len(set(keys)) == len(organization.book.people)
    assert [key[-12:] for key in keys] == sorted(key[-12:] for key in keys)


@pytest.mark.parametrize("order", ["modifiedon desc", "statecode", "lastname,firstname desc"])
def test_pages_have_no_gap_and_no_row_twice(organization: Organization, order: str) -> None:
    """Links followed with the same preference give the whole answer, in the same order."""
    path = f"contacts?$select=contactid&$orderby={quote(order)}"
    whole = [row["contactid"] for row in organization.rows(path)]

    paged = [row["contactid"] for row in organization.rows(path, "odata.maxpagesize=7")]

    assert paged == whole
    assert len(set(whole)) == len(organization.book.people)


def test_top_gives_no_link_and_yields_to_a_page_size(organization: Organization) -> None:
    """$top alone ends the answer; beside a page size it is ignored."""
    alone = organization.get("contacts?$top=3").json()
    beside = organization.get("contacts?$top=3", "odata.maxpagesize=5")

    assert (len(alone["value"]), "@odata.nextLink" in alone) == (3, False)
    assert (len(beside.json()["value"]), "@odata.nextLink" in beside.json()) == (5, True)
    assert beside.headers["Preference-Applied"] == "odata.maxpagesize=5"


def test_groups_count_and_sum(organization: Organization) -> None:
    """$apply groups by columns and by columns behind lookups, and leaves out what is missing."""
    rows = organization.rows(
        "opportunities?$apply=filter(statecode eq 0)/groupby((transactioncurrencyid/isocurrencycode),"
        "aggregate($count as n,estimatedvalue with sum as total))"
    )
    told = organization.rows(
        "opportunities?$filter=statecode eq 0&$select=estimatedvalue"
        "&$expand=transactioncurrencyid($select=isocurrencycode)"
    )
    counts = Counter(row["transactioncurrencyid"]["isocurrencycode"] for row in told)

    assert {row["transactioncurrency_isocurrencycode"]: row["n"] for row in rows} == counts
    assert sum(row["total"] for row in rows) == pytest.approx(sum(row["estimatedvalue"] or 0 for row in told))


def test_expanded_collections_carry_a_link_and_their_options(organization: Organization) -> None:
    """Children are filtered, sorted and cut; the link beside them leads to the same children."""
    options = "$select=lastname;$filter=lastname ge 'k';$orderby=lastname;$top=2"
    path = f"accounts?$select=name&$expand=contact_customer_accounts({options})"
    rows = organization.rows(path)
    row = max(rows, key=lambda one: len(one["contact_customer_accounts"]))
    names = [one["lastname"].casefold() for one in row["contact_customer_accounts"]]

    assert len(names) == 2
    assert all(one["_parentcustomerid_value"] == row["accountid"] for one in row["contact_customer_accounts"])
    assert names == sorted(names)
    assert names[0] >= "k"
    behind = organization.rows(row["contact_customer_accounts@odata.nextLink"])
    assert set(names) <= {one["lastname"].casefold() for one in behind}


def test_a_nested_expand_turns_paging_of_children_on(organization: Organization) -> None:
    """Children come in pages of the preferred size, and the link leads to the next one."""
    path = (
        "accounts?$select=name&$expand=contact_customer_accounts($select=lastname;$expand=owninguser($select=fullname))"
    )
    prefer = "odata.maxpagesize=1"
    rows = organization.rows(path, prefer)
    row = next(one for one in rows if one["name"] == _busiest(organization))
    first = [one["contactid"] for one in row["contact_customer_accounts"]]

    rest = [one["contactid"] for one in organization.rows(row["contact_customer_accounts@odata.nextLink"], prefer)]

    whole = organization.rows(f"contacts?$select=contactid&$filter=_parentcustomerid_value eq {row['accountid']}")
    assert len(first) == 1
    assert first + rest == [one["contactid"] for one in whole]
    assert "@odata.etag" not in row["contact_customer_accounts"][0]


def _busiest(organization: Organization) -> str:
    """The name of the company with the most people."""
    [(number, _)] = Counter(one.company for one in organization.book.people if one.company).most_common(1)
    return organization.book.companies[number - 1].name


def test_a_record_behind_a_lookup_has_its_keys_and_no_etag(organization: Organization) -> None:
    """A user's keys are its own and that of an owner; the context tells what is nested."""
    path = "contacts?$top=1&$select=fullname&$expand=owninguser($select=fullname;$expand=businessunitid($select=name))"
    answer = organization.get(path).json()
    user = answer["value"][0]["owninguser"]

    assert answer["@odata.context"].endswith("#contacts(fullname,owninguser(fullname,businessunitid(name)))")
    assert set(user) == {"fullname", "systemuserid", "ownerid", "businessunitid"}
    assert user["systemuserid"] == user["ownerid"]


def test_a_record_is_read_by_its_id(organization: Organization) -> None:
    """Selected columns, the key in any case, and a context that tells the selection."""
    key = organization.rows("contacts?$top=1&$select=contactid")[0]["contactid"]

    row = organization.get(f"contacts({key})?$select=lastname").json()

    assert set(row) == {"@odata.context", "@odata.etag", "lastname", "contactid"}
    assert row["@odata.context"].endswith("/$metadata#contacts(lastname)/$entity")


def test_annotations_come_as_they_are_preferred(organization: Organization) -> None:
    """None unasked, those that are named, and all but those that are left out."""
    path = "contacts?$select=_ownerid_value&$top=1"
    formatted, table = "OData.Community.Display.V1.FormattedValue", "Microsoft.Dynamics.CRM.lookuplogicalname"
    preferred = {
        "": set(),
        f'odata.include-annotations="{table}"': {table},
        f'odata.include-annotations="{table},{formatted}"': {table, formatted},
        'odata.include-annotations="OData.*"': {formatted},
        f'odata.include-annotations="*,-{table}"': {formatted},
    }

    for prefer, expected in preferred.items():
        row = organization.get(path, prefer).json()["value"][0]
        assert {name.partition("@")[2] for name in row if name.startswith("_ownerid_value@")} == expected


NOBODY = "00000000-0000-0000-0000-000000000000"
MANY = ",".join(["parentcustomerid_account"] * 16)
REFUSED = {
    "contacts?$skip=5": (400, "Skip Clause is not supported in CRM"),
    "contacts?$search=a": (400, "$search"),
    "contacts?$Filter=statecode eq 0": (400, "$Filter"),
    "contacts?$select=fullname&$select=lastname": (400, "more than once"),
    "contacts?$select=nothing": (
        400,
        "Could not find a property named 'nothing' on type 'Microsoft.Dynamics.CRM.contact'.",
    ),
    "contacts?$select=FullName": (400, "Could not find a property named 'FullName'"),
    "contacts?$filter=lastname eq 5": (400, "incompatible types"),
    "contacts?$filter=contactid eq 'x'": (400, "incompatible types"),
    "contacts?$filter=lastname in ('a','b')": (400, "OData 4.0"),
    "contacts?$filter=lastname EQ 'a'": (400, "Syntax error"),
    "contacts?$filter=lastname eq 'a": (400, "Syntax error"),
    "contacts?$filter=tolower(lastname) eq 'a'": (400, "must be a property"),
    "contacts?$filter=createdon gt 2026-02-30": (400, "Syntax error"),
    f"contacts?$filter={CRM}In(PropertyName='lastname',PropertyValues=['a'])": (400, "Syntax error"),
    f"contacts?$filter={CRM}In(PropertyName='contactid',PropertyValues=[\"x\"])": (400, "no value"),
    f"contacts?$filter={CRM}Sounds(PropertyName='lastname',PropertyValue='a')": (400, "Sounds"),
    f"contacts?$filter={' or '.join(['statecode eq 0'] * 501)}": (400, "exceeded maximum limit"),
    f"contacts?$filter={'not (' * 1500}statecode eq 0{')' * 1500}": (400, "Recursion depth"),
    f"contacts?$filter={CRM}LastXDays(PropertyName='createdon',PropertyValue=999999)": (400, "days"),
    "contacts?$orderby=lastname up": (400, "Syntax error"),
    "contacts?$top=0": (400, "$top"),
    "contacts?$skiptoken=2": (400, "Malformed XML"),
    f"contacts?$expand={MANY}": (400, "limit of 15"),
    "contacts?$expand=parentcustomerid_Account": (400, "Could not find"),
    "accounts?$expand=contact_customer_accounts($top=1;$expand=createdby)": (400, "Only $select and $filter"),
    "contacts?$expand=owninguser($top=1)": (400, "Only $select and $filter"),
    "contacts?$apply=groupby((createdon))": (400, "datetime"),
    "contacts?$apply=groupby((statecode))&$orderby=statecode": (400, "SingleValueOpenPropertyAccess"),
    "contacts?$apply=aggregate(contactid with countdistinct as n)": (400, "countdistinct"),
    f"contacts({NOBODY})": (404, f"contact With Id = {NOBODY} Does Not Exist"),
    "contacts(1)": (400, "The key in the request URI is not valid"),
    "people": (404, "Resource not found for the segment 'people'."),
    "EntityDefinitions?$top=1": (400, "$top"),
    "EntityDefinitions(LogicalName='none')": (404, "does not exist"),
    f"contacts?$filter=lastname eq '{'a' * 33_000}'": (414, "too long"),
}


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path[:60])
def test_what_the_service_does_not_take_is_refused(organization: Organization, path: str) -> None:
    """With its status, and an error that names the cause."""
    status, text = REFUSED[path]

    answer = organization.get(path)

    assert answer.status_code == status, answer.text
    assert text in answer.json()["error"]["message"]


def test_a_page_size_that_is_no_number_is_refused(organization: Organization) -> None:
    """The preference is checked like an option."""
    assert organization.get("contacts", "odata.maxpagesize=0").status_code == 400
