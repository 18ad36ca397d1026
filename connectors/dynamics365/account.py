"""What one organisation is: its tables, columns and own fields, put together from its metadata."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from connectors.dynamics365.columns import Metadata, TypeMaker
from connectors.dynamics365.manifest import TableSpec, manifest
from connectors.dynamics365.odata import Term, sort_key
from connectors.dynamics365.shape import rows_call
from connectors.http import HttpClient, together
from connectors.kept import every
from connectors.mapping import Row, convert, understood
from connectors.tables import Account, Held, Kind, TableType
from model.capabilities import LeadModel
from model.entities import Entity, Pipeline, Record, Stage, User
from model.errors import SchemaDrift, SourceForbidden
from model.values import instant_text

__all__ = ["MetadataReader", "account_of"]


_WORKING_FLOWS = "category eq 4 and primaryentity eq 'opportunity'"  # business process flows ("Workflow", read 2026-11)


class MetadataReader:
    """Reads an organisation's metadata by *client*."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    async def read(self) -> Metadata:
        """Everything, in metadata calls alone."""
        tables = tuple(spec.table for spec in manifest().types.values())
        described = await self._metadata(
            "EntityDefinitions",
            select="LogicalName",
            filter=" or ".join(f"LogicalName eq '{table}'" for table in tables),
            expand="Attributes($select=LogicalName,AttributeType,AttributeTypeName,AttributeOf,IsCustomAttribute,DisplayName)",
        )
        with understood(self._client.source):
            attributes = {
                str(row["LogicalName"]): {str(one["LogicalName"]): one for one in row["Attributes"]}
                for row in described
            }
        refused: list[str] = []
        casts = await together(*(self._casts(table, attributes[table].values()) for table in attributes))
        organisation, currencies, users, teams, flows, stages = await together(
            self._metadata("organizations", select="organizationid,_basecurrencyid_value"),
            self._metadata("transactioncurrencies", select="isocurrencycode"),
            self._metadata(
                "systemusers",
                select="fullname,internalemailaddress,isdisabled,createdon,modifiedon,versionnumber",
            ),
            self._allowed(refused, "teams", select="name,emailaddress,createdon,modifiedon,versionnumber"),
            self._allowed(refused, "workflows", select="name", filter=_WORKING_FLOWS),
            self._allowed(refused, "processstages", select="stagename,stagecategory,_processid_value"),
        )
        with understood(self._client.source):
            return Metadata(
                attributes=attributes,
                options={table: options for table, (options, _) in zip(attributes, casts, strict=True)},
                days={table: days for table, (_, days) in zip(attributes, casts, strict=True)},
                organisation=organisation[0],
                currencies=currencies,
                users=users,
                teams=teams,
                flows=flows,
                stages=stages,
                refused=tuple(sorted(refused)),
            )

    async def _casts(self, table: str, attributes: Iterable[Row]) -> tuple[dict[str, Any], frozenset[str]]:
        """Options by column, and the columns of days, which the common metadata of attributes lack."""
        base = f"EntityDefinitions(LogicalName='{table}')/Attributes/Microsoft.Dynamics.CRM."
        kinds = {str(row.get("AttributeType")) for row in attributes}
        listed_, dated = [kind for kind in ("Picklist", "Status") if kind in kinds], "DateTime" in kinds
        *options, days = await together(
            *(
                self._metadata(
                    f"{base}{kind}AttributeMetadata", select="LogicalName", expand="OptionSet($select=Options)"
                )
                for kind in listed_
            ),
            self._metadata(f"{base}DateTimeAttributeMetadata", select="LogicalName,DateTimeBehavior")
            if dated
            else _nothing(),
        )
        with understood(self._client.source):
            return (
                {str(row["LogicalName"]): row["OptionSet"]["Options"] for rows in options for row in rows},
                frozenset(str(row["LogicalName"]) for row in days if row["DateTimeBehavior"]["Value"] == "DateOnly"),
            )

    async def _allowed(self, refused: list[str], path: str, **options: str) -> list[Row]:
        """Every row at *path*; where the app's user may not read it none, and *refused* says so."""
        try:
            return await self._metadata(path, **options)
        except (SourceForbidden, SchemaDrift):
            refused.append(path)
            return []

    async def _metadata(self, path: str, **options: str) -> list[Row]:
        """Every row at *path*, its pages followed."""
        call = rows_call(path, options, operation="metadata", limit=manifest().page_size, kind="metadata")

        async def read(link: str | None) -> tuple[Sequence[Row], str | None]:
            there = call if link is None else replace(call, path=self._client.path_of(link))
            answer = await self._client.send(there)
            return answer.rows, answer.next_link

        return await every(read, source=self._client.source)


