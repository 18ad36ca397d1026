"""What matches would cost upstream, told before anybody is called.

The figures are for records as they commonly are: an e-mail address, a telephone number and a company each, written so
that nobody is found for certain. Records with more to look for take more calls, those with less take fewer.
"""

from collections.abc import Iterable, Sequence
from math import ceil

from model.entities import Company, Contact, Entity
from model.fields import RELATIONS
from model.query import Selection, fields_in, union
from model.reading import IDENTITY, PlanStep
from resolvers.accounts import Account
from resolvers.identity.block import Planned, Term, exact_terms, is_phone, name_terms, planned
from resolvers.identity.profile import Profile, profile_of
from resolvers.lists.cost import described
from resolvers.sources import Source

__all__ = ["match_steps"]

_FIGURES = (
    "matches are priced for records with one address and one number each, and where a customer number is compared with"
    " one of those; more to look for takes more calls,"
    " and what is read behind those found is not priced"
)

# Where a likely record has its customer number; asked only of sources that have a field for it.
_NUMBER = "number"


async def match_steps(
    source: str,
    entity: Entity,
    selection: Selection,
    *,
    parents: int,
    sources: Sequence[Source],
    notes: list[str],
    in_steps: bool = False,
) -> list[PlanStep]:
    """The steps of looking for the matches of *parents* records of *source*, wherever *selection* asks for them.

    Args:
        source: that the records are of.
        entity: their type.
        selection: of each.
        parents: how many records.
        sources: to look in; the records' own is left out.
        notes: of the plan; sources that cannot be asked are named there, and what the figures leave out.
        in_steps: as of `resolvers.identity.lookup.Search`, for people.
    """
    steps: list[PlanStep] = []
    if selection.matches is not None and entity in IDENTITY:
        wanted = union([selection.matches, IDENTITY[entity]])
        for other in sources:
            if other.key != source:
                account = await described(other, notes)
                found = [] if account is None else _steps(account, entity, wanted, parents, in_steps=in_steps)
                notes += [f"{other.key}: {_FIGURES}"] if found else []
                steps += found
    for name, inner in selection.relations.items():
        target = RELATIONS[entity][name].target
        steps += await match_steps(source, target, inner.selection, parents=parents, sources=sources, notes=notes)
    return steps


def _steps(account: Account, entity: Entity, selection: Selection, parents: int, *, in_steps: bool) -> list[PlanStep]:
    source = account.source
    capability = account.description.types.get(entity)
    if capability is None or not capability.can_list:
        return []
    numbers = account.own.identifying(entity)
    selection = account.own.selection(entity, selection).with_fields(*numbers)
    likely = [_likely(entity, number) for number in range(parents)]
    exact = [term for item in likely for term in exact_terms(item, account, numbers)]
    asked: list[list[Term]] = [exact, [term for item in likely for term in name_terms(item)]]
    if in_steps:
        asked = [[term for term in exact if not is_phone(term)], [term for term in exact if is_phone(term)]]
    plans = [planned(account, entity, terms, selection) for terms in asked]
    steps = [_step(source, entity, plan, selection) for plan in plans if plan.queries]
    return [*steps, *_companies(account, plans, parents)] if in_steps else steps


def _companies(account: Account, plans: Sequence[Planned], parents: int) -> list[PlanStep]:
    """Reading the companies of those found, where they do not come along."""
    relation = account.relation(Entity.CONTACT, "company")
    is_inline = all("company" in split.inline for plan in plans for split in plan.splits)
    if relation is None or is_inline:
        return []
    batch = account.description.types[Entity.COMPANY].batch_read_size or 1
    wanted = IDENTITY[Entity.CONTACT].relations["company"].selection
    return [
        PlanStep(
            source=account.source.key,
            operation="by_ids",
            entity=Entity.COMPANY,
            fields=tuple(sorted(wanted.fields)),
            estimated_calls=ceil(parents / batch),
        )
    ]


def _step(source: Source, entity: Entity, plan: Planned, selection: Selection) -> PlanStep:
    return PlanStep(
        source=source.key,
        operation=f"match by {plan.splits[0].operation}",
        entity=entity,
        fields=tuple(sorted(selection.fields)),
        pushed=tuple(f"{name} in […]" for name in _compared(plan)),
        estimated_calls=sum(split.calls for split in plan.splits),
    )


def _compared(plan: Planned) -> Iterable[str]:
    """Names of the fields that the queries of *plan* look for values in."""
    return sorted({name for query in plan.queries for name in fields_in(query.where)})


def _likely(entity: Entity, number: int) -> Profile:
    """A record of a common sort, each with keys of its own."""
    domain, own = f"company{number:04}.example", {_NUMBER: f"N-{number:06}"}
    if entity is Entity.COMPANY:
        company = Company(source="", remote_id="", custom=own, name=f"Company {number:04} Ltd.", domain=domain)
        return profile_of(company, numbers=[_NUMBER])
    return profile_of(
        Contact(
            source="",
            remote_id="",
            first_name="Given",
            last_name=f"Family{number:04}",
            email=f"given.family{number:04}@{domain}",
            phone=f"+49 30 1234{number:04}",
            custom=own,
        ),
        numbers=[_NUMBER],
    )
