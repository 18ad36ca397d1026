"""The HTTP routes.

- GraphQLRoute, GraphQLRequest: `/graphql`, and what a client wants run there
- Health, live: `/health/live` and `/health/ready`
"""

from gateway.routes.body import GraphQLRequest
from gateway.routes.graphql import GraphQLRoute
from gateway.routes.health import Health, live

__all__ = ["GraphQLRequest", "GraphQLRoute", "Health", "live"]
