"""HubSpot's search: what it can be asked, and pages of its answers in order."""

from connectors.hubspot.search.criteria import Criterion, Kind, pushed
from connectors.hubspot.search.filters import ALL, ID, Filter, Groups, Sort, both, fits, needs, search_body
from connectors.hubspot.search.people import by_owner
from connectors.hubspot.search.predicate import compiled, divided, folded, is_id
from connectors.hubspot.search.walk import SortKey, by_id, in_order

__all__ = [
    "ALL",  # the condition that every record meets
    "ID",  # the property that holds a record's id
    "Criterion",  # a property as something to compare
    "Filter",  # one comparison of a property
    "Groups",  # a condition: any group of filters holds
    "Kind",  # how a property's values compare
    "Sort",  # the one sort a search takes
    "SortKey",  # one key of an order
    "both",  # conditions that must all hold
    "by_id",  # a page by id
    "by_owner",  # a predicate on owners as one on their ids
    "compiled",  # a predicate as groups
    "divided",  # a predicate in a pushed and a residual part
    "fits",  # whether groups keep to the limits
    "folded",  # a predicate without constants
    "in_order",  # a page by a key
    "is_id",  # whether a text can be a record's id
    "needs",  # whether a condition needs a property's value
    "pushed",  # one comparison as groups
    "search_body",  # a request's JSON
]
