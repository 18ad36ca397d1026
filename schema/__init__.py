"""The public GraphQL schema, declared with Strawberry; what reads the CRMs comes in through `schema.ports`."""

from schema.build import build_schema, sdl
from schema.context import Context, Limits
from schema.errors import public_error
from schema.ports import Reads

__all__ = [
    "Context",  # what a request carries
    "Limits",  # bounds on what it may say
    "Reads",  # what the schema needs to be given
    "build_schema",  # the schema, ready to run
    "public_error",  # an error as clients see it
    "sdl",  # the schema's definition language
]
