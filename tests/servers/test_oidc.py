"""The provider that the tests log in at keeps to the rules of a real one."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests

from tests.servers.oidc import CLIENT_ID, SECRET, Provider

BACK = "http://127.0.0.1/back"
VERIFIER = "a-verifier-that-is-long-enough-for-rfc-7636-to-like-it"
CHALLENGE = "9bbvchbdoiViKjRvJCOcXk8wK7wHufiVD277QFVrFt0"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider(person={"sub": "7", "email": "ann@example.com", "email_verified": True}) as made:
        yield made


def code_of(provider: Provider) -> str:
    asked = {
        "client_id": CLIENT_ID,
        "response_type": "code",
        "scope": "openid email",
        "redirect_uri": BACK,
        "state": "s",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    answer = requests.get(f"{provider.url}/authorize", params=asked, allow_redirects=False)
    given = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert given["state"] == ["s"]
    return given["code"][0]


def redeem(provider: Provider, code: str, **changes: str) -> requests.Response:
    asked = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "client_id": CLIENT_ID,
        "client_secret": SECRET,
        "code_verifier": VERIFIER,
        **changes,
    }
    return requests.post(f"{provider.url}/token", data=asked)


def test_discovery_names_everything_the_standard_requires(provider: Provider) -> None:
    found = requests.get(f"{provider.url}/.well-known/openid-configuration").json()
    assert found["issuer"] == provider.url
    assert {"authorization_endpoint", "token_endpoint", "jwks_uri"} <= set(found)


def test_the_token_is_signed_with_the_published_key(provider: Provider) -> None:
    given = redeem(provider, code_of(provider)).json()
    key = jwt.PyJWKClient(f"{provider.url}/keys").get_signing_key_from_jwt(given["id_token"])
    claims = jwt.decode(
        given["id_token"], key, algorithms=["RS256"], audience=CLIENT_ID, issuer=provider.url
    )
    assert claims["sub"] == "7"
    headers = {"Authorization": f"Bearer {given['access_token']}"}
    said = requests.get(f"{provider.url}/userinfo", headers=headers).json()
    assert said["email"] == "ann@example.com"


def test_a_code_is_good_once(provider: Provider) -> None:
    code = code_of(provider)
    assert redeem(provider, code).status_code == 200
    assert redeem(provider, code).status_code == 400


@pytest.mark.parametrize("wrong", ["code_verifier", "client_secret", "redirect_uri"])
def test_a_code_is_good_only_for_whom_it_was_made(provider: Provider, wrong: str) -> None:
    assert redeem(provider, code_of(provider), **{wrong: "other"}).status_code == 400


def test_without_a_token_nothing_is_told(provider: Provider) -> None:
    assert requests.get(f"{provider.url}/userinfo").status_code == 401
