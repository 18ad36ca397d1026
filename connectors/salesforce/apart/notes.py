"""What a ContentNote's row does not hold: its text, and the records it is about."""

import base64
import binascii
from collections.abc import Mapping, Sequence

from connectors.http import HttpClient
from connectors.mapping import understood
from connectors.salesforce.calls import Api
from connectors.salesforce.objects import Facts
from connectors.salesforce.reading import Reader, together
from connectors.salesforce.soql import Select, is_in, text_literal
from model.entities import Entity
from model.errors import SourceUnavailable
from model.values import RecordRef

__all__ = ["abouts_of", "bodies_of"]

# Every file is linked to its owner, and may be to a library or the whole org: none of them is what a note is about.
_NOT_ABOUT = frozenset({"ContentWorkspace", "Group", "Organization", "User"})


async def abouts_of(
    reader: Reader, facts: Facts, notes: Sequence[str], *, source: str
) -> Mapping[str, tuple[RecordRef, ...]]:
    """The records that each of *notes* is attached to, in id order; one call for all."""
    select = Select(
        items=["ContentDocumentId", "LinkedEntityId"],
        source="ContentDocumentLink",
        where=is_in("ContentDocumentId", [text_literal(note) for note in notes]),
    )
    (rows,) = await reader.rows([select.text()], entity=Entity.NOTE)
    found: dict[str, list[str]] = {note: [] for note in notes}
    with understood(source):
        for row in rows:
            if facts.object_of(row["LinkedEntityId"]) not in _NOT_ABOUT:
                found[row["ContentDocumentId"]].append(row["LinkedEntityId"])
        return {note: tuple(map(facts.record_ref, sorted(linked))) for note, linked in found.items()}


async def bodies_of(
    client: HttpClient, api: Api, contents: Sequence[str | None], *, source: str
) -> Sequence[str | None]:
    """The HTML behind each value of Content: base64, or an address that takes a call of its own."""
    return await together([_body(client, api, content, source=source) for content in contents])


async def _body(client: HttpClient, api: Api, content: str | None, *, source: str) -> str | None:
    if not content:
        return None
    try:
        if content.startswith("/"):
            return (await client.send(api.blob(client.path_of(content), entity=Entity.NOTE))).decode() or None
        return base64.b64decode(content, validate=True).decode() or None
    except (binascii.Error, UnicodeDecodeError):
        text = f"{source} gave a note whose text is neither base64 nor UTF-8; look at it in Salesforce"
        raise SourceUnavailable(text, source=source) from None
