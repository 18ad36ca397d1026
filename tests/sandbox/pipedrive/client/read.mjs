// Reads an account with Pipedrive's own client and prints what it found as JSON.
import { v1, v2 } from "pipedrive";

const { URL_OF_ACCOUNT: url, API_TOKEN, CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN } = process.env;

async function walk(ask) {
  const rows = [];
  let cursor;
  do {
    const answer = await ask(cursor);
    rows.push(...answer.data);
    cursor = answer.additional_data.next_cursor ?? undefined;
  } while (cursor);
  return rows;
}

async function walkV1(ask) {
  const rows = [];
  let start = 0;
  for (;;) {
    const answer = await ask(start);
    rows.push(...answer.data);
    const pagination = answer.additional_data.pagination;
    if (!pagination.more_items_in_collection) return rows;
    start = pagination.next_start;
  }
}

const refused = (promise) => promise.then(() => null, (error) => error);

async function withToken() {
  const two = new v2.Configuration({ apiKey: API_TOKEN, basePath: `${url}/api/v2` });
  const one = new v1.Configuration({ apiKey: API_TOKEN, basePath: `${url}/api/v1` });
  const persons = new v2.PersonsApi(two);
  const deals = new v2.DealsApi(two);
  const found = {
    persons: await walk((cursor) => persons.getPersons({ limit: 40, cursor, sort_by: "update_time" })),
    organizations: await walk((cursor) => new v2.OrganizationsApi(two).getOrganizations({ limit: 500, cursor })),
    deals: await walk((cursor) => deals.getDeals({ limit: 25, cursor, include_fields: "source_lead_id" })),
    won: await walk((cursor) => deals.getDeals({ limit: 500, cursor, status: "won,lost" })),
    archived: await walk((cursor) => deals.getArchivedDeals({ limit: 500, cursor, include_fields: "source_lead_id" })),
    activities: await walk((cursor) =>
      new v2.ActivitiesApi(two).getActivities({ limit: 500, cursor, include_fields: "attendees" }),
    ),
    pipelines: await walk((cursor) => new v2.PipelinesApi(two).getPipelines({ cursor })),
    stages: await walk((cursor) => new v2.StagesApi(two).getStages({ cursor, sort_by: "order_nr" })),
    personFields: await walk((cursor) => new v2.PersonFieldsApi(two).getPersonFields({ limit: 5, cursor })),
    leads: await walkV1((start) => new v1.LeadsApi(one).getLeads({ start, limit: 7 })),
    archivedLeads: await walkV1((start) => new v1.LeadsApi(one).getArchivedLeads({ start })),
    notes: await walkV1((start) => new v1.NotesApi(one).getNotes({ start, sort: "update_time DESC" })),
    users: (await new v1.UsersApi(one).getUsers()).data,
    me: (await new v1.UsersApi(one).getCurrentUser()).data,
    activityTypes: (await new v1.ActivityTypesApi(one).getActivityTypes()).data,
    currencies: (await new v1.CurrenciesApi(one).getCurrencies()).data,
    summary: (await new v1.DealsApi(one).getDealsSummary({ status: "won" })).data,
  };
  const [first, second] = found.persons;
  found.both = (await persons.getPersons({ ids: `${first.id},${second.id},5` })).data;
  found.one = (await persons.getPerson({ id: first.id, include_option_labels: true })).data;
  const deal = found.deals.find((row) => row.person_id);
  found.participants = (await new v1.DealsApi(one).getDealParticipants({ id: deal.id })).data;
  found.search = (await new v2.ItemSearchApi(two).searchItem({ term: first.last_name, item_types: "person" })).data;
  found.missing = await refused(persons.getPerson({ id: 5 }));
  found.tooMany = await refused(persons.getPersons({ limit: 501 }));
  return found;
}

const personsOf = (oauth) =>
  new v2.PersonsApi(new v2.Configuration({ accessToken: oauth.getAccessToken, basePath: oauth.basePath }));

async function withOAuth() {
  const settings = { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, redirectUri: "https://app.example/back" };
  const refreshing = new v2.OAuth2Configuration({ ...settings, host: url });
  refreshing.updateToken({ access_token: "expired", refresh_token: REFRESH_TOKEN, expires_in: 1 });
  refreshing.expiresAt = 1;
  const before = (await personsOf(refreshing).getPersons({ limit: 3 })).data;
  const rotated = refreshing.refreshToken !== REFRESH_TOKEN;

  const coming = new v2.OAuth2Configuration({ ...settings, host: url });
  const consent = await fetch(coming.authorizationUrl, { redirect: "manual" });
  await coming.authorize(new URL(consent.headers.get("location")).searchParams.get("code"));
  const after = (await personsOf(coming).getPersons({ limit: 3 })).data;

  const late = new v2.OAuth2Configuration({ ...settings, host: url });
  late.updateToken({ refresh_token: REFRESH_TOKEN });
  const again = await refused(late.tokenRefresh());
  return { before, after, rotated, again, basePath: coming.basePath };
}

console.log(JSON.stringify({ token: await withToken(), oauth: await withOAuth() }));
