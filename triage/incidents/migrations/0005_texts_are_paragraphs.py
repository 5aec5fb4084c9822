from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0004_paragraphs_from_texts")]

    operations = [
        migrations.AlterField(
            model_name="incident",
            name="known_since",
            field=models.DateTimeField(help_text="when we came to know; the regulator's clock"),
        ),
        *(  # on the way back they come as empty texts, which the migration before fills
            migrations.AlterField(
                model_name="briefing", name=name, field=models.TextField(blank=True)
            )
            for name in ("happened", "known", "to_do")
        ),
        *(
            migrations.RemoveField(model_name="briefing", name=name)
            for name in ("happened", "known", "unknown", "never_say", "to_do")
        ),
    ]
