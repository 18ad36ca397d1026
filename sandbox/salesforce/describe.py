"""The answers of the describe resources."""

from sandbox.salesforce.org import Catalog, Child, Field, SObject
from sandbox.salesforce.soql import Json

__all__ = ["describe_all", "describe_briefly", "describe_fully"]

_MAX_BATCH = 200
_SOAP_TYPES = {
    "boolean": "xsd:boolean",
    "int": "xsd:int",
    "double": "xsd:double",
    "currency": "xsd:double",
    "percent": "xsd:double",
    "date": "xsd:date",
    "datetime": "xsd:dateTime",
    "id": "tns:ID",
    "reference": "tns:ID",
    "address": "urn:address",
    "base64": "xsd:base64Binary",
    "junctionIdList": "urn:JunctionIdListNames",
}
_PRECISIONS = {"currency": (18, 2), "percent": (3, 0), "double": (18, 2)}
_READ_ONLY = frozenset({"OpportunityStage", "LeadStatus", "Organization", "Name"})
_NO_DELETE = frozenset({"User"})


def describe_all(catalog: Catalog, version: int) -> Json:
    """Of every object."""
    return {
        "encoding": "UTF-8",
        "maxBatchSize": _MAX_BATCH,
        "sobjects": [describe_briefly(one, version) for one in catalog],
    }


def describe_briefly(sobject: SObject, version: int) -> Json:
    """What the list of objects says of one."""
    base = f"/services/data/v{version}.0/sobjects/{sobject.name}"
    is_writable = sobject.name not in _READ_ONLY
    return {
        "activateable": False,
        "associateEntityType": None,
        "associateParentEntity": None,
        "createable": is_writable,
        "custom": False,
        "customSetting": False,
        "deepCloneable": False,
        "deletable": is_writable and sobject.name not in _NO_DELETE,
        "deprecatedAndHidden": False,
        "feedEnabled": False,
        "hasSubtypes": False,
        "isInterface": False,
        "isSubtype": False,
        "keyPrefix": sobject.prefix if sobject.is_queryable else None,
        "label": sobject.label,
        "labelPlural": sobject.plural,
        "layoutable": is_writable,
        "mergeable": sobject.name in {"Account", "Contact", "Lead"},
        "mruEnabled": is_writable,
        "name": sobject.name,
        "queryable": sobject.is_queryable,
        "replicateable": sobject.has_trash,
        "retrieveable": sobject.is_queryable,
        "searchable": sobject.is_searchable,
        "triggerable": is_writable,
        "undeletable": sobject.has_trash,
        "updateable": is_writable,
        "urls": {"sobject": base, "describe": f"{base}/describe", "rowTemplate": f"{base}/{{ID}}"},
    }


def describe_fully(catalog: Catalog, sobject: SObject, version: int) -> Json:
    """Of one object: its fields, the relationships to its children, its record types."""
    base = f"/services/data/v{version}.0/sobjects/{sobject.name}"
    master: Json = {
        "active": True,
        "available": True,
        "defaultRecordTypeMapping": True,
        "developerName": "Master",
        "master": True,
        "name": "Master",
        "recordTypeId": "012000000000000AAA",
        "urls": {"layout": f"{base}/describe/layouts/012000000000000AAA"},
    }
    return describe_briefly(sobject, version) | {
        "actionOverrides": [],
        "childRelationships": [_child(one) for one in catalog.children(sobject)],
        "compactLayoutable": True,
        "fields": [_field(one, is_named=one is sobject.name_field) for one in sobject.fields.values()],
        "listviewable": None,
        "lookupLayoutable": None,
        "namedLayoutInfos": [],
        "networkScopeFieldName": None,
        "recordTypeInfos": [master],
        "searchLayoutable": True,
        "supportedScopes": [{"label": "All records", "name": "everything"}],
    }


def _child(child: Child) -> Json:
    return {
        "cascadeDelete": False,
        "childSObject": child.sobject.name,
        "deprecatedAndHidden": False,
        "field": child.reference.name,
        "junctionIdListNames": [],
        "junctionReferenceTo": [],
        "relationshipName": child.relationship,
        "restrictedDelete": False,
    }


def _field(declared: Field, *, is_named: bool) -> Json:
    precision, scale = _PRECISIONS.get(declared.type, (0, 0))
    return _field_flags(declared) | {
        "byteLength": declared.length * 3,
        "calculatedFormula": None,
        "compoundFieldName": declared.compound or ("Name" if declared.name in {"FirstName", "LastName"} else None),
        "controllerName": None,
        "defaultValue": False if declared.type == "boolean" else None,
        "defaultValueFormula": None,
        "digits": 9 if declared.type == "int" else 0,
        "extraTypeInfo": _extra_type(declared),
        "filteredLookupInfo": None,
        "formula": None,
        "inlineHelpText": None,
        "label": declared.label,
        "length": declared.length,
        "mask": None,
        "maskType": None,
        "name": declared.name,
        "nameField": is_named,
        "picklistValues": [_picklist_value(one) for one in declared.values],
        "precision": precision,
        "referenceTargetField": None,
        "referenceTo": list(declared.targets),
        "relationshipName": declared.relationship,
        "relationshipOrder": None,
        "scale": declared.scale if declared.type == "double" else scale,
        "soapType": _SOAP_TYPES.get(declared.type, "xsd:string"),
        "type": "string" if declared.type == "junctionIdList" else declared.type,
    }


def _field_flags(declared: Field) -> Json:
    return {
        "aggregatable": declared.filterable and declared.type not in {"boolean", "multipicklist"},
        "aiPredictionField": False,
        "autoNumber": False,
        "calculated": False,
        "cascadeDelete": False,
        "caseSensitive": declared.is_case_sensitive,
        "createable": declared.createable,
        "custom": declared.is_custom,
        "defaultedOnCreate": declared.defaulted,
        "dependentPicklist": False,
        "deprecatedAndHidden": False,
        "displayLocationInDecimal": False,
        "encrypted": False,
        "externalId": declared.external,
        "filterable": declared.filterable,
        "formulaTreatNullNumberAsZero": False,
        "groupable": declared.groupable,
        "highScaleNumber": False,
        "htmlFormatted": False,
        "idLookup": declared.id_lookup,
        "namePointing": declared.is_polymorphic,
        "nillable": declared.nillable,
        "permissionable": declared.nillable,
        "polymorphicForeignKey": declared.is_polymorphic,
        "queryByDistance": False,
        "restrictedDelete": False,
        "restrictedPicklist": False,
        "searchPrefilterable": declared.type == "reference",
        "sortable": declared.sortable,
        "unique": declared.unique,
        "updateable": declared.updateable,
        "writeRequiresMasterRead": False,
    }


def _extra_type(declared: Field) -> str | None:
    return "plaintextarea" if declared.type == "textarea" else None


def _picklist_value(value: str) -> Json:
    return {"active": True, "defaultValue": False, "label": value, "validFor": None, "value": value}
