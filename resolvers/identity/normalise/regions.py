"""Countries: from how people write them, and from time zones, to ISO 3166 codes."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from babel import Locale
from babel.core import get_global

from resolvers.identity.normalise.names import folded

__all__ = ["region_of"]

# Countries are written in English, or in their own language.
_LANGUAGES = (
    *("cs", "da", "de", "el", "es", "fi", "fr", "hu", "it"),
    *("ja", "ko", "nb", "nl", "pl", "pt", "ro", "ru", "sv"),
)
_ALIASES = {
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "usa": "US",
    "united states of america": "US",
    "uae": "AE",
    "turkey": "TR",
    "holland": "NL",
    "czech republic": "CZ",
    "south korea": "KR",
    "korea republic of": "KR",
}


def region_of(country: str | None, time_zone: str | None = None) -> str | None:
    """The two letters of *country*, else of the country that *time_zone* is in; None where neither tells."""
    named = _regions().get(folded(country)) if country else None
    return named or (_zones().get(time_zone) if time_zone else None)


@cache
def _regions() -> Mapping[str, str]:
    """Regions by folded name; the English name wins where two languages differ."""
    found: dict[str, str] = {}
    for language in (*_LANGUAGES, "en"):
        territories: Mapping[str, str] = dict(Locale(language).territories)
        found |= {folded(name): code for code, name in territories.items() if _is_region(code)}
    codes = {code.casefold(): code for code in found.values()}
    longer: Mapping[Any, Any] = get_global("territory_aliases")
    known = {long.casefold(): short[0] for long, short in longer.items() if len(long) == 3 and len(short) == 1}
    return {**known, **found, **codes, **_ALIASES}


def _is_region(code: str) -> bool:
    return len(code) == 2 and code.isalpha()


@cache
def _zones() -> Mapping[str, str]:
    zones: Mapping[Any, Any] = get_global("zone_territories")
    return zones
