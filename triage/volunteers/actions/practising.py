"""Practice: a round of mails, one choice each; and what supervisors make of the mails."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from triage.accounts.policy import Act, Actor, may
from triage.audit.actions import record
from triage.volunteers.actions.standing import NotAllowed, Refused
from triage.volunteers.models import Enlistment, PracticeAnswer, PracticeMail, PracticeRound
from triage.volunteers.practice import IN_A_ROUND, Mail, draw, is_enough
from triage.volunteers.shelf import mails_in_use, practice_mail

State = Enlistment.State


def begin_round(*, by: Actor, at: datetime) -> PracticeRound:
    """Gives a fresh round of practice mails, those not seen yet first; the open one if there is."""
    rounds = PracticeRound.objects.filter(user_id=by.id).order_by("-number")
    earlier = list(rounds)
    if earlier and earlier[0].finished_at is None:
        return earlier[0]
    seen: dict[str, int] = {}
    for key in (key for done in earlier for key in done.keys):
        seen[key] = seen.get(key, 0) + 1
    number = earlier[0].number + 1 if earlier else 1
    keys = draw(mails_in_use(), seen=seen, seed=f"{by.id}:{number}")
    try:
        with transaction.atomic():
            begun = PracticeRound.objects.create(
                user_id=by.id, number=number, keys=list(keys), begun_at=at
            )
            record(action="practice.begin", by=by, at=at, subject=begun)
            return begun
    except IntegrityError:  # practice_one_open_round: another tab was first
        return rounds.get(finished_at__isnull=True)


def choose(*, number: int, choice: int, by: Actor, at: datetime) -> PracticeAnswer:
    """Keeps what somebody would do about the mail `number` of their open round; the first counts.

    The last one ends the round; with enough right the person is ready to help. Raises Refused for
    a choice that is none.
    """
    with transaction.atomic():
        going = (
            PracticeRound.objects.select_for_update()
            .filter(user_id=by.id, finished_at__isnull=True)
            .first()
        )
        if going is None or not 1 <= number <= len(going.keys):
            raise Refused(_("This practice is over. Please begin a new one."))
        known = going.answers.filter(number=number).first()
        if known is not None:
            return known
        answer = _keep(going, number, choice, at)
        passed = _finish(going, by, at) if going.answers.count() == len(going.keys) else None
        detail = {"number": number, "right": answer.is_right, "passed": passed}
        record(action="practice.answer", by=by, at=at, subject=going, detail=detail)
    return answer


def _keep(going: PracticeRound, number: int, choice: int, at: datetime) -> PracticeAnswer:
    choices = practice_mail(going.keys[number - 1]).choices
    if not 0 <= choice < len(choices):
        raise Refused(_("Please choose one first."))
    return PracticeAnswer.objects.create(
        round=going, number=number, choice=choice, is_right=choices[choice].is_right, at=at
    )


def _finish(going: PracticeRound, by: Actor, at: datetime) -> bool:
    right = going.answers.filter(is_right=True).count()
    going.finished_at, going.passed = at, is_enough(right, of=len(going.keys))
    going.save(update_fields=["finished_at", "passed"])
    if going.passed:
        Enlistment.objects.filter(user_id=by.id, state=State.PRACTISING).update(
            state=State.READY, practised_at=at
        )
    return going.passed


def write_practice_mail(*, mail: Mail, by: Actor, at: datetime) -> PracticeMail:
    """Adds a practice mail, or puts it in place of the one of this key; raises NotAllowed."""
    _check(by)
    with transaction.atomic():
        row, _new = PracticeMail.objects.update_or_create(
            key=mail.key, defaults=_columns(mail, by, at)
        )
        record(action="practice_mail.write", by=by, at=at, subject=row, detail={"key": mail.key})
    return row


def switch_practice_mail(*, key: str, is_on: bool, by: Actor, at: datetime) -> PracticeMail:
    """Takes a practice mail out of use, or back into it; at least one round's worth stays.

    Raises Refused for the last ones, NotAllowed.
    """
    _check(by)
    mail = practice_mail(key)
    with transaction.atomic():
        used = {each.key for each in mails_in_use()}
        if not is_on and len(used - {key}) < IN_A_ROUND:
            raise Refused(_("Five practice emails must stay. Write another one first."))
        row, _new = PracticeMail.objects.get_or_create(key=key, defaults=_columns(mail, by, at))
        row.is_on = is_on
        row.save(update_fields=["is_on"])
        detail = {"key": key, "is_on": is_on}
        record(action="practice_mail.switch", by=by, at=at, subject=row, detail=detail)
    return row


def _check(by: Actor) -> None:
    if not may(by, Act.PRACTICE_WRITE):
        raise NotAllowed


def _columns(mail: Mail, by: Actor, at: datetime) -> dict[str, object]:
    return {
        "lesson": mail.lesson,
        "sender": mail.sender,
        "subject": mail.subject,
        "body": mail.body,
        "choices": [
            {"text": each.text, "feedback": each.feedback, "is_right": each.is_right}
            for each in mail.choices
        ],
        "written_by_id": by.id,
        "written_at": at,
    }
