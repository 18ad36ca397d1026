"""The Web API: what every request passes (faults, token, limits), and who answers it."""

import re
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from sandbox.dynamics365.api.asked import Answer, Asked, json_answer
from sandbox.dynamics365.api.batch import answer_batch
from sandbox.dynamics365.api.metadata import Metadata
from sandbox.dynamics365.api.model import csdl, service_document
from sandbox.dynamics365.api.reads import Reads
from sandbox.dynamics365.entra import Entra
from sandbox.dynamics365.errors import VendorError, bad_request
from sandbox.dynamics365.limits import Limits
from sandbox.dynamics365.odata.filters import Filters
from sandbox.dynamics365.options import Options
from sandbox.dynamics365.org.crew import ORGANIZATION, base_url_of
from sandbox.dynamics365.org.store import Store
from sandbox.emulator import Setup

__all__ = ["Service"]

_LONGEST_ADDRESS = 32_768
"""Characters of a GET's address (Query data using the Web API, read 2026-11)."""

_TOTALS = re.compile(r"RetrieveTotalRecordCount\(EntityNames=\[(.*)\]\)")


class Service:
    """One organisation's Web API."""

    def __init__(self, store: Store, options: Options, setup: Setup, entra: Entra) -> None:
        clock = setup.clock
        self._store, self._options, self._entra = store, options, entra
        self._clock, self._faults = clock, setup.faults
        self._limits = Limits(options, clock)
        self._root = base_url_of(setup.base_url)
        self._reads = Reads(store, clock, self._root)
        self._metadata = Metadata(store, Filters(clock), self._root)

    async def endpoint(self, request: Request) -> Response:
        """Answer one request."""
        headers = {"OData-Version": "4.0", "x-ms-service-request-id": str(uuid4()), "REQ_ID": str(uuid4())}
        try:
            self._admit(request)
            with self._limits.running():
                if self._options.work_s:
                    await self._clock.sleep(self._options.work_s)
                answer = self._answer(request, await request.body())
            headers |= self._limits.headers()
        except VendorError as error:
            answer = _refused(error)
            if error.status == 401:
                answer = Answer(status=401, media_type="text/html", headers=error.headers)
        return Response(answer.body, answer.status, {**headers, **answer.headers}, media_type=answer.media_type)

    def _admit(self, request: Request) -> None:
        path, authorization = request.url.path, request.headers.get("authorization", "")
        if len(str(request.url)) > _LONGEST_ADDRESS:
            raise VendorError(414, "", "The request URI is too long.")
        if self._faults.take("unauthorized", path) is not None:
            self._entra.expire(authorization)
        is_revoked = self._faults.take("revoked", path) is not None
        if is_revoked or not self._entra.is_valid(authorization):
            raise VendorError(401, "", "", self._entra.challenge())
        if (fault := self._faults.take("rate_limited", path)) is not None:
            raise self._limits.refusal(retry_after_s=int(fault.value or 10))
        if (fault := self._faults.take("quota_exhausted", path)) is not None:
            raise self._limits.execution_refusal(retry_after_s=int(fault.value or 300))
        if (fault := self._faults.take("forbidden", path)) is not None:
            raise _missing_privilege(self._store.application.id, str(fault.value or "prvReadContact"))

    def _answer(self, request: Request, body: bytes) -> Answer:
        path, prefer = request.path_params["path"].strip("/"), request.headers.get("prefer", "")
        if path == "$batch" and request.method == "POST":
            content_type = request.headers.get("content-type", "")
            return answer_batch(body.decode("utf-8", "replace"), content_type, prefer, self._part)
        query = request.scope["query_string"].decode("latin-1")
        return self._read(Asked(method=request.method, path=path, query=query, prefer=prefer))

    def _part(self, asked: Asked) -> Answer:
        try:
            return self._read(asked)
        except VendorError as error:
            return _refused(error)

    def _read(self, asked: Asked) -> Answer:
        try:
            return self._answered(asked)
        except RecursionError as error:
            raise bad_request("Recursion depth exceeded allowed limit.") from error

    def _answered(self, asked: Asked) -> Answer:
        if asked.method != "GET":
            message = f"The requested resource does not support http method '{asked.method}'."
            raise VendorError(405, "0x80060888", message, {"Allow": "GET"})
        if asked.path == "":
            return service_document(self._root)
        if asked.path == "$metadata":
            return csdl()
        if asked.path in {"WhoAmI", "WhoAmI()"}:
            return self._who_am_i()
        if asked.path.startswith("EntityDefinitions"):
            return self._metadata.answer(asked)
        if totals := _TOTALS.fullmatch(asked.path):
            names = re.fullmatch(r"'\w+'(?:,'\w+')*", totals[1])
            if names is None:
                raise bad_request("EntityNames is a list of quoted names.")
            return self._reads.totals(totals[1].replace("'", "").split(","))
        return self._reads.answer(asked)

    def _who_am_i(self) -> Answer:
        unit = self._store.rows("businessunit")[0]["businessunitid"]
        told = {"BusinessUnitId": unit, "UserId": self._store.application.id, "OrganizationId": ORGANIZATION}
        context = f"{self._root}/$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse"
        return json_answer({"@odata.context": context, **told})


def _refused(error: VendorError) -> Answer:
    return json_answer(error.body, status=error.status, headers=error.headers)


def _missing_privilege(user: str, privilege: str) -> VendorError:
    """403 of an app user whose roles lack *privilege* (0x80040220, PrivilegeDenied)."""
    message = (
        f"Principal user (Id={user}, type=8, roleCount=1, privilegeCount=12, accessMode=4) is missing {privilege} "
        "privilege."
    )
    return VendorError(403, "0x80040220", message)
