"""Filters and orders as SQL has them, windows without gaps, and what is refused."""

import json
import sqlite3
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from sandbox.seed.telling import dice_for
from tests.sandbox.generic_graphql.workspace import Workspace

FIELDS = "id updatedAt city companyId name { firstName lastName } emails { primaryEmail } company { id }"
COLUMNS = ("id", "updatedAt", "city", "companyId", "firstName", "lastName", "primaryEmail")
COMPOSITES = {"firstName": "name", "lastName": "name", "primaryEmail": "emails"}
SIGNS = {"eq": "=", "neq": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}


@pytest.fixture(scope="module")
def people(workspace: Workspace) -> Iterator[sqlite3.Connection]:
    """The people in a table of SQLite's, whose logic is SQL's."""
    database = sqlite3.connect(":memory:")
    database.execute("PRAGMA case_sensitive_like = on")
    database.create_function("folded", 1, lambda text: None if text is None else text.lower())
    database.execute(f"CREATE TABLE people ({', '.join(COLUMNS)})")
    flat = [{**row, **row["name"], **row["emails"]} for row in workspace.all("people", FIELDS)]
    database.executemany(
        f"INSERT INTO people VALUES ({', '.join('?' * len(COLUMNS))})",
        [[row[column] for column in COLUMNS] for row in flat],
    )
    yield database
    database.close()


def drawn(dice: Random, database: sqlite3.Connection, depth: int) -> tuple[dict[str, Any], str, list[Any]]:
    """A filter, the same as SQL, and its parameters."""
    kind = dice.choice(("and", "or", "not", "field", "field")) if depth else "field"
    if kind == "field":
        return drawn_field(dice, database)
    parts = [drawn(dice, database, depth - 1) for _ in range(1 if kind == "not" else dice.randint(1, 3))]
    values = [value for part in parts for value in part[2]]
    if kind == "not":
        return {"not": parts[0][0]}, f"NOT ({parts[0][1]})", values
    return {kind: [part[0] for part in parts]}, f" {kind.upper()} ".join(f"({part[1]})" for part in parts), values


def drawn_field(dice: Random, database: sqlite3.Connection) -> tuple[dict[str, Any], str, list[Any]]:
    """One operator on one field, with a value that rows have."""
    column = dice.choice(COLUMNS)
    values = [row[0] for row in database.execute(f"SELECT {column} FROM people WHERE {column} IS NOT NULL")]
    value, operators = dice.choice(values), ["eq", "neq", "in", "is"]
    is_ordered = column in {"id", "updatedAt", "companyId"}
    operators += ["lt", "lte", "gt", "gte"] if is_ordered else ["like", "ilike", "startsWith", "endsWith"]
    name = dice.choice(operators)
    wanted: Any = value
    if name == "is":
        wanted = dice.choice(("NULL", "NOT_NULL"))
        sql, parameters = f"{column} IS {wanted.replace('_', ' ')}", []
    elif name == "in":
        wanted = dice.sample(values, 3)
        sql, parameters = f"{column} IN (?, ?, ?)", wanted
    elif name in {"like", "ilike"}:
        wanted = dice.choice((f"%{value[1:3].upper()}%", f"{value[:2]}%", f"_{value[1:]}", "%\\_%", value))
        left, right = (column, "?") if name == "like" else (f"folded({column})", "folded(?)")
        sql, parameters = f"{left} LIKE {right} ESCAPE '\\'", [wanted]
    elif name in {"startsWith", "endsWith"}:
        wanted = value[:2] if name == "startsWith" else value[-2:]
        cut = f"substr({column}, 1, ?)" if name == "startsWith" else f"substr({column}, -?)"
        sql, parameters = (f"{cut} = ?", [len(wanted), wanted]) if wanted else (f"{column} = {column}", [])
    else:
        sql, parameters = f"{column} {SIGNS[name]} ?", [value]
    given: dict[str, Any] = {column: {name: wanted}}
    return ({COMPOSITES[column]: given} if column in COMPOSITES else given), sql, parameters


def test_filters_and_orders_mean_what_sql_means(workspace: Workspace, people: sqlite3.Connection) -> None:
    """Rows, their order and their count, for drawn filters and orders; ties come by id."""
    sizes = set()
    for seed in range(200):
        dice = dice_for(str(seed))
        given, where, parameters = drawn(dice, people, 3)
        columns = dice.sample(COLUMNS, dice.randint(0, 2))
        ways = [(column, dice.choice(("Asc", "Desc")), dice.choice(("First", "Last"))) for column in columns]
        order = [_nested(column, f"{way}Nulls{end}") for column, way, end in ways]
        by = "".join(f"{column} {way.upper()} NULLS {end.upper()}, " for column, way, end in ways)

        found = workspace.all("people", "id", filter=given, orderBy=order)

        expected = people.execute(f"SELECT id FROM people WHERE {where} ORDER BY {by}id", parameters).fetchall()
        assert [row["id"] for row in found] == [row[0] for row in expected], (seed, json.dumps(given), order)
        sizes.add(len(expected))
    assert len(sizes) > 30


