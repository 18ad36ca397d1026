"""Which record's value stands for a person: survivorship, told in words.

The most complete record comes first, then the one that changed last, then the driving one, then the order of sources.
"""

from collections.abc import Callable, Mapping, Sequence

from model.entities import Contact
from model.reading import FieldSource

__all__ = ["Golden", "golden"]

_COUNTED = ("first_name", "last_name", "job_title", "email", "phone", "company", "addresses")

Golden = tuple[dict[str, str | None], tuple[FieldSource, ...]]
"""Values by field, and where each comes from."""


def golden(records: Sequence[Contact], companies: Mapping[int, str | None]) -> Golden:
    """The display name, e-mail address, phone number and company of one person.

    Args:
        records: of the person, the driving one first, the others in the order of their sources.
        companies: names of the records' companies, by place in *records*.
    """
    order = sorted(range(len(records)), key=lambda place: (-_filled(records[place]), _age(records, place), place))
    getters: dict[str, Callable[[int], str | None]] = {
        "displayName": lambda place: _name(records[place]),
        "email": lambda place: records[place].email or None,
        "phone": lambda place: records[place].phone or None,
        "company": companies.get,
    }
    values: dict[str, str | None] = {}
    sources = []
    for field, value_at in getters.items():
        having = [place for place in order if value_at(place)]
        values[field] = value_at(having[0]) if having else None
        if having:
            sources.append(FieldSource(field, records[having[0]], _reason(records, having)))
    return values, tuple(sources)


def _reason(records: Sequence[Contact], having: Sequence[int]) -> str:
    if len(records) == 1:
        return "the only record"
    if len(having) == 1:
        return "the only record with a value"
    first, second = having[0], having[1]
    filled = _filled(records[first])
    if filled > _filled(records[second]):
        return f"the most complete record with a value: {filled} of {len(_COUNTED)} fields"
    if (records[first].updated_at or "") > (records[second].updated_at or ""):
        return "the one that changed last of the records that are equally complete"
    if first == 0:
        return "the driving record, of those equally complete and equally new"
    return "the first source, of those equally complete and equally new"


def _filled(record: Contact) -> int:
    return sum(1 for name in _COUNTED if getattr(record, name))


def _age(records: Sequence[Contact], place: int) -> int:
    """How many of *records* changed later."""
    own = records[place].updated_at or ""
    return sum(1 for record in records if (record.updated_at or "") > own)


def _name(record: Contact) -> str | None:
    parts = [part for part in (record.first_name, record.last_name) if part]
    return record.display_name or " ".join(parts) or None
