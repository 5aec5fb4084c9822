"""The queues every installation starts with; their names, promises and order may be changed."""

from django.db import migrations

# key, name, kind, label of the sorter, minutes promised
STANDARD = [
    ("data_concern", "Data concern", "open", "data_concern", 120),
    ("password_reset", "Password reset", "open", "password_reset", 120),
    ("angry", "Upset", "open", "angry", 120),
    ("other", "Everything else", "open", "other", 240),
    ("praise", "Praise", "open", "praise", 480),
    ("unsorted", "Not sure yet", "open", "", 120),
    ("safety", "Safety", "lane", "", 30),
    ("security", "Security", "lane", "", 60),
    ("legal", "Legal and privacy", "lane", "", 240),
    ("press", "Press", "lane", "", 60),
    ("support", "Support", "lane", "", 120),
]


def ensure_queues(apps, schema_editor):
    Queue = apps.get_model("queues", "Queue")
    for position, (key, name, kind, label, minutes) in enumerate(STANDARD, start=1):
        Queue.objects.get_or_create(
            key=key,
            defaults={
                "name": name,
                "kind": kind,
                "label": label,
                "promise_minutes": minutes,
                "position": position,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("queues", "0001_initial")]
    operations = [migrations.RunPython(ensure_queues, migrations.RunPython.noop)]
