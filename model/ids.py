"""Global ids: source key, type and remote id in one opaque text."""

import base64
import binascii
from dataclasses import dataclass

from model.errors import BadRequest

__all__ = ["GlobalId"]

_MAX_CHARS = 512


@dataclass(frozen=True, slots=True)
class GlobalId:
    """Names one record, pipeline, stage, source or platform.

    Attributes:
        kind: an Entity value, or "pipeline", "stage", "source", "platform".
        source: the source's key; empty for a platform.
        remote_id: the CRM's id; the key itself for a source or platform.
    """

    kind: str
    source: str
    remote_id: str

    def encode(self) -> str:
        """The opaque text; URL-safe, without padding."""
        plain = f"{self.kind}\n{self.source}\n{self.remote_id}"
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "GlobalId":
        """The id that *text* encodes.

        Raises:
            BadRequest: it is none of ours.
        """
        try:
            if len(text) > _MAX_CHARS:
                raise ValueError
            plain = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
            kind, source, remote_id = plain.split("\n")
            found = cls(kind, source, remote_id)
            is_plain = (kind + source + remote_id).isprintable()
            if not (kind and remote_id and is_plain) or found.encode() != text:
                raise ValueError
        except (ValueError, binascii.Error, UnicodeDecodeError):
            raise BadRequest("this id was not made by this gateway; use an `id` it returned, unchanged") from None
        return found
