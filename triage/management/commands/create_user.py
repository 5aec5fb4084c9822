"""Creates a person, or gives one who is known another role."""

import json
import os
import sys
from argparse import ArgumentParser

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from triage.accounts.actions import Refused, choose_ceremony, create_user, grant_role
from triage.accounts.ceremony import Size
from triage.accounts.models import RoleGrant, User
from triage.accounts.queries import chosen_ceremony
from triage.audit.actions import Step
from triage.incidents.queries import current
from triage.volunteers.actions import enlist

_BY = Step("create_user")


class Command(BaseCommand):
    """`create_user --email E --role R [--password-env NAME] [--name N] [--ceremony S] [--json]`."""

    help = (
        "Create a person. Who exists already gets the role on top. A volunteer helps in the "
        "incident that is open, or in the next; whoever runs this has briefed them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """States the options of INTERFACES.md."""
        parser.add_argument("--email", required=True)
        parser.add_argument("--role", required=True, choices=RoleGrant.Role.values)
        parser.add_argument(
            "--password-env",
            metavar="NAME",
            help="variable with the password; without it they log in by mailed codes",
        )
        parser.add_argument("--name", default="", help="how colleagues call them")
        parser.add_argument(
            "--ceremony",
            choices=[size.value for size in Size],
            help="at set-up: a small team, where one may hold several roles, or a large company",
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: str | None) -> None:
        """Creates, grants, and for a volunteer opens the desk."""
        email, role, at = str(options["email"]), str(options["role"]), timezone.now()
        password = _password(options["password_env"])
        _check(email, password)
        if size := options["ceremony"] or self._ask_size(role):
            choose_ceremony(size=Size(size), by=_BY, at=at)
        user = create_user(
            email=email, name=_name(options["name"], email), password=password, by=_BY, at=at
        )
        try:
            grant_role(user_id=user.pk, role=role, by=_BY, at=at)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        incident = current() if role == RoleGrant.Role.VOLUNTEER else None
        if incident:
            enlist(user_id=user.pk, incident_id=incident.pk, by=_BY, at=at)
        self._tell(user, in_json=bool(options["json"]))

    def _ask_size(self, role: str) -> str:
        """Asks once, whoever makes the first admin at a terminal; "" when nobody is to be asked."""
        at_terminal = sys.stdin.isatty() and sys.stderr.isatty()
        if role != RoleGrant.Role.ADMIN or not at_terminal or chosen_ceremony().by_name:
            return ""
        self.stderr.write(
            "Is this a small team, where one person may hold several roles, or a large company, "
            "where each holds one and all-hands mode takes two? You can change it later."
        )
        answer = input("small or large [small]: ").strip().lower() or Size.SMALL.value
        return answer if answer in {size.value for size in Size} else self._ask_size(role)

    def _tell(self, user: User, *, in_json: bool) -> None:
        roles = sorted(user.role_grants.values_list("role", flat=True))
        if in_json:
            told = {"id": user.pk, "email": user.email, "name": user.name, "roles": roles}
            self.stdout.write(json.dumps(told))
            return
        self.stdout.write(f"{user.email} is {', '.join(roles)}.")


def _password(variable: str | None) -> str | None:
    if not variable:
        return None
    if not os.environ.get(variable):
        raise CommandError(f"The variable {variable} is not set: put the password there.")
    return os.environ[variable]


def _check(email: str, password: str | None) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise CommandError(f"{email} is not an email address.") from error
    if password is None:
        return
    try:
        validate_password(password, user=User(email=email))
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error


def _name(given: str | None, email: str) -> str:
    """Gives the name, taken from the address when none is given, such as Ann Ek of ann.ek@."""
    if given:
        return given
    words = email.partition("@")[0].replace(".", " ").replace("_", " ").replace("-", " ")
    return " ".join(words.split()).title()
