"""The switches of the Salesforce emulator."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.switches import switched

__all__ = ["Options", "parse_hidden"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How this org is set up; every field is an option of the same name.

    Attributes:
        multi_currency: the org keeps several currencies: records carry CurrencyIsoCode.
        shared_activities: an activity may have several contacts: EventWhoIds exists.
        contacts_to_multiple_accounts: AccountContactRelation exists.
        session_timeout_s: virtual seconds without a request after which an access token dies (default policy 2 h).
        daily_requests: API requests allowed in 24 h; 0 for 100,000 plus 1,000 for each active user.
        archive_after_days: activities that ended longer ago are archived; 0 for never.
        not_in_keeps_null: `NOT IN` with values keeps rows whose field is null.
        content_inline: ContentNote.Content is base64 text instead of an address.
        subquery_batch: rows of an answer that has child sub-queries, parents and children together.
        search_lag_s: virtual seconds after its last change for which a text search does not see a record.
        rotate_refresh_tokens: a refresh gives a new refresh token and ends the old one.
        client_id: consumer key of the connected app.
        client_secret: consumer secret of the connected app.
        username: of the integration user, who runs every flow.
        password: of the integration user; the password flow takes it with or without *security_token* appended.
        security_token: of the integration user.
        jwt_public_key: PEM of the key that JWT bearer assertions must be signed with; empty refuses that flow.
        hidden_fields: `Object.Field` names, separated by commas, that field-level security hides.
    """

    multi_currency: bool = False
    shared_activities: bool = False
    contacts_to_multiple_accounts: bool = True
    session_timeout_s: float = 7200.0
    daily_requests: int = 0
    archive_after_days: int = 365
    not_in_keeps_null: bool = True
    content_inline: bool = False
    subquery_batch: int = 500
    search_lag_s: float = 0.0
    rotate_refresh_tokens: bool = False
    client_id: str = "3MVG9sandbox.crm.gateway"
    client_secret: str = "sandbox-consumer-secret"  # noqa: S105 - an emulator's well-known secret
    username: str = "integration@example.com"
    password: str = "sandbox-password"  # noqa: S105 - an emulator's well-known secret
    security_token: str = "sandboxtoken"  # noqa: S105 - an emulator's well-known secret
    jwt_public_key: str = ""
    hidden_fields: str = ""

    @classmethod
    def parse(cls, given: Mapping[str, str | int | float | bool]) -> "Options":
        """The options with *given* in place of the defaults.

        Raises:
            ValueError: an unknown name, or a value of another type than the default's.
        """
        return switched(cls, given, emulator="salesforce")

    def features(self) -> frozenset[str]:
        """The org features that are on, by the names that the field tables use."""
        names = ("multi_currency", "shared_activities", "contacts_to_multiple_accounts")
        return frozenset(name for name in names if getattr(self, name))

    def hidden(self) -> frozenset[tuple[str, str]]:
        """The hidden fields as (object, field) in lower case."""
        return parse_hidden(self.hidden_fields)


def parse_hidden(text: str) -> frozenset[tuple[str, str]]:
    """`Object.Field` names, separated by commas, as (object, field) in lower case."""
    pairs = (name.strip().lower().partition(".") for name in text.split(",") if name.strip())
    return frozenset((sobject, field) for sobject, _, field in pairs)
