"""Half-filled pages keep the two writes of a delivery heap-only; one row says who may send."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_campaigns")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE campaigns_delivery SET (fillfactor = 50)",
            "ALTER TABLE campaigns_delivery RESET (fillfactor)",
        ),
        migrations.RunSQL(
            "INSERT INTO campaigns_installation (id, epoch, beat, fenced_why) VALUES (1, 1, 0, '')",
            "DELETE FROM campaigns_installation",
        ),
    ]
