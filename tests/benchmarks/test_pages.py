"""The pages are measured on a PostgreSQL of their own; here with few rows, for its form alone."""

import json

import pytest
from django.core.management import call_command

from triage.benchmarks.pages import MOST_QUERIES, PAGES

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]


@pytest.mark.usefixtures("postgres_server")  # skips with its cure where there is none
def test_the_pages_are_measured_and_take_few_statements(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("benchmark", "pages", json=True, rows=600, rounds=2)
    told = json.loads(capsys.readouterr().out)
    assert set(told["ratios"]) == {
        "max_queries",
        "max_sql_ms",
        "search_max_sql_ms",
        "growth_1m_over_1k",
    }
    assert all(told["product"][f"{name}_sql_ms"] > 0 for name in PAGES)
    assert told["ratios"]["max_queries"] <= MOST_QUERIES
