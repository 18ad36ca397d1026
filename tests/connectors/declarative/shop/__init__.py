"""One small server over rows in memory, which speaks in any of many manners."""

from tests.connectors.declarative.shop.gate import (
    API_KEY,
    CLIENT_ID,
    CLIENT_SECRET,
    PASSWORD,
    REFRESH_TOKEN,
    USER,
)
from tests.connectors.declarative.shop.manner import Manner
from tests.connectors.declarative.shop.rows import Row, draw_companies, draw_people
from tests.connectors.declarative.shop.server import Call, Shop

__all__ = [
    "API_KEY",
    "CLIENT_ID",
    "CLIENT_SECRET",
    "PASSWORD",
    "REFRESH_TOKEN",
    "USER",
    "Call",
    "Manner",
    "Row",
    "Shop",
    "draw_companies",
    "draw_people",
]
