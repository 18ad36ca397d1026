"""Signing in to an org, and calling it where it lives."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import SecretStr

from connectors.credentials import ClientCredentials
from connectors.http import AddressPolicy, TokenAnswer, Wire
from connectors.registry import SourceConfig
from connectors.salesforce import PLATFORM, Options, SalesforceConnector
from connectors.salesforce.connect import move_to_instance
from model.entities import Entity
from model.errors import ConfigError, ReauthRequired, SourceForbidden
from sandbox.run import Sandbox
from tests.connectors.salesforce.org import connected, query

CLIENT = {"client_id": "env:SALESFORCE_CLIENT_ID", "client_secret": "env:SALESFORCE_CLIENT_SECRET"}
PAGE = query(Entity.CONTACT, limit=1)


def source_at(base_url: str, *, allow_loopback: bool = False) -> SalesforceConnector:
    """A connector that calls nobody yet."""
    auth = ClientCredentials(kind="client_credentials", client_id=SecretStr("a"), client_secret=SecretStr("b"))
    config = SourceConfig(
        key="sf", name="Sales", platform="salesforce", base_url=base_url, auth=auth, options=Options()
    )
    connector = PLATFORM.connect(config, Wire(addresses=AddressPolicy(allow_loopback=allow_loopback)))
    assert isinstance(connector, SalesforceConnector)
    return connector


async def test_password_signs_in(sandbox: Sandbox) -> None:
    """Where an org still allows it."""
    way = {"kind": "password", "username": "integration@example.com", "password": "sandbox-password", **CLIENT}
    async with connected(sandbox, auth=way) as org:
        assert (await org.connector.page(PAGE)).records


async def test_signed_assertion_signs_in() -> None:
    """A JWT for the integration user, signed with the app's key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with Sandbox(
        ["salesforce"], scale=0.05, options={"salesforce": {"jwt_public_key": public.decode()}}, today=None
    ) as sandbox:
        way = {
            "kind": "jwt_bearer",
            "client_id": CLIENT["client_id"],
            "private_key": private.decode(),
            "subject": "integration@example.com",
            "audience": "https://login.salesforce.com",
        }
        async with connected(sandbox, auth=way) as org:
            assert (await org.connector.page(PAGE)).records


async def test_wrong_secret_needs_a_human(sandbox: Sandbox) -> None:
    """No description, no retry, no secret in the message."""
    way = {"kind": "client_credentials", "client_id": CLIENT["client_id"], "client_secret": "not-the-secret"}
    with pytest.raises(ReauthRequired) as caught:
        async with connected(sandbox, auth=way):
            pass

    assert "not-the-secret" not in caught.value.message


async def test_calls_go_where_the_org_lives(sandbox: Sandbox) -> None:
    """The token answer's instance_url replaces the address that was signed in at."""
    async with connected(sandbox, base_url=sandbox.url("salesforce").replace("127.0.0.1", "localhost")) as org:
        (contact,) = (await org.connector.page(query(Entity.CONTACT, "url", limit=1))).records

    assert str(contact.url).startswith(sandbox.url("salesforce"))


async def test_instance_outside_of_salesforce_is_not_called() -> None:
    """A token endpoint cannot send the connector to any host."""
    connector = source_at("https://acme.my.salesforce.com")
    answer = TokenAnswer(
        access_token=SecretStr("t"),
        refresh_token=None,
        expires_in_s=None,
        fields={"instance_url": "https://salesforce.example.com"},
    )

    with pytest.raises(SourceForbidden):
        move_to_instance(connector.client, "sf", answer)
    await connector.aclose()


def test_foreign_base_url_is_refused_when_connecting() -> None:
    """A base URL outside of Salesforce's hosts is an error of the config, before any secret leaves."""
    with pytest.raises(ConfigError):
        source_at("https://salesforce.example.com")
