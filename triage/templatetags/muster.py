"""Template words of Muster: times, waits, chips and initials."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from triage.accounts.policy import Act, Actor, may
from triage.notices.models import Alert

register = template.Library()


class HasId(Protocol):
    """A shown row with its id."""

    @property
    def id(self) -> int: ...


CHIP_OF = {
    "password_reset": "reset",
    "data_concern": "data",
    "angry": "angry",
    "praise": "praise",
    "unsorted": "wait",
}
NAME_OF = {
    "password_reset": gettext_lazy("Password reset"),
    "data_concern": gettext_lazy("Data concern"),
    "angry": gettext_lazy("Upset"),
    "praise": gettext_lazy("Praise"),
    "other": gettext_lazy("Everything else"),
    "neutral": gettext_lazy("Neutral"),
    "unsorted": gettext_lazy("Not sure yet"),
}


@register.simple_tag
def moment(value: datetime | None, kind: str = "time") -> SafeString:
    """Shows a time in the server's zone, named; the page's script makes it the reader's.

    `kind` is "time" (10:40), "day" (21 November 2026) or "both".
    """
    if value is None:
        return SafeString("—")
    local = timezone.localtime(value)
    zone = local.tzname() or "UTC"
    day, clock = formats.date_format(local, "j F Y"), formats.date_format(local, "H:i")
    shown = {"time": f"{clock} {zone}", "day": day, "both": f"{day}, {clock} {zone}"}[kind]
    return format_html(
        '<time datetime="{}" title="{}" data-moment="{}">{}</time>',
        value.isoformat(),
        f"{day}, {clock} {zone}",
        kind,
        shown,
    )


@register.simple_tag
def written(value: datetime) -> str:
    """Gives a time for paper, which nobody can point at: with its day and zone, as it is."""
    local = timezone.localtime(value)
    return f"{formats.date_format(local, 'j F Y, H:i')} {local.tzname() or 'UTC'}"


@register.simple_tag
def due(value: datetime | None, now: datetime) -> SafeString:
    """Shows a time to come: the hour alone within a day from now, with its date beyond."""
    far = value is not None and abs(value - now) >= timedelta(hours=20)
    return moment(value, "both" if far else "time")


@register.simple_tag
def clock(value: datetime) -> str:
    """Gives a bare hour and minute for a chart's axis, in the zone the chart names."""
    return formats.date_format(timezone.localtime(value), "H:i")


@register.simple_tag
def zone() -> str:
    """Gives the name of the server's zone."""
    return timezone.localtime().tzname() or "UTC"


@register.simple_tag
def ago(value: datetime | None, now: datetime | None = None) -> SafeString:
    """Shows how long ago a time was, such as 2 h 10 min, with the time itself on hover."""
    if value is None:
        return SafeString("—")
    passed = (now or timezone.now()) - value
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        f"{formats.date_format(local, 'j F Y, H:i')} {local.tzname()}",
        span(passed),
    )


@register.filter
def span(length: timedelta | None) -> str:
    """Gives a length of time as people say it: 45 s, 12 min, 2 h 10 min, 3 d 4 h."""
    if length is None:
        return "—"
    seconds = max(0, int(length.total_seconds()))
    if seconds < 60:
        return _("%(count)d s") % {"count": seconds}
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if minutes < 60:
        return _("%(count)d min") % {"count": minutes}
    if hours < 24:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes % 60}
    return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours % 24}


@register.filter
def ago_words(value: datetime, now: datetime) -> str:
    """Gives how long ago a time was in plain words, for a sentence."""
    return span(now - value)


@register.filter
def worse(change: float) -> str:
    """Gives the colour class of a change of which more is worse."""
    return "up" if change > 0 else "down"


@register.filter
def signed(count: int) -> str:
    """Gives a change with its sign: +12, −212."""
    return f"{'+' if count > 0 else '−'}{abs(count):,}"


@register.filter
def signed_span(length: timedelta) -> str:
    """Gives a change of a length of time with its sign: +9 min."""
    return f"{'+' if length > timedelta() else '−'}{span(abs(length))}"


