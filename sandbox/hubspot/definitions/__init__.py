"""What HubSpot defines: object types, properties, association types, pipelines and ids."""

from sandbox.hubspot.definitions.association_types import HUBSPOT_TYPES, AssociationType, AssociationTypes
from sandbox.hubspot.definitions.ids import owner_id, record_id, user_id
from sandbox.hubspot.definitions.objects import OBJECTS, ObjectType, object_type
from sandbox.hubspot.definitions.pipelines import LEAD_PIPELINE_ID, LEAD_STAGES, Pipeline, Pipelines, PipelineStage
from sandbox.hubspot.definitions.properties import Option, Property, PropertyType, portal_properties

__all__ = [
    "HUBSPOT_TYPES",  # HubSpot's own association types
    "LEAD_PIPELINE_ID",  # id of the lead pipeline
    "LEAD_STAGES",  # lead status → stage id
    "OBJECTS",  # object types by plural name
    "AssociationType",  # what one record is to another
    "AssociationTypes",  # all association types of a portal
    "ObjectType",  # one kind of record
    "Option",  # a value of an enumeration
    "Pipeline",  # an ordered list of stages
    "PipelineStage",  # a step of a pipeline
    "Pipelines",  # the pipelines of a portal
    "Property",  # one property's metadata
    "PropertyType",  # how a property's values compare
    "object_type",  # an object type by any of its names
    "owner_id",  # owner id of a user's number
    "portal_properties",  # all properties of a portal
    "record_id",  # vendor id of a row's number
    "user_id",  # user id of a user's number
]
