"""An account in memory with everything a law looks at, and a connector to it that carries relations along."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from random import Random
from typing import Any

from connectors.memory import MemoryConnector
from model.aggregate import AggregateQuery, Fold, GroupRow
from model.capabilities import AggregateSplit, Description, RelationCapability, RelationMode, RemoteField, Split
from model.entities import Contact, Deal, Entity, Record, record_type
from model.fields import RELATIONS, FieldKind
from model.page import Link, Missing, Page, Position, RelatedPage
from model.query import Query, RelationSelection, Selection
from model.values import UNSET, Choice, LabelledValue, Money, Ref

__all__ = ["SOURCE", "WholeConnector", "narrowed", "records"]

SOURCE = "memory"
_STAMPS = ("2026-05-01T08:00:00.000Z", "2026-05-01T08:00:00.001Z", "2026-06-30T23:59:59.999Z")
_NAMES = ("O'Brien", "Müller", "MÜLLER", "Straße", "de la Cruz", "Łukasz", "Smith", "smith", "100%", "a_b", "", None)


def _whole(entity: Entity, number: int, values: Mapping[str, Any]) -> Record:
    cls = record_type(entity)
    blank: dict[str, Any] = {item.name: None for item in fields(cls) if item.name not in {"source", "remote_id"}}
    relations: dict[str, Any] = {name: None for name, found in RELATIONS[entity].items() if not found.is_many}
    return cls(source=SOURCE, remote_id=str(number), **{**blank, **relations, **values})


def _stamps(random: Random) -> dict[str, Any]:
    return {"created_at": random.choice(_STAMPS), "updated_at": random.choice((*_STAMPS, None))}


def _user(random: Random, number: int) -> dict[str, Any]:
    return {"name": f"User {number}", "is_active": random.random() < 0.7, "kind": random.choice(("USER", "QUEUE"))}


def _company(random: Random, number: int) -> dict[str, Any]:
    return {
        "name": random.choice(_NAMES),
        "domain": f"c{number}.example",
        "employee_count": random.choice((None, 0, 5, 5, 900)),
        "annual_revenue": random.choice((None, Money("1000", "EUR"), Money("1000.50", "USD"))),
        "owner": Ref(Entity.USER, str(random.randint(1, 5))),
    }


def _contact(random: Random, number: int) -> dict[str, Any]:
    email = f"p{number % 11}@example.com"
    has_email = random.random() < 0.8
    return {
        "first_name": random.choice(_NAMES),
        "last_name": random.choice(_NAMES),
        "email": email if has_email else None,
        "emails": (LabelledValue(email, is_primary=True),) if has_email else (),
        "email_opt_out": random.choice((True, False, None)),
        "lifecycle": random.choice((Choice("lead", "Lead"), Choice("customer"), None)),
        "tags": random.choice((("a", "b"), ("B",), (), None)),
        "birth_date": random.choice(("1980-02-29", "1999-12-31", None)),
        "company": random.choice((Ref(Entity.COMPANY, str(random.randint(1, 12))), None)),
        "owner": random.choice((Ref(Entity.USER, str(random.randint(1, 5))), None)),
    }


def _deal(random: Random, number: int) -> dict[str, Any]:
    return {
        "name": f"Deal {number % 4}",
        "amount": random.choice((Money("10", "EUR"), Money("9.99", "EUR"), Money("10", "USD"), None)),
        "probability": random.choice(("0", "0.5", "0.50", "1", None)),
        "status": random.choice(("OPEN", "WON", None)),
        "stage": random.choice((Ref("stage", "s1"), Ref("stage", "s2"), None)),
        "expected_close_on": random.choice(("2026-11-01", "2026-11-02", None)),
        "company": random.choice((Ref(Entity.COMPANY, str(random.randint(1, 12))), None)),
        "owner": Ref(Entity.USER, str(1 + number % 5)),
        "custom": {
            "Region__c": random.choice(("North", "SOUTH", "", None)),
            "Score__c": random.choice(("1", "1.50", "-3", None)),
            "Tags__c": random.choice((("a", "B"), ("b",), (), None)),
            "Hot__c": random.choice((True, False, None)),
            "Seen__c": random.choice((*_STAMPS, None)),
            "Due__c": random.choice(("2026-11-01", "2026-12-31", None)),
        },
    }


_MAKERS = {
    Entity.USER: (_user, 5),
    Entity.COMPANY: (_company, 12),
    Entity.CONTACT: (_contact, 60),
    Entity.DEAL: (_deal, 25),
}


def records(seed: int = 3) -> dict[Entity, list[Record]]:
    """Users, companies, contacts and deals with ties, missing values and words in several cases."""
    random = Random(seed)  # noqa: S311 - draws test data
    return {
        entity: [
            _whole(entity, number, {**_stamps(random), **make(random, number)})
            for number in random.sample(range(1, count + 1), count)
        ]
        for entity, (make, count) in _MAKERS.items()
    }


def links(rows: Mapping[Entity, Sequence[Record]], seed: int = 4) -> dict[tuple[str, str], list[str]]:
    """Companies and deals of contacts, the record's own company among them, and owners of deals."""
    random = Random(seed)  # noqa: S311 - draws test data
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows[Entity.CONTACT]:
        others = [str(number) for number in random.sample(range(1, 13), random.randint(0, 4))]
        own = [row.company.remote_id] if isinstance(row, Contact) and isinstance(row.company, Ref) else []
        found["companies", row.remote_id] = [*dict.fromkeys((*others, *own))]
        found["deals", row.remote_id] = [str(number) for number in random.sample(range(1, 26), random.randint(0, 9))]
    for row in rows[Entity.DEAL]:
        found["owner", row.remote_id] = [str(1 + int(row.remote_id) % 5)]
    return found


