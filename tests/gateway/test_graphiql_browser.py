"""The GraphiQL page in Chromium, under its own headers: it works, and it talks to its own origin alone."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from tests.gateway.records import memory_source
from tests.gateway.serving import EVERYTHING_ON, gateway_over, serving, settings_with

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page

CHROMIUM = shutil.which("chromium")
playwright = pytest.importorskip("playwright.async_api", reason="the browser dependency group is not installed")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH"),
]

# The editors, by the names GraphiQL gives their texts.
QUERY, VARIABLES, HEADERS, RESPONSE = (
    f".monaco-editor[data-uri$='-{name}']"
    for name in ("operation.graphql", "variables.json", "request-headers.json", "response.json")
)

RECORD_VIOLATIONS = """
  globalThis.violations = [];
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    violations.push(`${violatedDirective} ${blockedURI}`));
"""

PASTE = """(area, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', text);
  area.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
}"""


@dataclass
class Visit:
    """One opened page, and all that went wrong or left it."""

    page: "Page"
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def note(self, message: "ConsoleMessage") -> None:
        """Keep a console message if it is a warning or an error."""
        if message.type in {"warning", "error"}:
            self.complaints.append(message.text)

    async def violations(self) -> list[str]:
        return await self.page.evaluate("violations")

    async def write(self, pane: str, text: str) -> None:
        """Replace the text of an editor; by a paste, because the editor closes brackets that are typed."""
        await self.page.locator(f"{pane} .view-lines").click()
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.press("Delete")
        await self.page.locator(f"{pane} textarea").evaluate(PASTE, text)

    async def write_query(self, text: str) -> str:
        """Replace the query; gives the tabs as stored once GraphiQL has read it, and runs it under its own name."""
        await self.write(QUERY, text)
        return await self.stored("tabState", json.dumps(text)[1:-1])

    async def text(self, pane: str) -> str:
        """Visible text of an editor, which paints its spaces as no-break spaces."""
        await self.page.locator(f"{pane} .view-lines").wait_for()
        lines = await self.page.locator(f"{pane} .view-lines").inner_text()
        return lines.replace("\N{NO-BREAK SPACE}", " ")

    async def stored(self, name: str, containing: str) -> str:
        """What the browser stores under *name*, once it has *containing*."""
        read = f"localStorage['crm-gateway:graphiql:{name}'] ?? ''"
        async with asyncio.timeout(5):
            while containing not in (value := await self.page.evaluate(read)):
                await self.page.wait_for_timeout(50)
        return value

    async def answer(self, containing: str) -> str:
        """Text of the response pane, once it shows *containing*."""
        await playwright.expect(self.page.locator(RESPONSE)).to_contain_text(containing)
        return await self.text(RESPONSE)


@pytest.fixture(scope="module")
def graphiql_url() -> Iterator[str]:
    """Address of the page on a gateway over two sources in memory."""
    settings = settings_with(features=EVERYTHING_ON)
    with serving(gateway_over([memory_source("alpha"), memory_source("beta")], settings)) as served:
        yield f"http://127.0.0.1:{served.port}/graphql"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator["Browser"]:
    """Debian's Chromium, one for all tests of this file."""
    async with playwright.async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def context(browser: "Browser") -> AsyncIterator["BrowserContext"]:
    """A browser profile with nothing stored."""
    context = await browser.new_context(viewport={"width": 1400, "height": 850})
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="module")
async def visit(context: "BrowserContext", graphiql_url: str) -> AsyncIterator[Visit]:
    """The page as a first-time visitor sees it; after the test it must have kept quiet and stayed at home."""
    visit = await open_page(context, graphiql_url)
    yield visit
    assert visit.complaints == []
    assert await visit.violations() == []
    assert {urlsplit(address).netloc for address in visit.requests} == {urlsplit(graphiql_url).netloc}


async def open_page(context: "BrowserContext", url: str) -> Visit:
    """Open the page and wait until its editor is there and the schema is read."""
    visit = Visit(await context.new_page())
    context.on("request", lambda request: visit.requests.append(request.url))
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.on("console", visit.note)
    await visit.page.add_init_script(RECORD_VIOLATIONS)
    async with visit.page.expect_response(lambda response: response.request.method == "POST"):
        await visit.page.goto(url)
    await visit.page.locator(".graphiql-query-editor .view-lines").wait_for()
    return visit


async def test_first_visit_shows_the_examples(visit: Visit) -> None:
    """The first visit opens one tab per example, in order, with the first one in the editor."""
    tabs = [tab.strip() for tab in await visit.page.locator(".graphiql-tab-button").all_inner_texts()]

    names = "Dashboard ClosingDeals Pipeline UpcomingAppointments LeadsByStatus Sources OneRecord"
    assert tabs == names.split()
    assert (await visit.text(QUERY)).startswith("# Latest contacts of all CRMs")
    assert await visit.page.title() == "crm-gateway"


async def test_example_brings_its_variables(visit: Visit) -> None:
    """The tab of an example with a file of variables has them in the variables editor."""
    await visit.page.get_by_role("tab", name="OneRecord").click()
    await visit.page.get_by_role("button", name="Variables").click()

    await playwright.expect(visit.page.locator(VARIABLES)).to_contain_text('"paste an id here"')


async def test_examples_do_not_come_back_over_the_users_own_text(visit: Visit) -> None:
    """A later visit shows the tabs as they were left."""
    await visit.write(QUERY, "query Mine { __typename }")
    await playwright.expect(visit.page.get_by_role("tab", name="Mine")).to_be_visible()
    await visit.stored("tabState", "query Mine")

    await visit.page.reload()

    assert await visit.text(QUERY) == "query Mine { __typename }"


