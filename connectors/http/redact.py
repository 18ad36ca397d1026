"""Keeping secrets out of what is said and recorded."""

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

__all__ = ["Redactor", "has_control_characters", "quotable"]

_MIN_SECRET = 4  # shorter ones would blank out ordinary words
_CLIP = 12  # a head or a tail this long tells a secret apart
_ESCAPE = re.compile("%[0-9A-F]{2}")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class Redactor:
    """Blanks one source's secrets, plain or encoded, in any text; lives as long as the source's client."""

    __slots__ = ("_forms", "_lasting", "_tokens")

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._lasting: set[str] = set()
        self._tokens: tuple[str, ...] = ()
        self._forms: tuple[str, ...] = ()
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """Blank *secret* too, from now on."""
        self._lasting |= _encoded(secret)
        self._arrange()

    def renew(self, token: str) -> None:
        """Blank *token*, and still the access token that it replaces, and no longer the ones before."""
        self._tokens = (*self._tokens[-1:], token)
        self._arrange()

    def text(self, text: str) -> str:
        """*text* with ``***`` for every secret in it."""
        for form in self._forms:
            if form in text:
                text = text.replace(form, "***")
        return text

    def _arrange(self) -> None:
        forms = self._lasting.union(*(_encoded(token) for token in self._tokens))
        self._forms = tuple(sorted(forms, key=len, reverse=True))


def has_control_characters(value: str) -> bool:
    """Whether *value* could end a header line or forge a log line."""
    return _CONTROL.search(value) is not None


def _encoded(secret: str) -> set[str]:
    """*secret* as it looks in URLs, JSON, hexadecimal and base64, and the clips that give a long one away."""
    if len(secret) < _MIN_SECRET:
        return set()
    raw = secret.encode()
    forms = {secret, secret[::-1], json.dumps(secret)[1:-1], raw.hex(), raw.hex().upper(), raw.decode("latin-1")}
    for quoted in (quote(secret, safe=""), quote(secret), quote_plus(secret)):
        forms |= {quoted, _ESCAPE.sub(lambda escape: escape[0].lower(), quoted)}
    forms |= _base64_forms(raw)
    if len(secret) >= 2 * _CLIP:
        forms |= {secret[:_CLIP], secret[-_CLIP:]}
    return forms


def _base64_forms(raw: bytes) -> set[str]:
    """The part of a base64 text that *raw* alone decides, for each of the three places it may start at."""
    forms = set()
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + raw).decode().rstrip("=")
        certain = coded[-(-shift * 8 // 6) : (shift + len(raw)) * 8 // 6]
        forms |= {certain, certain.replace("+", "-").replace("/", "_")}
    return {form for form in forms if len(form) >= _MIN_SECRET}


def quotable(words: object) -> str:
    """A vendor's words fit to quote: one line of at most 200 characters."""
    return "".join(char if char.isprintable() else " " for char in str(words))[:200].strip()
