"""The content of the emulated accounts: `build_book` draws one account's book from the one fictional world."""

from sandbox.seed.book import (
    Appointment,
    Book,
    Company,
    Deal,
    DealRole,
    Lead,
    Note,
    Person,
    Pipeline,
    Row,
    Stage,
    Task,
    User,
)
from sandbox.seed.build import TODAY, build_book
from sandbox.seed.words import (
    CHANNELS,
    DEAL_TYPES,
    INDUSTRIES,
    INTERESTS,
    LEAD_SOURCES,
    LIFECYCLES,
    LOST_REASONS,
    ROLES,
    TIERS,
)

__all__ = [
    # The closed vocabularies that picklists are made of.
    "CHANNELS",
    "DEAL_TYPES",
    "INDUSTRIES",
    "INTERESTS",
    "LEAD_SOURCES",
    "LIFECYCLES",
    "LOST_REASONS",
    "ROLES",
    "TIERS",
    # The day around which books are written.
    "TODAY",
    # The rows of a book.
    "Appointment",
    "Book",
    "Company",
    "Deal",
    "DealRole",
    "Lead",
    "Note",
    "Person",
    "Pipeline",
    "Row",
    "Stage",
    "Task",
    "User",
    # Draws a book.
    "build_book",
]
