"""Sessions in the database that know their person, so that they can be ended at once."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore

from triage.accounts.models import Session


class SessionStore(DatabaseSessionStore):
    """Django's database sessions with the person's id in a column of its own."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Gives the table that holds the sessions."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Gives the row for this session, with the person whose login it is."""
        row = super().create_model_instance(data)
        assert isinstance(row, Session)
        person = data.get(SESSION_KEY)
        row.user_id = int(person) if person else None
        return row
