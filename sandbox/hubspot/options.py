"""The switches of the HubSpot emulator."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sandbox.switches import switched

__all__ = ["Options"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How this portal behaves where HubSpot's plans differ, or where its behaviour is not documented.

    Attributes:
        burst_private: calls of the private app in any 10 s (190: Professional; usage guidelines, read 2026-11).
        burst_oauth: calls of the OAuth app in any 10 s (110 per installing account; usage guidelines, read 2026-11).
        daily: calls of all private apps between two midnights of the account's time zone (625,000: Professional).
        search_rate: searches of the account in any 1 s (5; search guide, read 2026-11).
        retry_after: whether a 429 of the API carries `Retry-After`; sources disagree, the token endpoint's always does.
        token_ttl_s: virtual seconds that an OAuth access token lives.
        rotates_refresh_token: whether a refresh hands out a new refresh token and voids the old one.
        scopes: granted scopes, separated by spaces; empty grants everything that the emulator knows.
        ties: order among equal sort keys of a search: another one on every call, or by id.
        nulls: where a search sorts records without the sort property.
        ids: how a search compares and sorts `hs_object_id`.
        index_lag_s: virtual seconds after its last change for which a search does not see a record.
        index_late_s: a tenth of the records sort by a modification time that is up to so many seconds too early.
        cleared_has_property: `HAS_PROPERTY` also matches 1 in 28 records without a value, as if it had been cleared.
        duplicate_ids: what a batch read does with an id that is sent twice.
        association_page: rows per input of a v4 association batch read (undocumented).
        to_object_id: JSON type of `toObjectId` in v4 answers (a string in the specification, once a number).
        deal_to_lead: whether the link from a lead to its deal can be read from the deal.
        email_matches_additional: `EQ` on a contact's email also matches its `hs_additional_emails`.
        multi_select_in: what `IN` and `NOT_IN` compare of several choices: whether any is there, or the whole text.
        archived_every: every n-th record of each type is archived; 0 archives none.
    """

    burst_private: int = 190
    burst_oauth: int = 110
    daily: int = 625_000
    search_rate: int = 5
    retry_after: bool = False
    token_ttl_s: float = 1800.0
    rotates_refresh_token: bool = False
    scopes: str = ""
    ties: Literal["shuffle", "id"] = "shuffle"
    nulls: Literal["last", "first"] = "last"
    ids: Literal["numeric", "lexicographic"] = "numeric"
    index_lag_s: float = 0.0
    index_late_s: float = 0.0
    cleared_has_property: bool = False
    duplicate_ids: Literal["accept", "reject"] = "accept"
    association_page: int = 500
    to_object_id: Literal["string", "number"] = "string"
    deal_to_lead: bool = False
    email_matches_additional: bool = True
    multi_select_in: Literal["any", "whole"] = "any"
    archived_every: int = 0

    @classmethod
    def from_mapping(cls, given: Mapping[str, str | int | float | bool]) -> "Options":
        """Options with the *given* switches in place of the defaults.

        Raises:
            ValueError: unknown name, or a value that the switch does not take.
        """
        return switched(cls, given, emulator="hubspot")
