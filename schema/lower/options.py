"""From option inputs to plain read options."""

from zoneinfo import ZoneInfo

from model import reading
from model.errors import BadRequest
from schema.inputs.options import ReadOptions
from schema.lower.given import given
from schema.types.enums import OnSourceFailure, OnUnsupported

__all__ = ["lower_options", "zone_named"]

# Names that mean whatever the machine is set to, or nothing.
_NO_ZONES = frozenset({"", "Factory", "localtime", "posixrules"})


def lower_options(options: ReadOptions | None) -> reading.ReadOptions:
    """The options with null taken as left out.

    `maxAgeS` is only checked: nothing is cached, and a fresh answer is never too old.

    Raises:
        BadRequest: a bound is out of range, or there is no such time zone.
    """
    if options is None:
        return reading.ReadOptions()
    zone = given(options.time_zone)
    time_zone = "UTC" if zone is None else zone
    zone_named(time_zone)
    _bounded(options.max_age_s, "maxAgeS", least=0)
    return reading.ReadOptions(
        time_zone=time_zone,
        allow_scan=bool(given(options.allow_scan)),
        scan_limit=_bounded(options.scan_limit, "scanLimit"),
        fail_on_unsupported=options.on_unsupported is OnUnsupported.FAIL,
        fail_on_source=options.on_source_failure is OnSourceFailure.FAIL,
        deadline_ms=_bounded(options.deadline_ms, "deadlineMs"),
        max_calls=_bounded(options.max_calls, "maxCalls"),
        include_deleted=bool(given(options.include_deleted)),
        include_archived=bool(given(options.include_archived)),
    )


def zone_named(name: str) -> ZoneInfo:
    """The time zone called *name*.

    Raises:
        BadRequest: there is none.
    """
    try:
        zone = None if name in _NO_ZONES else ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        zone = None
    if zone is None:
        raise BadRequest("options.timeZone is no IANA time zone such as Europe/Paris")
    return zone


def _bounded(value: int | None, name: str, *, least: int = 1) -> int | None:
    number = given(value)
    if number is not None and number < least:
        raise BadRequest(f"options.{name} is {number}; it must be at least {least}")
    return number