async def test_tabs_of_another_graphiql_do_not_hide_the_examples(context: "BrowserContext", graphiql_url: str) -> None:
    """What another GraphiQL stored under the same host and port is not ours."""
    await context.add_init_script("localStorage['graphiql:query'] = '{ foreign }'")

    visit = await open_page(context, graphiql_url)

    assert (await visit.text(QUERY)).startswith("# Latest contacts of all CRMs")


async def test_ctrl_enter_runs_the_query(visit: Visit) -> None:
    """Ctrl-Enter in the editor sends the query and shows the answer."""
    await visit.write_query("{ platforms { key } }")

    await visit.page.keyboard.press("Control+Enter")

    assert '"key": "salesforce"' in await visit.answer("salesforce")


async def test_run_button_sends_query_and_variables(visit: Visit) -> None:
    """The run button sends the query with its variables and shows the answer."""
    await visit.write_query("query Named($yes: Boolean!) { name: __typename @include(if: $yes) }")
    await visit.page.get_by_role("button", name="Variables").click()
    await visit.write(VARIABLES, '{ "yes": true }')

    await visit.page.locator(".graphiql-execute-button").click()

    assert '"name": "Query"' in await visit.answer("name")


async def test_completion_offers_the_schemas_fields(visit: Visit) -> None:
    """Ctrl-Space offers fields of the schema, and Enter takes the first one."""
    await visit.write(QUERY, "")
    await visit.page.keyboard.type("{ platforms { ke")

    await visit.page.keyboard.press("Control+Space")
    await visit.page.locator(".suggest-widget .monaco-list-row", has_text="key").first.wait_for()
    await visit.page.keyboard.press("Enter")

    assert await visit.text(QUERY) == "{ platforms { key}}"


async def test_unknown_field_is_underlined(visit: Visit) -> None:
    """A field that the schema does not have is marked before anything is sent."""
    await visit.write(QUERY, "{ platforms { colour } }")

    await visit.page.locator(f"{QUERY} .squiggly-error").wait_for()


async def test_documentation_opens(visit: Visit) -> None:
    """The documentation pane leads from the root types to a field."""
    await visit.page.get_by_role("button", name="Show Documentation Explorer").click()
    docs = visit.page.locator(".graphiql-doc-explorer")

    await docs.get_by_role("link", name="Query").first.click()

    await playwright.expect(docs.get_by_role("link", name="platforms")).to_be_visible()


async def test_prettify_formats_query_and_variables(visit: Visit) -> None:
    """The prettify button lays out both editors, with code that is loaded only then."""
    await visit.page.get_by_role("button", name="Variables").click()
    await visit.write(VARIABLES, '{"yes":true}')
    await visit.write(QUERY, "{platforms{key}}")

    await visit.page.get_by_role("button", name="Prettify").click()

    await playwright.expect(visit.page.locator(f"{QUERY} .view-line")).to_have_count(6)
    assert await visit.text(QUERY) == "{\n  platforms {\n    key\n  }\n}"
    assert await visit.text(VARIABLES) == '{\n  "yes": true\n}'


async def test_headers_are_not_stored(visit: Visit) -> None:
    """A bearer token in the headers editor goes with the request and never into the browser's storage."""
    await visit.page.get_by_role("button", name="Headers").click()
    await visit.write(HEADERS, '{ "authorization": "Bearer opensesame" }')
    tabs = await visit.write_query("query Mine { __typename }")

    async with visit.page.expect_request(lambda request: request.method == "POST") as sent:
        await visit.page.locator(".graphiql-execute-button").click()
    history = await visit.stored("queries", "query Mine")

    assert (await sent.value).headers["authorization"] == "Bearer opensesame"
    assert "opensesame" not in tabs + history


async def test_answer_that_is_no_json_is_shown_as_it_came(context: "BrowserContext", graphiql_url: str) -> None:
    """The error page of a proxy in between can be read in the response pane."""
    visit = await open_page(context, graphiql_url)
    await visit.page.route(graphiql_url, lambda route: route.fulfill(status=502, body="upstream is away"))

    await visit.page.locator(".graphiql-execute-button").click()

    assert "HTTP 502 without JSON: upstream is away" in await visit.answer("502")


@pytest.mark.parametrize(("scheme", "background"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(33, 42, 59)")])
async def test_follows_the_systems_colour_scheme(visit: Visit, scheme: str, background: str) -> None:
    """Page and editor are dark where the system prefers dark, else light."""
    await visit.page.emulate_media(color_scheme=scheme)
    await visit.page.reload()
    await visit.page.locator(f"{QUERY} .view-lines").wait_for()

    assert background == await visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
    editor = {"light": "vs", "dark": "vs-dark"}[scheme]
    assert editor in (await visit.page.locator(QUERY).get_attribute("class")).split()


async def test_policy_stops_what_it_must_stop(context: "BrowserContext", graphiql_url: str) -> None:
    """Inline scripts and foreign addresses are refused, and these tests would notice the attempt."""
    visit = await open_page(context, graphiql_url)

    await visit.page.evaluate(
        """async () => {
          const script = document.createElement('script');
          script.textContent = 'globalThis.ran = true';
          document.body.append(script);
          await fetch('http://127.0.0.2:9/').catch(() => {});
        }"""
    )

    assert await visit.page.evaluate("globalThis.ran === undefined")
    assert await visit.violations() == ["script-src-elem inline", "connect-src http://127.0.0.2:9/"]
    assert len(visit.complaints) >= 2
