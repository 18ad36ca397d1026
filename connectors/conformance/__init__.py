"""The laws every connector keeps, run with drawn queries over any of them, a user's own included."""

from connectors.conformance.bench import Trouble
from connectors.conformance.laws import LAWS, THOROUGH, Law, name_of
from connectors.conformance.report import Report, Violation
from connectors.conformance.suite import run_laws

__all__ = [
    "LAWS",  # every law
    "THOROUGH",  # those that take some hundred calls a case
    "Law",  # a coroutine over one drawn query
    "Report",  # what broke, and how often each law was tried
    "Trouble",  # a context in which the source misbehaves
    "Violation",  # one broken law with its query and rows
    "name_of",  # a law's name in words
    "run_laws",  # runs laws over a connector
]
