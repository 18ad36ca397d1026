const queries = import.meta.glob('./examples/*.graphql', { query: '?raw', import: 'default', eager: true });
const variables = import.meta.glob('./examples/*.variables.json', { query: '?raw', import: 'default', eager: true });

// One tab per examples/*.graphql in the order of the file names, with the variables of the file beside it, if any.
export const examples = Object.keys(queries)
  .sort()
  .map((path) => ({ query: queries[path], variables: variables[path.replace(/\.graphql$/, '.variables.json')] }));
