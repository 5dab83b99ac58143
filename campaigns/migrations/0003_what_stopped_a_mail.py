"""What stopped a mail that its reader did not stop, and a reason that is only counted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0002_ledger_storage")]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="stopped_for",
            field=models.PositiveSmallIntegerField(
                help_text="The reason (`Exclusion.Reason`), where its reader did not stop it.",
                null=True,
            ),
        ),
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
                    (8, "no legal basis"),
                    (17, "reads it in a digest"),
                    (9, "paused by the reader"),
                    (15, "taken out by the region"),
                    (10, "written to too often lately"),
                    (11, "no language ready"),
                    (12, "already written to by the alliance"),
                    (13, "belongs to another lane"),
                    (14, "shares an address with another person"),
                    (18, "their lane takes no part"),
                ]
            ),
        ),
    ]
