"""How sure it is that two records are of one person or company, and why: from evidence to a score.

An exact key that is somebody's own is certain; likeness never is.
"""

from collections.abc import Container
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler

from resolvers.identity.normalise import PersonName, is_role, script_of
from resolvers.identity.profile import CompanyProfile, PersonProfile, Profile

__all__ = ["LEAST", "Likeness", "compare", "name_likeness"]

LEAST = 0.5
"""The score below which two records are not suggested."""

_SHORTEST = 6
_ALIKE, _UNLIKE = 0.85, 0.6


@dataclass(frozen=True, slots=True)
class Likeness:
    """What speaks for two records being of one: a score from 0 to 1, sentences, and whether it is certain."""

    score: float
    evidence: tuple[str, ...] = ()
    is_certain: bool = False


_NOTHING = Likeness(0.0)


def compare(a: Profile, b: Profile, *, shared: Container[str] = frozenset()) -> Likeness:
    """The likeness of two records of one type.

    Args:
        a: a record of one source.
        b: a record of another.
        shared: telephone numbers, in E.164, that several people have.
    """
    if isinstance(a, PersonProfile) and isinstance(b, PersonProfile):
        return _joined(_person(a, b, shared))
    if isinstance(a, CompanyProfile) and isinstance(b, CompanyProfile):
        return _joined(_company(a, b))
    return _NOTHING


def _joined(found: list[Likeness]) -> Likeness:
    """All evidence together, the strongest first; two that are no proof each are a little more together."""
    ordered = sorted(found, key=lambda item: -item.score)
    if not ordered:
        return _NOTHING
    doubt = 1.0
    for item in ordered:
        doubt *= 1 - item.score
    best = ordered[0].score if any(item.is_certain for item in ordered) else min(1 - doubt, 0.95)
    return Likeness(
        round(max(best, ordered[0].score), 3),
        tuple(sentence for item in ordered for sentence in item.evidence),
        any(item.is_certain for item in ordered),
    )


def _person(a: PersonProfile, b: PersonProfile, shared: Container[str]) -> list[Likeness]:
    likeness = name_likeness(a.name, b.name)
    found = _same_customer(a, b)
    mine = set(a.emails.values())
    theirs = dict.fromkeys(b.emails.values())
    found += [_same_email(key, a.name, b.name, likeness) for key in theirs if key in mine]
    found += _same_phones(a, b, likeness, shared, is_same_name=_is_same_name(a.name, b.name))
    found += _same_numbers(a, b, shared)
    if likeness is not None and likeness >= _ALIKE and not any(item.is_certain for item in found):
        found += _same_place(a, b, likeness)
    return found


def _same_email(key: str, a: PersonName, b: PersonName, likeness: float | None) -> Likeness:
    if is_role(key):
        return Likeness(0.6, (f"same mailbox {key}, which is a role's and not a person's",))
    if likeness is not None and likeness < _UNLIKE:
        told = f"same e-mail {key}, though the names differ: {a.full} and {b.full}"
        return Likeness(0.8, (told,))
    return Likeness(1.0, (f"same e-mail {key}",), True)


def _same_phones(
    a: Profile, b: Profile, likeness: float | None, shared: Container[str], *, is_same_name: bool
) -> list[Likeness]:
    """A number proves something together with a name alone, for it goes from hand to hand."""
    theirs = {phone.e164: phone for phone in b.phones.values()}
    found = []
    for phone in {phone.e164: phone for phone in a.phones.values()}.values():
        other = theirs.get(phone.e164)
        if other is None:
            continue
        if phone.e164 in shared or phone.extension != other.extension:
            found.append(Likeness(0.3, (f"same phone {phone.e164}, which several share",)))
        elif is_same_name and not _are_elsewhere(a, b):
            found.append(Likeness(0.95, (f"same phone {phone.e164} and name",), True))
        elif is_same_name:
            found.append(Likeness(0.8, (f"same phone {phone.e164} and name, though at different companies",)))
        elif likeness is None or likeness >= _UNLIKE:
            found.append(Likeness(0.6 if likeness is None else 0.75 * likeness, (f"same phone {phone.e164}",)))
        else:
            found.append(Likeness(0.3, (f"same phone {phone.e164}, though the names differ",)))
    return found


