"""$batch: several reads in one request, one after the other."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from http.client import responses
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from sandbox.dynamics365.api.asked import Answer, Asked
from sandbox.dynamics365.errors import VendorError, bad_request
from sandbox.dynamics365.odata.preferences import read_preferences

__all__ = ["MOST_PARTS", "answer_batch"]

MOST_PARTS = 1000
"""Requests of a batch (Execute batch operations, read 2026-11)."""

_LONGEST_ADDRESS = 65_536
"""Characters of a GET's address in a batch (Query data using the Web API, read 2026-11)."""

_BOUNDARY = re.compile(r'multipart/mixed\s*;\s*boundary="?([^";,\s]+)"?', re.IGNORECASE)
_BELOW = re.compile(r".*?/api/data/v9\.[0-2]/")
_CRLF = "\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    method: str
    address: str
    prefer: str


def answer_batch(body: str, content_type: str, prefer: str, answer: Callable[[Asked], Answer]) -> Answer:
    """The answers of a batch's parts; the first failure ends it with that status, unless errors shall not end it.

    Args:
        body: of the batch.
        content_type: with its boundary.
        prefer: of the batch.
        answer: carries out one part.

    Raises:
        VendorError: 400, a body that is no batch, or one with too many parts.
    """
    boundary = _BOUNDARY.match(content_type)
    if boundary is None:
        raise bad_request("The content type of a batch must be multipart/mixed with a boundary.")
    parts = _parts(body.replace(_CRLF, "\n"), boundary[1])
    if len(parts) > MOST_PARTS:
        raise bad_request(f"The batch has more than {MOST_PARTS} requests.", "0x80048d02")
    continues, status, told = read_preferences(prefer).continues_on_error, 200, []
    for part in parts:
        answered = _carried_out(part, answer)
        told.append(_told(answered))
        if answered.status >= 400 and not continues:
            status = answered.status
            break
    own = f"batchresponse_{uuid4()}"
    text = "".join(f"--{own}{_CRLF}{one}" for one in told) + f"--{own}--{_CRLF}"
    return Answer(status=status, body=text.encode(), media_type=f"multipart/mixed; boundary={own}")


def _parts(body: str, boundary: str) -> list[_Part]:
    pieces = re.split(rf"^--{re.escape(boundary)}(?:--)?[ \t]*$", body, flags=re.MULTILINE)
    if len(pieces) < 3:
        raise bad_request("The batch has no parts between its boundaries.")
    return [_part(piece.lstrip("\n")) for piece in pieces[1:-1]]


def _part(text: str) -> _Part:
    head, _, request = text.partition("\n\n")
    if "multipart/mixed" in head.lower():
        raise VendorError(501, "0x80060888", "Change sets write, and this organisation is emulated for reading alone.")
    lines = request.lstrip("\n").split("\n")
    method, _, rest = lines[0].partition(" ")
    prefer = next((line.split(":", 1)[1].strip() for line in lines[1:] if line.lower().startswith("prefer:")), "")
    if "application/http" not in head.lower() or not rest.endswith("HTTP/1.1"):
        raise bad_request("A part of the batch is no HTTP request.")
    return _Part(method=method, address=rest.removesuffix("HTTP/1.1").strip(), prefer=prefer)


def _carried_out(part: _Part, answer: Callable[[Asked], Answer]) -> Answer:
    if len(part.address) > _LONGEST_ADDRESS:
        return Answer(status=414)
    url = urlsplit(part.address)
    path = _BELOW.sub("", unquote(url.path), count=1).strip("/")
    return answer(Asked(method=part.method, path=path, query=url.query, prefer=part.prefer))


def _told(answer: Answer) -> str:
    lines = [
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "",
        f"HTTP/1.1 {answer.status} {responses.get(answer.status, '')}",
        f"Content-Type: {answer.media_type}",
        "OData-Version: 4.0",
        *(f"{name}: {value}" for name, value in answer.headers.items()),
        "",
        answer.body.decode(),
    ]
    return _CRLF.join(lines) + _CRLF
