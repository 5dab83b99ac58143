from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0002_ledger_storage")]

    operations = [
        migrations.AlterField(
            model_name="probe",
            name="kind",
            field=models.CharField(
                choices=[("domain", "Domain"), ("link", "Link"), ("signed", "Signed")],
                max_length=6,
            ),
        )
    ]
