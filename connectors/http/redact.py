"""Keeping secrets out of what is said and recorded."""

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

__all__ = ["Redactor", "has_control_characters"]

_MIN_SECRET = 4  # shorter ones would blank out ordinary words
_CLIP = 12  # a head or a tail this long tells a secret apart
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class Redactor:
    """Blanks one source's secrets, plain or encoded, in any text; lives as long as the source's client."""

    __slots__ = ("_forms",)

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._forms: tuple[str, ...] = ()
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """Blank *secret* too, from now on."""
        if len(secret) < _MIN_SECRET:
            return
        forms = {*self._forms, *_encoded(secret)}
        self._forms = tuple(sorted(forms, key=len, reverse=True))

    def forget(self, secret: str) -> None:
        """Blank *secret* no more; for access tokens long replaced."""
        gone = _encoded(secret)
        self._forms = tuple(form for form in self._forms if form not in gone)

    def text(self, text: str) -> str:
        """*text* with ``***`` for every secret in it."""
        for form in self._forms:
            if form in text:
                text = text.replace(form, "***")
        return text


def has_control_characters(value: str) -> bool:
    """Whether *value* could end a header line or forge a log line."""
    return _CONTROL.search(value) is not None


def _encoded(secret: str) -> set[str]:
    """*secret* as it looks in URLs, JSON, hexadecimal and base64, and the clips that give a long one away."""
    raw = secret.encode()
    forms = {secret, secret[::-1], quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1], raw.hex()}
    forms |= {raw.hex().upper(), raw.decode("latin-1")} | _base64_forms(raw)
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
