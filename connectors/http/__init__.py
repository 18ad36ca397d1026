"""One way to reach a vendor: signed, limited, retried, bounded and recorded."""

from connectors.http.address import AddressError, AddressPolicy
from connectors.http.auth import LoginRequest, Signing, TokenAnswer
from connectors.http.body import Caps
from connectors.http.call import Accepted, Call, Dialect, Failed, Observed, Refresh, Reply, Retry, Verdict
from connectors.http.client import HttpClient
from connectors.http.limits import LimitClass, Limits, Pace, QuotaState, Window
from connectors.http.redact import Redactor, quotable
from connectors.http.retry import retry_after_s
from connectors.http.together import together
from connectors.http.transport import Wire

__all__ = [
    "Accepted",  # the reply is an answer
    "AddressError",  # why an address may not be called
    "AddressPolicy",  # where calls may go
    "Call",  # one upstream call as a value
    "Caps",  # how much one reply may hold
    "Dialect",  # how a platform's replies are read
    "Failed",  # do not repeat
    "HttpClient",  # one source's calls
    "LimitClass",  # calls counted together
    "Limits",  # all limits of a source
    "LoginRequest",  # how a log-in gives a token
    "Observed",  # what headers say of a window
    "Pace",  # virtual time
    "QuotaState",  # a window as it stands
    "Redactor",  # keeps secrets out of texts
    "Refresh",  # renew the token, then repeat
    "Reply",  # status, headers, body
    "Retry",  # repeat later
    "Signing",  # where a platform wants its tokens
    "TokenAnswer",  # what a token endpoint answered
    "Verdict",  # what to do with a reply
    "Window",  # so many calls in so many seconds
    "Wire",  # what all sources of a process share
    "quotable",  # a vendor's words fit to quote
    "retry_after_s",  # what a Retry-After header says
    "together",  # several calls at once
]
