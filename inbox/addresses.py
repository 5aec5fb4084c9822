"""The address of an IMAP server as people write it: checked, with one clear sentence when wrong."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

EXAMPLE = "imaps://help@example.org@imap.example.org:993"


class WrongImapUrlError(ValueError):
    """An address that cannot be used; the message says why and how to write it."""


class Security(StrEnum):
    """How a connection is protected."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


@dataclass(frozen=True, kw_only=True)
class ServerAddress:
    """Where an IMAP server listens and as whom we log in."""

    host: str
    port: int
    security: Security
    username: str

    @property
    def place(self) -> str:
        """Host and port, for sentences."""
        return f"{self.host}:{self.port}"


_SCHEMES = {
    "imaps": (Security.TLS, 993),
    "imap+starttls": (Security.STARTTLS, 143),
    "imap": (Security.PLAIN, 143),
}


def imap_address(url: str) -> ServerAddress:
    """Gives what `imaps://user@host:993` says; raises WrongImapUrlError with a sentence."""
    parts = _split(url)
    if parts.scheme not in _SCHEMES:
        known = ", ".join(f"{scheme}://" for scheme in _SCHEMES)
        raise WrongImapUrlError(f"An IMAP address begins with one of {known} (such as {EXAMPLE}).")
    if parts.password is not None:
        raise WrongImapUrlError(
            "Leave the password out of the IMAP address: it is asked for apart."
        )
    if not parts.username:
        raise WrongImapUrlError(f"The IMAP address names no user. Write it like {EXAMPLE}.")
    security, usual_port = _SCHEMES[parts.scheme]
    host = parts.hostname or ""
    if security is Security.PLAIN and not _is_loopback(host):
        raise WrongImapUrlError(
            "imap:// sends the password readable for everybody on the way, so it is only taken "
            f"for this machine itself. Use imaps:// for {host}."
        )
    return ServerAddress(
        host=host,
        port=parts.port or usual_port,
        security=security,
        username=unquote(parts.username),
    )


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        named = bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise WrongImapUrlError(
            f"The IMAP address cannot be read. Write it like {EXAMPLE}."
        ) from error
    if not named or parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise WrongImapUrlError(f"The IMAP address cannot be read. Write it like {EXAMPLE}.")
    return parts


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
