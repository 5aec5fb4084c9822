"""Who works at Fernhill, the imaginary shop of the demo, and what its people wrote that morning."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "fernhill-demo"  # noqa: S105 - printed for everyone; the demo listens on loopback only
MAILBOX_USER = "support"
INCIDENT = "Unauthorised access to customer data"


@dataclass(frozen=True)
class Person:
    """Somebody who can log in; `serves` are the keys of their queues, none means every open one."""

    role: str
    name: str
    serves: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        """Their address, made from the first name."""
        return f"{self.first_name.lower()}@fernhill.example"

    @property
    def first_name(self) -> str:
        """The name that customers see."""
        return self.name.split()[0]


PEOPLE = (
    Person("admin", "Ada Lindqvist"),
    Person("supervisor", "Sam Okafor"),
    Person("approver", "Leo Marchetti"),
    Person("support", "Mia Brandt"),
    Person("support", "Tom Acheampong", ("data_concern", "unsorted", "legal")),
    Person("auditor", "Ines Duarte"),
    Person("volunteer", "Ann Whitfield"),
    Person("volunteer", "Bob Kowalski", ("password_reset",)),
    Person("volunteer", "Cleo Nikolaidis", ("data_concern",)),
    Person("volunteer", "Dan Achterberg", ("data_concern", "password_reset")),
    Person("volunteer", "Edda Sommer", ("angry", "unsorted")),
    Person("volunteer", "Omar Haddad", ("other", "praise")),
)

BRIEFING = {
    "happened_public": (
        "On 15 January somebody who had no right to do so opened one of our systems and looked at "
        "customer data. We closed the door the same day."
    ),
    "happened": (
        "This morning we wrote to everybody whose data may have been seen, and now they are "
        "writing back."
    ),
    "known_public": (
        "May have been seen: name, email address, delivery addresses, the last four digits of the "
        "card.\n\nWas not seen: full card numbers and passwords. They are kept elsewhere.\n\n"
        "All passwords were reset to be on the safe side. The page to choose a new one works."
    ),
    "unknown_public": ("Who it was, and whether anything was copied. The investigation goes on."),
    "unknown": "It is fine to say that we do not know yet.",
    "never_say": (
        "That nothing can happen. That it is the fault of anybody. Sums of money. The name of a "
        "colleague or of a supplier. And never ask for a password or a card number."
    ),
    "to_do": (
        "Say sorry first, then answer what this person asked. Choose the approved answer that fits "
        "and add one line of your own if it helps. Somebody in danger, a lawyer, a journalist: "
        "pass it on, it reaches the right people at once."
    ),
}

UPDATES = (
    (
        "On 15 January somebody opened one of our systems without permission and looked at "
        "customer data. We closed it the same day and reported it to the data protection "
        "authority. We are sorry. The next update follows within two hours."
    ),
    (
        "What we know now: names, email addresses, delivery addresses and the last four digits of "
        "cards may have been seen. Full card numbers and passwords were not. We have reset all "
        "passwords; you choose a new one when you next sign in. Everybody who writes to us gets "
        "an answer from a person."
    ),
)
