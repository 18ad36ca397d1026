"""A CRM that refuses everything, and repeats all it was told while doing so."""

import base64
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = ["Echo", "echoing"]


class Echo(ThreadingHTTPServer):
    """The server; *heard* is every request as text."""

    daemon_threads = True

    def __init__(self, *, status: int, delay_s: float) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = status
        self.delay_s = delay_s
        self.heard: list[str] = []

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Echo

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        body = self.rfile.read(length)
        heard = f"{self.requestline}\n{self.headers}\n{body.decode()}"
        self.server.heard.append(heard)
        time.sleep(self.server.delay_s)
        coded = [base64.b64encode(heard.encode()).decode(), heard.encode().hex(), heard[::-1], "\x1b[2J\x9b"]
        answer = "\n".join([heard, *coded]).encode()
        with suppress(ConnectionError):  # whoever asked may have left
            self.send_response(self.server.status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    do_GET = do_POST = _answer  # noqa: N815 - the names that the library looks for

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def echoing(*, status: int = 400, delay_s: float = 0.0) -> Iterator[Echo]:
    """A running server."""
    with Echo(status=status, delay_s=delay_s) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
