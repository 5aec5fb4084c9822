"""Login at the company's own provider (OpenID Connect): only proven addresses count.

Whoever is known here by that address is logged in. Whoever is not is left to the joining slice,
which knows whether newcomers are wanted; nobody is created here.
"""

from collections.abc import Mapping
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from triage.accounts.entering import log_in
from triage.accounts.models import User

PROVIDER = "company"
ARRIVED = "company_login"  # in the session: the proven address and name of a newcomer


class CompanyLoginAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # no types
    """Answers the questions that allauth asks about logins elsewhere."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Ends the library's part here: somebody known, a newcomer, or nobody proven."""
        claims = proven(sociallogin.account.extra_data)
        next_page = sociallogin.get_redirect_url(request) or "/"
        raise ImmediateHttpResponse(_welcome(request, claims, next_page))

    def on_authentication_error(
        self, request: HttpRequest, provider: object, **_more: object
    ) -> None:
        """Says that the company's login did not answer as it should, and which ways are left."""
        raise ImmediateHttpResponse(
            render(request, "accounts/company_trouble.html", {"is_down": True}, status=401)
        )


def proven(extra: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Gives what the provider says about somebody whose address it has proven; else None.

    The two sources must speak of the same person (OpenID Connect Core 1.0, section 5.3.2).
    """
    token, userinfo = extra.get("id_token") or {}, extra.get("userinfo") or {}
    if token.get("sub") != userinfo.get("sub", token.get("sub")):
        return None
    claims = {**token, **userinfo}
    said = claims.get("email_verified")
    is_proven = said is True or said == "true"  # some providers write it as a word
    return claims if is_proven and claims.get("email") else None


def _welcome(
    request: HttpRequest, claims: Mapping[str, Any] | None, next_page: str
) -> HttpResponse:
    if claims is None:
        return render(request, "accounts/company_trouble.html", status=403)
    user = User.objects.filter(email__iexact=claims["email"]).first()
    if user is not None:
        return log_in(request, user=user, method="company_login", next_page=next_page)
    request.session[ARRIVED] = {
        "email": str(claims["email"]),
        "name": str(claims.get("name") or ""),
        "next": next_page,
    }
    return redirect("/joined/company/")
