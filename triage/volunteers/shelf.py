"""The practice mails as they are now: those that ship, and what supervisors made of them."""

from dataclasses import dataclass

from triage.volunteers.models import PracticeMail, PracticeRound
from triage.volunteers.practice import Choice, Mail, shipped


@dataclass(frozen=True, kw_only=True)
class OnTheShelf:
    """One practice mail as a supervisor sees it."""

    mail: Mail
    is_on: bool
    is_shipped: bool
    is_changed: bool


@dataclass(frozen=True, kw_only=True)
class Practised:
    """One mail of a person's newest round, and what they chose; None while they have not."""

    number: int
    total: int
    mail: Mail
    chosen: int | None
    is_last: bool

    @property
    def choice(self) -> Choice | None:
        """Gives what the person chose."""
        return None if self.chosen is None else self.mail.choices[self.chosen]

    @property
    def right(self) -> Choice:
        """Gives what would have been right."""
        return next(choice for choice in self.mail.choices if choice.is_right)


@dataclass(frozen=True, kw_only=True)
class Round:
    """A person's newest round: how far they are, and how it went."""

    next_number: int
    total: int
    right: int
    is_over: bool
    passed: bool


class NoSuchMail(LookupError):
    """There is no practice mail of this key."""


def shelf() -> list[OnTheShelf]:
    """Gives every practice mail, the shipped ones first."""
    rows = {row.key: row for row in PracticeMail.objects.order_by("pk")}
    known = [
        OnTheShelf(
            mail=_mail(rows[key]) if key in rows else mail,
            is_on=rows[key].is_on if key in rows else True,
            is_shipped=True,
            is_changed=key in rows and _mail(rows[key]) != mail,
        )
        for key, mail in shipped().items()
    ]
    own = [
        OnTheShelf(mail=_mail(row), is_on=row.is_on, is_shipped=False, is_changed=False)
        for key, row in rows.items()
        if key not in shipped()
    ]
    return known + own


def mails_in_use() -> list[Mail]:
    """Gives the mails that a round may bring."""
    return [each.mail for each in shelf() if each.is_on]


def practice_mail(key: str) -> Mail:
    """Gives one mail, in use or not; raises NoSuchMail."""
    row = PracticeMail.objects.filter(key=key).first()
    found = _mail(row) if row else shipped().get(key)
    if found is None:
        raise NoSuchMail(key)
    return found


def newest_round(user_id: int) -> Round | None:
    """Gives how far somebody is with practising; None before the first."""
    row = _newest(user_id)
    if row is None:
        return None
    answers = dict(row.answers.values_list("number", "is_right"))
    missing = [number for number in range(1, len(row.keys) + 1) if number not in answers]
    return Round(
        next_number=missing[0] if missing else len(row.keys),
        total=len(row.keys),
        right=sum(answers.values()),
        is_over=row.finished_at is not None,
        passed=row.passed,
    )


def practised(*, user_id: int, number: int) -> Practised | None:
    """Gives mail `number` of somebody's newest round; None when there is none."""
    row = _newest(user_id)
    if row is None or not 1 <= number <= len(row.keys):
        return None
    mail = practice_mail(row.keys[number - 1])
    answer = row.answers.filter(number=number).first()
    return Practised(
        number=number,
        total=len(row.keys),
        mail=mail,
        chosen=min(answer.choice, len(mail.choices) - 1) if answer else None,
        is_last=number == len(row.keys),
    )


def _newest(user_id: int) -> PracticeRound | None:
    return PracticeRound.objects.filter(user_id=user_id).order_by("-number").first()


def _mail(row: PracticeMail) -> Mail:
    return Mail(
        key=row.key,
        lesson=row.lesson,
        sender=row.sender,
        subject=row.subject,
        body=row.body,
        choices=tuple(Choice(**choice) for choice in row.choices),
    )
