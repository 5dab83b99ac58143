"""Reasons of those who chose other markets or paused; and of which alliance a step fails."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0003_default_rules"),
        ("campaigns", "0002_ledger_storage"),
    ]

    operations = [
        migrations.AlterField(
            model_name="exclusion",
            name="reason",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (1, "archived"),
                    (2, "no address"),
                    (3, "address bounces"),
                    (4, "never to be written to"),
                    (5, "left the alliance"),
                    (6, "left the cluster"),
                    (7, "left the topic"),
                    (16, "did not ask for this topic"),
                    (18, "chose other markets"),
                    (8, "no legal basis"),
                    (17, "reads it in a digest"),
                    (9, "paused by the reader"),
                    (15, "taken out by the region"),
                    (10, "written to too often lately"),
                    (11, "no language ready"),
                    (12, "already written to by the alliance"),
                    (13, "belongs to another lane"),
                    (14, "shares an address with another person"),
                ]
            ),
        ),
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
