"""Reading the repository's Markdown: tables, fenced blocks and links."""

import re
from pathlib import Path

from tests.architecture.tree import ROOT

__all__ = ["fenced", "links", "page", "pages", "table"]


def page(name: str) -> str:
    """The text of the page *name*, a path from the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def pages() -> list[Path]:
    """Every page of ours, relative to the repository."""
    roots = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return sorted(path.relative_to(ROOT) for path in roots)


def table(text: str, first_column: str) -> list[tuple[str, ...]]:
    """The rows of the first table whose first column is headed *first_column*, back-ticks left out."""
    rows: list[tuple[str, ...]] = []
    for line in text.splitlines():
        cells = tuple(cell.strip().replace("`", "") for cell in line.strip("|").split(" | "))
        if line.startswith(f"| {first_column} |"):
            rows = [cells]
        elif rows and not line.startswith("|"):
            break
        elif rows:
            rows.append(cells)
    return rows[2:]


def fenced(text: str, language: str) -> list[str]:
    """The fenced blocks in *language*, without their last line break."""
    return re.findall(rf"^```{language}\n(.*?)\n```$", text, re.MULTILINE | re.DOTALL)


def links(text: str) -> list[str]:
    """Targets of the links to files, without their fragments."""
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    return [target.partition("#")[0] for target in targets if "://" not in target and not target.startswith("#")]
