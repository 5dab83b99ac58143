"""A proof that was taken along to another mailbox is an act of its own."""

from django.db import migrations, models

ACTS = [
    ("requested", "requested"),
    ("granted", "granted"),
    ("confirmed", "confirmed"),
    ("withdrawn", "withdrawn"),
    ("objected", "objected"),
    ("recorded", "recorded by the cluster"),
    ("noticed", "told where the data comes from"),
    ("moved", "taken along to another address"),
]


class Migration(migrations.Migration):
    dependencies = [("crm", "0003_default_rules")]

    operations = [
        migrations.AlterField("consentrecord", "act", models.CharField(choices=ACTS, max_length=10))
    ]
