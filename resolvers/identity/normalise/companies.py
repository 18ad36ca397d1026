"""Companies' names: what is left without the legal form, and how the same name is written with others."""

import re

from resolvers.identity.normalise.names import folded

__all__ = ["company_core", "company_spellings"]

# Ways to write one legal form, the commonest first.
_FORMS: tuple[tuple[str, ...], ...] = (
    ("GmbH", "G.m.b.H.", "Gesellschaft mbH", "mbH"),
    ("GmbH & Co. KG", "GmbH & Co KG", "GmbH u. Co. KG"),
    ("AG", "Aktiengesellschaft"),
    ("KG", "Kommanditgesellschaft"),
    ("UG", "UG (haftungsbeschränkt)"),
    ("SE", "Societas Europaea"),
    ("Inc.", "Inc", "Incorporated"),
    ("Corp.", "Corp", "Corporation"),
    ("Co.", "Co", "Company"),
    ("Co., Ltd.", "Co. Ltd", "Company Limited"),
    ("LLC", "L.L.C."),
    ("LLC", "TOV", "ТОВ"),
    ("LLP", "L.L.P."),
    ("Ltd.", "Ltd", "Limited", "Teoranta"),
    ("PLC", "plc", "P.L.C."),
    ("Pty Ltd", "Pty. Ltd.", "Pty Limited", "Proprietary Limited"),
    ("Pvt. Ltd.", "Pvt Ltd", "Private Limited"),
    ("SARL", "S.A.R.L.", "Sàrl"),
    ("SAS", "S.A.S."),
    ("S.A.", "SA", "Sociedad Anónima"),
    ("S.L.", "SL", "Sociedad Limitada"),
    ("S.r.l.", "Srl"),
    ("S.p.A.", "SpA"),
    ("B.V.", "BV"),
    ("N.V.", "NV"),
    ("AB", "Aktiebolag"),
    ("A/S", "AS"),
    ("ApS",),
    ("Oy", "Oyj"),
    ("Sp. z o.o.", "Sp. z o. o.", "Spółka z o.o."),
    ("s.r.o.", "spol. s r.o."),
    ("Kft.", "Kft"),
    ("Lda.", "Lda"),
    ("Ltda.", "Ltda", "Limitada"),
    ("A.Ş.", "AS"),
    ("K.K.", "KK", "Kabushiki Kaisha", "株式会社"),
    ("有限会社",),
    ("有限公司",),
    ("ООО",),
    ("АО",),
    ("Α.Ε.", "ΑΕ"),
)
_SIGNS = re.compile(r"[\s,]+$")


def _letters(text: str) -> str:
    return folded(text).replace(" ", "")


_FOLDED = sorted({(_letters(form), group) for group in _FORMS for form in group}, key=lambda pair: -len(pair[0]))
# Of one writing that two legal forms share, the spellings of both.
_GROUPS: dict[str, tuple[str, ...]] = {}
for _form, _group in _FOLDED:
    _GROUPS[_form] = tuple(dict.fromkeys((*_GROUPS.get(_form, ()), *_group)))


def company_core(name: str) -> str:
    """*name* folded and without its legal form, unless it is nothing else."""
    words = folded(name).split()
    start, _ = _form_at_end(words)
    return " ".join(words[:start] if start else words)


def company_spellings(name: str) -> tuple[str, ...]:
    """Ways to write *name*: as it is, bare, and with its legal form in other writings; case does not count."""
    words = folded(name).split()
    start, group = _form_at_end(words)
    if not start or group is None:
        return (name.strip(),)
    bare = _cut(name, "".join(words[start:]))
    with_forms = [text for form in group for text in (f"{bare} {form}", f"{bare}, {form}")]
    return tuple(dict.fromkeys((name.strip(), bare, *with_forms)))


def _form_at_end(words: list[str]) -> tuple[int, tuple[str, ...] | None]:
    """Where the legal form begins among *words*, and its writings; past the end where there is none."""
    for start in range(max(1, len(words) - 5), len(words)):
        group = _GROUPS.get("".join(words[start:]))
        if group is not None:
            return start, group
    return len(words), None


def _cut(name: str, form: str) -> str:
    """*name* as it is written, without *form* at its end."""
    place = len(name)
    while place and _letters(name[place:]) != form:
        place -= 1
    return _SIGNS.sub("", name[:place])
