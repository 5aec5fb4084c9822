"""Login, logout, second factor and the front door."""

from tests.triage.matrix.cast import EVERYBODY, KNOWN, NO_WAY, Pages

PAGES: Pages = {
    "accounts:front": (KNOWN, KNOWN),
    "account_login": (EVERYBODY, EVERYBODY),
    "account_request_login_code": (EVERYBODY, EVERYBODY),
    "account_confirm_login_code": (EVERYBODY, EVERYBODY),
    "mfa_authenticate": (KNOWN, KNOWN),
    "account_inactive": (EVERYBODY, NO_WAY),
    "account_logout": (EVERYBODY, EVERYBODY),
    "account_reauthenticate": (KNOWN, KNOWN),
    "mfa_reauthenticate": (KNOWN, KNOWN),
    "account_change_password": (KNOWN, KNOWN),
    "account_set_password": (KNOWN, KNOWN),
    "mfa_index": (KNOWN, NO_WAY),
    "mfa_activate_totp": (KNOWN, KNOWN),
    "mfa_deactivate_totp": (KNOWN, KNOWN),
    "mfa_view_recovery_codes": (KNOWN, NO_WAY),
    "mfa_generate_recovery_codes": (KNOWN, KNOWN),
    "mfa_download_recovery_codes": (KNOWN, KNOWN),
}
FIELDS = (
    "login",
    "code",
    "password",
    "next",
)
