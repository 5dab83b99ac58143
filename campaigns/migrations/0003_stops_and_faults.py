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
        migrations.AddField(
            model_name="fault",
            name="alliance",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="crm.alliance",
            ),
        ),
        migrations.RemoveConstraint(model_name="fault", name="a_fault_is_one_row"),
        migrations.AddConstraint(
            model_name="fault",
            constraint=models.UniqueConstraint(
                fields=("step", "campaign", "alliance"),
                name="a_fault_is_one_row",
                nulls_distinct=False,
            ),
        ),
    ]
