"""Addresses, numbers and domains: what is the same, and what is none."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolvers.identity.normalise import (
    Phone,
    company_domain,
    email_key,
    host_of,
    is_role,
    phone_key,
    phone_spellings,
    region_of,
)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Anna@ACME.example", "anna@acme.example"),
        ("  anna@acme.example ", "anna@acme.example"),
        ("anna.b+crm@gmail.com", "anna.b+crm@gmail.com"),
        ("anna@müller.example", "anna@xn--mller-kva.example"),
        ("anna@intranet", "anna@intranet"),
        ("anna", None),
        ("anna@@acme.example", None),
        ("", None),
    ],
)
def test_mailbox_has_one_spelling(written: str, key: str | None) -> None:
    """Case and blanks do not count; dots and tags do."""
    assert email_key(written) == key


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("info@acme.example", True),
        ("sales2@acme.example", True),
        ("no-reply@acme.example", True),
        ("support+de@acme.example", True),
        ("anna@info.example", False),
        ("informatik@acme.example", False),
    ],
)
def test_role_is_told_from_person(key: str, expected: bool) -> None:
    """A role's mailbox is nobody's own."""
    assert is_role(key) is expected


@pytest.mark.parametrize(
    "written",
    [
        "+49 30 23125 123",
        "+49-30-23125-123",
        "030 23125 123",
        "+493023125123",
        "+49 (0)3023125123",
        "0049 3023125123",
        "(030) 23125-123",
    ],
)
def test_number_has_one_spelling(written: str) -> None:
    """A number is the same however it is written, in its own country."""
    assert phone_key(written, "DE") == Phone("+493023125123")


def test_number_abroad_needs_no_region() -> None:
    """Plus or double zero say the country; without, nobody knows it."""
    assert phone_key("0044 7700 900657", "US") == Phone("+447700900657")
    assert phone_key("7700 900657", None) is None


@pytest.mark.parametrize("written", ["", "call me", "12", "+999 123", "0" * 100])
def test_what_is_no_number_has_no_key(written: str) -> None:
    """Nothing is guessed."""
    assert phone_key(written, "DE") is None
    assert phone_spellings(written, "DE") == ()


def test_extension_stands_apart() -> None:
    """Behind one number sit many people."""
    assert phone_key("(617) 555-0165 ext. 12", "US") == Phone("+16175550165", "12")


@given(
    region=st.sampled_from(["DE", "FR", "GB", "US", "IT", "ES", "SE", "AU", "JP"]),
    digits=st.text("0123456789", min_size=4, max_size=6),
)
def test_every_spelling_is_of_the_same_number(region: str, digits: str) -> None:
    """What is looked for is the number itself, in each of its writings."""
    example = phonenumbers.example_number(region)
    assert example is not None
    national = str(example.national_number)[: -len(digits)] + digits
    written = f"+{example.country_code}{national}"
    key = phone_key(written, region)

    spelled = {phone_key(spelling, region) for spelling in phone_spellings(written, region)}

    assert spelled in ({key}, set())


def test_spellings_keep_the_groups_as_written() -> None:
    """People copy numbers in groups of their own."""
    assert "030 231 25123" in phone_spellings("+49 30 231 25123", "DE")
    assert "+44-7700-900-657" in phone_spellings("07700 900 657", "GB")


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("https://www.Acme.example/about?x=1", "acme.example"),
        ("acme.example", "acme.example"),
        ("WWW.ACME.EXAMPLE.", "acme.example"),
        ("anna@acme.example", "acme.example"),
        ("http://acme.example:8080", "acme.example"),
        ("shop.platform.example", "shop.platform.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("127.0.0.1", None),
        ("acme", None),
        ("http://[half", None),
        ("", None),
    ],
)
def test_host_is_found_in_any_address(written: str, host: str | None) -> None:
    """Scheme, path, port and www do not count."""
    assert host_of(written) == host


@given(st.text())
def test_host_of_host_is_itself(text: str) -> None:
    """A host is its own spelling, and nothing makes the search fail."""
    found = host_of(text)

    assert found is None or host_of(found) in {found, found.removeprefix("www.")}


@pytest.mark.parametrize(
    ("host", "expected"), [("gmail.com", None), ("example.com", None), ("acme.example", "acme.example"), (None, None)]
)
def test_mail_providers_are_no_company(host: str | None, expected: str | None) -> None:
    """Millions of strangers share a provider's domain."""
    assert company_domain(host) == expected


@pytest.mark.parametrize(
    ("country", "zone", "region"),
    [
        ("Germany", None, "DE"),
        ("Deutschland", None, "DE"),
        ("DE", None, "DE"),
        ("deu", None, "DE"),
        ("España", None, "ES"),
        ("日本", None, "JP"),
        ("UK", None, "GB"),
        (None, "Europe/Berlin", "DE"),
        ("Atlantis", "America/New_York", "US"),
        ("Atlantis", None, None),
    ],
)
def test_country_is_read_as_written(country: str | None, zone: str | None, region: str | None) -> None:
    """In English, in its own language, as a code; else the time zone tells."""
    assert region_of(country, zone) == region
