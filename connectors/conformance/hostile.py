"""Texts that break out of whatever is glued together: a text is a text, whatever its signs mean elsewhere."""

__all__ = ["HOSTILE"]

_QUOTES = (
    "'", "''", "'''", '"', '""', "`", "O'Brien", "O''Brien", "\\", "\\\\", "\\'", "\\\\'", '\\"',
    "\\u0027", "\\n", "\\x27",
    "\u2019", "\u2018 OR \u2018", "\uff07", "\uff07 OR \uff07", "\u02bc", "\u201c", "%27", "%2527", "&#39;", "&apos;",
)  # fmt: skip
_WILD = (
    "%", "%%", "_", "__", "100%", "a_b", "100%_", "*", "**", "a*", "*a", "?", "a?c", "[a-z]", "^a",
    "a$", "a.*b", "~", "~2",
)  # fmt: skip
_SOQL = (
    "' OR Name != '",
    "' OR Name LIKE '%",
    "') OR (Name != '",
    "x' LIMIT 1 --",
    "x'; DELETE FROM Contact",
    "' AND Id IN (SELECT ContactId FROM Case) AND Name != '",
    "x' ORDER BY Name DESC NULLS LAST LIMIT 1 OFFSET 1",
    "x' ALL ROWS",
    "x' FOR UPDATE",
    "' UNION SELECT Id FROM User",
    ":variable",
    "LAST_N_DAYS:3",
    "TODAY",
    "FIELDS(ALL)",
    "SELECT Id FROM Contact",
)
_SOSL = (
    "{x}",
    "}",
    "{",
    "} IN ALL FIELDS RETURNING User(Id)",
    "{x} RETURNING Contact(Id)",
    "x} RETURNING Account(Id, Name) LIMIT 1",
    "a AND b",
    "a OR b",
    "AND",
    "OR NOT",
    "AND NOT a",
    "(a",
    "a)",
    '"a',
    'a" OR "b',
    "a & b",
    "a | b",
    "a ! b",
    "+a -b",
    "? & | ! { } [ ] ( ) ^ ~ * : \\ \" ' + -",
    "name:acme",
)
_JSON = (
    '"}]}],"limit":200,"x":[{"y":[{"z":"',
    '{"$ne": null}',
    "&filterGroups=[]",
    "}}}}",
    "{{x}}",
    "{{7*7}}",
    "${x}",
    "${jndi:ldap://127.0.0.1/x}",
    "__proto__",
    "null",
    "true",
    "[]",
    "{}",
    "NaN",
    "-1",
    "0",
    "1e309",
)
_OTHERS = (
    "$filter=1 eq 1",
    "1 OR 1=1",
    "?q=1&q=2",
    "#fragment",
    "../../etc/passwd",
    "\r\nHost: evil.example",
    "<script>alert('x')</script>",
    "=cmd|' /C calc'!A0",
    "a;b",
    "a,b",
    "a\tb",
)
_CONTROL = (
    "\n", "a\nb", "\r\n", "\t", "\x00", "a\x00b", "\x01", "\x08", "\x1b[2J", "\x7f", "\x85",
    "\u2028", "\u2029", "\ufeff", "\u200b", "\u202eabc",
    "\ue000", "\ufffe", "\uffff",
)  # fmt: skip
_LETTERS = (
    "", " ", "  ", "\u00a0", "ß", "SS", "İ", "ı", "ſ", "ﬁ", "é", "e\u0301", "Å", "\u212b", "Ω", "Σ",
    "ς", "日本", "한국", "العربية", "😀", "👩‍👩‍👧", "𝒳", "🇩🇪",
)  # fmt: skip
_LONG = ("x" * 200, "ß" * 255, "' " * 120, "a " * 150, "😀" * 100)

HOSTILE = (*_QUOTES, *_WILD, *_SOQL, *_SOSL, *_JSON, *_OTHERS, *_CONTROL, *_LETTERS, *_LONG)
"""Quotes, wildcards, pieces of query languages, control characters, letters with odd cases, and long ones."""
