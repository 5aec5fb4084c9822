"""Muster's settings from the environment: read once, checked once, explained when wrong."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import environ
from cryptography.fernet import Fernet


class WrongSetting(Exception):
    """A variable that is missing or cannot be used; the message says which and how to set it."""


@dataclass(frozen=True, kw_only=True)
class CompanyLogin:
    """The company's own login provider (OpenID Connect), and whose newcomers it brings."""

    url: str
    client_id: str
    secret: str
    name: str
    domains: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Environment:
    """What the environment asks of this process."""

    data_dir: Path
    database: dict[str, object]
    redis_url: str
    secret_key: str
    secrets_keys: tuple[str, ...]
    allowed_hosts: tuple[str, ...]
    base_url: str
    trusted_proxies: tuple[str, ...]
    require_mfa: bool
    alert_webhook: str
    company_login: CompanyLogin | None
    demo: bool


def read(environment: Mapping[str, str], *, root: Path) -> Environment:
    """Gives the checked environment; raises WrongSetting with one clear sentence."""
    source = environ.Env()
    source.ENVIRON = dict(environment)
    data_dir = Path(environment.get("MUSTER_DATA_DIR") or root / "data").expanduser().absolute()
    _make_private_folder(data_dir)
    base_url = _base_url(source)
    return Environment(
        data_dir=data_dir,
        database=_database(source, data_dir),
        redis_url=_redis_url(source),
        secret_key=_secret_key(source, data_dir),
        secrets_keys=_secrets_keys(source, data_dir),
        allowed_hosts=_allowed_hosts(source, base_url),
        base_url=base_url,
        trusted_proxies=_trusted_proxies(source),
        require_mfa=_flag(source, "MUSTER_REQUIRE_MFA", default=True),
        alert_webhook=_alert_webhook(source),
        company_login=_company_login(source),
        demo=_flag(source, "MUSTER_DEMO", default=False),
    )


def _make_private_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise WrongSetting(
            f"MUSTER_DATA_DIR: {folder} cannot be created ({error.strerror}). "
            "Set it to a folder that this user may write to."
        ) from error
    if not os.access(folder, os.W_OK):
        raise WrongSetting(
            f"MUSTER_DATA_DIR: {folder} cannot be written to. "
            "Set it to a folder that this user may write to."
        )


def _flag(source: environ.Env, name: str, *, default: bool) -> bool:
    value = source.str(name, default="1" if default else "0").strip().lower()
    if value not in {"0", "1", "true", "false", "yes", "no"}:
        raise WrongSetting(f"{name}: '{value}' is neither 1 nor 0. Set it to 1 or 0.")
    return value in {"1", "true", "yes"}


def _base_url(source: environ.Env) -> str:
    url: str = source.str("MUSTER_BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise WrongSetting(
            f"MUSTER_BASE_URL: '{url}' is not a web address. "
            "Set it to the address people open, such as https://muster.example.org."
        )
    return url


def _allowed_hosts(source: environ.Env, base_url: str) -> tuple[str, ...]:
    own = urlsplit(base_url).hostname or ""
    return tuple(source.list("ALLOWED_HOSTS", default=[own, "localhost", "127.0.0.1", "[::1]"]))


def _trusted_proxies(source: environ.Env) -> tuple[str, ...]:
    networks = tuple(source.list("MUSTER_TRUSTED_PROXIES", default=[]))
    for network in networks:
        try:
            ip_network(network, strict=False)
        except ValueError as error:
            raise WrongSetting(
                f"MUSTER_TRUSTED_PROXIES: '{network}' is no address or network. "
                "Set it to those of your proxies, such as 10.0.0.5,10.1.0.0/16."
            ) from error
    return networks


def _alert_webhook(source: environ.Env) -> str:
    url: str = source.str("MUSTER_ALERT_WEBHOOK", default="")
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.hostname):
        # Not quoted: the secret of a chat channel is often part of its address.
        raise WrongSetting(
            "MUSTER_ALERT_WEBHOOK: this is not a web address. "
            "Set it to the one that your chat channel or pager gave you, or leave it out."
        )
    return url


