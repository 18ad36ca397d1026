"""Records made comparable: with their companies, their countries and the operator's customer numbers."""

from collections.abc import Sequence
from contextlib import suppress

from model.entities import Company, Contact, Entity, Record
from model.errors import GatewayError, OurBug
from model.fields import custom_of
from model.query import Selection
from model.reading import IDENTITY, Eventually
from resolvers.accounts import Account, Accounts
from resolvers.identity.profile import Profile, profile_of
from resolvers.known import covers, entity_of
from resolvers.relations import Relations, awaited
from resolvers.sources import Source, Sources

__all__ = ["Profiles"]

_COMPANY = IDENTITY[Entity.CONTACT].relations["company"].selection


class Profiles:
    """Makes profiles for one request."""

    def __init__(
        self,
        *,
        sources: Sources,
        accounts: Accounts,
        relations: Relations,
    ) -> None:
        self._sources = sources
        self._accounts = accounts
        self._relations = relations

    async def account(self, source: Source) -> Account:
        """The source as described.

        Raises:
            SourceError: its metadata cannot be read.
        """
        return await self._accounts.of(source)

    def number_names(self, source: str, entity: Entity) -> Sequence[str]:
        """Names of the described source's fields with customer numbers, on records of one type."""
        account = self._accounts.held(source)
        return () if account is None else account.own.identifying(entity)

    async def whole(self, records: Sequence[Record]) -> list[Record]:
        """*records* with all they are recognised by; what was read with less is read again, together."""
        found = [self._again(record) for record in records]
        return [await awaited(item) for item in found]

    def _again(self, record: Record) -> Eventually[Record]:
        entity = entity_of(record)
        wanted = self._wanted(record.source, entity)
        account = self._accounts.held(record.source)
        keyed = account.keyed(entity).intersection(wanted.relations) if account is not None else wanted.relations
        if covers(record, (*wanted.fields, *keyed)):
            return record
        return self._read(record, entity)

    def _wanted(self, source: str, entity: Entity) -> Selection:
        return IDENTITY[entity].with_fields(*self.number_names(source, entity))

    async def _read(self, record: Record, entity: Entity) -> Record:
        account = await self._accounts.of(self._source(record.source))
        wanted = self._wanted(record.source, entity)
        again = await awaited(self._relations.record(account, entity, record.remote_id, wanted))
        if again is None:
            raise OurBug(f"{record.source} no longer has a record that it gave in the same request")
        return again

    async def of(self, records: Sequence[Record], *, with_company: bool = True) -> list[Profile]:
        """The profiles of *records*, in their order; *with_company* reads the companies that were not read yet."""
        companies = await self.companies(records) if with_company else [None] * len(records)
        return [self._profile(record, company) for record, company in zip(records, companies, strict=True)]

    async def companies(self, records: Sequence[Record]) -> list[Company | None]:
        """The main company of each of *records*, read together; None where there is none, or it is not given."""
        asked = [self._company(record) for record in records]
        found = [await _delivered(item) for item in asked]
        return [item if isinstance(item, Company) else None for item in found]

    def _company(self, record: Record) -> Eventually[Record | None]:
        return self._relations.one(record, "company", _COMPANY) if isinstance(record, Contact) else None

    def _profile(self, record: Record, company: Company | None) -> Profile:
        if not isinstance(record, Contact | Company):
            raise OurBug(f"{type(record).__name__} records are not matched")
        account = self._accounts.held(record.source)
        names = (custom_of(name) for name in self.number_names(record.source, entity_of(record)))
        return profile_of(
            record,
            company,
            time_zone=account.description.time_zone if account is not None else None,
            numbers=[name.key for name in names if name is not None],
        )

    def _source(self, key: str) -> Source:
        found = self._sources.get(key)
        if found is None:
            raise OurBug(f"a record names source {key}, which is not connected")
        return found


async def _delivered(found: Eventually[Record | None]) -> Record | None:
    """What is there or comes; a company that its source does not give is as good as none."""
    with suppress(GatewayError):
        return await awaited(found)
    return None
