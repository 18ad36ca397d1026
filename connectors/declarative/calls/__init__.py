"""The calls of a file's API: requests from templates, answers by paths, errors by rules, signatures."""

from connectors.declarative.calls.answers import Rows
from connectors.declarative.calls.dialect import DeclaredDialect, NotThere, limits_of
from connectors.declarative.calls.requests import Asked, Requests
from connectors.declarative.calls.signing import signing_of

__all__ = [
    "Asked",  # one page of a list
    "DeclaredDialect",  # how replies are read
    "NotThere",  # the API has no such thing
    "Requests",  # the calls for rows
    "Rows",  # rows of one answer
    "limits_of",  # what the API allows
    "signing_of",  # how calls are signed
]