_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def _company_login(source: environ.Env) -> CompanyLogin | None:
    names = ("MUSTER_OIDC_URL", "MUSTER_OIDC_CLIENT_ID", "MUSTER_OIDC_SECRET")
    url, client_id, secret = (source.str(name, default="") for name in names)
    given = dict(zip(names, (url, client_id, secret), strict=True))
    if not any(given.values()):
        return None
    for name, value in given.items():
        if not value:
            raise WrongSetting(
                f"{name}: not set, though the other two of the company login are. "
                "Set all three as your login provider gave them, or none."
            )
    parts = urlsplit(url)
    plain = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or plain):
        raise WrongSetting(
            f"MUSTER_OIDC_URL: '{url}' is no https:// address. "
            "Set it to your provider's issuer, such as https://login.example.org/realms/staff."
        )
    domains = source.list("MUSTER_OIDC_DOMAINS", default=[])
    return CompanyLogin(
        url=url.rstrip("/"),
        client_id=client_id,
        secret=secret,
        name=source.str("MUSTER_OIDC_NAME", default="") or "your company login",
        domains=tuple(domain.strip().lower().lstrip("@") for domain in domains),
    )


def _redis_url(source: environ.Env) -> str:
    url: str = source.str("REDIS_URL", default="")
    if url and urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
        raise WrongSetting(
            "REDIS_URL: the address must begin with redis://, rediss:// or unix://. "
            "Set it like redis://127.0.0.1:6379/0, or leave it out to run without Redis."
        )
    return url


def _database(source: environ.Env, data_dir: Path) -> dict[str, object]:
    url = source.str("DATABASE_URL", default="")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": data_dir / "muster.sqlite3",
            "OPTIONS": _SQLITE_OPTIONS,
        }
    if urlsplit(url).scheme not in {"postgres", "postgresql", "sqlite"}:
        raise _wrong_database()
    try:
        database = dict(source.db_url("DATABASE_URL"))
    except (ValueError, KeyError, environ.ImproperlyConfigured) as error:
        raise _wrong_database() from error
    if database["ENGINE"] == "django.db.backends.sqlite3":
        return {**database, "OPTIONS": _SQLITE_OPTIONS}
    if not database.get("NAME"):
        raise _wrong_database()
    return {**database, "CONN_MAX_AGE": 0, "OPTIONS": dict(_POSTGRESQL_OPTIONS)}


def _wrong_database() -> WrongSetting:
    return WrongSetting(
        "DATABASE_URL: this is no address of a PostgreSQL or SQLite database. "
        "Set it like postgres://muster:password@127.0.0.1:5432/muster, "
        "or leave it out to use SQLite in MUSTER_DATA_DIR."
    )


# WAL lets readers read while one writes; IMMEDIATE takes the write lock at BEGIN, so that a
# transaction never fails half way; FULL because an answer on its way must survive a power cut.
_SQLITE_OPTIONS: dict[str, object] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}
# A small pool: 200 direct connections were 7 times slower than 8.
_POOL = {"min_size": 1, "max_size": 12, "timeout": 30}
# Lets the one statement that asks for it be prepared (queues/picking.py); others never are.
# Compiling a statement took 90 ms where running it takes 3: our statements are short.
_POSTGRESQL_OPTIONS: dict[str, object] = {
    "pool": dict(_POOL),
    "prepare_threshold": 5,
    "options": "-c jit=off",
}


def _secret_key(source: environ.Env, data_dir: Path) -> str:
    key: str = source.str("SECRET_KEY", default="")
    if key and len(key) < 32:
        raise WrongSetting(
            "SECRET_KEY: shorter than 32 characters. Set it to a long random text, such as the "
            "output of: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    return key or _kept(source, data_dir, "SECRET_KEY", secrets.token_urlsafe(50))


def _secrets_keys(source: environ.Env, data_dir: Path) -> tuple[str, ...]:
    keys = tuple(source.list("MUSTER_SECRETS_KEY", default=[]))
    for key in keys:
        try:
            Fernet(key)
        except ValueError as error:
            raise WrongSetting(
                "MUSTER_SECRETS_KEY: not a key of 32 url-safe base64 bytes. Make one with: "
                "python3 -c 'from cryptography.fernet import Fernet; "
                "print(Fernet.generate_key().decode())'"
            ) from error
    return keys or (_kept(source, data_dir, "MUSTER_SECRETS_KEY", Fernet.generate_key().decode()),)


def _kept(source: environ.Env, data_dir: Path, name: str, fresh: str) -> str:
    """A secret made once and kept in the data folder; with PostgreSQL it must be given.

    One machine can keep its own secret; several hosts on one database need the same one.
    """
    if source.str("DATABASE_URL", default="").startswith("postgres"):
        raise WrongSetting(
            f"{name}: not set. With PostgreSQL every host needs the same one: put it in the "
            "environment of every process (docs/operating.md shows how to make it)."
        )
    path = data_dir / f"{name.lower()}.key"
    if not path.exists():
        _write_once(path, fresh)
    return path.read_text().strip()


def _write_once(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    try:
        os.link(name, path)  # of several processes at first start, one wins and all read its key
    except FileExistsError:
        return
    finally:
        Path(name).unlink()
