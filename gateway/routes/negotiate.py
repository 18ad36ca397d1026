"""Which media type an answer has, by the client's order of preference."""

__all__ = ["GRAPHQL_JSON", "JSON", "answer_type", "wants_page"]

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"


def _accepted(header: str) -> list[tuple[str, float]]:
    found = []
    for item in header.lower().split(",")[:32]:
        media_type, *parameters = (part.strip() for part in item.split(";"))
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                try:
                    quality = min(max(float(value), 0.0), 1.0)
                except ValueError:
                    quality = 0.0
        if media_type and quality > 0:
            found.append((media_type, quality))
    return sorted(found, key=lambda pair: -pair[1])


def answer_type(header: str | None) -> str | None:
    """The type to answer with: the most wanted one we have, JSON without a header, None where none is wanted."""
    if not header or not header.strip():
        return JSON
    for media_type, _ in _accepted(header):
        if media_type in {JSON, GRAPHQL_JSON}:
            return media_type
        if media_type in {"*/*", "application/*"}:
            return JSON
    return None


def wants_page(header: str | None) -> bool:
    """Whether a browser asks for a page rather than a program for JSON."""
    for media_type, _ in _accepted(header or ""):
        if media_type in {"text/html", "application/xhtml+xml"}:
            return True
        if media_type in {JSON, GRAPHQL_JSON}:
            return False
    return False
