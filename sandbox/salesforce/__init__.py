"""An emulator of the Salesforce REST API: SOQL, SOSL, records, describe, composite, limits and OAuth, for reading.

What it does follows the vendor's documentation, cited where the numbers stand.
Where that is silent, the choice is an option (`options.Options`) or stands in the docstring of the module concerned.
"""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response

from sandbox.emulator import Emulator, Running, Setup
from sandbox.salesforce.answers import ApiError, not_found
from sandbox.salesforce.composite import Composite
from sandbox.salesforce.gate import Gate
from sandbox.salesforce.oauth import OAuth
from sandbox.salesforce.rest import Rest
from sandbox.salesforce.sessions import Sessions
from sandbox.salesforce.sosl import SearchResources
from sandbox.salesforce.tenant import Tenant
from sandbox.salesforce.usage import Usage

__all__ = ["EMULATOR"]

_COMPRESSED_FROM_BYTES = 500
_COMPRESSION = 4


def _build(setup: Setup) -> Running:
    tenant = Tenant(setup)
    options = tenant.options
    sessions = Sessions(tenant.clock, timeout_s=options.session_timeout_s, organization=tenant.keys.organization)
    usage = Usage(tenant)
    composite = Composite()
    resources = Starlette(
        routes=[
            *OAuth(tenant, sessions).routes(),
            *composite.routes(),
            *Rest(tenant, usage).routes(),
            *SearchResources(tenant).routes(),
        ],
        exception_handlers={ApiError: _refuse, HTTPException: _refuse_route},
    )
    resources.router.redirect_slashes = False
    composite.serve_parts_with(resources)
    gate = Gate(resources, tenant, sessions, usage)
    return Running(
        app=GZipMiddleware(gate, minimum_size=_COMPRESSED_FROM_BYTES, compresslevel=_COMPRESSION),
        connect={
            "key": "salesforce",
            "platform": "salesforce",
            "base_url": setup.base_url,
            "auth": {
                "kind": "client_credentials",
                "client_id": "env:SALESFORCE_CLIENT_ID",
                "client_secret": "env:SALESFORCE_CLIENT_SECRET",
            },
            # An org with one currency does not say which.
            "currency": setup.book.home_currency,
        },
        secrets={"SALESFORCE_CLIENT_ID": options.client_id, "SALESFORCE_CLIENT_SECRET": options.client_secret},
    )


async def _refuse(_: Request, error: Exception) -> Response:
    if not isinstance(error, ApiError):
        raise error
    return error.response()


async def _refuse_route(request: Request, error: Exception) -> Response:
    """An address or a method that no resource has."""
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code != 405:
        return not_found().response()
    allowed = ",".join(sorted((error.headers or {}).get("Allow", "GET").split(", "), reverse=True))
    reason = f"HTTP Method '{request.method}' not allowed. Allowed are {allowed}"
    response = ApiError(405, "METHOD_NOT_ALLOWED", reason).response()
    response.headers["Allow"] = allowed
    return response


EMULATOR = Emulator(
    platform="salesforce",
    port_offset=101,
    build=_build,
    own_fields={
        "contact": {
            "npsScore": "NPS__c",
            "customerNumber": "Customer_Number__c",
            "renewalOn": "Renewal_Date__c",
            "isVip": "VIP__c",
            "preferredChannel": "Preferred_Channel__c",
            "interests": "Interests__c",
        },
        "company": {"customerNumber": "Customer_Number__c", "tier": "Tier__c"},
        "deal": {"contractMonths": "Contract_Months__c", "competitor": "Competitor__c"},
    },
)
