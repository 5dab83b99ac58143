"""What each country's law says of reasons to write, until an administrator decides otherwise."""

import datetime as dt
from typing import Any

from django.db import migrations

from crm.rules.bases import OF_MISSIONS_AND_NEWS, PURPOSES

SINCE = dt.date(2018, 5, 25)  # the GDPR applies


def enter(apps: Any, _schema: Any) -> None:
    rule = apps.get_model("crm", "BasisRule")
    rule.objects.bulk_create(
        rule(purpose=purpose, during=(SINCE, None), **default._asdict())
        for default in OF_MISSIONS_AND_NEWS
        for purpose in PURPOSES
    )


class Migration(migrations.Migration):
    dependencies = [("crm", "0002_statistics")]

    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