def narrowed(record: Record, selection: Selection) -> Record:
    """*record* with the selected fields and relations alone."""
    wanted = {"source", "remote_id", *selection.fields, *selection.relations}
    hidden: dict[str, Any] = {item.name: UNSET for item in fields(record) if item.name not in wanted}
    return replace(record, **hidden)


OWN_FIELDS = (
    RemoteField(remote_field="Region__c", label="Region", kind=FieldKind.CHOICE, is_custom=True),
    RemoteField(remote_field="Score__c", label="Score", kind=FieldKind.DECIMAL, is_custom=True),
    RemoteField(remote_field="Tags__c", label="Tags", kind=FieldKind.MULTI_CHOICE, is_custom=True),
    RemoteField(remote_field="Hot__c", label="Hot", kind=FieldKind.BOOLEAN, is_custom=True),
    RemoteField(remote_field="Seen__c", label="Seen", kind=FieldKind.DATETIME, is_custom=True),
    RemoteField(remote_field="Due__c", label="Due", kind=FieldKind.DATE, is_custom=True),
)
"""Of deals."""


class WholeConnector(MemoryConnector):
    """Carries companies and deals of contacts with the page, reads owners of deals apart, counts, groups, searches."""

    def __init__(self, *, page_size: int = 7, pushes: bool = True, sorts: bool = True) -> None:
        rows = records()
        super().__init__(SOURCE, rows, links=links(rows), page_size=page_size, pushes=pushes, sorts=sorts)

    async def describe(self) -> Description:
        """As in memory, with relations of every mode."""
        plain = await super().describe()
        contact, deal = plain.types[Entity.CONTACT], plain.types[Entity.DEAL]
        inline: dict[str, RelationCapability] = {
            "company": replace(contact.relations["company"], mode=RelationMode.INLINE),
            "deals": replace(contact.relations["deals"], mode=RelationMode.INLINE, carries_records=True),
        }
        apart = replace(deal.relations["owner"], is_keyed=False, mode=RelationMode.PER_PARENT)
        grouping = {entity: replace(found, can_aggregate=True) for entity, found in plain.types.items()}
        contact, deal = replace(contact, can_aggregate=True), replace(deal, can_aggregate=True)
        types = {
            **grouping,
            Entity.CONTACT: replace(contact, relations={**contact.relations, **inline}),
            Entity.DEAL: replace(deal, relations={**deal.relations, "owner": apart}),
        }
        return replace(plain, types=types, remote_fields={Entity.DEAL: OWN_FIELDS})

    def plan(self, query: Query) -> Split:
        """As in memory; company, its owner, and deals are inline."""
        split = super().plan(query)
        chosen = query.selection.relations if query.entity is Entity.CONTACT else {}
        inline = {name for name in ("company", "deals") if name in chosen}
        if "company" in chosen and "owner" in chosen["company"].selection.relations:
            inline.add("company.owner")
        return replace(split, inline=frozenset(inline), brings_total=self._pushes)

    async def page(self, query: Query, after: Position | None = None) -> Page:
        """As in memory, with what plan tells as inline."""
        page = await super().page(query, after)
        if query.entity is Entity.DEAL:
            return replace(page, records=[replace(row, owner=UNSET) for row in page.records if isinstance(row, Deal)])
        return self._carried(page, query) if query.entity is Entity.CONTACT else page

    async def by_ids(self, entity: Entity, ids: Sequence[str], selection: Selection) -> Sequence[Record | Missing]:
        """As in memory; owners of deals do not stand on the record."""
        found = await super().by_ids(entity, ids, selection)
        return [replace(row, owner=UNSET) if isinstance(row, Deal) else row for row in found]

    def plan_aggregate(self, query: AggregateQuery) -> AggregateSplit:
        """One call for two keys at most."""
        is_too_much = len(query.keys) > 2
        return AggregateSplit(unsupported="it groups by two keys at most" if is_too_much else None)

    async def aggregate(self, query: AggregateQuery) -> Sequence[GroupRow]:
        """The groups of the rows that match."""
        self._record_call("aggregate", query.entity, 0)
        fold = Fold(query)
        fold.add(self._matching(query.entity, query.where))
        return [row for row in fold.rows() if row.count]

    def _carried(self, page: Page, query: Query) -> Page:
        company, deals = (query.selection.relations.get(name) for name in ("company", "deals"))
        primed: list[Record] = []
        if company is not None:
            ids = {ref.remote_id for row in page.records if isinstance(ref := getattr(row, "company", None), Ref)}
            primed = [narrowed(row, company.selection) for row in self._found(Entity.COMPANY, ids)]
            if "owner" in company.selection.relations:
                owners = {ref.remote_id for row in primed if isinstance(ref := getattr(row, "owner", None), Ref)}
                wanted = company.selection.relations["owner"].selection
                primed += [narrowed(row, wanted) for row in self._found(Entity.USER, owners)]
        related = {}
        if deals is not None:
            for row in page.records:
                related["deals", row.remote_id] = self._deals(row.remote_id, deals)
        return replace(page, primed=primed, related=related)

    def _found(self, entity: Entity, ids: set[str]) -> list[Record]:
        return [row for row in self._records[entity] if row.remote_id in ids]

    def _deals(self, parent: str, wanted: RelationSelection) -> RelatedPage:
        ids = sorted(self._links.get(("deals", parent), ()), key=self.id_key)
        first = wanted.first or 1
        carried = tuple(self._link(remote_id, wanted.selection) for remote_id in ids[:first])
        return RelatedPage(carried, has_more=len(ids) > first)

    def _link(self, remote_id: str, selection: Selection) -> Link:
        record = next(row for row in self._records[Entity.DEAL] if row.remote_id == remote_id)
        return Link(ref=Ref(Entity.DEAL, remote_id), record=narrowed(record, selection))

    async def related(
        self,
        entity: Entity,
        field: str,
        parents: Sequence[str],
        *,
        selection: Selection,
        first: int,
        after: str | None = None,
    ) -> Sequence[RelatedPage]:
        """As in memory; deals carry their records, and the owner of each deal takes a call of its own."""
        if field == "owner":
            pages: list[RelatedPage] = []
            for parent in parents:
                pages += await super().related(entity, field, [parent], selection=selection, first=1, after=after)
            return pages
        plain = await super().related(entity, field, parents, selection=selection, first=first, after=after)
        return [self._dressed(field, parent, page, selection) for parent, page in zip(parents, plain, strict=True)]

    def _dressed(self, field: str, parent: str, page: RelatedPage, selection: Selection) -> RelatedPage:
        if field == "deals":
            return replace(page, links=tuple(self._link(link.ref.remote_id, selection) for link in page.links))
        own = next((row for row in self._records[Entity.CONTACT] if row.remote_id == parent), None)
        ref = own.company if isinstance(own, Contact) else None
        return replace(
            page, links=tuple(replace(link, is_primary=field == "companies" and link.ref == ref) for link in page.links)
        )
