"""Briefings that were written as five texts become paragraphs, all of them for helpers only."""

import re

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F

_SECTIONS = ("happened", "known", "unknown", "never_say", "to_do")


def part(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Parts every text at its blank lines; says of every incident that it was known at opening."""
    paragraph = apps.get_model("incidents", "BriefingParagraph")
    for briefing in apps.get_model("incidents", "Briefing").objects.all():
        texts = [
            (section, text.strip())
            for section in _SECTIONS
            for text in re.split(r"\n\s*\n", getattr(briefing, section).replace("\r\n", "\n"))
            if text.strip()
        ]
        paragraph.objects.bulk_create(
            paragraph(briefing=briefing, position=position, section=section, text=text)
            for position, (section, text) in enumerate(texts, start=1)
        )
    apps.get_model("incidents", "Incident").objects.update(known_since=F("opened_at"))


def join(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Puts the paragraphs of each section back into one text."""
    paragraph = apps.get_model("incidents", "BriefingParagraph")
    for briefing in apps.get_model("incidents", "Briefing").objects.all():
        for section in _SECTIONS:
            rows = paragraph.objects.filter(briefing_id=briefing.pk, section=section)
            rows = rows.order_by("position")
            setattr(briefing, section, "\n\n".join(rows.values_list("text", flat=True)))
        briefing.save(update_fields=_SECTIONS)
        paragraph.objects.filter(briefing_id=briefing.pk).delete()


class Migration(migrations.Migration):
    dependencies = [("incidents", "0003_levels_facts_and_paragraphs")]

    operations = [migrations.RunPython(part, join)]
