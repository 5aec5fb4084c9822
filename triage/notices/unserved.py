"""Alerts of people who wait where nobody here can answer them: looked for once a minute."""

from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from triage.accounts.policy import Trust
from triage.notices.actions import end_alert, raise_alert
from triage.notices.models import Alert
from triage.queues.lines import NOT_THEIRS
from triage.queues.unserved import UnservedLine, unserved_lines

CAUSE = "unserved:"
LOOK_EVERY_SECONDS = 60
# Before that somebody may still come; nobody needs to be woken for it.
SOON_LATE = timedelta(minutes=30)


def tell_unserved(*, at: datetime) -> int:
    """Raises an alert for each line that is soon late and that nobody here serves, and ends them.

    Gives how many changed; does nothing when it was done within the last minute.
    """
    if not cache.add("muster.unserved", True, timeout=LOOK_EVERY_SECONDS):
        return 0
    late = [line for line in unserved_lines(at=at) if line.oldest_promise_at <= at + SOON_LATE]
    now = {_cause(line): _sentence(line) for line in late}
    rows = Alert.objects.filter(cause__startswith=CAUSE, over_at=None)
    open_causes = set(rows.values_list("cause", flat=True))
    for cause in now.keys() - open_causes:
        raise_alert(cause=cause, text=now[cause], at=at)
    over = open_causes - now.keys()
    for cause in over:
        end_alert(cause=cause, at=at)
    return len(now.keys() - open_causes) + len(over)


def _cause(line: UnservedLine) -> str:
    return f"{CAUSE}{line.queue_id}:{line.language}:{line.needs_trust.value}"


def _sentence(line: UnservedLine) -> str:
    words = {"queue": line.queue_name, "language": _language(line.language)}
    if line.needs_trust > Trust.NEWCOMER and not words["language"]:
        return _("In %(queue)s people wait for somebody experienced, and nobody here is.") % words
    if line.needs_trust > Trust.NEWCOMER:
        return (
            _("In %(queue)s people wait for somebody experienced who answers in %(language)s.")
            % words
        )
    if words["language"]:
        return _("In %(queue)s people wait in %(language)s, and nobody here answers in it.") % words
    return _("In %(queue)s people wait, and nobody here serves it.") % words


def _language(code: str) -> str:
    if not code or code == NOT_THEIRS:
        return ""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
