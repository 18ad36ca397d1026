"""The endpoints of one Zoho CRM organisation."""

from sandbox.zoho.api.oauth import OAuthApi
from sandbox.zoho.api.pages import Pages
from sandbox.zoho.api.queries import CompositeApi, CoqlApi
from sandbox.zoho.api.records import RecordsApi
from sandbox.zoho.api.search import SearchApi
from sandbox.zoho.api.settings import SettingsApi

__all__ = ["CompositeApi", "CoqlApi", "OAuthApi", "Pages", "RecordsApi", "SearchApi", "SettingsApi"]
