"""Which addresses may be called."""

import socket

import pytest

from connectors.http.address import AddressError, AddressPolicy, CheckedResolver
from connectors.http.target import Target
from model.errors import SourceUnavailable
from tests.connectors.http.conftest import Connect, a_call, in_scope
from tests.connectors.http.origin import Origin

STRICT = AddressPolicy()
DEMO = AddressPolicy(allow_loopback=True)
VENDOR = ("*.salesforce.com", "api.hubapi.com")


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example.com",
        "ftp://crm.example.com",
        "file:///etc/passwd",
        "//crm.example.com",
        "crm.example.com",
        "",
        "https://",
        "https://user@crm.example.com",
        "https://user:secret@crm.example.com",
        "https://@crm.example.com",
        "https://crm.example.com\\@evil.example.com",
        "https://crm.example.com/?next=1",
        "https://crm.example.com/#top",
        "https://crm.example.com/a b",
        "https://crm.example.com/\r\nx: y",
        "https://localhost",
        "https://localhost.",
        "https://a.localhost",
        "https://intranet",
        "https://printer.local",
        "https://metadata.google.internal",
        "https://127.0.0.1",
        "https://127.8.8.8",
        "https://0.0.0.0",
        "https://10.1.2.3",
        "https://172.16.0.1",
        "https://192.168.1.1",
        "https://169.254.169.254",
        "https://100.100.100.200",
        "https://224.0.0.1",
        "https://255.255.255.255",
        "https://2130706433",
        "https://127.1",
        "https://0x7f.0.0.1",
        "https://0177.0.0.1",
        "https://1.2.3.0x4",
        "https://[::1]",
        "https://[::]",
        "https://[fe80::1]",
        "https://[fe80::1%25eth0]",
        "https://[fd00:ec2::254]",
        "https://[::ffff:127.0.0.1]",
        "https://[::ffff:8.8.8.8]",
        "https://[64:ff9b::7f00:1]",
        "https://[2002:7f00:1::]",
        "https://[2001:0:7f00:1::]",
        "https://[::1",
        "https://crm.example.com:99999",
    ],
)
def test_what_may_be_inside_or_is_not_plain_is_refused(url: str) -> None:
    """Only absolute https URLs of public hosts pass, in whatever notation they come."""
    with pytest.raises(AddressError):
        STRICT.checked(url)


@pytest.mark.parametrize(
    ("url", "checked"),
    [
        ("https://crm.example.com", "https://crm.example.com"),
        ("https://crm.example.com:8443/base/", "https://crm.example.com:8443/base"),
        ("https://93.184.216.34/api", "https://93.184.216.34/api"),
        ("https://[2606:4700::1111]", "https://[2606:4700::1111]"),
        ("https://1und1.example.com", "https://1und1.example.com"),
    ],
)
def test_public_https_addresses_pass(url: str, checked: str) -> None:
    """A trailing slash is dropped, nothing else changes."""
    assert STRICT.checked(url) == checked


@pytest.mark.parametrize("url", ["http://127.0.0.1:8101", "http://localhost:8101/x", "https://[::1]:8101"])
def test_the_demo_may_call_this_machine_and_nothing_else_inside(url: str) -> None:
    """Loopback is allowed where the switch says so, whatever the platform's hosts are."""
    assert DEMO.checked(url, hosts=VENDOR) == url
    with pytest.raises(AddressError):
        STRICT.checked(url)
    with pytest.raises(AddressError):
        DEMO.checked("https://192.168.1.1")
    with pytest.raises(AddressError):
        DEMO.checked("http://crm.example.com")


@pytest.mark.parametrize(
    ("url", "is_allowed"),
    [
        ("https://acme.my.salesforce.com", True),
        ("https://api.hubapi.com", True),
        ("https://ACME.my.Salesforce.com", True),
        ("https://salesforce.com", False),
        ("https://evilsalesforce.com", False),
        ("https://acme.salesforce.com.evil.example.com", False),
        ("https://x.api.hubapi.com", False),
    ],
)
def test_a_platform_names_its_hosts(url: str, is_allowed: bool) -> None:
    """A star stands for the names below, and for nothing that merely looks alike."""
    if is_allowed:
        assert STRICT.checked(url, hosts=VENDOR) == url
        return
    with pytest.raises(AddressError, match="allow_hosts"):
        STRICT.checked(url, hosts=VENDOR)


