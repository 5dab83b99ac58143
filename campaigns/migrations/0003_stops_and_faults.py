"""Why a mail was stopped at the last moment; and of which alliance a step of the scheduler fails."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0003_default_rules"),
        ("campaigns", "0002_ledger_storage"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="stopped_for",
            field=models.PositiveSmallIntegerField(
                choices=[(9, "paused by the reader")],
                help_text="Why it was stopped at the last moment; empty: its reader left.",
                null=True,
            ),
        ),
    ]
