import './workers.js';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './page.css';

import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';

import { examples } from './examples.js';
import { fetcher } from './fetcher.js';
import { storage } from './storage.js';

// Headers hold bearer tokens: they stay in memory.
createRoot(document.getElementById('root')).render(
  <GraphiQL fetcher={fetcher} defaultTabs={examples} storage={storage} shouldPersistHeaders={false}>
    <GraphiQL.Logo>crm-gateway</GraphiQL.Logo>
  </GraphiQL>,
);
