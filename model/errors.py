"""Every error a caller, an operator or a maintainer can meet, in one tree.

GatewayError
├── CallerError                 the request is at fault; nobody else can mend it
│   ├── BadRequest              BAD_REQUEST
│   ├── BadCursor               BAD_CURSOR
│   ├── Forbidden               FORBIDDEN
│   ├── NotFound                NOT_FOUND
│   ├── Unsupported             UNSUPPORTED
│   ├── QueryTooComplex         QUERY_TOO_COMPLEX
│   ├── BudgetExceeded          BUDGET_EXCEEDED
│   └── DeadlineExceeded        DEADLINE_EXCEEDED
├── SourceError                 one connected CRM account did not deliver
│   ├── Transient               waiting helps
│   │   ├── RateLimited         RATE_LIMITED
│   │   ├── QuotaExhausted      QUOTA_EXHAUSTED
│   │   ├── SourceUnavailable   SOURCE_UNAVAILABLE
│   │   └── SourceTimeout       SOURCE_TIMEOUT
│   ├── NeedsHuman              somebody has to change something
│   │   ├── ReauthRequired      SOURCE_REAUTH_REQUIRED
│   │   ├── SourceForbidden     SOURCE_FORBIDDEN
│   │   └── SchemaDrift         SCHEMA_DRIFT
│   └── Refused                 the CRM understood and said no
│       ├── Rejected            REJECTED
│       └── UnsupportedBySource UNSUPPORTED
├── StoreUnavailable            STORE_UNAVAILABLE; what this product keeps itself cannot be reached
├── ConfigError                 the operator's file or environment is wrong
└── OurBug                      INTERNAL; the message is ours, never a vendor's
"""

from typing import ClassVar

__all__ = [
    "BadCursor",
    "BadRequest",
    "BudgetExceeded",
    "CallerError",
    "ConfigError",
    "DeadlineExceeded",
    "Forbidden",
    "GatewayError",
    "NeedsHuman",
    "NotFound",
    "OurBug",
    "QueryTooComplex",
    "QuotaExhausted",
    "RateLimited",
    "ReauthRequired",
    "Refused",
    "Rejected",
    "SchemaDrift",
    "SourceError",
    "SourceForbidden",
    "SourceTimeout",
    "SourceUnavailable",
    "StoreUnavailable",
    "Transient",
    "Unsupported",
    "UnsupportedBySource",
]


class GatewayError(Exception):
    """Anything this product raises on purpose; *message* is fit for the caller."""

    code: ClassVar[str] = "INTERNAL"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class CallerError(GatewayError):
    """The request is at fault."""


class BadRequest(CallerError):
    """An argument has no meaning."""

    code = "BAD_REQUEST"


class BadCursor(CallerError):
    """A cursor is damaged, foreign, or belongs to another query."""

    code = "BAD_CURSOR"


class Forbidden(CallerError):
    """The operator does not offer this, or not to this caller."""

    code = "FORBIDDEN"


class NotFound(CallerError):
    """What was named does not exist."""

    code = "NOT_FOUND"


class Unsupported(CallerError):
    """No asked source, or no setting of the operator's, allows this."""

    code = "UNSUPPORTED"


class QueryTooComplex(CallerError):
    """The document costs more than the limits allow."""

    code = "QUERY_TOO_COMPLEX"


class BudgetExceeded(CallerError):
    """The request used up its upstream calls or scanned rows."""

    code = "BUDGET_EXCEEDED"


class DeadlineExceeded(CallerError):
    """The request ran out of time as a whole."""

    code = "DEADLINE_EXCEEDED"


class SourceError(GatewayError):
    """One source did not deliver; the others are not touched by it.

    Attributes:
        source: the key of the source.
        is_retryable: whether the same request can succeed later without anyone acting.
        retry_after_s: seconds to wait, where known.
    """

    is_retryable: ClassVar[bool] = False

    def __init__(self, message: str, *, source: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.source = source
        self.retry_after_s = retry_after_s


class Transient(SourceError):
    """Waiting helps."""

    is_retryable = True


class RateLimited(Transient):
    """A short window is full and the deadline does not allow to wait for it."""

    code = "RATE_LIMITED"


class QuotaExhausted(Transient):
    """A long window, usually the day's, is used up."""

    code = "QUOTA_EXHAUSTED"


class SourceUnavailable(Transient):
    """The CRM did not answer, or answered with a server error or garbage."""

    code = "SOURCE_UNAVAILABLE"


class SourceTimeout(Transient):
    """The CRM did not answer before the deadline."""

    code = "SOURCE_TIMEOUT"


class NeedsHuman(SourceError):
    """Somebody has to change something before this works again."""


class ReauthRequired(NeedsHuman):
    """The credential is revoked, expired for good, or wrong."""

    code = "SOURCE_REAUTH_REQUIRED"


class SourceForbidden(NeedsHuman):
    """The credential is valid and lacks a scope or a permission."""

    code = "SOURCE_FORBIDDEN"


class SchemaDrift(NeedsHuman):
    """The CRM no longer has an object, field or choice that the mapping relies on."""

    code = "SCHEMA_DRIFT"


class Refused(SourceError):
    """The CRM understood and said no."""


class Rejected(Refused):
    """The CRM refused the request's content."""

    code = "REJECTED"


class UnsupportedBySource(Refused):
    """This source cannot answer this query; others may."""

    code = "UNSUPPORTED"


class StoreUnavailable(GatewayError):
    """What this product keeps itself cannot be read or written; the CRMs are not touched by it."""

    code = "STORE_UNAVAILABLE"


class ConfigError(GatewayError):
    """The operator's file or environment is wrong; the message lists every mistake."""

    code = "CONFIG"


class OurBug(GatewayError):
    """A promise inside the product is broken."""
