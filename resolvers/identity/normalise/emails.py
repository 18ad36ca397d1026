"""E-mail addresses: which ones are the same mailbox, and which are nobody's own."""

import re
from pathlib import Path

from email_validator import EmailNotValidError, validate_email

__all__ = ["email_key", "is_role"]

_ROLES = frozenset(Path(__file__).with_name("role_mailboxes.txt").read_text(encoding="utf-8").split())
_NO_LETTERS = re.compile(r"[^a-z]+")


def email_key(text: str) -> str | None:
    """The one spelling of an address, None for what is none.

    Upper and lower case are the same, an international domain is in its ASCII form.
    Tags after a plus and dots before the @ stay: what they mean is each provider's own affair.
    """
    try:
        found = validate_email(text.strip(), check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return None
    return f"{found.local_part.casefold()}@{(found.ascii_domain or found.domain).casefold()}"


def is_role(key: str) -> bool:
    """Whether an address belongs to a role, such as info@, and so to nobody in person."""
    return _NO_LETTERS.sub("", key.partition("@")[0].partition("+")[0]) in _ROLES
