"""`python -m gateway.cli` is `crm-gateway`."""

from gateway.cli import main

__all__: list[str] = []

if __name__ == "__main__":
    main()
