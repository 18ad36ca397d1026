// POST to the gateway that serves this page. An answer that is no JSON (a proxy's error page) is shown as it came.
export async function fetcher(operation, { headers } = {}) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { accept: 'application/graphql-response+json, application/json', 'content-type': 'application/json', ...headers },
    body: JSON.stringify(operation),
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return { errors: [{ message: `HTTP ${response.status} without JSON: ${text || response.statusText}` }] };
  }
}
