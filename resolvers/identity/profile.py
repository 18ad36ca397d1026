"""A record as its keys: what of it can be the same on another record of the same person or company."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from model.entities import Company, Contact, Record
from model.values import UNSET, Address, LabelledValue, Unset
from resolvers.identity.normalise import (
    PersonName,
    Phone,
    company_core,
    company_domain,
    email_key,
    host_of,
    person_name,
    phone_key,
    region_of,
)

__all__ = ["CompanyProfile", "PersonProfile", "Profile", "profile_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonProfile:
    """A contact's keys.

    Attributes:
        emails: keys by how they are written there, the primary one first.
        phones: likewise.
        numbers: customer numbers, by the operator's word, as they are written there by how they compare.
        region: the country its numbers are read in.
        domains: of its company, by the company's own record or by its addresses there.
        company: name without the legal form.
    """

    record: Contact
    name: PersonName
    emails: dict[str, str] = field(default_factory=dict)
    phones: dict[str, Phone] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    region: str | None = None
    domains: frozenset[str] = frozenset()
    company: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyProfile:
    """A company's keys; *name* without the legal form, *written* as it stands there."""

    record: Company
    name: str
    written: str = ""
    phones: dict[str, Phone] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    region: str | None = None
    domains: frozenset[str] = frozenset()


Profile: TypeAlias = PersonProfile | CompanyProfile


def profile_of(
    record: Contact | Company,
    company: Company | None = None,
    *,
    time_zone: str | None = None,
    numbers: Sequence[str] = (),
) -> Profile:
    """The keys of *record*.

    Args:
        record: with the fields of `model.reading.IDENTITY`.
        company: the contact's own.
        time_zone: of the source, which tells the country where the record does not.
        numbers: keys of the CRM's own fields that hold customer numbers.
    """
    region = region_of(_country(record.addresses), time_zone)
    known = _numbers(record, numbers)
    if isinstance(record, Company):
        return CompanyProfile(
            record=record,
            name=company_core(record.name or ""),
            written=record.name or "",
            phones=_phones([record.phone], region),
            numbers=known,
            region=region,
            domains=_domains(record),
        )
    emails = {written: key for written in _texts(record.email, record.emails) if (key := email_key(written))}
    own = frozenset(found for key in emails.values() if (found := company_domain(host_of(key))))
    return PersonProfile(
        record=record,
        name=person_name(record.first_name or None, record.last_name or None, record.display_name or None),
        emails=emails,
        phones=_phones(_texts(record.phone, record.phones), region),
        numbers=known,
        region=region,
        domains=own | (_domains(company) if company is not None else frozenset()),
        company=company_core(company.name or "") if company is not None else "",
    )


def _texts(first: str | Unset | None, others: tuple[LabelledValue, ...] | Unset | None) -> list[str]:
    """*first* and *others* without repeats; a fax machine is nobody's number."""
    more = [item.value for item in others or () if item.label != "fax"]
    return list(dict.fromkeys(text for text in (first or None, *more) if text))


def _phones(texts: Sequence[str | Unset | None], region: str | None) -> dict[str, Phone]:
    return {text: key for text in texts if text and (key := phone_key(text, region))}


def _domains(company: Company) -> frozenset[str]:
    hosts = (host_of(text) for text in (company.domain, company.website) if text)
    return frozenset(found for host in hosts if (found := company_domain(host)))


def _country(addresses: tuple[Address, ...] | Unset | None) -> str | None:
    return next((item.country for item in addresses or () if item.country), None)


def _numbers(record: Record, keys: Sequence[str]) -> dict[str, str]:
    if record.custom is UNSET:
        return {}
    values = (record.custom.get(key) for key in keys)
    written = (value.strip() for value in values if isinstance(value, str))
    return {text.casefold(): text for text in written if text}
