"""The pages of what each CRM can do say what the connectors say."""

import pytest

from tests.docs.capability_pages import PLATFORMS, path_of, written
from tests.docs.pages import links, page


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_page_is_what_the_connector_says(platform: str) -> None:
    """`uv run python -m tests.docs.capability_pages` makes it so."""
    assert page(str(path_of(platform))) == written(platform)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_connectors_page_leads_to_it(platform: str) -> None:
    """Whoever reads of a CRM finds its tables."""
    assert f"capabilities/{platform}.md" in links(page(f"docs/connectors/{platform}.md"))
