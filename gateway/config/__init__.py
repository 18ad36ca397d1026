"""What the operator says: one YAML file, secrets by reference, the environment on top.

- load_settings: the validated settings, or every mistake at once
- is_connector, load_trial: the same of a connector file, over the account that it names itself
- Settings, Server, Store, Limits, Features, ExchangeRates: what they hold
"""

from gateway.config.load import load_settings
from gateway.config.settings import ExchangeRates, Features, Limits, Server, Settings, Store
from gateway.config.trial import is_connector, load_trial

__all__ = [
    "ExchangeRates",
    "Features",
    "Limits",
    "Server",
    "Settings",
    "Store",
    "is_connector",
    "load_settings",
    "load_trial",
]
