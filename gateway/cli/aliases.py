"""Whether the config's custom fields are what a source describes."""

from collections.abc import Iterator
from difflib import get_close_matches

from model.aliases import Alias, Aliases, fits
from model.capabilities import Description

__all__ = ["alias_findings"]


def alias_findings(aliases: Aliases, source: str, description: Description) -> list[str]:
    """A line for each alias whose field *source* lacks, or has of another kind."""
    return [
        f"{source}: custom_fields.{alias.entity.value}.{alias.name}: {finding}"
        for alias in aliases
        if source in alias.keys
        for finding in _findings(alias, alias.keys[source], description)
    ]


def _findings(alias: Alias, key: str, description: Description) -> Iterator[str]:
    if alias.entity not in description.types:
        yield f"the account offers no {alias.entity.value} records"
        return
    described = {item.remote_field: item for item in description.remote_fields.get(alias.entity, ())}
    field = described.get(key)
    if field is None:
        near = get_close_matches(key, described, n=3, cutoff=0.5)
        hint = f"did you mean {', '.join(map(repr, near))}?" if near else "`Source.fields` lists those it has"
        yield f"the account describes no field {key!r}; {hint}"
    elif not fits(alias.kind, field.kind):
        yield f"{key!r} is {field.kind.value} there, and the alias {alias.kind.value}; change the alias's kind or key"
