"""Sizes and names: what a stranger can find, and read in one go."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.architecture.tree import Module, module_of, modules_of_tests, product, told

FILE_LINES, FILE_LINES_P90 = 400, 300
FUNCTION_LINES, FUNCTION_LINES_P90 = 60, 35
FOLDER_MODULES = 12
EMPTY_WORDS = re.compile(r"(^|_)(util|helper|common|manager|misc)s?(_|$)")


def file_lines(modules: Iterable[Module]) -> dict[str, int]:
    """Lines by file."""
    return {str(module.path): module.text.count("\n") for module in modules}


def function_lines(modules: Iterable[Module]) -> dict[str, int]:
    """Lines by function, from `def` to its last line, docstring included."""
    return {
        f"{module.place(node)} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for module in modules
        for node in module.functions()
    }


def over(lines: dict[str, int], limit: int) -> list[str]:
    """What is longer than *limit*, longest first."""
    return [f"{name}: {count}" for name, count in sorted(lines.items(), key=lambda item: -item[1]) if count > limit]


def percentile(values: Iterable[int], share: float) -> int:
    """The smallest value that *share* of the values do not exceed."""
    ordered: Sequence[int] = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def full_folders(modules: Iterable[Module]) -> list[str]:
    """Folders with too many modules; `__init__.py` is the folder's own page and does not count."""
    counts = Counter(module.path.parent for module in modules if module.path.name != "__init__.py")
    return [f"{folder}: {count}" for folder, count in counts.items() if count > FOLDER_MODULES]


def empty_names(paths: Iterable[Path]) -> list[str]:
    """Paths with a part that names no idea."""
    return sorted(str(path) for path in paths if any(EMPTY_WORDS.search(Path(part).stem) for part in path.parts))


def test_no_file_is_too_long() -> None:
    """A file past the limit is split by idea."""
    found = over(file_lines((*product(), *modules_of_tests())), FILE_LINES)

    assert not found, told(found)


def test_nine_files_in_ten_are_short() -> None:
    """Long files are exceptions."""
    lines = file_lines(product())

    assert percentile(lines.values(), 0.9) <= FILE_LINES_P90, told(over(lines, FILE_LINES_P90))


def test_no_function_is_too_long() -> None:
    """A function past the limit does more than one thing."""
    found = over(function_lines(product()), FUNCTION_LINES)

    assert not found, told(found)


def test_nine_functions_in_ten_are_short() -> None:
    """Long functions are exceptions."""
    lines = function_lines(product())

    assert percentile(lines.values(), 0.9) <= FUNCTION_LINES_P90, told(over(lines, FUNCTION_LINES_P90))


def test_no_folder_is_full() -> None:
    """A folder that has grown past the limit holds two ideas."""
    found = full_folders(product())

    assert not found, told(found)


def test_every_name_says_an_idea() -> None:
    """No file or folder has a name that would take anything."""
    found = empty_names(module.path for module in (*product(), *modules_of_tests()))

    assert not found, told(found)


def test_long_files_are_seen() -> None:
    """The check names a file over the limit, and no other."""
    modules = [module_of("x = 1\n" * 400, "model/short.py"), module_of("x = 1\n" * 401, "model/long.py")]

    assert over(file_lines(modules), FILE_LINES) == ["model/long.py: 401"]


def test_long_functions_are_seen() -> None:
    """The check names a function over the limit, methods included, and no other."""
    body = "        x = 1\n"
    text = f"class C:\n    def short(self):\n{body * 59}    async def long(self):\n{body * 60}"

    assert over(function_lines([module_of(text)]), FUNCTION_LINES) == ["model/example.py:62 long: 61"]


def test_percentile_is_the_value_most_stay_below() -> None:
    """One long file in ten moves the figure; one in twenty does not."""
    assert percentile([10] * 9 + [500], 0.9) == 500
    assert percentile([10] * 19 + [500], 0.9) == 10


def test_full_folders_are_seen() -> None:
    """Twelve modules beside `__init__.py` are allowed, thirteen are not."""
    fits = [module_of("", f"model/m{index}.py") for index in range(12)] + [module_of("", "model/__init__.py")]

    assert full_folders(fits) == []
    assert full_folders([*fits, module_of("", "model/m12.py")]) == ["model: 13"]


def test_empty_names_are_seen() -> None:
    """Files and folders are found by whole words; longer words that contain one are not."""
    names = ["a/utils.py", "a/http_helpers.py", "common/a.py", "a/manager_pool.py", "a/commonplace.py", "a/utility.py"]

    assert empty_names(map(Path, names)) == ["a/http_helpers.py", "a/manager_pool.py", "a/utils.py", "common/a.py"]
