"""Reads records into the JSON form of the API, each object of a shape with one statement."""

import base64
import json
from collections.abc import Callable, Iterable, Mapping, Sequence

from sandbox.salesforce.org import Field, SObject
from sandbox.salesforce.org.store import Cell, Store
from sandbox.salesforce.soql.context import Context
from sandbox.salesforce.soql.shapes import Parent, Plain, Shape

__all__ = ["Json", "Reader"]

Json = dict[str, object]

_Convert = Callable[[Cell], object]


class Reader:
    """Reads rows by number or by id."""

    def __init__(self, store: Store, context: Context, *, content_inline: bool) -> None:
        """Args: content_inline: base64 fields come as text instead of as addresses."""
        self._store = store
        self._context = context
        self._content_inline = content_inline

    def by_number(self, shape: Shape, numbers: Sequence[int]) -> dict[int, tuple[str, Json]]:
        """Id and record by row number, without the blocks of children; gone rows are left out."""
        rows = self._rows(shape, "number", numbers)
        records = self._records(shape, rows)
        return {int(row[0] or 0): (str(row[1]), record) for row, record in zip(rows, records, strict=True)}

    def by_id(self, shape: Shape, ids: Iterable[str]) -> dict[str, Json]:
        """Record by id, without the blocks of children; unknown ids are left out."""
        rows = self._rows(shape, "Id", sorted(set(ids)))
        return {str(row[1]): record for row, record in zip(rows, self._records(shape, rows), strict=True)}

    def _rows(self, shape: Shape, key: str, values: Sequence[str | int]) -> list[tuple[Cell, ...]]:
        if not values:
            return []
        columns = [f't."{key}"', 't."Id"', *self._columns(shape)]
        statement = (
            f'SELECT {", ".join(columns)} FROM "{shape.sobject.name}" t '  # noqa: S608 - names from the catalog
            f'WHERE t."{key}" IN (SELECT value FROM json_each(?))'
        )
        return self._store.select(statement, (json.dumps(list(values)),))

    def _columns(self, shape: Shape) -> list[str]:
        """Of plain fields first, then the references behind the parents."""
        columns = []
        for one in shape.plain():
            columns += [_column(part) for part in one.parts] or [self._plain_column(one)]
        return columns + [_column(one.reference) for one in shape.parents()]

    def _plain_column(self, plain: Plain) -> str:
        """`convertCurrency` gives the running user's currency."""
        if not plain.is_converted:
            return _column(plain.field)
        rates = self._context.rates
        home = rates[self._context.home_currency]
        cases = " ".join(f"WHEN '{code}' THEN {home / rate!r}" for code, rate in rates.items())
        return f'{_column(plain.field)} * CASE t."CurrencyIsoCode" {cases} ELSE 1.0 END'

    def _records(self, shape: Shape, rows: Sequence[tuple[Cell, ...]]) -> list[Json]:
        parents = self._parents(shape, rows)
        makers = self._makers(shape)
        width = 2 + sum(len(one.parts) or 1 for one in shape.plain())
        places = {one.key: width + index for index, one in enumerate(shape.parents())}
        records = []
        for row in rows:
            record: Json = {"attributes": self._attributes(shape.sobject, row)}
            for key in shape.members:
                if key in makers:
                    start, make = makers[key]
                    record[key] = make(row, start)
                elif key in places:
                    reference = row[places[key]]
                    record[key] = parents[key].get(str(reference)) if reference is not None else None
                else:
                    record[key] = None
            records.append(record)
        return records

    def _attributes(self, sobject: SObject, row: tuple[Cell, ...]) -> Json:
        holder = sobject if sobject.is_queryable else self._context.catalog.holder_of(str(row[1])) or sobject
        url = f"/services/data/v{self._context.version}.0/sobjects/{holder.name}/{row[1]}"
        return {"type": sobject.name, "url": url}

    def _makers(self, shape: Shape) -> dict[str, tuple[int, Callable[[tuple[Cell, ...], int], object]]]:
        """Where each plain field's cells begin in a row, and what makes its value of them."""
        makers: dict[str, tuple[int, Callable[[tuple[Cell, ...], int], object]]] = {}
        place = 2
        for one in shape.plain():
            makers[one.key] = place, self._maker(one, shape.sobject)
            place += len(one.parts) or 1
        return makers

    def _maker(self, plain: Plain, sobject: SObject) -> Callable[[tuple[Cell, ...], int], object]:
        if plain.parts:
            names = [_address_key(part, plain.field) for part in plain.parts]
            return lambda row, start: _address(names, row[start : start + len(names)])
        if plain.field.type == "boolean":
            return lambda row, start: None if row[start] is None else bool(row[start])
        if plain.field.type == "junctionIdList":
            return lambda row, start: json.loads(str(row[start] or "[]"))
        if plain.field.type == "base64":
            return lambda row, start: self._content(sobject, plain.field, row[1], row[start])
        return lambda row, start: row[start]

    def _content(self, sobject: SObject, declared: Field, record_id: Cell, text: Cell) -> str | None:
        if text is None:
            return None
        if self._content_inline:
            return base64.b64encode(str(text).encode()).decode()
        return f"/services/data/v{self._context.version}.0/sobjects/{sobject.name}/{record_id}/{declared.name}"

    def _parents(self, shape: Shape, rows: Sequence[tuple[Cell, ...]]) -> dict[str, Mapping[str, Json]]:
        """Parent records by member and id; every object that a reference points to is read once."""
        start = 2 + sum(len(one.parts) or 1 for one in shape.plain())
        found: dict[str, Mapping[str, Json]] = {}
        for place, parent in enumerate(shape.parents(), start):
            ids = {str(row[place]) for row in rows if row[place] is not None}
            found[parent.key] = self._typed(parent, ids)
        return found

    def _typed(self, parent: Parent, ids: set[str]) -> dict[str, Json]:
        records: dict[str, Json] = {}
        for name, shape in parent.shapes.items():
            if name:
                prefix = self._context.catalog.require(name).prefix
                records |= self.by_id(shape, (one for one in ids if one.startswith(prefix)))
        if "" in parent.shapes:
            records |= self.by_id(parent.shapes[""], ids - records.keys())
        return records


def _column(declared: Field) -> str:
    return f't."{declared.name}"'


def _address_key(part: Field, compound: Field) -> str:
    """`MailingPostalCode` of `MailingAddress` is `postalCode`."""
    name = part.name.removeprefix(compound.name.removesuffix("Address"))
    return name[0].lower() + name[1:]


def _address(names: Sequence[str], cells: Sequence[Cell]) -> Json | None:
    """A compound address; null when every part is."""
    return dict(zip(names, cells, strict=True)) if any(cell is not None for cell in cells) else None
