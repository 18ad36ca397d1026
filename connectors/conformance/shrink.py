"""Smaller queries than one that breaks a law, so that a report shows the least that does."""

from collections.abc import Iterator
from dataclasses import replace

from model.query import EVERYTHING, And, Compare, Not, Or, Predicate, Query, Selection

__all__ = ["smaller"]


def smaller(query: Query) -> Iterator[Query]:
    """Queries one step simpler than *query*, the simplest first."""
    for where in _simpler(query.where):
        yield replace(query, where=where)
    for index in range(len(query.order)):
        yield replace(query, order=query.order[:index] + query.order[index + 1 :])
    for selection in _fewer(query.selection):
        yield replace(query, selection=selection)


def _simpler(predicate: Predicate) -> Iterator[Predicate]:
    if predicate != EVERYTHING:
        yield EVERYTHING
    match predicate:
        case Not(item):
            yield item
            yield from (Not(inner) for inner in _simpler(item))
        case And(items) | Or(items):
            yield from items
            for index, item in enumerate(items):
                before, behind = items[:index], items[index + 1 :]
                yield type(predicate)(before + behind)
                yield from (type(predicate)((*before, inner, *behind)) for inner in _simpler(item))
        case Compare(name, operator, operand) if isinstance(operand, tuple):
            for index in range(len(operand)):
                fewer = (*operand[:index], *operand[index + 1 :])
                yield Compare(name, operator, fewer)


def _fewer(selection: Selection) -> Iterator[Selection]:
    if selection.relations:
        yield Selection(selection.fields)
    if selection.fields:
        yield Selection(frozenset(), selection.relations)
    for name in sorted(selection.relations):
        others = {other: wanted for other, wanted in selection.relations.items() if other != name}
        yield Selection(selection.fields, others)
    for field in sorted(selection.fields):
        yield Selection(selection.fields - {field}, selection.relations)