def test_numbers_truths_and_choices_are_compared(workspace: Workspace) -> None:
    """Choices come in the order in which the type declares them."""
    rows = workspace.all("opportunities", "id stage amount { amountMicros }")
    big = workspace.all(
        "opportunities",
        "amount { amountMicros }",
        filter={"amount": {"amountMicros": {"gte": 10**10}}, "stage": {"in": ["NEW", "LOST"]}},
        orderBy=[{"amount": {"amountMicros": "DescNullsLast"}}],
    )
    stages = [row["stage"] for row in workspace.all("opportunities", "stage", orderBy=[{"stage": "AscNullsLast"}])]
    days = workspace.all("calendarEvents", "isFullDay", filter={"isFullDay": {"eq": True}})

    amounts = [row["amount"]["amountMicros"] or 0 for row in rows if row["stage"] in {"NEW", "LOST"}]
    found = [row["amount"]["amountMicros"] for row in big]
    assert found == sorted((one for one in amounts if one >= 10**10), reverse=True) != []
    assert list(dict.fromkeys(stages)) == ["NEW", "SCREENING", "MEETING", "PROPOSAL", "CUSTOMER", "LOST"]
    assert {row["isFullDay"] for row in days} == {True}


@pytest.mark.parametrize("direction", ["AscNullsFirst", "AscNullsLast", "DescNullsFirst", "DescNullsLast"])
def test_missing_values_come_where_the_order_says(workspace: Workspace, direction: str) -> None:
    """First or last, whatever the direction of the others; a list of one key may come without its brackets."""
    cities = [row["city"] for row in workspace.all("people", "city", orderBy={"city": direction})]

    there = [city for city in cities if city is not None]
    missing: list[str | None] = [None] * (len(cities) - len(there))
    assert missing
    assert there == sorted(there, reverse=direction.startswith("Desc"))
    assert cities == (missing + there if direction.endswith("First") else there + missing)


WINDOW = """query ($first: Int, $after: String, $last: Int, $before: String, $order: [PersonOrderByInput!]) {
  people(first: $first, after: $after, last: $last, before: $before, orderBy: $order) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } }
  }
}"""


def test_windows_neither_repeat_nor_skip(workspace: Workspace) -> None:
    """Forth with `first` and `after`, back with `last` and `before`, over many ties."""
    order = [{"updatedAt": "DescNullsLast"}]
    every = [row["id"] for row in workspace.all("people", "id", orderBy=order)]
    forth: list[str] = []
    back: list[str] = []
    page: Any = {"pageInfo": {"endCursor": None, "hasNextPage": True}}
    while page["pageInfo"]["hasNextPage"]:
        page = workspace.data(WINDOW, first=7, after=page["pageInfo"]["endCursor"], order=order)["people"]
        assert page["pageInfo"]["hasPreviousPage"] == bool(forth)
        forth += [edge["node"]["id"] for edge in page["edges"]]
    page = workspace.data(WINDOW, last=7, order=order)["people"]
    while True:
        assert page["pageInfo"]["hasNextPage"] == bool(back)
        back = [edge["node"]["id"] for edge in page["edges"]] + back
        if not page["pageInfo"]["hasPreviousPage"]:
            break
        page = workspace.data(WINDOW, last=7, before=page["edges"][0]["cursor"], order=order)["people"]

    assert forth == back == every
    usual, none = workspace.data(WINDOW)["people"], workspace.data(WINDOW, first=0)["people"]
    assert len(usual["edges"]) == 60
    assert (none["edges"], none["totalCount"], none["pageInfo"]["endCursor"]) == ([], len(every), None)


def test_a_cursor_is_of_one_order(workspace: Workspace) -> None:
    """In another order, in another direction, or made up, it is refused; with another filter it holds."""
    order = [{"updatedAt": "DescNullsLast"}]
    cursor = workspace.data(WINDOW, first=3, order=order)["people"]["pageInfo"]["endCursor"]

    orders = [[], [{"updatedAt": "AscNullsLast"}], [{"createdAt": "DescNullsLast"}], [*order, {"id": "AscNullsLast"}]]
    assert [workspace.codes(WINDOW, after=cursor, order=one) for one in orders] == [["BAD_USER_INPUT"]] * 4
    made_up = ("", "x", "e30=", "bnVsbA==", cursor[:-4])
    assert [workspace.codes(WINDOW, before=one, order=order) for one in made_up] == [["BAD_USER_INPUT"]] * 5


def _nested(column: str, direction: str) -> dict[str, Any]:
    key = {column: direction}
    return {COMPOSITES[column]: key} if column in COMPOSITES else key
