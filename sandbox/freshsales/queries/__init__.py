"""What can be asked of the account: views, order and pages, includes, filtered and text searches."""

from sandbox.freshsales.queries.pages import Paging, in_order, whole
from sandbox.freshsales.queries.rules import compile_rules
from sandbox.freshsales.queries.searches import look_up, search
from sandbox.freshsales.queries.sideloads import Included
from sandbox.freshsales.queries.views import View, filter_row, views_of

__all__ = [
    "Included",
    "Paging",
    "View",
    "compile_rules",
    "filter_row",
    "in_order",
    "look_up",
    "search",
    "views_of",
    "whole",
]
