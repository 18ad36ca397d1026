// Keys of our own: every GraphiQL on this host and port shares `graphiql:`, and a stranger's tabs would hide the examples.
const prefix = 'crm-gateway:';

// The history would store request headers, and so bearer tokens, whatever `shouldPersistHeaders` says.
const histories = ['graphiql:queries', 'graphiql:favorites'];
const withoutHeaders = (json) => JSON.stringify(JSON.parse(json), (name, value) => (name === 'headers' ? undefined : value));

const ownKeys = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix));

export const storage = {
  getItem: (key) => localStorage.getItem(prefix + key),
  setItem: (key, value) => localStorage.setItem(prefix + key, histories.includes(key) ? withoutHeaders(value) : value),
  removeItem: (key) => localStorage.removeItem(prefix + key),
  clear: () => ownKeys().forEach((key) => localStorage.removeItem(key)),
  get length() {
    return ownKeys().length;
  },
};
