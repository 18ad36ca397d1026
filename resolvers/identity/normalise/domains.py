"""Domains: the host behind an address of any kind, and whether it can be a company's own."""

import re
from pathlib import Path
from urllib.parse import urlsplit

__all__ = ["company_domain", "host_of"]

_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+")
_MAX_CHARS = 2_048

_FREE = frozenset(Path(__file__).with_name("mail_providers.txt").read_text(encoding="utf-8").split())
# Kept for documents (RFC 2606): in a CRM they fill a field that had to be filled.
_PLACEHOLDERS = frozenset({"example.com", "example.net", "example.org"})


def host_of(text: str) -> str | None:
    """The host that a domain, a web address or an e-mail address names, without www; None where it names none.

    It is not cut further: below the domain of a hosting platform each host is another company's.
    """
    bare = text.strip()[:_MAX_CHARS]
    try:
        if "@" in bare and "/" not in bare:
            bare = bare.rpartition("@")[2]
        host = urlsplit(bare if "//" in bare else f"//{bare}").hostname or ""
        ascii_host = host.rstrip(".").encode("idna").decode().lower()
    except ValueError:
        return None
    found = ascii_host.removeprefix("www.")
    return found if _HOST.fullmatch(found) and not found.replace(".", "").isdecimal() else None


def company_domain(host: str | None) -> str | None:
    """*host* where it can be a company's own; None for a mail provider's and for what only fills a field."""
    return None if host is None or host in _FREE or host in _PLACEHOLDERS else host
