"""Reading records: one by its id, collections, counts and groups."""

import re
from collections.abc import Sequence
from urllib.parse import quote

from sandbox.clock import Clock
from sandbox.dynamics365.api.asked import Answer, Asked, json_answer, read_options
from sandbox.dynamics365.errors import bad_request, no_property, no_record, no_segment, unsupported
from sandbox.dynamics365.odata.aggregates import grouped
from sandbox.dynamics365.odata.filters import Filters
from sandbox.dynamics365.odata.pages import next_link, start_of
from sandbox.dynamics365.odata.preferences import MOST_ROWS, Preferences, read_preferences
from sandbox.dynamics365.odata.query import Query, read_query
from sandbox.dynamics365.odata.scope import Scope
from sandbox.dynamics365.odata.shaping import Shaper
from sandbox.dynamics365.org.cells import Row
from sandbox.dynamics365.org.store import Store
from sandbox.dynamics365.org.tables import Table, tables

__all__ = ["Reads"]

_GUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_ADDRESS = re.compile(r"(?P<set>\w+)(?:\((?P<key>[^)]*)\))?(?:/(?P<nav>\w+))?(?P<count>/\$count)?")
_TOTALS = "Microsoft.Dynamics.CRM.totalrecordcount"


class Reads:
    """Answers about the records of a store."""

    def __init__(self, store: Store, clock: Clock, root: str) -> None:
        self._store, self._root = store, root
        self._filters = Filters(clock)
        self._sets = {table.entity_set: table for table in tables().values()}

    def answer(self, asked: Asked) -> Answer:
        """The answer to *asked*, whose path is below an entity set.

        Raises:
            VendorError: 400 or 404.
        """
        address = _ADDRESS.fullmatch(asked.path)
        table = self._sets.get(address["set"]) if address else None
        if address is None or table is None:
            raise no_segment(asked.path.partition("/")[0].partition("(")[0])
        key, nav_name, is_count = address["key"], address["nav"], address["count"] is not None
        if key is None:
            if nav_name:
                raise no_segment(nav_name)
            return self._collection(asked, table, self._store.rows(table.name), is_count=is_count)
        row = self._found(table, key)
        if nav_name is None:
            if is_count:
                raise no_segment("$count")
            return self._single(asked, table, row)
        nav = table.navs.get(nav_name)
        if nav is None:
            raise no_segment(nav_name)
        target = tables()[nav.target]
        if nav.is_many:
            return self._collection(asked, target, self._store.many(str(row[table.key]), nav), is_count=is_count)
        behind = self._store.behind(row, nav)
        return Answer(status=204) if behind is None else self._single(asked, target, behind)

    def _found(self, table: Table, key: str) -> Row:
        """A row by its id; the account has no alternate keys."""
        told = key.removeprefix(f"{table.key}=")
        if not re.fullmatch(_GUID, told):
            raise bad_request(
                f"The key in the request URI is not valid for resource 'Microsoft.Dynamics.CRM.{table.name}'."
            )
        row = self._store.find(table.name, told.lower())
        if row is None:
            raise no_record(table.name, told.lower())
        return row

    def _single(self, asked: Asked, table: Table, row: Row) -> Answer:
        options, aliases = read_options(asked.query)
        if refused := options.keys() - {"$select", "$expand"}:
            raise unsupported(f"The query option {min(refused)} of a single record")
        query = read_query(options, Scope(table=table, store=self._store, aliases=aliases), self._filters)
        preferences = read_preferences(asked.prefer)
        record = self._shaper(preferences).record(row, table, query)
        context = f"{self._context(table, query)}/$entity"
        return json_answer({"@odata.context": context, **record}, headers=_applied(preferences))

    def _collection(self, asked: Asked, table: Table, rows: Sequence[Row], *, is_count: bool) -> Answer:
        options, aliases = read_options(asked.query)
        scope = Scope(table=table, store=self._store, aliases=aliases)
        if "$apply" in options:
            return self._groups(asked, options, scope, rows)
        query = read_query(options, scope, self._filters)
        found = query.rows(rows)
        if is_count:
            return Answer(body=str(min(len(found), MOST_ROWS)).encode(), media_type="text/plain")
        preferences = read_preferences(asked.prefer)
        told: dict[str, object] = {"@odata.context": self._context(table, query)}
        if _is_counted(options):
            told["@odata.count"] = min(len(found), MOST_ROWS)
        if preferences.wants(_TOTALS):
            told[f"@{_TOTALS}"] = min(len(found), MOST_ROWS) if _is_counted(options) else -1
            told[f"@{_TOTALS}limitexceeded"] = _is_counted(options) and len(found) > MOST_ROWS
        start = start_of(options["$skiptoken"]) if "$skiptoken" in options else 0
        size, has_next = self._page(query, preferences)
        told["value"] = self._shaper(preferences).records(found[start : start + size], table, query)
        if has_next and len(found) > start + size:
            told["@odata.nextLink"] = self._next(asked, start=start + size, size=size)
        return json_answer(told, headers=_applied(preferences))

    def _page(self, query: Query, preferences: Preferences) -> tuple[int, bool]:
        """Rows of the page and whether a link may follow: $top is ignored beside a page size, and has no link."""
        if preferences.page_size is not None:
            return preferences.page_size, True
        return (MOST_ROWS, True) if query.top is None else (min(query.top, MOST_ROWS), False)

    def _next(self, asked: Asked, *, start: int, size: int) -> str:
        address = f"{self._root}/{quote(asked.path, safe='/()=$')}"
        return next_link(address, asked.query, start=start, page=start // size + 1)

    def _groups(self, asked: Asked, options: dict[str, str], scope: Scope, rows: Sequence[Row]) -> Answer:
        if "$orderby" in options:
            raise unsupported("The query node SingleValueOpenPropertyAccess")
        if refused := options.keys() - {"$apply", "$skiptoken"}:
            raise unsupported(f"The query option {min(refused)} beside $apply")
        groups = grouped(options["$apply"], rows, scope, self._filters)
        preferences = read_preferences(asked.prefer)
        shaper = self._shaper(preferences)
        start = start_of(options["$skiptoken"]) if "$skiptoken" in options else 0
        size = preferences.page_size or MOST_ROWS
        told: dict[str, object] = {"@odata.context": f"{self._root}/$metadata#{scope.table.entity_set}"}
        told["value"] = [shaper.group(row, groups.columns) for row in groups.rows[start : start + size]]
        if len(groups.rows) > start + size:
            told["@odata.nextLink"] = self._next(asked, start=start + size, size=size)
        return json_answer(told, headers=_applied(preferences))

    def totals(self, names: Sequence[str]) -> Answer:
        """RetrieveTotalRecordCount: how many records the tables *names* have.

        Raises:
            VendorError: 400, an unknown table.
        """
        for name in names:
            if name not in tables():
                raise no_property(name, "EntityNames")
        counts = [len(self._store.rows(name)) for name in names]
        collection = {"Count": len(names), "IsReadOnly": False, "Keys": list(names), "Values": counts}
        context = f"{self._root}/$metadata#Microsoft.Dynamics.CRM.RetrieveTotalRecordCountResponse"
        return json_answer({"@odata.context": context, "EntityRecordCountCollection": collection})

    def _shaper(self, preferences: Preferences) -> Shaper:
        return Shaper(store=self._store, preferences=preferences, root=self._root)

    def _context(self, table: Table, query: Query) -> str:
        """Such as …/$metadata#contacts(fullname,parentcustomerid_account(name))."""
        return f"{self._root}/$metadata#{table.entity_set}{_described(query)}"


def _described(query: Query) -> str:
    names = [query.select_text] if query.select_text else []
    names += [f"{expand.nav.name}{_described(expand.query) or '()'}" for expand in query.expands]
    return f"({','.join(names)})" if names else ""


def _is_counted(options: dict[str, str]) -> bool:
    told = options.get("$count", "false")
    if told not in {"true", "false"}:
        raise bad_request(f"Invalid value '{told}' for $count query option found; it must be true or false.")
    return told == "true"


def _applied(preferences: Preferences) -> dict[str, str]:
    return {"Preference-Applied": preferences.applied} if preferences.applied else {}
