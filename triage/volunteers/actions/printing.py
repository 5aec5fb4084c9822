"""Login codes on paper: made in sheets, used once each, withdrawn together."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from triage.accounts.actions import create_user, name_person
from triage.accounts.models import User
from triage.audit.actions import Doer, Step, record
from triage.volunteers import links, printed
from triage.volunteers.actions.inviting import invite
from triage.volunteers.links import LinkClosed
from triage.volunteers.models import CodeSheet, PrintedCode

NO_MAIL = "printed.invalid"  # RFC 2606: such an address can never be delivered to


def make_sheet(
    *,
    count: int,
    expires_at: datetime,
    user_id: int,
    by: Doer,
    at: datetime,
    incident_id: int | None = None,
    person_id: int | None = None,
    queue_ids: Sequence[int] = (),
    languages: Sequence[str] = (),
    note: str = "",
) -> CodeSheet:
    """Makes a sheet of codes: for newcomers to an incident, or for one person known already."""
    with transaction.atomic():
        sheet = CodeSheet.objects.create(
            incident_id=incident_id,
            person_id=person_id,
            note=note,
            queue_ids=list(queue_ids),
            languages=list(languages),
            expires_at=expires_at,
            created_by_id=user_id,
            created_at=at,
        )
        taken = set(PrintedCode.objects.values_list("serial", flat=True))
        PrintedCode.objects.bulk_create(
            _code(sheet, serial) for serial in printed.new_serials(count, taken=taken)
        )
        detail = {"count": count, "person": person_id}
        record(action="code_sheet.make", by=by, at=at, subject=sheet, detail=detail)
    return sheet


def _code(sheet: CodeSheet, serial: str) -> PrintedCode:
    typed = printed.Typed(serial=serial, secret=secret_of(sheet, serial))
    return PrintedCode(sheet=sheet, serial=serial, secret_hash=printed.hash_of(typed))


def secret_of(sheet: CodeSheet, serial: str) -> str:
    """Gives the secret of one of the sheet's codes, for printing it."""
    return printed.secret_of(serial, nonce=f"{sheet.pk}:{sheet.created_at.timestamp()}")


def withdraw_sheet(*, sheet_id: int, by: Doer, at: datetime) -> bool:
    """Closes what is unused of a sheet for good; False when it was closed before."""
    with transaction.atomic():
        open_sheets = CodeSheet.objects.filter(pk=sheet_id, withdrawn_at__isnull=True)
        if not open_sheets.update(withdrawn_at=at):
            return False
        sheet = CodeSheet.objects.get(pk=sheet_id)
        record(action="code_sheet.withdraw", by=by, at=at, subject=sheet)
    return True


def use_code(*, typed: printed.Typed | None, name: str, at: datetime) -> PrintedCode:
    """Gives the code, used by the person it was made for, else by a newcomer of this name.

    A newcomer is invited and gets an address to which no mail goes. Of two who type it at once one
    gets in. Raises LinkClosed.
    """
    code = _found(typed, at=at)
    with transaction.atomic():
        person = code.sheet.person or _newcomer(code, name, at=at)
        unused = PrintedCode.objects.filter(pk=code.pk, used_at=None)
        if not unused.update(used_at=at, used_by=person):
            raise _used()
        code.used_at, code.used_by = at, person
        record(action="printed_code.use", by=Step("join"), at=at, subject=code)
    return code


def _found(typed: printed.Typed | None, *, at: datetime) -> PrintedCode:
    codes = PrintedCode.objects.select_related("sheet__incident", "sheet__person")
    code = codes.filter(serial=typed.serial).first() if typed else None
    if code is None or typed is None:
        raise _unknown()
    if not constant_time_compare(code.secret_hash, printed.hash_of(typed)):
        raise _unknown()
    if code.sheet.incident is not None:
        links.check_wanted(code.sheet.incident)
    if code.used_at is not None:
        raise _used()
    if code.sheet.withdrawn_at is not None or code.sheet.expires_at <= at:
        raise LinkClosed(_("This code is no longer in use. Please ask for a new one."))
    return code


def _newcomer(code: PrintedCode, name: str, *, at: datetime) -> User:
    by, incident_id = Step("join"), code.sheet.incident_id
    assert incident_id is not None  # the table allows a person or an incident, never neither
    if not name:
        raise LinkClosed(_("Please tell us your name, so that colleagues know who helps."))
    user = create_user(email=f"code-{code.serial.lower()}@{NO_MAIL}", by=by, at=at)
    name_person(user=user, name=name, shown_name=name.split()[0], by=by, at=at)
    invite(
        user_id=user.pk,
        incident_id=incident_id,
        queue_ids=code.sheet.queue_ids,
        languages=code.sheet.languages,
        by=by,
        at=at,
    )
    return user


def _unknown() -> LinkClosed:
    return LinkClosed(_("That is not a code we know. Please look at the paper again."))


def _used() -> LinkClosed:
    return LinkClosed(_("This code has been used already. Each works once: please take another."))