def _same_customer(a: Profile, b: Profile) -> list[Likeness]:
    shared = sorted(a.numbers.keys() & b.numbers.keys())
    return [Likeness(1.0, (f"same customer number {a.numbers[key]}",), True) for key in shared]


def _same_numbers(a: PersonProfile, b: PersonProfile, shared: Container[str]) -> list[Likeness]:
    """Two numbers in common, and a part of the name: nobody else has both."""
    both = set(a.phones.values()) & set(b.phones.values())
    own = sorted(phone.e164 for phone in both if phone.e164 not in shared)
    is_kin = bool(a.name.family) and a.name.family == b.name.family
    is_named = bool(a.name.given) and a.name.given == b.name.given
    if len(own) < 2 or not (is_kin or is_named):
        return []
    return [Likeness(0.96, (f"same phones {' and '.join(own)} and {'family' if is_kin else 'given'} name",), True)]


def _are_elsewhere(a: Profile, b: Profile) -> bool:
    """Whether both are known to be at companies, and at none in common."""
    return bool(a.domains and b.domains) and not a.domains & b.domains


def _same_place(a: PersonProfile, b: PersonProfile, likeness: float) -> list[Likeness]:
    told = f"{'same' if likeness == 1 else 'similar'} name {b.name.full}"
    for domain in sorted(a.domains & b.domains):
        return [Likeness(round(0.85 * likeness, 3), (f"{told} and same domain {domain}",))]
    if a.company and a.company == b.company:
        return [Likeness(round(0.7 * likeness, 3), (f"{told} and same company {b.company}",))]
    return []


def name_likeness(a: PersonName, b: PersonName) -> float | None:
    """How alike two names are, 0 to 1, in any order of their parts; None where nothing can be said.

    Nothing can be said of a part that is missing, or that is written in two scripts.
    """
    straight = _together(_alike(a.given, b.given), _alike(a.family, b.family))
    turned = _together(_alike(a.given, b.family), _alike(a.family, b.given))
    if straight is None or turned is None:
        return straight
    return max(straight, turned)


def _together(one: float | None, other: float | None) -> float | None:
    if one is None or other is None:
        return 0.9 * (one or other or 0.0) if one is not None or other is not None else None
    return min(one, other)


def _alike(a: str, b: str) -> float | None:
    if not (a and b) or script_of(a) != script_of(b):
        return None
    if min(len(a), len(b)) == 1:
        return 0.95 if a[0] == b[0] else 0.0
    return JaroWinkler.similarity(a, b)


def _is_same_name(a: PersonName, b: PersonName) -> bool:
    """Whether two whole names are the same but for one slip of the pen."""
    if not (a.given and a.family and b.given and b.family):
        return False
    if sorted(a.full.split()) == sorted(b.full.split()):
        return True
    is_close = OSA.distance(a.full, b.full, score_cutoff=1) <= 1
    return is_close and len(a.full) >= _SHORTEST and a.given[0] == b.given[0]


def _company(a: CompanyProfile, b: CompanyProfile) -> list[Likeness]:
    found = _same_customer(a, b)
    likeness = _company_likeness(a.name, b.name)
    for domain in sorted(a.domains & b.domains):
        if likeness is None:
            found.append(Likeness(0.9, (f"same domain {domain}",), True))
        elif likeness >= _UNLIKE:
            found.append(Likeness(1.0, (f"same name and domain {domain}",), True))
        else:
            found.append(Likeness(0.75, (f"same domain {domain}, though the names differ: {a.written}, {b.written}",)))
    is_same = bool(a.name) and a.name == b.name
    found += _same_phones(a, b, likeness, frozenset(), is_same_name=is_same)
    if is_same and not any(item.is_certain for item in found):
        is_elsewhere = _are_elsewhere(a, b)
        note = f"same name {b.written}, at other domains" if is_elsewhere else f"same name {b.written}"
        found.append(Likeness(0.5 if is_elsewhere else 0.7, (note,)))
    return found


def _company_likeness(a: str, b: str) -> float | None:
    if not (a and b):
        return None
    return max(JaroWinkler.similarity(a, b), fuzz.token_set_ratio(a, b) / 100)
