"""Which addresses may be called: public ones over https, and this machine where the demo says so."""

import ipaddress
import re
from dataclasses import dataclass

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

__all__ = ["AddressError", "AddressPolicy", "CheckedResolver", "is_loopback"]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_VISIBLE = re.compile(r"[!-~]+")
_NUMERIC_HOST = re.compile(r"(.*\.)?(0x[0-9a-f]*|[0-9]+)")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Names that never leave the local network: RFC 6761, RFC 6762, and ICANN's reservation of .internal (2024-07-29).
_LOCAL_NAMES = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


class AddressError(OSError):
    """The address is not one that may be called; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressPolicy:
    """Where calls may go.

    Attributes:
        allow_loopback: plain http to this machine is fine, as in the demo.
        allow_hosts: host patterns (``crm.example.org``, ``*.example.org``) that are trusted beside the platforms' own,
            whatever address they resolve to.
    """

    allow_loopback: bool = False
    allow_hosts: tuple[str, ...] = ()

    def checked(self, url: str, *, hosts: tuple[str, ...] = ()) -> str:
        """*url* without its trailing slash.

        Args:
            url: a base or token address, from the settings or from a token answer.
            hosts: the platform's own host patterns; empty where any public host may be meant.

        Raises:
            AddressError: it is no absolute URL, is not https, carries credentials, a query or a fragment, or its
                host is local, private, numeric, or neither the platform's nor allowed.
        """
        parsed = _parsed(url)
        host = (parsed.host or "").rstrip(".").lower()
        if self._is_own_loopback(host):
            return url.rstrip("/")
        if parsed.scheme != "https":
            raise AddressError(f"{host} must be reached over https")
        self._check_host(host, hosts)
        return url.rstrip("/")

    def admits(self, host: str, address: str) -> bool:
        """Whether *host* may be called at *address*, which its name resolved to."""
        found = ipaddress.ip_address(address.partition("%")[0])
        if found.is_loopback and self._is_own_loopback(host):
            return True
        return _is_public(found) or _matches(host, self.allow_hosts)

    def _is_own_loopback(self, host: str) -> bool:
        return self.allow_loopback and is_loopback(host)

    def _check_host(self, host: str, hosts: tuple[str, ...]) -> None:
        if _matches(host, self.allow_hosts):
            return
        address = _address(host)
        if address is None and _NUMERIC_HOST.fullmatch(host):
            raise AddressError(f"{host} is a number, not a host name")
        if address is not None and not _is_public(address):
            raise AddressError(f"{host} is not a public address")
        if address is None and ("." not in host or host.endswith(_LOCAL_NAMES)):
            raise AddressError(f"{host} is a local name; add it to allow_hosts if it is meant")
        if hosts and not _matches(host, hosts):
            raise AddressError(f"{host} is none of {', '.join(hosts)}; add it to allow_hosts if it is meant")


class CheckedResolver(AbstractResolver):
    """Resolves names and lets through only addresses that *policy* admits, so a name cannot lead inside later.

    The connection is made to the very addresses that were checked.
    """

    def __init__(self, policy: AddressPolicy) -> None:
        self._policy = policy
        self._inner = aiohttp.ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        """The addresses of *host*.

        Raises:
            AddressError: one of them is not public, and the host is not allowed by name.
        """
        results = await self._inner.resolve(host, port, family)  # type: ignore[arg-type]  # an int is what it hands on
        if not all(self._policy.admits(host, result["host"]) for result in results):
            raise AddressError(f"{host} leads to an address that is not public")
        return results

    async def close(self) -> None:
        """Release the inner resolver."""
        await self._inner.close()


def is_loopback(host: str) -> bool:
    """Whether *host* is this machine, by its name or by its address."""
    address = _address(host)
    return host == "localhost" if address is None else address.is_loopback


def _parsed(url: str) -> URL:
    if not _VISIBLE.fullmatch(url) or "\\" in url:
        raise AddressError("the address holds blanks, control characters or backslashes")
    try:
        parsed = URL(url)
    except ValueError as error:
        raise AddressError("the address is not a URL") from error
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise AddressError("the address is not an absolute http URL")
    if "@" in url:
        raise AddressError(f"the address of {parsed.host} carries credentials")
    if "?" in url or "#" in url:
        raise AddressError(f"the address of {parsed.host} carries a query or a fragment")
    return parsed


def _address(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _is_public(address: Address) -> bool:
    """Whether *address* and every IPv4 address wrapped in it is a public unicast one."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return _is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        wrapped = address.ipv4_mapped or address.sixtofour
        if wrapped is not None or address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _matches(host: str, patterns: tuple[str, ...]) -> bool:
    """Whether *host* is one of *patterns*; ``*.example.org`` means every name below it, and not the name itself."""
    return any(
        host.endswith(pattern[1:]) and len(host) > len(pattern) - 1 if pattern.startswith("*.") else host == pattern
        for pattern in patterns
    )
