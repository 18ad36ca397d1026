"""SOQL: literals, conditions, orders and queries, from the product's own words."""

from connectors.salesforce.soql.behind import behind
from connectors.salesforce.soql.choices import Choices
from connectors.salesforce.soql.conditions import (
    Condition,
    all_of,
    any_of,
    compares,
    ids_in,
    is_in,
    is_missing,
    is_not_in,
    is_present,
)
from connectors.salesforce.soql.literals import (
    date_literal,
    identifier,
    instant_literal,
    number_literal,
    text_literal,
)
from connectors.salesforce.soql.ordering import Segment, SortKey, guarded_presence, segments
from connectors.salesforce.soql.predicate import Parts, Rules, condition_of, joint_rules, split
from connectors.salesforce.soql.query import MAX_QUERY_CHARS, Select, typeof
from connectors.salesforce.soql.rules import Always, Amount, Flag, Missing, Ordered, Rule, Words
from connectors.salesforce.soql.texts import CasedText, Id, Key, Reference, Text, TextId, Within

__all__ = [
    "MAX_QUERY_CHARS",  # longest query
    "Always",  # rule: one value on every row
    "Amount",  # rule: currency columns
    "CasedText",  # rule: short text whose case counts
    "Choices",  # rule: several values
    "Condition",  # text of a WHERE clause, or a constant
    "Flag",  # rule: checkboxes
    "Id",  # rule: record ids
    "Key",  # rule: references by API name
    "Missing",  # rule: no row has it
    "Ordered",  # rule: dates, instants, numbers
    "Parts",  # pushed and residual
    "Reference",  # rule: references to one type
    "Rule",  # how one field is compared
    "Rules",  # and those of one object
    "Segment",  # one query of an order
    "Select",  # a query as a value
    "SortKey",  # a column to order by
    "Text",  # rule: short text
    "TextId",  # rule: references as text
    "Within",  # rule: a part of a column's text
    "Words",  # rule: a closed list of words
    "all_of",
    "any_of",
    "behind",  # a rule for a parent path
    "compares",
    "condition_of",  # a pushed predicate as a condition
    "date_literal",
    "guarded_presence",  # whether a predicate implies a value
    "identifier",
    "ids_in",
    "instant_literal",
    "is_in",
    "is_missing",
    "is_not_in",
    "is_present",
    "joint_rules",  # for rows of several objects
    "number_literal",
    "segments",  # an order and a position as queries
    "split",  # a predicate by who evaluates it
    "text_literal",
    "typeof",  # columns through a polymorphic reference
]
