"""What one HubSpot account is: its properties, pipelines, owners and settings, as read together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from connectors.tables import Held
from model.entities import Entity, Pipeline, Stage, User
from model.values import Choice

__all__ = ["Portal", "Property"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One property of an object, as HubSpot describes it; *kind* is its type there, *form* how people fill it in."""

    name: str
    label: str
    kind: str
    form: str = ""
    options: tuple[Choice, ...] = ()
    is_custom: bool = False
    is_writable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """An account as its metadata tells it.

    Attributes:
        properties: by object name, then by property name; objects that cannot be read are absent.
        refused: by object name (and "owners"), why it cannot be read.
        pipelines: of deals, in HubSpot's order.
        lead_stages: labels of the lead pipelines' stages by id.
        open_lead_stages: ids of those that are not closed.
        users: owners, active and deactivated.
        owner_ids: owner id by user id; a user who owns nothing may have none.
    """

    properties: Mapping[str, Mapping[str, Property]]
    refused: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    pipelines: tuple[Pipeline, ...] = ()
    lead_stages: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    open_lead_stages: tuple[str, ...] = ()
    users: tuple[User, ...] = ()
    owner_ids: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    account_id: str | None = None
    currency: str | None = None
    time_zone: str | None = None
    region: str | None = None
    ui_host: str | None = None

    def stages(self) -> Mapping[str, Stage]:
        """Stages of all deal pipelines by id."""
        return {stage.remote_id: stage for pipeline in self.pipelines for stage in pipeline.stages}

    def owners(self) -> Held:
        """Users as HubSpot's owners, by owner id; user ids are others and name nobody here."""
        known = {user.remote_id: user for user in self.users}
        return Held(entity=Entity.USER, remote_type="owners", records=known, id_key=int, searched=("name", "email"))
