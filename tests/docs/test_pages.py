"""Every page can be found, every link leads somewhere, and the changelog keeps its form."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from tests.architecture.test_imports import vendor_packages
from tests.architecture.tree import PRODUCT, ROOT, Module, module_of, product, told
from tests.docs.pages import fenced, links, page, pages

# Pages with an index of their own, and the folder they are listed by.
OWN_INDEX = ("docs/decisions/", "docs/connectors/")
SECTIONS = ["Security", "Removed", "Deprecated", "Added", "Changed", "Fixed"]


def dead_links(name: Path, text: str) -> list[str]:
    """Links in the page *name* that lead to no file."""
    return [f"{name}: {target}" for target in links(text) if not (ROOT / name.parent / target).exists()]


def dead_mentions(modules: Iterable[Module]) -> list[str]:
    """Pages that the code sends its readers to, and that are not there."""
    return [
        f"{module.path}: {mention}"
        for module in modules
        for mention in re.findall(r"(?<![\w/])docs/[\w./-]+\.md", module.text)
        if not (ROOT / mention).is_file()
    ]


def unlisted(names: Iterable[Path], index: str) -> list[str]:
    """Pages under `docs/` that *index* has no line for."""
    listed = {os.path.normpath(Path("docs") / target) for target in links(index)}
    return [
        str(name)
        for name in names
        if str(name).startswith("docs/")
        and not str(name).startswith(OWN_INDEX)
        and str(name) not in {*listed, "docs/index.md"}
    ]


def misplaced_sections(changelog: str) -> list[str]:
    """Versions of *changelog* whose sections are unknown, repeated or out of order."""
    found: list[str] = []
    for version in changelog.split("\n## ")[1:]:
        sections = re.findall(r"^### (.+)$", version, re.MULTILINE)
        if sections != [name for name in SECTIONS if name in sections]:
            found.append(version.splitlines()[0])
    return found


def packages(parents: Iterable[str]) -> list[str]:
    """The packages directly in *parents*, as `parent/name/`."""
    found = (path.parent.relative_to(ROOT) for parent in parents for path in (ROOT / parent).glob("*/__init__.py"))
    return sorted(f"{path}/" for path in found)


def drawn(tree: str) -> set[str]:
    """The folders that a drawn *tree* names: those at the start of a line, and those below them."""
    found: set[str] = set()
    parent = ""
    for line in tree.splitlines():
        leading = re.match(r"\s*((?:\S+/\s+)*)", f"{line} ")
        names = leading[1].split() if leading is not None else []
        if names and not line.startswith(" "):
            parent = names[0]
        found |= {name if name == parent else parent + name for name in names}
    return found


def test_links_lead_somewhere() -> None:
    """Each link to a file of ours finds it."""
    found = [link for name in pages() for link in dead_links(name, page(str(name)))]

    assert not found, told(found)


def test_code_sends_readers_to_pages_that_exist() -> None:
    """A page that a docstring or a comment names is there."""
    found = dead_mentions(product())

    assert not found, told(found)


def test_index_lists_every_page() -> None:
    """`docs/index.md` has a line for each page; decisions and connectors are listed by their folders."""
    found = unlisted(pages(), page("docs/index.md"))

    assert not found, told(found)


def test_changelog_is_open_and_in_order() -> None:
    """There is an Unreleased section, and each version has its sections in the fixed order."""
    changelog = page("CHANGELOG.md")

    assert "\n## [Unreleased]\n" in changelog
    assert misplaced_sections(changelog) == []


def test_dead_links_are_seen() -> None:
    """A link is followed from its page and without its fragment; other sites and places in the page are not."""
    text = "[a](architecture.md#words) [b](gone.md#c) [d](https://e.example/f) [g](#h) [i](../README.md)"

    assert dead_links(Path("docs/index.md"), text) == ["docs/index.md: gone.md"]


def test_dead_mentions_are_seen() -> None:
    """A page that is gone is found; an address elsewhere is not looked at."""
    text = '"""See docs/gone.md, docs/index.md and https://e.example/docs/x.md."""\n'

    assert dead_mentions([module_of(text)]) == ["model/example.py: docs/gone.md"]


def test_unlisted_pages_are_seen() -> None:
    """A page is found unless the index links to it or it has an index of its own."""
    names = [Path("docs/a.md"), Path("docs/b.md"), Path("docs/decisions/0001-x.md"), Path("README.md")]

    assert unlisted(names, "- [a](a.md): a") == ["docs/b.md"]


def test_misplaced_sections_are_seen() -> None:
    """Fixed before Added is found, and a section of another name."""
    good = "# C\n\n## [1]\n\n### Added\n\n### Fixed\n"

    assert misplaced_sections(good) == []
    assert misplaced_sections(good + "\n## [0]\n\n### Fixed\n\n### Added\n\n## [00]\n\n### News\n") == ["[0]", "[00]"]


def test_tree_has_every_package() -> None:
    """The tree of `docs/architecture.md` names each package and none that is gone; one more CRM changes nothing."""
    (tree,) = [block for block in fenced(page("docs/architecture.md"), "") if "connectors/ " in block]
    tops = tuple(f"{top}/" for top in PRODUCT)
    found = {name for name in drawn(tree) if name.startswith(tops)}
    one_crm = {f"{name.replace('.', '/')}/" for name in vendor_packages(ROOT)}

    assert found - one_crm == {*packages(PRODUCT), *tops} - one_crm


def test_trees_are_read() -> None:
    """Names are taken with their parents; what is said of them is not."""
    tree = "a/        things in b/ and such\n  b/      things\n  c/ d/   more e/\nf/        rest\n"

    assert drawn(tree) == {"a/", "a/b/", "a/c/", "a/d/", "f/"}
