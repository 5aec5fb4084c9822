"""Login, logout, second factor: only the pages of allauth that Muster uses.

allauth looks its pages up by their bare names, so these stand outside a namespace.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from triage.accounts import company, views
from triage.accounts.limits import capped
from triage.accounts.shared import asks_if_shared, clears_the_browser

own = [path("", views.front, name="front"), path("settings/", views.settings, name="settings")]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((own, "accounts"))),
    path("login/", capped(asks_if_shared(account.login)), name="account_login"),
    path(
        "login/code/",
        capped(asks_if_shared(account.request_login_code)),
        name="account_request_login_code",
    ),
    path(
        "login/code/confirm/",
        capped(account.confirm_login_code),
        name="account_confirm_login_code",
    ),
    path("login/second-step/", mfa.authenticate, name="mfa_authenticate"),
    path("login/closed/", account.account_inactive, name="account_inactive"),
    path("logout/", clears_the_browser(account.logout), name="account_logout"),
    path("account/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("account/confirm/second-step/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/password/first/", account.password_set, name="account_set_password"),
    path("account/second-step/", mfa.index, name="mfa_index"),
    path("account/second-step/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second-step/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/second-step/passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("account/second-step/passkeys/new/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path(
        "account/second-step/passkeys/<int:pk>/remove/",
        webauthn.remove_webauthn,
        name="mfa_remove_webauthn",
    ),
    path(
        "account/confirm/passkey/",
        webauthn.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/spare-codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/spare-codes/new/",
        recovery.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/spare-codes/file/",
        recovery.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]
if settings.MUSTER_OIDC_NAME:
    from allauth.socialaccount.providers.openid_connect import views as openid_connect

    provider = {"provider_id": company.PROVIDER}
    urlpatterns += [
        path(
            "login/company/",
            asks_if_shared(openid_connect.login),
            provider,
            name="openid_connect_login",
        ),
        path(
            "login/company/back/",
            openid_connect.callback,
            provider,
            name="openid_connect_callback",
        ),
    ]
