"""One of the CRM's own fields on one record, as it was asked for."""

from dataclasses import dataclass

from model.capabilities import RemoteField
from model.entities import CustomValue

__all__ = ["CustomField"]


@dataclass(frozen=True, slots=True)
class CustomField:
    """A value with what the CRM says of its field; *key* is the name it was asked by, an alias or the CRM's own."""

    key: str
    described: RemoteField
    value: CustomValue