def test_allow_hosts_widens_both_the_platforms_hosts_and_the_private_ones() -> None:
    """A CRM in the own network is named in the settings; it still needs https."""
    policy = AddressPolicy(allow_hosts=("odoo.corp.local", "*.crm.example.org", "10.1.2.3"))

    assert policy.checked("https://odoo.corp.local", hosts=VENDOR)
    assert policy.checked("https://eu.crm.example.org", hosts=VENDOR)
    assert policy.checked("https://10.1.2.3", hosts=VENDOR)
    with pytest.raises(AddressError):
        policy.checked("http://odoo.corp.local")
    with pytest.raises(AddressError):
        policy.checked("https://10.1.2.4")


@pytest.mark.parametrize(
    ("host", "address", "is_admitted"),
    [
        ("crm.example.com", "93.184.216.34", True),
        ("crm.example.com", "127.0.0.1", False),
        ("crm.example.com", "10.0.0.7", False),
        ("crm.example.com", "::ffff:10.0.0.7", False),
        ("crm.example.com", "fe80::1%eth0", False),
        ("localhost", "127.0.0.1", True),
        ("odoo.corp.local", "10.0.0.7", True),
    ],
)
def test_a_name_may_not_lead_inside(host: str, address: str, is_admitted: bool) -> None:
    """The address that a name resolved to is judged too, unless the name itself is trusted."""
    policy = AddressPolicy(allow_loopback=True, allow_hosts=("odoo.corp.local",))

    assert policy.admits(host, address) is is_admitted


async def test_the_resolver_refuses_a_name_that_leads_inside() -> None:
    """The check stands between resolution and connection, so the checked address is the one connected to."""
    allowed, refused = CheckedResolver(DEMO), CheckedResolver(STRICT)

    assert (await allowed.resolve("localhost", 80, socket.AF_INET))[0]["host"] == "127.0.0.1"
    with pytest.raises(AddressError, match="localhost"):
        await refused.resolve("localhost", 80, socket.AF_INET)


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("https://crm.example.com/v2/things?after=a%2Bb", "/things?after=a%2Bb"),
        ("https://crm.example.com:443/v2/things", "/things"),
        ("/v2/things?$skiptoken=%253Ccookie%2520x%253E", "/things?$skiptoken=%253Ccookie%2520x%253E"),
        ("https://crm.example.com/v2/things?name=é b", "/things?name=%C3%A9%20b"),
        ("/v2/things?u=/../", "/things?u=/../"),
        ("https://crm.example.com.evil.example.com/v2/things", None),
        ("https://evil.example.com/v2/things", None),
        ("https://crm.example.com@evil.example.com/v2/things", None),
        ("https://user@crm.example.com/v2/things", None),
        ("https://crm.example.com\\@evil.example.com/v2/things", None),
        ("http://crm.example.com/v2/things", None),
        ("https://crm.example.com:8443/v2/things", None),
        ("//evil.example.com/v2/things", None),
        ("/v2/../admin", None),
        ("/v2/%2E%2e/admin", None),
        ("/v3/things", None),
        ("/v2things", None),
        ("things", None),
        ("", None),
        ("https://[::1", None),
        ("javascript:alert(1)", None),
    ],
)
def test_a_next_page_stays_on_the_base(link: str, path: str | None) -> None:
    """Host, port, scheme and base path must be the source's; the rest is followed verbatim."""
    assert Target("https://crm.example.com/v2").path_of(link) == path


async def test_a_strange_next_page_is_a_source_error(origin: Origin, connect: Connect) -> None:
    """The client's own method raises; a link of the source itself can be sent."""
    client = connect()

    with in_scope():
        await client.send(a_call(path=client.path_of(f"{origin.url}/things?after=%2B")))
    with pytest.raises(SourceUnavailable, match="next page outside"):
        client.path_of("https://evil.example.com/things")

    assert origin.asked[0].target == "/things?after=%2B"