@register.filter
def bulk_state(state: str) -> str:
    """Gives the words people see for how far a selection of emails is."""
    return {
        "frozen": _("chosen, not begun"),
        "running": _("at work"),
        "done": _("done"),
        "undoing": _("on the way back"),
        "undone": _("brought back"),
    }.get(state, state)


@register.filter
def helping_state(state: str) -> str:
    """Gives the words people see for where somebody stands with their helping."""
    return {
        "ready": _("ready"),
        "active": _("answering"),
        "on_break": _("on a break"),
        "paused": _("paused"),
        "suspended": _("stopped"),
    }.get(state, state)


@register.filter
def helping_chip(state: str) -> str:
    """Gives the chip's colour class for it."""
    return {"active": "ok", "on_break": "wait", "paused": "wait", "suspended": "angry"}.get(
        state, ""
    )


@register.filter
def trust_words(level: int) -> str:
    """Gives how much of what somebody writes is read first, in words."""
    return (
        _("read first"),
        _("with an own line"),
        _("with own changes"),
        _("and reads others"),
    )[level]


@register.simple_tag
def label_chip(label: str) -> SafeString:
    """Shows what an email is about as a chip, in the words people see."""
    return format_html(
        '<span class="chip {}">{}</span>', CHIP_OF.get(label, ""), NAME_OF.get(label, label)
    )


@register.filter
def label_name(label: str) -> str:
    """Gives the words people see for a label, topic, tone or queue key."""
    return str(NAME_OF.get(label, label))


@register.filter
def chip_class(key: str) -> str:
    """Gives the chip's colour class for a queue's key."""
    return CHIP_OF.get(key, "")


@register.filter
def initials(name: str) -> str:
    """Gives up to two initials of a name, or of the part before the @ of an address."""
    words = [word for word in name.split("@")[0].replace(".", " ").split() if word[0].isalnum()]
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))


@register.filter
def language_name(code: str) -> str:
    """Gives a language's name in the reader's language; the code itself when nobody knows it."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


@register.filter
def people(count: int) -> str:
    """Gives a count of people in words."""
    return ngettext("%(count)s person", "%(count)s people", count) % {"count": f"{count:,}"}


@register.filter
def thousands(count: int | None) -> str:
    """Gives a count with its thousands set apart; a dash when there is none."""
    return "—" if count is None else f"{count:,}"


@register.filter
def split(words: str) -> list[str]:
    """Gives the words of a text, for loops over a few fixed keys."""
    return words.split()


@register.filter
def trim(text: str) -> str:
    """Gives a text without blank lines around it."""
    return text.strip()


@register.filter
def reply_state(state: str) -> str:
    """Gives the words people see for the state of an answer on its way."""
    return {
        "draft": _("not sent"),
        "in_review": _("a colleague reads it first"),
        "queued": _("on its way"),
        "sending": _("leaving now"),
        "sent": _("sent"),
        "rejected": _("refused by their mail server"),
        "unknown": _("a colleague checks whether it left"),
        "bounced": _("came back"),
    }.get(state, state)


@register.filter
def reply_chip(state: str) -> str:
    """Gives the chip's colour class for the state of an answer."""
    if state in {"rejected", "bounced"}:
        return "angry"
    return {"sent": "ok", "unknown": "wait", "in_review": "wait"}.get(state, "")


@register.simple_tag
def unseen_alerts(actor: Actor | str | None) -> list[Alert]:
    """Gives the alerts that this person should look at and nobody has seen; newest first.

    A page that is shown outside any request has no person: Django then gives an empty text.
    """
    if not isinstance(actor, Actor) or not may(actor, Act.ALERT_SEE):
        return []
    unseen = Alert.objects.filter(over_at__isnull=True, seen_at__isnull=True)
    return list(unseen.order_by("-raised_at")[:20])


@register.simple_tag
def last_id(rows: Sequence[HasId]) -> int:
    """Gives the id of the last row of a page, where the next one goes on."""
    return rows[-1].id
