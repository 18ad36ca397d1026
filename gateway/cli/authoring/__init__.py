"""What those need at a terminal who connect a CRM of their own.

- keeps_laws: the laws of connectors over one account, a line each
"""

from gateway.cli.authoring.laws import keeps_laws

__all__ = ["keeps_laws"]
