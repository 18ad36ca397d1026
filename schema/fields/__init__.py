"""How fields get their values: what a resolver is told, the default resolver, factories for shared fields."""
