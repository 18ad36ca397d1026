"""What the operator says: one YAML file, secrets by reference, the environment on top.

- load_settings: the validated settings, or every mistake at once
- Settings, Server, Store, Limits, Features, ExchangeRates: what they hold
"""

from gateway.config.load import load_settings
from gateway.config.settings import ExchangeRates, Features, Limits, Server, Settings, Store

__all__ = ["ExchangeRates", "Features", "Limits", "Server", "Settings", "Store", "load_settings"]
