"""What a connector file may say: pydantic's models of it, from which editors' schema is made as well."""

from connectors.declarative.spec.account import PipelineSpec, PipelinesSpec
from connectors.declarative.spec.api import (
    AuthSpec,
    ErrorRule,
    ErrorsSpec,
    FilterSpec,
    FormatsSpec,
    GetSpec,
    LimitsSpec,
    ListSpec,
    LoginSpec,
    OperatorSpec,
    Outcome,
    PagingSpec,
    SortSpec,
    Spec,
)
from connectors.declarative.spec.types import ConditionSpec, DeclaredField, DeclaredType, Ids, OperatorName, OwnSpec

__all__ = [
    "AuthSpec",  # how calls are signed
    "ConditionSpec",  # what makes a row one of a type
    "DeclaredField",  # one field
    "DeclaredType",  # one unified type
    "ErrorRule",  # what one kind of answer means
    "ErrorsSpec",  # what errors mean
    "FilterSpec",  # how conditions are written
    "FormatsSpec",  # how days and instants are written
    "GetSpec",  # the request for records by id
    "Ids",  # what remote ids are
    "LimitsSpec",  # what the API allows
    "ListSpec",  # the request for a list
    "LoginSpec",  # the request for a token
    "OperatorName",  # our operators, as a file names them
    "OperatorSpec",  # an operator in the API's words
    "Outcome",  # what an answer can mean
    "OwnSpec",  # a field that is none of ours
    "PagingSpec",  # how to go on behind a page
    "PipelineSpec",  # a pipeline that the file tells
    "PipelinesSpec",  # where the API tells its pipelines
    "SortSpec",  # how an order is written
    "Spec",  # one API
]
