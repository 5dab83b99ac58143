"""A draft may be taken from another campaign."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0002_ledger_storage")]

    operations = [
        migrations.AlterField(
            model_name="contentrevision",
            name="why",
            field=models.CharField(
                choices=[
                    ("drafted", "filled from the record"),
                    ("copied", "taken from another campaign"),
                    ("saved", "saved"),
                    ("autosaved", "kept while writing, not saved"),
                    ("aside", "kept beside what somebody else had saved"),
                    ("restored", "an earlier version restored"),
                    ("taken over", "changes of the record taken over"),
                    ("reworded", "another contact's name put in"),
                ],
                max_length=10,
            ),
        ),
    ]
