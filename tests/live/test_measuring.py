"""The measurements that anybody can repeat, in small: on servers and databases of their own."""

import json

import pytest

from tests.installation import Installation

pytestmark = [pytest.mark.live, pytest.mark.timeout(400)]


def test_the_claim_is_measured_beside_its_limit(sqlite_installation: Installation, postgres_server):
    told = json.loads(
        sqlite_installation.manage(
            *("benchmark", "claim", "--json", "--rows", "2000", "--rounds", "1"), seconds=360
        )
    )
    assert set(told) == {"benchmark", "machine", "rounds", "limit", "product", "ratios"}
    assert told["ratios"]["double_claims"] == 0
    assert told["ratios"].keys() >= {"of_raw_claim", "p99_ms_at_50", "growth_1m_over_10k"}


def test_a_day_strands_nobody_and_is_the_same_again(sqlite_installation: Installation):
    day = [
        *("simulate_day", "--people", "8", "--mails", "60"),
        *("--vanish", "0.4", "--seed", "3", "--json"),
    ]
    told = [sqlite_installation.manage(*day, seconds=180) for _each in range(2)]
    assert told[0] == told[1]
    assert json.loads(told[0])["stranded"] == 0
    assert json.loads(told[0])["fairness"]["three_furious_in_row_share"] == 0
