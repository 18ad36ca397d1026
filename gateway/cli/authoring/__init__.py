"""What those need at a terminal who connect a CRM of their own.

- keeps_laws: the laws of connectors over one account, a line each
- new_connector: the files to start from
"""

from gateway.cli.authoring.laws import keeps_laws
from gateway.cli.authoring.skeleton import new_connector

__all__ = ["keeps_laws", "new_connector"]
