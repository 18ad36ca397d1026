"""One CRM at a time: the connector contract, how vendors are reached, and the connectors themselves."""
