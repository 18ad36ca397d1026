"""`docs/decisions/`: every record is indexed and whole, and the list of dependencies is the real one."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from tests.architecture.tree import ROOT, told
from tests.docs.pages import page, table

INDEX = page("docs/decisions/README.md")
RECORDS = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))
HEADINGS = ("## Context", "## Decision", "## Consequences")


def names(requirements: Iterable[str]) -> set[str]:
    """The packages that *requirements* name, without versions, extras and markers."""
    return {re.split(r"[^A-Za-z0-9_.-]", item.strip(), maxsplit=1)[0].lower() for item in requirements}


def declared() -> set[str]:
    """Every direct dependency of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = (item for group in project["dependency-groups"].values() for item in group)
    return names([*project["build-system"]["requires"], *project["project"]["dependencies"], *groups])


def broken(record: Path) -> list[str]:
    """What a record lacks of its shape."""
    text = record.read_text(encoding="utf-8")
    title = re.match(rf"# {record.name[:4]} \S", text)
    status = re.search(r"^Status: (accepted|superseded by \d{4}), \d{4}-\d\d-\d\d\.$", text, re.MULTILINE)
    found = [] if title else [f"{record.name}: the title is not '# {record.name[:4]} …'"]
    found += [] if status else [f"{record.name}: no 'Status: accepted, DATE.' or 'superseded by NNNN, DATE.'"]
    return found + [f"{record.name}: no '{heading}'" for heading in HEADINGS if f"\n{heading}\n" not in text]


def test_every_record_is_in_the_index() -> None:
    """The index has one line for each record, in order, and none for others."""
    assert re.findall(r"^- \[\d{4}\]\((.+?)\)", INDEX, re.MULTILINE) == RECORDS


def test_numbers_are_given_once() -> None:
    """Two records never share a number."""
    numbers = [name[:4] for name in RECORDS]

    assert len(numbers) == len(set(numbers))


def test_records_have_the_shape_of_the_template() -> None:
    """Title, status, context, decision and consequences are there."""
    found = [line for name in RECORDS for line in broken(ROOT / "docs" / "decisions" / name)]

    assert not found, told(found)


def test_every_dependency_has_its_reason() -> None:
    """The tables of 0008 name the direct dependencies, all of them and no others."""
    text = page("docs/decisions/0008-dependencies.md")
    listed = [name for part in text.split("\n### ")[1:] for name, *_ in table(part, "Package")]

    assert sorted(listed) == sorted(declared())


def test_requirements_are_read() -> None:
    """Versions, extras and markers are no part of a name."""
    assert names(["a-b>=1", "C[x]~=2", "d ; sys_platform != 'win32'", "e"]) == {"a-b", "c", "d", "e"}


def test_a_broken_record_is_seen(tmp_path: Path) -> None:
    """A record without title, status or parts is named for each."""
    record = tmp_path / "0099-x.md"
    record.write_text("# 0098 X\n\nStatus: maybe.\n\n## Context\n", encoding="utf-8")

    assert len(broken(record)) == 4
