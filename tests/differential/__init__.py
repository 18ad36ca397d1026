"""The whole product against the oracle: generated GraphQL queries over both emulators, answers compared row by row."""