def account_of(read: Metadata, *, source: str, base_url: str) -> Account:
    """The account that the metadata tells; links lead to pages below *base_url*."""
    codes = {str(row["transactioncurrencyid"]): str(row["isocurrencycode"]) for row in read.currencies}
    currency = codes.get(str(read.organisation.get("_basecurrencyid_value")))
    specs = {entity: spec for entity, spec in manifest().types.items() if spec.table in read.attributes}
    entities = {spec.table: entity for entity, spec in specs.items()}
    types = {
        entity: TypeMaker(read, spec, entities, codes, currency, base_url).type_of(entity)
        for entity, spec in specs.items()
    }
    return Account(
        types={entity: _with_paths(types, specs[entity], found) for entity, found in types.items()},
        held={Entity.USER: _users(read, source=source, base_url=base_url)},
        missing={
            entity: f"the organisation has no table {spec.table} that its user may see"
            for entity, spec in manifest().types.items()
            if entity not in specs
        },
        pipelines=tuple(_pipeline(row, read.stages, source) for row in read.flows),
        account_id=convert.text(read.organisation.get("organizationid")),
        currency=currency,
        lead_model=LeadModel.OBJECT if Entity.LEAD in types else LeadModel.NONE,
        notes=tuple(f"the app's user may not read {path}; give it a role that does" for path in read.refused),
        facts=lambda key: codes.get(str(key), currency),
    )


def _with_paths(types: Mapping[Entity, TableType], spec: TableSpec, found: TableType) -> TableType:
    """*found* with conditions on the fields of records at the other end of its relations to one."""
    criteria = dict(found.criteria)
    for name, navigation in spec.at.items():
        far = types.get(Entity(str(spec.fields[name].to))) if name in found.table.columns else None
        for field, criterion in (far.criteria if far is not None else {}).items():
            term = criterion if isinstance(criterion, Term) else Term.of(criterion)
            if not (term.cases or term.absent or term.kind is Kind.MONEY):
                criteria[f"{name}.{field}"] = replace(term, column=f"{navigation}/{term.column}", is_always=False)
    return replace(found, criteria=criteria)


def _users(read: Metadata, *, source: str, base_url: str) -> Held:
    """Users and the teams that own records, by id."""

    def user(row: Row, key: str, kind: str) -> User:
        person = kind == "USER"
        return User(
            source=source,
            remote_id=str(row[key]),
            url=f"{base_url}/main.aspx?etn={key.removesuffix('id')}&pagetype=entityrecord&id={row[key]}",
            created_at=convert.instant(row.get("createdon")),
            updated_at=convert.instant(row.get("modifiedon")),
            created_by=None,
            updated_by=None,
            version=convert.text(row.get("versionnumber")),
            fetched_at=instant_text(datetime.now(UTC)),
            is_deleted=False,
            is_archived=None,
            name=convert.text(row.get("fullname" if person else "name")),
            email=convert.text(row.get("internalemailaddress" if person else "emailaddress")),
            is_active=not row["isdisabled"] if person else True,
            time_zone=None,
            kind=kind,
        )

    records: list[Record] = [user(row, "systemuserid", "USER") for row in read.users]
    records += [user(row, "teamid", "TEAM") for row in read.teams]
    by_id = {record.remote_id: record for record in records}
    return Held(entity=Entity.USER, remote_type="systemuser", records=by_id, id_key=sort_key)


def _pipeline(row: Row, stages: Sequence[Row], source: str) -> Pipeline:
    """A business process flow; its stages are none of them won or lost, which are states of an opportunity."""
    key = str(row["workflowid"])
    own = sorted((one for one in stages if one["_processid_value"] == key), key=lambda one: one["stagecategory"] or 0)
    return Pipeline(
        source=source,
        remote_id=key,
        name=str(row["name"]),
        stages=tuple(
            Stage(
                source=source,
                remote_id=str(one["processstageid"]),
                pipeline_id=key,
                name=str(one["stagename"]),
                position=position,
                probability=None,
                outcome="OPEN",
            )
            for position, one in enumerate(own)
        ),
    )


async def _nothing() -> list[Row]:
    return []
