"""What to look for in another source: the conditions under which records of the same one are found there.

Looking is by equality alone, for that is what every CRM evaluates; what is found is compared here again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from model.capabilities import Split
from model.entities import Entity
from model.errors import UnsupportedBySource
from model.fields import CustomName, FieldKind, custom_of
from model.query import EVERYTHING, And, Compare, Operator, Or, Predicate, Query, Selection, normalised
from resolvers.accounts import Account
from resolvers.identity.normalise import company_spellings, folded, phone_spellings
from resolvers.identity.profile import CompanyProfile, PersonProfile, Profile

__all__ = ["Planned", "Term", "Terms", "exact_terms", "is_phone", "keys_of", "name_terms", "planned"]

ROWS = 200
"""Rows of one page of candidates."""


@dataclass(frozen=True, slots=True)
class Term:
    """A field and a value it may have; *within* is a domain that a person's company must have besides."""

    field: str
    value: str
    within: str | None = None


Terms = Sequence[Term]


@dataclass(frozen=True, slots=True)
class Planned:
    """Queries that find every record with one of the terms, and the fields that the source cannot be asked for."""

    queries: tuple[Query, ...] = ()
    splits: tuple[Split, ...] = ()
    unasked: tuple[str, ...] = ()


def exact_terms(profile: Profile, account: Account, numbers: Sequence[str] = ()) -> Iterator[Term]:
    """What finds the records that share an exact key with *profile* at the source of *account*.

    Args:
        profile: of a record of another source.
        account: of the source to look in.
        numbers: names of that CRM's own fields with customer numbers, as predicates spell them.
    """
    if isinstance(profile, PersonProfile):
        for written, key in profile.emails.items():
            yield Term("email", key)
            if written.strip().casefold() != key:
                yield Term("email", written.strip())
        fields = ("phone", *_further_phones(account))
    else:
        for domain in sorted(profile.domains):
            yield Term("domain", domain)
        for name in company_spellings(profile.written) if profile.name else ():
            yield Term("name", name)
        fields = ("phone",)
    for written in profile.phones:
        for spelling in phone_spellings(written, profile.region):
            for field in fields:
                yield Term(field, spelling)
    for number in profile.numbers.values():
        for field in numbers:
            yield Term(field, number)


def name_terms(profile: Profile) -> Iterator[Term]:
    """What finds people with the same family name at the same company, where the company is known."""
    if isinstance(profile, PersonProfile) and profile.name.family:
        written = (profile.record.last_name or profile.name.family).strip()
        for domain in sorted(profile.domains):
            for name in dict.fromkeys((written, folded(written))):
                yield Term("last_name", name, domain)


def keys_of(profile: Profile) -> Iterator[tuple[str, str]]:
    """All that *profile* can share with another: only records with a key in common need be compared."""
    yield from (("number", number) for number in profile.numbers)
    yield from (("phone", phone.e164) for phone in profile.phones.values())
    if isinstance(profile, CompanyProfile):
        yield from (("domain", domain) for domain in profile.domains)
        if profile.name:
            yield ("name", profile.name)
        return
    yield from (("email", key) for key in profile.emails.values())
    yield from (("domain", domain) for domain in profile.domains)
    if profile.company:
        yield ("company", profile.company)


def planned(account: Account, entity: Entity, terms: Iterable[Term], selection: Selection) -> Planned:
    """The fewest queries that a halving of *terms* finds which the source evaluates itself."""
    found = sorted(set(terms), key=lambda term: (term.field, term.value, term.within or ""))
    unasked = [
        field
        for field in dict.fromkeys(term.field for term in found)
        if _asked(account, entity, [next(term for term in found if term.field == field)], selection) is None
    ]
    pairs = list(_halved(account, entity, [term for term in found if term.field not in unasked], selection))
    return Planned(tuple(query for query, _ in pairs), tuple(split for _, split in pairs), tuple(unasked))


def _halved(account: Account, entity: Entity, terms: Terms, selection: Selection) -> Iterator[tuple[Query, Split]]:
    if not terms:
        return
    asked = _asked(account, entity, terms, selection)
    if asked is not None:
        yield asked
    elif len(terms) > 1:
        middle = len(terms) // 2
        yield from _halved(account, entity, terms[:middle], selection)
        yield from _halved(account, entity, terms[middle:], selection)


def _asked(account: Account, entity: Entity, terms: Terms, selection: Selection) -> tuple[Query, Split] | None:
    """The query for *terms*; None where the source would leave it to be read whole, or cannot take so many."""
    query = Query(entity=entity, selection=selection, where=_predicate(terms), limit=ROWS)
    try:
        split = account.source.connector.plan(query)
    except UnsupportedBySource:
        return None
    if split.unsupported is not None or normalised(split.pushed) == EVERYTHING:
        return None
    return Query(entity=entity, selection=selection, where=split.pushed, limit=ROWS), split


def _predicate(terms: Terms) -> Predicate:
    """Any of *terms*; a domain narrows where a CRM can see it, for the records are compared here again."""
    by_field: dict[str, dict[str, None]] = {}
    for term in terms:
        by_field.setdefault(term.field, {})[term.value] = None
    any_of = normalised(Or(tuple(Compare(name, Operator.IN, tuple(values)) for name, values in by_field.items())))
    domains = tuple(sorted({term.within for term in terms if term.within is not None}))
    return And((any_of, Compare("company.domain", Operator.IN, domains))) if domains else any_of


def _further_phones(account: Account) -> list[str]:
    """The CRM's own fields with a person's other numbers, as predicates spell them."""
    fields = account.description.types[Entity.CONTACT].fields
    first, every = fields.get("phone"), fields.get("phones")
    known = () if first is None else first.remote_fields
    return [
        str(CustomName(FieldKind.PHONE, name))
        for name in (() if every is None else every.remote_fields)
        if name not in known and "fax" not in name.casefold()
    ]


def is_phone(term: Term) -> bool:
    """Whether *term* looks for a number."""
    custom = custom_of(term.field)
    return term.field == "phone" or (custom is not None and custom.kind is FieldKind.PHONE)
