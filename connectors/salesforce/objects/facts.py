"""What the tables need to know of one account."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from model.entities import Entity
from model.values import RecordRef, Ref

__all__ = ["ENTITY_OF", "PIPELINE_ID", "Facts"]

PIPELINE_ID = "opportunities"

ENTITY_OF: Mapping[str, Entity] = {
    "Account": Entity.COMPANY,
    "Contact": Entity.CONTACT,
    "ContentNote": Entity.NOTE,
    "Event": Entity.APPOINTMENT,
    "Group": Entity.USER,
    "Lead": Entity.LEAD,
    "Note": Entity.NOTE,
    "Opportunity": Entity.DEAL,
    "Task": Entity.TASK,
    "User": Entity.USER,
}
"""The unified type of each object that is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One account.

    Attributes:
        url_of: the deep link of a record id.
        currency: the org's currency; None where it is hidden.
        currency_column: the column with each row's currency; None in orgs with one currency.
        stages: API names of the opportunity stages.
        lead_words, task_words, priority_words: our words by the vendor's API values.
        objects_by_prefix: object names by the first three characters of their ids.
    """

    url_of: Callable[[str], str]
    currency: str | None = None
    currency_column: str | None = None
    stages: frozenset[str] = frozenset()
    lead_words: Mapping[str, str] = field(default_factory=dict)
    task_words: Mapping[str, str] = field(default_factory=dict)
    priority_words: Mapping[str, str] = field(default_factory=dict)
    objects_by_prefix: Mapping[str, str] = field(default_factory=dict)

    def object_of(self, remote_id: str) -> str | None:
        """Name of the object a record id belongs to, where its prefix is known."""
        return self.objects_by_prefix.get(remote_id[:3])

    def ref(self, remote_id: str | None, *entities: Entity) -> Ref | None:
        """A pointer to a record, if it is one of *entities*."""
        entity = ENTITY_OF.get(self.object_of(remote_id) or "") if remote_id else None
        return Ref(entity, remote_id) if remote_id and entity in entities else None

    def record_ref(self, remote_id: str) -> RecordRef:
        """A pointer to a record of any object; one whose object is unknown is called by its id's prefix."""
        name = self.object_of(remote_id)
        entity = ENTITY_OF.get(name or "")
        return RecordRef(
            remote_type=name or remote_id[:3],
            remote_id=remote_id,
            ref=Ref(entity, remote_id) if entity else None,
            url=self.url_of(remote_id),
        )
