"""Login, logout, second factor and the front door."""

from typing import Any

from tests.triage.matrix.cast import ADMIN, EVERYBODY, KNOWN, NO_WAY, Pages
from tests.triage.matrix.place import Place

PAGES: Pages = {
    "accounts:front": (KNOWN, KNOWN),
    "accounts:settings": (ADMIN, ADMIN),
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
    "mfa_list_webauthn": (KNOWN, NO_WAY),
    "mfa_add_webauthn": (KNOWN, KNOWN),
    "mfa_remove_webauthn": (KNOWN, KNOWN),  # only one's own is ever found
    "mfa_reauthenticate_webauthn": (KNOWN, KNOWN),
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
    "size",
    "password",
    "next",
    "credential",
    "shared",
)


def things(place: Place) -> dict[str, Any]:
    """Gives the number of a passkey that is nobody's here."""
    return {"pk": 1}
