"""A small OpenID Connect provider on loopback: discovery, authorize, token, keys, userinfo.

It follows OpenID Connect Core 1.0 for the code flow with PKCE (RFC 7636) as strictly as a real one:
a code is good once, for the client, the address and the verifier it was made for. There is no login
page: `person` says who sits at the browser.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, SECRET = "muster", "a secret that only the two of them know"


@dataclass
class Provider:
    """The provider's person, keys and codes; it may be told to say no."""

    person: dict[str, Any] = field(default_factory=dict)
    says_no: bool = False
    token_changes: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """The issuer."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.server.shutdown()
        self.server.server_close()

    def discovery(self) -> dict[str, Any]:
        """OpenID Connect Discovery 1.0, section 3: every field that is required there."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
        }

    def keys(self) -> dict[str, Any]:
        """The public key (RFC 7517)."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes next: back with a code, or with an error (Core, 3.1.2)."""
        assert asked["client_id"] == CLIENT_ID
        assert asked["response_type"] == "code"
        assert "openid" in asked["scope"].split()
        answer = {"state": asked["state"]}
        if self.says_no:
            answer |= {"error": "access_denied"}
        else:
            answer |= {"code": secrets.token_urlsafe(16)}
            self.codes[answer["code"]] = asked
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def token(self, asked: dict[str, str], client: tuple[str, str]) -> dict[str, Any] | None:
        """The tokens for a code, which is good once; None for a wrong one (Core, 3.1.3)."""
        begun = self.codes.pop(asked.get("code", ""), None)
        if client != (CLIENT_ID, SECRET) or begun is None:
            return None
        if asked.get("redirect_uri") != begun["redirect_uri"]:
            return None
        if "code_challenge" in begun and not _fits(asked, begun["code_challenge"]):
            return None
        access = secrets.token_urlsafe(16)
        self.tokens[access] = dict(self.person)
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": self._id_token(begun),
        }

    def _id_token(self, begun: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.url,
            "sub": self.person["sub"],
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            **({"nonce": begun["nonce"]} if "nonce" in begun else {}),
            **self.token_changes,
        }
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "one"})


def _fits(asked: dict[str, str], challenge: str) -> bool:
    digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode() == challenge


class _Answering(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def client(self, asked: dict[str, str]) -> tuple[str, str]:
        basic = self.headers.get("Authorization", "")
        if basic.startswith("Basic "):
            name, _, secret = b64decode(basic[6:]).decode().partition(":")
            return unquote(name), unquote(secret)
        return asked.get("client_id", ""), asked.get("client_secret", "")

    def lead_to(self, address: str) -> None:
        self.send_response(302)
        self.send_header("Location", address)
        self.end_headers()

    def json(self, words: object, status: int = 200) -> None:
        body = json.dumps(words).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(_Answering):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(address.query).items()}
            match address.path:
                case "/.well-known/openid-configuration":
                    self.json(provider.discovery())
                case "/keys":
                    self.json(provider.keys())
                case "/authorize":
                    self.lead_to(provider.authorize(asked))
                case "/userinfo":
                    token = self.headers.get("Authorization", "").removeprefix("Bearer ")
                    person = provider.tokens.get(token)
                    self.json(person or {}, 200 if person else 401)

        def do_POST(self) -> None:
            words = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked = {name: values[0] for name, values in parse_qs(words).items()}
            given = provider.token(asked, self.client(asked))
            self.json(given or {"error": "invalid_grant"}, 200 if given else 400)

    return Handler
