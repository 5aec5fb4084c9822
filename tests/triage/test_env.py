from pathlib import Path

import pytest

from tests.installation import Installation
from triage.env import WrongSetting, read

ROOT = Path("/nowhere")
KEYS = {
    "SECRET_KEY": "x" * 50,
    "MUSTER_SECRETS_KEY": "A" * 43 + "=",
}


def setting(tmp_path: Path, **variables: str) -> dict[str, str]:
    return {"MUSTER_DATA_DIR": str(tmp_path / "data"), **variables}


def test_a_small_installation_needs_no_setting_and_keeps_its_secrets(tmp_path: Path) -> None:
    first, again = (read(setting(tmp_path), root=ROOT) for _ in range(2))
    assert first == again
    assert len(first.secret_key) > 50
    assert (tmp_path / "data" / "secret_key.key").stat().st_mode & 0o077 == 0


def test_sqlite_takes_its_write_lock_at_the_beginning(tmp_path: Path) -> None:
    options = read(setting(tmp_path), root=ROOT).database["OPTIONS"]
    assert isinstance(options, dict)
    assert options["transaction_mode"] == "IMMEDIATE"


def test_postgresql_gets_a_small_pool(tmp_path: Path) -> None:
    given = setting(tmp_path, DATABASE_URL="postgres://m:p@127.0.0.1/muster", **KEYS)
    database = read(given, root=ROOT).database
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert database["OPTIONS"] == {
        "pool": {"min_size": 1, "max_size": 12, "timeout": 30},
        "options": "-c jit=off",
        "prepare_threshold": 5,
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://m@127.0.0.1/muster"),
        ("DATABASE_URL", "nonsense"),
        ("REDIS_URL", "http://127.0.0.1"),
        ("SECRET_KEY", "short"),
        ("MUSTER_SECRETS_KEY", "no key"),
        ("MUSTER_BASE_URL", "muster.example.org"),
        ("MUSTER_REQUIRE_MFA", "perhaps"),
        ("MUSTER_ALERT_WEBHOOK", "chat.example.org"),
        ("MUSTER_TRUSTED_PROXIES", "10.0.0.5,proxy"),
    ],
)
def test_a_wrong_value_is_named_with_how_to_set_it(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(WrongSetting, match=rf"^{name}: .* (Set|set|Make)"):
        read(setting(tmp_path, **{name: value}), root=ROOT)


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WrongSetting, match=r"^MUSTER_DATA_DIR: "):
        read({"MUSTER_DATA_DIR": str(tmp_path / "file" / "data")}, root=ROOT)


def test_with_postgresql_every_host_must_be_given_the_same_secrets(tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match=r"^SECRET_KEY: not set"):
        read(setting(tmp_path, DATABASE_URL="postgres://m@127.0.0.1/muster"), root=ROOT)


def test_a_process_with_a_wrong_setting_refuses_to_start_in_one_line(tmp_path: Path) -> None:
    muster = Installation(tmp_path / "data", {"REDIS_URL": "http://127.0.0.1"})
    process = muster.start("check")
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.startswith("REDIS_URL: ")
    assert said.count("\n") == 1


def test_a_database_without_our_tables_is_said_in_one_line(tmp_path: Path) -> None:
    process = Installation(tmp_path / "data").start("ledger", "--json")
    printed, said = process.communicate(timeout=60)
    assert (process.returncode, printed) == (1, "")
    assert said == "The database has not the tables of this version. Make them: manage.py migrate\n"


def test_a_database_that_does_not_answer_is_named_by_its_variable(tmp_path: Path) -> None:
    nowhere = {"DATABASE_URL": f"sqlite:///{tmp_path}/absent/muster.sqlite3"}
    process = Installation(tmp_path / "data", nowhere).start("ledger")
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.splitlines()[-1].startswith("The database file")


COMPANY = {
    "MUSTER_OIDC_URL": "https://login.example.org/staff/",
    "MUSTER_OIDC_CLIENT_ID": "muster",
    "MUSTER_OIDC_SECRET": "secret",
}


def test_the_company_login_is_set_by_the_environment(tmp_path: Path) -> None:
    domains = "Example.org, @example.com"
    given = setting(tmp_path, **COMPANY, MUSTER_OIDC_DOMAINS=domains)
    login = read(given, root=ROOT).company_login
    assert login is not None
    assert login.url == "https://login.example.org/staff"
    assert login.domains == ("example.org", "example.com")
    assert read(setting(tmp_path), root=ROOT).company_login is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MUSTER_OIDC_SECRET", ""),
        ("MUSTER_OIDC_URL", "http://login.example.org"),
        ("MUSTER_OIDC_URL", "login.example.org"),
    ],
)
def test_half_a_company_login_is_refused_without_quoting_the_secret(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(WrongSetting, match=name) as refused:
        read(setting(tmp_path, **{**COMPANY, name: value}), root=ROOT)
    assert COMPANY["MUSTER_OIDC_SECRET"] not in str(refused.value).replace("MUSTER_OIDC_SECRET", "")
