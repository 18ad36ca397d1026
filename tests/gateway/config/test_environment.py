"""The environment overrides the file."""

from pathlib import Path

from tests.gateway.config.files import GOOD, loaded, refused


def test_variables_override_values_of_the_file(tmp_path: Path) -> None:
    """Sections are joined by two underscores; lists are written with commas."""
    settings = loaded(
        tmp_path,
        GOOD,
        CRM_GATEWAY_SERVER__PORT="9000",
        CRM_GATEWAY_SERVER__NAMES="crm.example.org,crm.local",
        CRM_GATEWAY_LIMITS__DEADLINE_S="2.5",
        CRM_GATEWAY_FEATURES__GRAPHIQL="true",
        CRM_GATEWAY_LOG_LEVEL="debug",
        CRM_GATEWAY_ALLOW_HOSTS="a.example,b.example",
        CRM_GATEWAY_CURSOR_KEY="x" * 32,
    )

    assert settings.server.port == 9000
    assert settings.server.names == ("crm.example.org", "crm.local")
    assert (settings.limits.deadline_s, settings.limits.first) == (2.5, 50)
    assert settings.features.graphiql
    assert settings.log_level == "debug"
    assert settings.allow_hosts == ("a.example", "b.example")
    assert settings.cursor_key.get_secret_value() == "x" * 32


def test_wrong_variables_are_named_as_such(tmp_path: Path) -> None:
    """The mistake's place is the variable and not a line of the file."""
    lines = refused(
        tmp_path,
        GOOD.replace("first: 50", "first: 0"),
        CRM_GATEWAY_SERVER__PORT="many",
        CRM_GATEWAY_SERVER__PROT="1",
        CRM_GATEWAY_LIMITS="all",
        CRM_GATEWAY_LOG_LEVEL="loud",
        CRM_GATEWAY_CURSOR_KEY="5h0rt",
    )

    assert [line.split(": ")[0] for line in lines] == [
        "CRM_GATEWAY_CURSOR_KEY",
        "CRM_GATEWAY_LIMITS",
        "CRM_GATEWAY_LOG_LEVEL",
        "CRM_GATEWAY_SERVER__PORT",
        "CRM_GATEWAY_SERVER__PROT",
    ]
    assert "did you mean 'port'?" in lines[-1]
    assert "5h0rt" not in "".join(lines)


def test_other_variables_are_nobodys_mistake(tmp_path: Path) -> None:
    """A source's secret may have our prefix; sources themselves stand in the file alone."""
    text = GOOD.replace("env:HUBSPOT_TOKEN", "env:CRM_GATEWAY_HUBSPOT")

    settings = loaded(tmp_path, text, CRM_GATEWAY_HUBSPOT="pat-1234", CRM_GATEWAY_SOURCES="[]", CRM_GATEWAY_CI="1")

    assert len(settings.sources) == 2
