"""How a refused SOQL statement is told: the vendor's message shows the place in the statement."""

from sandbox.salesforce.answers import ApiError

__all__ = ["SoqlError"]

_SHOWN_BEFORE = 32
_SHOWN_AFTER = 32


class SoqlError(ApiError):
    """A statement that cannot be run.

    The message form is the one that published error reports show:
    a line break, an extract, a caret below the place, `ERROR at Row:r:Column:c`, and the reason.
    """

    def __init__(self, code: str, reason: str, *, at: int | None = None) -> None:
        """Args: code: the errorCode; reason: the text; at: where in the statement, when that is known."""
        super().__init__(400, code, reason)
        self.reason = reason
        self.at = at

    def placed(self, statement: str) -> "SoqlError":
        """The error with the extract of *statement* in its message."""
        if self.at is None:
            return self
        row = statement.count("\n", 0, self.at) + 1
        line_start = statement.rfind("\n", 0, self.at) + 1
        line_end = statement.find("\n", self.at)
        line = statement[line_start : len(statement) if line_end < 0 else line_end]
        column = self.at - line_start
        start = max(0, column - _SHOWN_BEFORE)
        extract = line[start : column + _SHOWN_AFTER]
        caret = " " * (column - start) + "^"
        place = f"ERROR at Row:{row}:Column:{column + 1}"
        return SoqlError(self.code, f"\n{extract}\n{caret}\n{place}\n{self.reason}")
