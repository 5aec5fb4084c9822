"""How the tests come in by a link, as a person would."""

import re

from django.core import mail
from django.test import Client


def mailed_code() -> str:
    """Gives the code of the newest mail."""
    return re.findall(r"^ {4}(\S+)$", mail.outbox[-1].body, re.MULTILINE)[0]


def ask(client: Client, secret: str, email: str = "ann@example.com", name: str = "Ann Ek") -> str:
    """Fills in the link's form and gives the page that follows."""
    answer = client.post(f"/join/{secret}/", {"name": name, "email": email}, follow=True)
    return answer.content.decode()


def join(client: Client, secret: str, email: str = "ann@example.com") -> None:
    """Comes in by a link: name, code by mail, counted in."""
    ask(client, secret, email)
    client.post("/login/code/confirm/", {"code": mailed_code(), "next": "/joined/"}, follow=True)
