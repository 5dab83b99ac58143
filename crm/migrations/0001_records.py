import datetime
import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.lookups
import django.utils.timezone
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import crm.models.exports
import crm.models.texts
import crm.triggers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(),
        django.contrib.postgres.operations.TrigramExtension(),
        migrations.CreateModel(
            name="Alliance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "name_variants",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="also written",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "planned"),
                            ("funded", "funded"),
                            ("ended_active", "funding ended, still active"),
                            ("closed", "closed"),
                        ],
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "during",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        blank=True, null=True, verbose_name="period"
                    ),
                ),
                ("funder", models.CharField(blank=True, max_length=200, verbose_name="funder")),
                ("call_id", models.CharField(blank=True, max_length=60, verbose_name="call")),
                ("label", models.CharField(blank=True, max_length=200, verbose_name="label")),
                ("hue", models.PositiveSmallIntegerField(default=195, verbose_name="hue")),
                (
                    "themes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="themes",
                    ),
                ),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        help_text="In order of preference.",
                        size=None,
                        verbose_name="languages",
                    ),
                ),
                (
                    "boilerplate",
                    crm.models.texts.TextsField(
                        blank=True,
                        default=dict,
                        verbose_name="about the alliance, under press releases",
                    ),
                ),
                (
                    "counts_clicks",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        verbose_name="counts how often links are followed",
                    ),
                ),
                (
                    "timezone",
                    models.CharField(
                        default="Europe/Paris", max_length=40, verbose_name="time zone"
                    ),
                ),
                (
                    "digests_at",
                    models.TimeField(default=datetime.time(8, 0), verbose_name="digests leave at"),
                ),
                (
                    "digests_on",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="A day of the week; Monday is 1.",
                        verbose_name="weekly digests leave on",
                    ),
                ),
                (
                    "logo",
                    models.CharField(
                        blank=True,
                        default="",
                        editable=False,
                        help_text="Of a kept picture.",
                        max_length=80,
                    ),
                ),
                (
                    "logo_says",
                    models.CharField(
                        blank=True, default="", max_length=120, verbose_name="the logo shows"
                    ),
                ),
                ("logo_width", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("logo_height", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["name"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_alliancehistory" ("boilerplate", "call_id", "counts_clicks", "digests_at", "digests_on", "during", "funder", "hue", "id", "label", "languages", "logo", "logo_height", "logo_says", "logo_width", "name", "name_variants", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "status", "themes", "timezone", "version") SELECT old_values."boilerplate", old_values."call_id", old_values."counts_clicks", old_values."digests_at", old_values."digests_on", old_values."during", old_values."funder", old_values."hue", old_values."id", old_values."label", old_values."languages", old_values."logo", old_values."logo_height", old_values."logo_says", old_values."logo_width", old_values."name", old_values."name_variants", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."slug", old_values."status", old_values."themes", old_values."timezone", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="d327c206b284343c78d35482544c976ecc9688ff",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_d52f4",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_alliance",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_alliancehistory" ("boilerplate", "call_id", "counts_clicks", "digests_at", "digests_on", "during", "funder", "hue", "id", "label", "languages", "logo", "logo_height", "logo_says", "logo_width", "name", "name_variants", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "status", "themes", "timezone", "version") SELECT old_values."boilerplate", old_values."call_id", old_values."counts_clicks", old_values."digests_at", old_values."digests_on", old_values."during", old_values."funder", old_values."hue", old_values."id", old_values."label", old_values."languages", old_values."logo", old_values."logo_height", old_values."logo_says", old_values."logo_width", old_values."name", old_values."name_variants", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."slug", old_values."status", old_values."themes", old_values."timezone", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="e99acaca4a080504609c45f6a27595fca9355423",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_07471",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_alliance",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Cluster",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("run_by", models.CharField(blank=True, max_length=200, verbose_name="run by")),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        help_text="In order of preference.",
                        size=None,
                        verbose_name="languages",
                    ),
                ),
                (
                    "timezone",
                    models.CharField(
                        default="Europe/Paris", max_length=40, verbose_name="time zone"
                    ),
                ),
                ("postal_address", models.TextField(verbose_name="postal address")),
                (
                    "data_protection_contact",
                    models.EmailField(max_length=254, verbose_name="data protection contact"),
                ),
                ("from_name", models.CharField(max_length=120, verbose_name="sender name")),
                ("from_address", models.EmailField(max_length=254, verbose_name="sender address")),
                ("reply_to", models.EmailField(max_length=254, verbose_name="reply-to address")),
                (
                    "dkim_selector",
                    models.CharField(blank=True, max_length=63, verbose_name="DKIM selector"),
                ),
                ("website", models.URLField(blank=True, verbose_name="website")),
                (
                    "footer",
                    crm.models.texts.TextsField(blank=True, default=dict, verbose_name="footer"),
                ),
                ("quiet_from", models.TimeField(blank=True, null=True, verbose_name="quiet from")),
                (
                    "quiet_until",
                    models.TimeField(blank=True, null=True, verbose_name="quiet until"),
                ),
                (
                    "quiet_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        blank=True,
                        default=list,
                        help_text="Days of the week on which nothing leaves; Monday is 1.",
                        size=None,
                        verbose_name="quiet days",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["name"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_clusterhistory" ("data_protection_contact", "dkim_selector", "footer", "from_address", "from_name", "id", "languages", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "postal_address", "quiet_days", "quiet_from", "quiet_until", "region_id", "reply_to", "run_by", "slug", "timezone", "version", "website") SELECT old_values."data_protection_contact", old_values."dkim_selector", old_values."footer", old_values."from_address", old_values."from_name", old_values."id", old_values."languages", old_values."name", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."postal_address", old_values."quiet_days", old_values."quiet_from", old_values."quiet_until", old_values."region_id", old_values."reply_to", old_values."run_by", old_values."slug", old_values."timezone", old_values."version", old_values."website" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="07e21b382e9359d39ab1d14fc6ebfe1cfd2e09b1",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_c2770",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_cluster",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_clusterhistory" ("data_protection_contact", "dkim_selector", "footer", "from_address", "from_name", "id", "languages", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "postal_address", "quiet_days", "quiet_from", "quiet_until", "region_id", "reply_to", "run_by", "slug", "timezone", "version", "website") SELECT old_values."data_protection_contact", old_values."dkim_selector", old_values."footer", old_values."from_address", old_values."from_name", old_values."id", old_values."languages", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."postal_address", old_values."quiet_days", old_values."quiet_from", old_values."quiet_until", old_values."region_id", old_values."reply_to", old_values."run_by", old_values."slug", old_values."timezone", old_values."version", old_values."website" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="71502d0be7bdd5999bbbf42276cf8075fe817c95",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_aab63",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_cluster",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("compared", models.IntegerField()),
                ("barred", models.IntegerField(default=0)),
                ("differences", models.JSONField(default=list)),
                ("differing", models.IntegerField(default=0)),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="Deadline",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "things",
                    crm.models.texts.TextsField(
                        blank=True, default=dict, verbose_name="what is due"
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("members", "companies of the eligible regions"),
                            ("clusters", "cluster managers"),
                        ],
                        default="members",
                        max_length=8,
                    ),
                ),
                ("soft", models.BooleanField(default=False, verbose_name="recommended, not final")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "timezone",
                    models.CharField(
                        default="Europe/Paris", max_length=40, verbose_name="time zone"
                    ),
                ),
                ("calendar_uid", models.UUIDField(unique=True)),
                ("sequence", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["at", "pk"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_deadlinehistory" ("at", "audience", "calendar_uid", "id", "mission_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sequence", "soft", "things", "timezone") SELECT old_values."at", old_values."audience", old_values."calendar_uid", old_values."id", old_values."mission_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."sequence", old_values."soft", old_values."things", old_values."timezone" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="e2b35c05c3229ab26b18f1582727048eef73e1f3",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_e0a9d",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_deadline",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_deadlinehistory" ("at", "audience", "calendar_uid", "id", "mission_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sequence", "soft", "things", "timezone") SELECT old_values."at", old_values."audience", old_values."calendar_uid", old_values."id", old_values."mission_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."sequence", old_values."soft", old_values."things", old_values."timezone" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="963b8fe3199b72c0d880d6d723ee66f1898542d9",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_34f21",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_deadline",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DirectoryEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(editable=False, max_length=100, unique=True)),
                (
                    "descriptions",
                    crm.models.texts.TextsField(
                        blank=True, default=dict, verbose_name="what the organisation does"
                    ),
                ),
                (
                    "word",
                    models.CharField(blank=True, max_length=200, verbose_name="by whose word"),
                ),
                ("agreed_on", models.DateField(blank=True, null=True, verbose_name="agreed on")),
            ],
            options={
                "verbose_name_plural": "directory entries",
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_directoryentryhistory" ("agreed_on", "descriptions", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "word") SELECT old_values."agreed_on", old_values."descriptions", old_values."id", old_values."organisation_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."slug", old_values."word" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="e2d6812c397cd8f99b53c80001e4bedd9f4786d2",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_4bbb8",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_directoryentry",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_directoryentryhistory" ("agreed_on", "descriptions", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "word") SELECT old_values."agreed_on", old_values."descriptions", old_values."id", old_values."organisation_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."slug", old_values."word" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="51d5ff546e4cc03af2dd872d148f06cf510d43c7",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_fe758",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_directoryentry",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExternalRoute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("organiser", models.CharField(max_length=200, verbose_name="organiser")),
                (
                    "texts",
                    crm.models.texts.TextsField(
                        blank=True, default=dict, verbose_name="what to tell the reader"
                    ),
                ),
                ("url", models.URLField(verbose_name="address of the other call")),
                ("at", models.DateTimeField(verbose_name="deadline")),
                ("timezone", models.CharField(max_length=40)),
            ],
            options={
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_externalroutehistory" ("at", "id", "mission_id", "organiser", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "texts", "timezone", "url") SELECT old_values."at", old_values."id", old_values."mission_id", old_values."organiser", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."texts", old_values."timezone", old_values."url" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="3a2c82cee5ae20b746c5818f2c40eec39c823dc6",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_67b6a",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_externalroute",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_externalroutehistory" ("at", "id", "mission_id", "organiser", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "texts", "timezone", "url") SELECT old_values."at", old_values."id", old_values."mission_id", old_values."organiser", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."texts", old_values."timezone", old_values."url" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="b69ba0e8ffb0ca5f7be5f4899d2cd1f2fd5e8cf6",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_4b995",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_externalroute",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Market",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(unique=True)),
                (
                    "names",
                    crm.models.texts.TextsField(blank=True, default=dict, verbose_name="names"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(unique=True)),
                (
                    "names",
                    crm.models.texts.TextsField(blank=True, default=dict, verbose_name="names"),
                ),
                ("country", models.CharField(max_length=2, verbose_name="country")),
                (
                    "codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="codes",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_regionhistory" ("codes", "country", "id", "names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "version") SELECT old_values."codes", old_values."country", old_values."id", old_values."names", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."slug", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="60855d371597f88fb860a074f78582bef4b02644",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_4c75b",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_region",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_regionhistory" ("codes", "country", "id", "names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "version") SELECT old_values."codes", old_values."country", old_values."id", old_values."names", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."slug", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="c6381c75235b78250e48be0bd3f5b837e5af2bda",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_4dbd9",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_region",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=300)),
                ("url", models.URLField(blank=True)),
                ("published_on", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="address")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("language", models.CharField(default="en", max_length=2, verbose_name="language")),
                ("is_active", models.BooleanField(default=True)),
                (
                    "is_staff",
                    models.BooleanField(default=False, help_text="May open the support pages."),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Address",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.CharField(max_length=320, null=True)),
                ("key", models.CharField(db_collation="C", max_length=320, null=True)),
                ("hmac", models.BinaryField(max_length=32, unique=True)),
                ("domain", models.CharField(max_length=255)),
                ("undeliverable_at", models.DateTimeField(null=True)),
                ("undeliverable_why", models.CharField(blank=True, max_length=200)),
                ("erased_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["domain", "id"], name="addresses_of_a_domain"),
                    models.Index(
                        condition=models.Q(("undeliverable_at__isnull", False)),
                        fields=["id"],
                        name="undeliverable_addresses",
                    ),
                    models.Index(
                        condition=models.Q(("key", None)), fields=["id"], name="erased_addresses"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("key__isnull", False)),
                        fields=("key",),
                        name="one_row_per_mailbox",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("email__isnull", False),
                                ("erased_at", None),
                                ("key__isnull", False),
                            ),
                            models.Q(("email", None), ("erased_at__isnull", False), ("key", None)),
                            _connector="OR",
                        ),
                        name="erased_means_emptied",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="a_mailbox_never_changes",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."key" IS NOT NULL AND OLD."key" IS DISTINCT FROM (NEW."key"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="d571a7156858040642f648de50b113f263463c1b",
                            operation="UPDATE",
                            pgid="pgtrigger_a_mailbox_never_changes_2e21a",
                            table="crm_address",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AllianceHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("slug", models.SlugField(db_index=False)),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "name_variants",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="also written",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "planned"),
                            ("funded", "funded"),
                            ("ended_active", "funding ended, still active"),
                            ("closed", "closed"),
                        ],
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "during",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        blank=True, null=True, verbose_name="period"
                    ),
                ),
                ("funder", models.CharField(blank=True, max_length=200, verbose_name="funder")),
                ("call_id", models.CharField(blank=True, max_length=60, verbose_name="call")),
                ("label", models.CharField(blank=True, max_length=200, verbose_name="label")),
                ("hue", models.PositiveSmallIntegerField(default=195, verbose_name="hue")),
                (
                    "themes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="themes",
                    ),
                ),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        help_text="In order of preference.",
                        size=None,
                        verbose_name="languages",
                    ),
                ),
                (
                    "boilerplate",
                    crm.models.texts.TextsField(
                        blank=True,
                        default=dict,
                        verbose_name="about the alliance, under press releases",
                    ),
                ),
                (
                    "counts_clicks",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        verbose_name="counts how often links are followed",
                    ),
                ),
                (
                    "timezone",
                    models.CharField(
                        default="Europe/Paris", max_length=40, verbose_name="time zone"
                    ),
                ),
                (
                    "digests_at",
                    models.TimeField(default=datetime.time(8, 0), verbose_name="digests leave at"),
                ),
                (
                    "digests_on",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="A day of the week; Monday is 1.",
                        verbose_name="weekly digests leave on",
                    ),
                ),
                (
                    "logo",
                    models.CharField(
                        blank=True,
                        default="",
                        editable=False,
                        help_text="Of a kept picture.",
                        max_length=80,
                    ),
                ),
                (
                    "logo_says",
                    models.CharField(
                        blank=True, default="", max_length=120, verbose_name="the logo shows"
                    ),
                ),
                ("logo_width", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("logo_height", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.alliance",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="eacc8ca5369716ffbb0a81caa5b512f497c615e9",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_9f549",
                            table="crm_alliancehistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BasisRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("missions", "missions and events"),
                            ("news", "news"),
                            ("press", "press releases"),
                        ],
                        max_length=10,
                        verbose_name="purpose",
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("consent", "consent"),
                            ("soft-opt-in", "soft opt-in"),
                            ("member", "membership"),
                            ("legitimate-interest", "legitimate interest"),
                            ("public-task", "public task"),
                        ],
                        max_length=20,
                        verbose_name="legal basis",
                    ),
                ),
                (
                    "recipient",
                    models.CharField(
                        choices=[
                            ("company", "people at an organisation"),
                            ("private", "people without an organisation"),
                            ("follower", "followers"),
                            ("media", "journalists"),
                        ],
                        max_length=8,
                        verbose_name="reader",
                    ),
                ),
                ("allowed", models.BooleanField(verbose_name="allowed")),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "note",
                    models.TextField(
                        blank=True, max_length=600, verbose_name="what follows from it"
                    ),
                ),
                ("law", models.CharField(max_length=300, verbose_name="source in the law")),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("country", "="),
                            ("purpose", "="),
                            ("basis", "="),
                            ("recipient", "="),
                            ("during", "&&"),
                        ],
                        name="one_rule_at_a_time",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_basisrulehistory" ("allowed", "basis", "country", "during", "id", "law", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "recipient") SELECT old_values."allowed", old_values."basis", old_values."country", old_values."during", old_values."id", old_values."law", old_values."note", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."purpose", old_values."recipient" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="f114dde8dca9b871a515c8ecff9ca29051b2b7b2",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_6f44f",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_basisrule",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_basisrulehistory" ("allowed", "basis", "country", "during", "id", "law", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "recipient") SELECT old_values."allowed", old_values."basis", old_values."country", old_values."during", old_values."id", old_values."law", old_values."note", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."purpose", old_values."recipient" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="0f40cc3cfcd98ba4a9935672273b254531a406b9",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_1ebe5",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_basisrule",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BasisRuleHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("missions", "missions and events"),
                            ("news", "news"),
                            ("press", "press releases"),
                        ],
                        max_length=10,
                        verbose_name="purpose",
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("consent", "consent"),
                            ("soft-opt-in", "soft opt-in"),
                            ("member", "membership"),
                            ("legitimate-interest", "legitimate interest"),
                            ("public-task", "public task"),
                        ],
                        max_length=20,
                        verbose_name="legal basis",
                    ),
                ),
                (
                    "recipient",
                    models.CharField(
                        choices=[
                            ("company", "people at an organisation"),
                            ("private", "people without an organisation"),
                            ("follower", "followers"),
                            ("media", "journalists"),
                        ],
                        max_length=8,
                        verbose_name="reader",
                    ),
                ),
                ("allowed", models.BooleanField(verbose_name="allowed")),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "note",
                    models.TextField(
                        blank=True, max_length=600, verbose_name="what follows from it"
                    ),
                ),
                ("law", models.CharField(max_length=300, verbose_name="source in the law")),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.basisrule",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="edeb7a702e2888e5ced398c50f9d9d773debb587",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_60924",
                            table="crm_basisrulehistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DuplicateSearch",
            fields=[
                (
                    "cluster",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="duplicate_search",
                        serialize=False,
                        to="crm.cluster",
                    ),
                ),
                ("people_to", models.BigIntegerField(default=0)),
                ("organisations_to", models.BigIntegerField(default=0)),
                ("due_at", models.DateTimeField()),
                ("looked_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("memorandum", "memorandum of understanding"),
                            ("partnership", "partnership"),
                            ("business", "business development"),
                        ],
                        default="memorandum",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "partners",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        size=None,
                        verbose_name="partners",
                    ),
                ),
                (
                    "scope",
                    crm.models.texts.TextsField(
                        blank=True, default=dict, verbose_name="what it is about"
                    ),
                ),
                ("signed_on", models.DateField(blank=True, null=True, verbose_name="signed on")),
                (
                    "precision",
                    models.CharField(
                        choices=[
                            ("day", "exact days"),
                            ("month", "month only"),
                            ("year", "year only"),
                        ],
                        default="day",
                        max_length=5,
                    ),
                ),
                (
                    "occasion",
                    models.CharField(blank=True, max_length=200, verbose_name="signed at"),
                ),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                ("document", models.URLField(blank=True, verbose_name="address of the document")),
                (
                    "public",
                    models.BooleanField(default=True, verbose_name="stands on the public site"),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="crm.alliance",
                    ),
                ),
                (
                    "clusters",
                    models.ManyToManyField(blank=True, related_name="agreements", to="crm.cluster"),
                ),
                (
                    "market",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="crm.market",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("partners__len__gte", 1)),
                        name="an_agreement_has_partners",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("signed_on", None),
                            ("ends_on", None),
                            ("ends_on__gte", models.F("signed_on")),
                            _connector="OR",
                        ),
                        name="an_agreement_ends_after_it_was_signed",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_agreementhistory" ("alliance_id", "document", "ends_on", "id", "kind", "market_id", "occasion", "partners", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "precision", "public", "scope", "signed_on", "version") SELECT old_values."alliance_id", old_values."document", old_values."ends_on", old_values."id", old_values."kind", old_values."market_id", old_values."occasion", old_values."partners", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."precision", old_values."public", old_values."scope", old_values."signed_on", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="966e7d83b0d0168a800234424536ff729c1f08f9",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_a1b5f",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_agreement",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_agreementhistory" ("alliance_id", "document", "ends_on", "id", "kind", "market_id", "occasion", "partners", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "precision", "public", "scope", "signed_on", "version") SELECT old_values."alliance_id", old_values."document", old_values."ends_on", old_values."id", old_values."kind", old_values."market_id", old_values."occasion", old_values."partners", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."precision", old_values."public", old_values."scope", old_values."signed_on", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="86ade379485c5346cdd72004fa5d904c410419fe",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_305d7",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_agreement",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("missions", "missions and events"),
                            ("news", "news"),
                            ("press", "press releases"),
                            ("tracking", "clicks in mails"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("requested", "requested"),
                            ("granted", "granted"),
                            ("confirmed", "confirmed"),
                            ("withdrawn", "withdrawn"),
                            ("objected", "objected"),
                            ("recorded", "recorded by the cluster"),
                            ("noticed", "told where the data comes from"),
                            ("moved", "taken along to another address"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("consent", "consent"),
                            ("soft-opt-in", "soft opt-in"),
                            ("member", "membership"),
                            ("legitimate-interest", "legitimate interest"),
                            ("public-task", "public task"),
                        ],
                        max_length=20,
                    ),
                ),
                ("source", models.CharField(max_length=200)),
                ("language", models.CharField(blank=True, db_default="", max_length=2)),
                ("network", models.CharField(blank=True, db_default="", max_length=49)),
                ("message", models.CharField(blank=True, db_default="", max_length=100)),
                ("delivery", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "address",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.address",
                    ),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.alliance",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.cluster",
                    ),
                ),
            ],
            options={
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="c6f191f0ed2347af05469d7ee78ae5d74d5850b7",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_f803d",
                            table="crm_consentrecord",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("general", "contact point"), ("media", "media contact")],
                        default="general",
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=40, verbose_name="title")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("email", models.EmailField(max_length=254, verbose_name="address")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                (
                    "during",
                    django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="period"),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contact_points",
                        to="crm.cluster",
                    ),
                ),
                (
                    "succeeds",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="crm.contactpoint",
                        verbose_name="succeeds",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_contactpointhistory" ("cluster_id", "during", "email", "hand_over_id", "id", "mission_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "role", "succeeds_id", "title", "user_id") SELECT old_values."cluster_id", old_values."during", old_values."email", old_values."hand_over_id", old_values."id", old_values."mission_id", old_values."name", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."phone", old_values."role", old_values."succeeds_id", old_values."title", old_values."user_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="90b0335dfcb66331299ccc7f0147629c9befef9b",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_6383a",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_contactpoint",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_contactpointhistory" ("cluster_id", "during", "email", "hand_over_id", "id", "mission_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "role", "succeeds_id", "title", "user_id") SELECT old_values."cluster_id", old_values."during", old_values."email", old_values."hand_over_id", old_values."id", old_values."mission_id", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."phone", old_values."role", old_values."succeeds_id", old_values."title", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="2b1a9a22f9dc4a7893e1e0e6b276bcf08754fa07",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_156e5",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_contactpoint",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomField",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "noun",
                    models.CharField(
                        choices=[("person", "people"), ("organisation", "organisations")],
                        max_length=12,
                        verbose_name="asked of",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("folded", models.CharField(editable=False, max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "text"),
                            ("number", "number"),
                            ("date", "date"),
                            ("yes_no", "yes or no"),
                            ("choice", "one of several choices"),
                        ],
                        default="text",
                        max_length=6,
                        verbose_name="kind",
                    ),
                ),
                (
                    "choices",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="choices",
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(default=0)),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                (
                    "cluster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="custom_fields",
                        to="crm.cluster",
                    ),
                ),
            ],
            options={
                "ordering": ["noun", "place", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("cluster", "noun", "folded"), name="a_question_once_per_cluster"
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_customfieldhistory" ("archived_at", "choices", "cluster_id", "folded", "id", "kind", "name", "noun", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place") SELECT old_values."archived_at", old_values."choices", old_values."cluster_id", old_values."folded", old_values."id", old_values."kind", old_values."name", old_values."noun", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."place" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="e795c7b4c60f874ad1d94b949ed27cafc9bc11cd",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_21777",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_customfield",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_customfieldhistory" ("archived_at", "choices", "cluster_id", "folded", "id", "kind", "name", "noun", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place") SELECT old_values."archived_at", old_values."choices", old_values."cluster_id", old_values."folded", old_values."id", old_values."kind", old_values."name", old_values."noun", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."place" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="1a1899717301f125c5d14b62df1df8cc32eb8130",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_1dce2",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_customfield",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomFieldHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "noun",
                    models.CharField(
                        choices=[("person", "people"), ("organisation", "organisations")],
                        max_length=12,
                        verbose_name="asked of",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("folded", models.CharField(editable=False, max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "text"),
                            ("number", "number"),
                            ("date", "date"),
                            ("yes_no", "yes or no"),
                            ("choice", "one of several choices"),
                        ],
                        default="text",
                        max_length=6,
                        verbose_name="kind",
                    ),
                ),
                (
                    "choices",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="choices",
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(default=0)),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                (
                    "cluster",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.cluster",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.customfield",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="9d074f18cf6416b60e75def4bb2ee32bc67250a2",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_500e3",
                            table="crm_customfieldhistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Disclaimer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "texts",
                    crm.models.texts.TextsField(blank=True, default=dict, verbose_name="text"),
                ),
                (
                    "during",
                    django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="period"),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disclaimers",
                        to="crm.alliance",
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("alliance", "="), ("during", "&&")],
                        name="one_disclaimer_at_a_time",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_disclaimerhistory" ("alliance_id", "during", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "texts") SELECT old_values."alliance_id", old_values."during", old_values."id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."texts" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="aa65d8c97804b5e17db06f38220f3c01b51bd147",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_e26cb",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_disclaimer",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_disclaimerhistory" ("alliance_id", "during", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "texts") SELECT old_values."alliance_id", old_values."during", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."texts" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="726cd036d73470bff0ee81aca85562cae0f44ae5",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_ffe58",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_disclaimer",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DisclaimerHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "texts",
                    crm.models.texts.TextsField(blank=True, default=dict, verbose_name="text"),
                ),
                (
                    "during",
                    django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="period"),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.alliance",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.disclaimer",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="6fca62017dce7f1cf081814c286998fa3e1a62c9",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_77049",
                            table="crm_disclaimerhistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Duplicate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "noun",
                    models.CharField(
                        choices=[("person", "person"), ("organisation", "organisation")],
                        max_length=12,
                    ),
                ),
                ("first", models.BigIntegerField()),
                ("second", models.BigIntegerField()),
                ("score", models.PositiveSmallIntegerField()),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "waits for your word"),
                            ("dismissed", "two different ones"),
                            ("merged", "merged"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("found_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duplicates",
                        to="crm.cluster",
                    ),
                ),
            ],
            options={
                "ordering": ["-score", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["cluster", "noun", "-score", "id"],
                        name="open_duplicates",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["noun", "-score", "id"],
                        name="open_duplicates_in_order",
                    ),
                    models.Index(fields=["noun", "second"], name="duplicates_of_a_second"),
                    models.Index(fields=["noun", "first"], name="duplicates_of_a_first"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("cluster", "noun", "first", "second"), name="a_pair_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))),
                        name="a_pair_in_its_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("hmac", models.BinaryField(max_length=32, null=True)),
                (
                    "scope",
                    models.CharField(
                        choices=[("mailbox", "for everybody"), ("cluster", "for one cluster")],
                        max_length=7,
                    ),
                ),
                ("people", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                ("logged_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.cluster",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("logged_at", None)),
                        fields=["id"],
                        name="erasures_to_be_logged",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cluster", None), ("scope", "mailbox")),
                            models.Q(("cluster__isnull", False), ("scope", "cluster")),
                            _connector="OR",
                        ),
                        name="an_erasure_names_its_cluster",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="never_forgotten",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="f89ba71d3db4296269bf341404b290c8cdd4e0b9",
                            operation="DELETE",
                            pgid="pgtrigger_never_forgotten_c00f9",
                            table="crm_erasure",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="told_as_it_was",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."hmac" IS DISTINCT FROM (NEW."hmac") OR OLD."scope" IS DISTINCT FROM (NEW."scope") OR OLD."cluster_id" IS DISTINCT FROM (NEW."cluster_id") OR OLD."people" IS DISTINCT FROM (NEW."people") OR OLD."at" IS DISTINCT FROM (NEW."at") OR OLD."by_id" IS DISTINCT FROM (NEW."by_id"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="9fa336fd2584dd859bd5849cdd173b9dc64c3600",
                            operation="UPDATE",
                            pgid="pgtrigger_told_as_it_was_53ad2",
                            table="crm_erasure",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(unique=True, verbose_name="short name in addresses")),
                (
                    "names",
                    crm.models.texts.TextsField(blank=True, default=dict, verbose_name="name"),
                ),
                (
                    "leads",
                    crm.models.texts.TextsField(
                        blank=True, default=dict, verbose_name="what it is, in a few sentences"
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("on_site", "on site"), ("online", "online")],
                        default="on_site",
                        max_length=8,
                        verbose_name="mode",
                    ),
                ),
                (
                    "answer_mode",
                    models.CharField(
                        choices=[
                            ("open", "open, no registration required"),
                            ("rsvp", "answer requested"),
                            ("selection", "by selection"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="answers",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="starts")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                (
                    "timezone",
                    models.CharField(
                        default="Europe/Paris", max_length=40, verbose_name="time zone"
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="place")),
                ("city", models.CharField(blank=True, max_length=120, verbose_name="city")),
                ("join_url", models.URLField(blank=True, verbose_name="address to join online")),
                (
                    "capacity",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="places"),
                ),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("open", "announced"),
                            ("done", "done"),
                            ("cancelled", "cancelled"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("public", models.BooleanField(default=True, verbose_name="has a public page")),
                ("calendar_uid", models.UUIDField(unique=True)),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("alliances", models.ManyToManyField(related_name="events", to="crm.alliance")),
                (
                    "lead_cluster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events_led",
                        to="crm.cluster",
                    ),
                ),
                (
                    "previous_edition",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="crm.event",
                    ),
                ),
            ],
            options={
                "ordering": ["-starts_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="an_event_ends_after_it_starts",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_eventhistory" ("answer_mode", "archived_at", "calendar_uid", "capacity", "city", "ends_at", "id", "join_url", "languages", "lead_cluster_id", "leads", "mode", "names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "previous_edition_id", "public", "sequence", "slug", "starts_at", "status", "timezone", "version") SELECT old_values."answer_mode", old_values."archived_at", old_values."calendar_uid", old_values."capacity", old_values."city", old_values."ends_at", old_values."id", old_values."join_url", old_values."languages", old_values."lead_cluster_id", old_values."leads", old_values."mode", old_values."names", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."place", old_values."previous_edition_id", old_values."public", old_values."sequence", old_values."slug", old_values."starts_at", old_values."status", old_values."timezone", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="d9ddadfce29aa4936f7cf751fe83a2bca45e46d0",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_cdc54",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_event",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_eventhistory" ("answer_mode", "archived_at", "calendar_uid", "capacity", "city", "ends_at", "id", "join_url", "languages", "lead_cluster_id", "leads", "mode", "names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "previous_edition_id", "public", "sequence", "slug", "starts_at", "status", "timezone", "version") SELECT old_values."answer_mode", old_values."archived_at", old_values."calendar_uid", old_values."capacity", old_values."city", old_values."ends_at", old_values."id", old_values."join_url", old_values."languages", old_values."lead_cluster_id", old_values."leads", old_values."mode", old_values."names", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."place", old_values."previous_edition_id", old_values."public", old_values."sequence", old_values."slug", old_values."starts_at", old_values."status", old_values."timezone", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="bb2221d9e629180cf9d08e1b78c565fa1cf5ea1b",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_c4685",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_event",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EventHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("slug", models.SlugField(db_index=False, verbose_name="short name in addresses")),
                (
                    "names",
                    crm.models.texts.TextsField(blank=True, default=dict, verbose_name="name"),
                ),
                (
                    "leads",
                    crm.models.texts.TextsField(
                        blank=True, default=dict, verbose_name="what it is, in a few sentences"
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("on_site", "on site"), ("online", "online")],
                        default="on_site",
                        max_length=8,
                        verbose_name="mode",
                    ),
                ),
                (
                    "answer_mode",
                    models.CharField(
                        choices=[
                            ("open", "open, no registration required"),
                            ("rsvp", "answer requested"),
                            ("selection", "by selection"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="answers",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="starts")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                (
                    "timezone",
                    models.CharField(
                        default="Europe/Paris", max_length=40, verbose_name="time zone"
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="place")),
                ("city", models.CharField(blank=True, max_length=120, verbose_name="city")),
                ("join_url", models.URLField(blank=True, verbose_name="address to join online")),
                (
                    "capacity",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="places"),
                ),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("open", "announced"),
                            ("done", "done"),
                            ("cancelled", "cancelled"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("public", models.BooleanField(default=True, verbose_name="has a public page")),
                ("calendar_uid", models.UUIDField()),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "lead_cluster",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.cluster",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.event",
                    ),
                ),
                (
                    "previous_edition",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.event",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="d73a56851e332e8f67cf56cc4ac5d8a50e917412",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_8bd4a",
                            table="crm_eventhistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        default=crm.models.exports.new_key, max_length=40, unique=True
                    ),
                ),
                (
                    "noun",
                    models.CharField(
                        choices=[("people", "people"), ("organisations", "organisations")],
                        max_length=13,
                    ),
                ),
                ("question", models.TextField(blank=True)),
                (
                    "file_format",
                    models.CharField(
                        choices=[
                            ("csv", "CSV: text that every program reads"),
                            ("xlsx", "XLSX: Excel"),
                            ("ods", "ODS: LibreOffice"),
                            ("vcf", "vCard: address books and phones"),
                        ],
                        max_length=4,
                    ),
                ),
                ("columns", models.JSONField()),
                ("language", models.CharField(max_length=2)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "waits"),
                            ("making", "is made"),
                            ("ready", "ready"),
                            ("failed", "not made"),
                        ],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("trouble", models.CharField(blank=True, max_length=300)),
                ("rows_total", models.PositiveIntegerField()),
                ("rows_written", models.PositiveIntegerField(default=0)),
                ("size", models.PositiveBigIntegerField(default=0)),
                (
                    "clusters",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "shared_clusters",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("turn", models.PositiveSmallIntegerField(default=0)),
                ("seen_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("downloaded_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exports",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(fields=["by", "-created_at"], name="exports_of_a_user"),
                    models.Index(
                        condition=models.Q(("status__in", ("waiting", "making"))),
                        fields=["id"],
                        name="exports_to_make",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportPiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "of_export",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="crm.export",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("of_export", "place"), name="one_export_piece_at_a_place"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("admin", "administrator"),
                            ("coordinator", "coordinator"),
                            ("contact", "regional contact"),
                            ("reader", "reader"),
                        ],
                        max_length=12,
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "alliance",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="crm.alliance",
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="crm.cluster",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("alliance", None), ("cluster", None), ("role", "admin")),
                            models.Q(
                                ("alliance__isnull", False),
                                ("cluster", None),
                                ("role", "coordinator"),
                            ),
                            models.Q(
                                ("alliance", None), ("cluster__isnull", False), ("role", "contact")
                            ),
                            models.Q(
                                ("alliance", None), ("cluster__isnull", False), ("role", "reader")
                            ),
                            models.Q(
                                ("alliance__isnull", False), ("cluster", None), ("role", "reader")
                            ),
                            _connector="OR",
                        ),
                        name="a_role_has_the_scope_it_needs",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_granthistory" ("alliance_id", "cluster_id", "during", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id") SELECT old_values."alliance_id", old_values."cluster_id", old_values."during", old_values."id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."role", old_values."user_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="d24f0f27e87ffdfb09c37536f07d1bbf2d895377",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_bcc9c",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_grant",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_granthistory" ("alliance_id", "cluster_id", "during", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id") SELECT old_values."alliance_id", old_values."cluster_id", old_values."during", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."role", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="eb000865c3bd07edc376a75e87caf99ab3e4a081",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_2f8a6",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_grant",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GrantHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("admin", "administrator"),
                            ("coordinator", "coordinator"),
                            ("contact", "regional contact"),
                            ("reader", "reader"),
                        ],
                        max_length=12,
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "alliance",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.alliance",
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.cluster",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.grant",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="ed99bfdd9c0a4de4767c187628eb417b6b002a44",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_bdebe",
                            table="crm_granthistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("moves_records", models.BooleanField(default=True)),
                ("moves_words", models.BooleanField(default=True)),
                ("moves_reply_to", models.BooleanField(default=False)),
                ("ended_roles", models.JSONField(default=list)),
                ("moved", models.JSONField(default=dict)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("done_at", models.DateTimeField(null=True)),
                ("called_off_at", models.DateTimeField(null=True)),
                (
                    "begun_role",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.grant",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_overs",
                        to="crm.cluster",
                    ),
                ),
                (
                    "former",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handed_over",
                        to="crm.contactpoint",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_over",
                        to="crm.contactpoint",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("called_off_at", None), ("done_at", None)),
                        fields=["day"],
                        name="hand_overs_to_carry_out",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("called_off_at", None)),
                        fields=("former",),
                        name="a_desk_is_handed_over_once",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="contactpoint",
            name="hand_over",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="desks",
                to="crm.handover",
            ),
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("described", "columns to confirm"),
                            ("checking", "being compared"),
                            ("checked", "to decide"),
                            ("writing", "being written"),
                            ("done", "imported"),
                            ("cancelled", "cancelled"),
                            ("failed", "failed"),
                            ("undone", "taken back"),
                        ],
                        default="described",
                        max_length=10,
                    ),
                ),
                ("file_name", models.CharField(max_length=200)),
                ("file_hash", models.CharField(max_length=64)),
                ("sheet", models.CharField(blank=True, max_length=200, verbose_name="sheet")),
                ("encoding", models.CharField(max_length=20, verbose_name="encoding")),
                ("separator", models.CharField(max_length=1, verbose_name="separator")),
                ("header", models.IntegerField(verbose_name="header row")),
                ("columns", models.JSONField(default=list)),
                ("beside", models.JSONField(null=True)),
                ("heads", models.JSONField(null=True)),
                (
                    "policy",
                    models.CharField(
                        choices=[
                            ("skip", "leave as they are"),
                            ("fill", "fill what is empty"),
                            ("overwrite", "overwrite with what the file says"),
                        ],
                        default="fill",
                        max_length=10,
                        verbose_name="people and organisations that are there already",
                    ),
                ),
                ("make_tags", models.BooleanField(default=False)),
                ("new_tags", models.JSONField(default=list)),
                (
                    "origin",
                    models.CharField(
                        blank=True, max_length=160, verbose_name="where the list comes from"
                    ),
                ),
                ("dated", models.DateField(blank=True, null=True, verbose_name="date of the list")),
                (
                    "basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("consent", "consent"),
                            ("soft-opt-in", "soft opt-in"),
                            ("member", "membership"),
                            ("legitimate-interest", "legitimate interest"),
                            ("public-task", "public task"),
                        ],
                        max_length=20,
                        verbose_name="legal basis",
                    ),
                ),
                (
                    "phase",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reading", "reading the file"),
                            ("comparing", "comparing with the address book"),
                            ("writing", "writing"),
                        ],
                        max_length=9,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("rows_read", models.PositiveIntegerField(default=0)),
                ("rows_total", models.PositiveIntegerField(null=True)),
                ("counts", models.JSONField(default=dict)),
                ("trouble", models.CharField(blank=True, max_length=300)),
                ("written", models.JSONField(default=dict)),
                ("undone", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("undo_asked_at", models.DateTimeField(blank=True, null=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to="crm.cluster",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undo_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(fields=["cluster", "-created_at"], name="imports_of_a_cluster"),
                    models.Index(
                        condition=models.Q(
                            ("status__in", ("checking", "writing")),
                            models.Q(("status", "done"), ("undo_asked_at__isnull", False)),
                            _connector="OR",
                        ),
                        fields=["id"],
                        name="imports_that_are_due",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "of_import",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="crm.import",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("of_import", "place"), name="one_piece_at_a_place"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("new", "new"),
                            ("changed", "changed"),
                            ("same", "the same"),
                            ("duplicate", "possible duplicate"),
                            ("error", "error"),
                        ],
                        max_length=9,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=400)),
                ("cells", models.JSONField(null=True)),
                ("diff", models.JSONField(null=True)),
                ("person", models.BigIntegerField(null=True)),
                ("organisation", models.BigIntegerField(null=True)),
                ("ended", models.JSONField(null=True)),
                ("conflict", models.JSONField(null=True)),
                ("made", models.CharField(blank=True, max_length=2)),
                ("unmailable", models.BooleanField(default=False)),
                (
                    "of_import",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="crm.import",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("person__isnull", False), ("verdict__in", ("new", "changed"))
                        ),
                        fields=["person"],
                        name="rows_of_a_person",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("organisation__isnull", False), ("verdict__in", ("new", "changed"))
                        ),
                        fields=["organisation"],
                        name="rows_of_an_organisation",
                    ),
                    models.Index(
                        condition=models.Q(("made__contains", "p"), ("person__isnull", False)),
                        fields=["person", "of_import"],
                        name="people_an_import_brought",
                    ),
                    models.Index(
                        fields=["of_import", "verdict", "number"], name="rows_of_a_verdict"
                    ),
                    models.Index(
                        condition=models.Q(("unmailable", True)),
                        fields=["of_import", "number"],
                        name="rows_that_get_no_mail",
                    ),
                    models.Index(
                        condition=models.Q(("conflict__isnull", False)),
                        fields=["of_import", "number"],
                        name="rows_that_stay_as_they_are",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("of_import", "number"), name="one_verdict_per_row"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InboxMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("received_at", models.DateTimeField(auto_now_add=True)),
                ("mail_from", models.CharField(max_length=320)),
                ("rcpt_to", models.CharField(max_length=320)),
                ("subject", models.CharField(max_length=500)),
                ("message_id", models.CharField(max_length=200)),
                ("language", models.CharField(blank=True, max_length=10)),
                ("raw", models.BinaryField()),
                ("complained_at", models.DateTimeField(null=True)),
                ("answered", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(fields=["rcpt_to"], name="inbox_by_reader"),
                    models.Index(fields=["message_id"], name="inbox_by_message"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Label",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="label")),
                ("issuer", models.CharField(blank=True, max_length=120, verbose_name="awarded by")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                (
                    "cluster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="labels",
                        to="crm.cluster",
                    ),
                ),
            ],
            options={
                "ordering": ["-year", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("cluster", "name", "year"), name="a_label_once_a_year"
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_labelhistory" ("cluster_id", "id", "issuer", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "year") SELECT old_values."cluster_id", old_values."id", old_values."issuer", old_values."name", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."year" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="e7045082173ec7b5a012e4972f1d25352b6db8ca",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_1aeae",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_label",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_labelhistory" ("cluster_id", "id", "issuer", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "year") SELECT old_values."cluster_id", old_values."id", old_values."issuer", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."year" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="36c556ea8c2a507ef1854bc132d84008a4b7257d",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_2d13e",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_label",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LabelHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=120, verbose_name="label")),
                ("issuer", models.CharField(blank=True, max_length=120, verbose_name="awarded by")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                (
                    "cluster",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.cluster",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.label",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="fd244ebee3c2d7ea35e08dc37933ad6c659085ee",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_ebc98",
                            table="crm_labelhistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreementHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("memorandum", "memorandum of understanding"),
                            ("partnership", "partnership"),
                            ("business", "business development"),
                        ],
                        default="memorandum",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "partners",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        size=None,
                        verbose_name="partners",
                    ),
                ),
                (
                    "scope",
                    crm.models.texts.TextsField(
                        blank=True, default=dict, verbose_name="what it is about"
                    ),
                ),
                ("signed_on", models.DateField(blank=True, null=True, verbose_name="signed on")),
                (
                    "precision",
                    models.CharField(
                        choices=[
                            ("day", "exact days"),
                            ("month", "month only"),
                            ("year", "year only"),
                        ],
                        default="day",
                        max_length=5,
                    ),
                ),
                (
                    "occasion",
                    models.CharField(blank=True, max_length=200, verbose_name="signed at"),
                ),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                ("document", models.URLField(blank=True, verbose_name="address of the document")),
                (
                    "public",
                    models.BooleanField(default=True, verbose_name="stands on the public site"),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.agreement",
                    ),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.alliance",
                    ),
                ),
                (
                    "market",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.market",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="d3f4ff635d50b127cd101b36e03e5f3a38102852",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_fa048",
                            table="crm_agreementhistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("member", "member"),
                            ("prospect", "prospect"),
                            ("former", "former member"),
                            ("guest", "guest"),
                        ],
                        default="member",
                        max_length=10,
                        verbose_name="standing",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("founder", "founder"),
                            ("large", "large company"),
                            ("subsidiary", "subsidiary"),
                            ("sme", "SME"),
                            ("midcap", "midcap"),
                            ("research", "research centre"),
                            ("hospital", "hospital"),
                            ("university", "university"),
                            ("foundation", "foundation"),
                            ("park", "park"),
                        ],
                        default="sme",
                        max_length=12,
                        verbose_name="category",
                    ),
                ),
                (
                    "employees",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="employees"),
                ),
                (
                    "during",
                    django.contrib.postgres.fields.ranges.DateRangeField(blank=True, null=True),
                ),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        db_default=[],
                        default=list,
                        editable=False,
                        size=None,
                    ),
                ),
                (
                    "custom",
                    models.JSONField(blank=True, db_default={}, default=dict, editable=False),
                ),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                (
                    "cluster",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="crm.cluster",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships_owned",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="looked after by",
                    ),
                ),
            ],
            options={
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_membershiphistory" ("archived_at", "category", "cluster_id", "custom", "during", "employees", "id", "organisation_id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "standing", "tags") SELECT old_values."archived_at", old_values."category", old_values."cluster_id", old_values."custom", old_values."during", old_values."employees", old_values."id", old_values."organisation_id", old_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."standing", old_values."tags" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="c5832d3fb6d69845466e34e16687fe5297c7142e",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_e2584",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_membership",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_membershiphistory" ("archived_at", "category", "cluster_id", "custom", "during", "employees", "id", "organisation_id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "standing", "tags") SELECT old_values."archived_at", old_values."category", old_values."cluster_id", old_values."custom", old_values."during", old_values."employees", old_values."id", old_values."organisation_id", old_values."owner_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."standing", old_values."tags" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="00af422a60f919d8519e979f43d6a7fef3cf49a6",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_52446",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_membership",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField()),
                ("file", models.FileField(upload_to="attachments/")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="crm.cluster",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="crm.membership",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_attachmenthistory" ("at", "by_id", "cluster_id", "file", "id", "media_type", "membership_id", "name", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "size") SELECT old_values."at", old_values."by_id", old_values."cluster_id", old_values."file", old_values."id", old_values."media_type", old_values."membership_id", old_values."name", old_values."person_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."size" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="fbd00b259c1809211e8835572a9fa380fe1db8fd",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_876a2",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_attachment",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_attachmenthistory" ("at", "by_id", "cluster_id", "file", "id", "media_type", "membership_id", "name", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "size") SELECT old_values."at", old_values."by_id", old_values."cluster_id", old_values."file", old_values."id", old_values."media_type", old_values."membership_id", old_values."name", old_values."person_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."size" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="e6be7733095fd66c1eb92b9f9c64c52c33b3affe",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_81c0c",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_attachment",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "noun",
                    models.CharField(
                        choices=[("person", "person"), ("organisation", "organisation")],
                        max_length=12,
                    ),
                ),
                ("kept", models.BigIntegerField()),
                ("dropped", models.BigIntegerField()),
                ("changes", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                ("stayed", models.JSONField(default=list)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges",
                        to="crm.cluster",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "indexes": [
                    models.Index(fields=["noun", "kept", "-at"], name="merges_into_a_record")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)),
                        fields=("cluster", "noun", "dropped"),
                        name="a_record_is_merged_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kept", models.F("dropped")), _negated=True),
                        name="nothing_is_merged_with_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(unique=True, verbose_name="short name in addresses")),
                (
                    "names",
                    crm.models.texts.TextsField(blank=True, default=dict, verbose_name="name"),
                ),
                (
                    "leads",
                    crm.models.texts.TextsField(
                        blank=True, default=dict, verbose_name="what it is, in a few sentences"
                    ),
                ),
                (
                    "terms",
                    crm.models.texts.TextsField(
                        blank=True, default=dict, verbose_name="price and conditions"
                    ),
                ),
                (
                    "during",
                    django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="dates"),
                ),
                (
                    "precision",
                    models.CharField(
                        choices=[
                            ("day", "exact days"),
                            ("month", "month only"),
                            ("year", "year only"),
                        ],
                        default="day",
                        max_length=5,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("open", "open for applications"),
                            ("closed", "closed"),
                            ("done", "done"),
                            ("cancelled", "cancelled"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "eligible_categories",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("public", models.BooleanField(default=True, verbose_name="has a public page")),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("alliances", models.ManyToManyField(related_name="missions", to="crm.alliance")),
                (
                    "lead_cluster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="missions_led",
                        to="crm.cluster",
                    ),
                ),
                (
                    "market",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="missions",
                        to="crm.market",
                    ),
                ),
                (
                    "eligible_regions",
                    models.ManyToManyField(blank=True, related_name="+", to="crm.region"),
                ),
            ],
            options={
                "ordering": ["-during", "pk"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_missionhistory" ("archived_at", "during", "eligible_categories", "id", "lead_cluster_id", "leads", "market_id", "names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "precision", "public", "slug", "status", "terms", "version") SELECT old_values."archived_at", old_values."during", old_values."eligible_categories", old_values."id", old_values."lead_cluster_id", old_values."leads", old_values."market_id", old_values."names", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."precision", old_values."public", old_values."slug", old_values."status", old_values."terms", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="8eb82849e8157a9b02b3a99e480b27685311d826",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_bf67c",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_mission",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_missionhistory" ("archived_at", "during", "eligible_categories", "id", "lead_cluster_id", "leads", "market_id", "names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "precision", "public", "slug", "status", "terms", "version") SELECT old_values."archived_at", old_values."during", old_values."eligible_categories", old_values."id", old_values."lead_cluster_id", old_values."leads", old_values."market_id", old_values."names", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."precision", old_values."public", old_values."slug", old_values."status", old_values."terms", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="485bdae3fb7a17fc4109675d22190169c9bcdc05",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_a1e74",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_mission",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExternalRouteHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("organiser", models.CharField(max_length=200, verbose_name="organiser")),
                (
                    "texts",
                    crm.models.texts.TextsField(
                        blank=True, default=dict, verbose_name="what to tell the reader"
                    ),
                ),
                ("url", models.URLField(verbose_name="address of the other call")),
                ("at", models.DateTimeField(verbose_name="deadline")),
                ("timezone", models.CharField(max_length=40)),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.externalroute",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.mission",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="478e38dc2b9821c41b8b7e7f1df86543a00f4e99",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_97dde",
                            table="crm_externalroutehistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="externalroute",
            name="mission",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="external_route",
                to="crm.mission",
            ),
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("titles", crm.models.texts.TextsField(blank=True, default=dict)),
                ("language", models.CharField(max_length=2)),
                ("file", models.FileField(upload_to="documents/")),
                ("version", models.CharField(blank=True, max_length=20)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "event",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="crm.event",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="crm.mission",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("event__isnull", False), ("mission", None)),
                            models.Q(("event", None), ("mission__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_document_of_a_mission_or_an_event",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DeadlineHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "things",
                    crm.models.texts.TextsField(
                        blank=True, default=dict, verbose_name="what is due"
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("members", "companies of the eligible regions"),
                            ("clusters", "cluster managers"),
                        ],
                        default="members",
                        max_length=8,
                    ),
                ),
                ("soft", models.BooleanField(default=False, verbose_name="recommended, not final")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "timezone",
                    models.CharField(
                        default="Europe/Paris", max_length=40, verbose_name="time zone"
                    ),
                ),
                ("calendar_uid", models.UUIDField()),
                ("sequence", models.PositiveIntegerField(default=0)),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.deadline",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.mission",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="cda2e1e80865b5127b106829a85cff253c74f4f6",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_0cf14",
                            table="crm_deadlinehistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="deadline",
            name="mission",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deadlines",
                to="crm.mission",
            ),
        ),
        migrations.CreateModel(
            name="ContactPointHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "role",
                    models.CharField(
                        choices=[("general", "contact point"), ("media", "media contact")],
                        default="general",
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=40, verbose_name="title")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("email", models.EmailField(max_length=254, verbose_name="address")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                (
                    "during",
                    django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="period"),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.cluster",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.contactpoint",
                    ),
                ),
                (
                    "succeeds",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.contactpoint",
                        verbose_name="succeeds",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "hand_over",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.handover",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.mission",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="43a6041d0156f6ef670d4aadb881ba13062beb3c",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_6d1ae",
                            table="crm_contactpointhistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="contactpoint",
            name="mission",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="crm.mission"
            ),
        ),
        migrations.CreateModel(
            name="MissionHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("slug", models.SlugField(db_index=False, verbose_name="short name in addresses")),
                (
                    "names",
                    crm.models.texts.TextsField(blank=True, default=dict, verbose_name="name"),
                ),
                (
                    "leads",
                    crm.models.texts.TextsField(
                        blank=True, default=dict, verbose_name="what it is, in a few sentences"
                    ),
                ),
                (
                    "terms",
                    crm.models.texts.TextsField(
                        blank=True, default=dict, verbose_name="price and conditions"
                    ),
                ),
                (
                    "during",
                    django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="dates"),
                ),
                (
                    "precision",
                    models.CharField(
                        choices=[
                            ("day", "exact days"),
                            ("month", "month only"),
                            ("year", "year only"),
                        ],
                        default="day",
                        max_length=5,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("open", "open for applications"),
                            ("closed", "closed"),
                            ("done", "done"),
                            ("cancelled", "cancelled"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "eligible_categories",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("public", models.BooleanField(default=True, verbose_name="has a public page")),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "lead_cluster",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.cluster",
                    ),
                ),
                (
                    "market",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.market",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.mission",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="d4e34adc6859baab499cc0bc1e4e67939a98fcd7",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_99341",
                            table="crm_missionhistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(verbose_name="note")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="crm.cluster",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="crm.membership",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_notehistory" ("at", "by_id", "cluster_id", "edited_at", "id", "membership_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") SELECT old_values."at", old_values."by_id", old_values."cluster_id", old_values."edited_at", old_values."id", old_values."membership_id", old_values."person_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."text" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="156ae9427a46994278232ecb6c7d28e785d4c158",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_0fea4",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_note",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_notehistory" ("at", "by_id", "cluster_id", "edited_at", "id", "membership_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") SELECT old_values."at", old_values."by_id", old_values."cluster_id", old_values."edited_at", old_values."id", old_values."membership_id", old_values."person_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."text" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="b14f4b84425c9b9ab7e21ad3b12863bd551bcdda",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_188d5",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_note",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("legal_name", models.CharField(max_length=200, verbose_name="legal name")),
                (
                    "short_name",
                    models.CharField(blank=True, max_length=80, verbose_name="short name"),
                ),
                ("name_folded", models.CharField(editable=False, max_length=300)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("company", "company"),
                            ("research", "research body"),
                            ("hospital", "hospital"),
                            ("university", "university"),
                            ("park", "park"),
                            ("foundation", "foundation"),
                            ("partner", "partner abroad"),
                        ],
                        default="company",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("website", models.URLField(blank=True, verbose_name="website")),
                ("domain", models.CharField(blank=True, editable=False, max_length=255)),
                ("city", models.CharField(blank=True, max_length=120, verbose_name="city")),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                (
                    "public_profile",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="in the public directory"
                    ),
                ),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "home_cluster",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="organisations_at_home",
                        to="crm.cluster",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="crm.organisation",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="crm.region",
                        verbose_name="region",
                    ),
                ),
            ],
            options={
                "ordering": ["name_folded", "pk"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["name_folded"], name="organisation_name", opclasses=["gin_trgm_ops"]
                    ),
                    models.Index(
                        fields=["name_folded", "id"],
                        include=("archived_at", "merged_into"),
                        name="organisation_order",
                    ),
                    models.Index(
                        condition=models.Q(("archived_at", None), ("merged_into", None)),
                        fields=["kind", "region"],
                        include=("id",),
                        name="organisations_counted",
                    ),
                    models.Index(
                        condition=models.Q(("merged_into__isnull", False)),
                        fields=["merged_into"],
                        name="organisations_merged",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("archived_at__isnull", False),
                            ("merged_into__isnull", False),
                            _connector="OR",
                        ),
                        fields=["id"],
                        name="organisations_gone",
                    ),
                    models.Index(
                        condition=models.Q(("public_profile", True)),
                        fields=["name_folded", "id"],
                        name="organisations_in_public",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_organisationhistory" ("archived_at", "city", "country", "created_at", "domain", "home_cluster_id", "id", "kind", "legal_name", "merged_into_id", "name_folded", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_profile", "region_id", "short_name", "version", "website") SELECT old_values."archived_at", old_values."city", old_values."country", old_values."created_at", old_values."domain", old_values."home_cluster_id", old_values."id", old_values."kind", old_values."legal_name", old_values."merged_into_id", old_values."name_folded", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."public_profile", old_values."region_id", old_values."short_name", old_values."version", old_values."website" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="2ed5b9304c67b8868f887b4bd0373405203a89be",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_0d9f5",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_organisation",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_organisationhistory" ("archived_at", "city", "country", "created_at", "domain", "home_cluster_id", "id", "kind", "legal_name", "merged_into_id", "name_folded", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_profile", "region_id", "short_name", "version", "website") SELECT old_values."archived_at", old_values."city", old_values."country", old_values."created_at", old_values."domain", old_values."home_cluster_id", old_values."id", old_values."kind", old_values."legal_name", old_values."merged_into_id", old_values."name_folded", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."public_profile", old_values."region_id", old_values."short_name", old_values."version", old_values."website" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="017b289c22271983ea4c366a374db3c38272b1cb",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_999fe",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_organisation",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MembershipHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("member", "member"),
                            ("prospect", "prospect"),
                            ("former", "former member"),
                            ("guest", "guest"),
                        ],
                        default="member",
                        max_length=10,
                        verbose_name="standing",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("founder", "founder"),
                            ("large", "large company"),
                            ("subsidiary", "subsidiary"),
                            ("sme", "SME"),
                            ("midcap", "midcap"),
                            ("research", "research centre"),
                            ("hospital", "hospital"),
                            ("university", "university"),
                            ("foundation", "foundation"),
                            ("park", "park"),
                        ],
                        default="sme",
                        max_length=12,
                        verbose_name="category",
                    ),
                ),
                (
                    "employees",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="employees"),
                ),
                (
                    "during",
                    django.contrib.postgres.fields.ranges.DateRangeField(blank=True, null=True),
                ),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        db_default=[],
                        default=list,
                        editable=False,
                        size=None,
                    ),
                ),
                (
                    "custom",
                    models.JSONField(blank=True, db_default={}, default=dict, editable=False),
                ),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                (
                    "cluster",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.cluster",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="looked after by",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.membership",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="2dad8a8cbb51f7de5a10ab59053fb581c3e45942",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_7177f",
                            table="crm_membershiphistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="membership",
            name="organisation",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships",
                to="crm.organisation",
            ),
        ),
        migrations.CreateModel(
            name="Join",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("told", models.JSONField(default=dict)),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "waits for an answer"),
                            ("agreed", "agreed"),
                            ("declined", "declined"),
                            ("withdrawn", "taken back"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "asked",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joins_to_answer",
                        to="crm.cluster",
                    ),
                ),
                (
                    "asker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joins_asked",
                        to="crm.cluster",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "home",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.cluster",
                    ),
                ),
                (
                    "merge",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="join",
                        to="crm.merge",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "indexes": [
                    models.Index(fields=["asked", "state"], name="joins_to_answer"),
                    models.Index(fields=["asker", "state"], name="joins_asked"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("organisation", "asked"),
                        name="one_cluster_is_asked_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("asker", models.F("asked")), _negated=True),
                        name="a_join_is_between_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("home", models.F("asker")),
                            ("home", models.F("asked")),
                            _connector="OR",
                        ),
                        name="one_of_the_two_is_home",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("merge__isnull", False), ("state", "agreed")),
                            models.Q(models.Q(("state", "agreed"), _negated=True), ("merge", None)),
                            _connector="OR",
                        ),
                        name="what_is_agreed_was_done",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DirectoryEntryHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("slug", models.SlugField(db_index=False, editable=False, max_length=100)),
                (
                    "descriptions",
                    crm.models.texts.TextsField(
                        blank=True, default=dict, verbose_name="what the organisation does"
                    ),
                ),
                (
                    "word",
                    models.CharField(blank=True, max_length=200, verbose_name="by whose word"),
                ),
                ("agreed_on", models.DateField(blank=True, null=True, verbose_name="agreed on")),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.directoryentry",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="159a7bee273a7e5de190a4970bf3e79e027c5eb1",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_a0ff0",
                            table="crm_directoryentryhistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="organisation",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entry",
                to="crm.organisation",
            ),
        ),
        migrations.CreateModel(
            name="OrganisationField",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "vocabulary",
                    models.CharField(
                        choices=[
                            ("area", "therapeutic area"),
                            ("product", "product kind"),
                            ("stage", "pipeline stage"),
                            ("market", "target market"),
                        ],
                        max_length=10,
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fields",
                        to="crm.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["vocabulary", "code"], name="organisations_by_code")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "vocabulary", "code"), name="a_fact_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OrganisationName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("folded", models.CharField(editable=False, max_length=200)),
                (
                    "during",
                    django.contrib.postgres.fields.ranges.DateRangeField(blank=True, null=True),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="names",
                        to="crm.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["folded"], name="former_name", opclasses=["gin_trgm_ops"]
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OwnPageRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hmac", models.BinaryField(max_length=32)),
                ("language", models.CharField(max_length=2)),
                ("network", models.CharField(max_length=49)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("mailed", "link sent"),
                            ("silent", "no mail"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("mailed_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["id"],
                        name="own_pages_to_be_mailed",
                    ),
                    models.Index(fields=["hmac", "mailed_at"], name="own_pages_of_a_mailbox"),
                    models.Index(fields=["network", "asked_at"], name="own_pages_from_a_network"),
                    models.Index(fields=["asked_at"], name="own_pages_by_age"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("member", "member"), ("coordinator", "coordinator")],
                        default="member",
                        max_length=12,
                        verbose_name="role",
                    ),
                ),
                (
                    "during",
                    django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="period"),
                ),
                (
                    "sharing",
                    models.CharField(
                        choices=[
                            ("counts", "counts only"),
                            ("core", "names, organisations, languages"),
                        ],
                        default="counts",
                        max_length=6,
                        verbose_name="shares",
                    ),
                ),
                (
                    "arrangement",
                    models.CharField(blank=True, max_length=200, verbose_name="arrangement"),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participations",
                        to="crm.alliance",
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participations",
                        to="crm.cluster",
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("alliance", "="), ("cluster", "="), ("during", "&&")],
                        name="one_participation_at_a_time",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("role", "coordinator")),
                        expressions=[("alliance", "="), ("during", "&&")],
                        name="one_coordinator_at_a_time",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_participationhistory" ("alliance_id", "arrangement", "cluster_id", "during", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "sharing") SELECT old_values."alliance_id", old_values."arrangement", old_values."cluster_id", old_values."during", old_values."id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."role", old_values."sharing" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="678d927a6e292759c8fff16731ebfd7e4b25a627",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_1954c",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_participation",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_participationhistory" ("alliance_id", "arrangement", "cluster_id", "during", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "sharing") SELECT old_values."alliance_id", old_values."arrangement", old_values."cluster_id", old_values."during", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."role", old_values."sharing" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="481a0bd2a996790f14c27a6e46de1d763f1a041e",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_e35b9",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_participation",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="alliance",
            name="clusters",
            field=models.ManyToManyField(
                related_name="alliances", through="crm.Participation", to="crm.cluster"
            ),
        ),
        migrations.CreateModel(
            name="ParticipationHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "role",
                    models.CharField(
                        choices=[("member", "member"), ("coordinator", "coordinator")],
                        default="member",
                        max_length=12,
                        verbose_name="role",
                    ),
                ),
                (
                    "during",
                    django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="period"),
                ),
                (
                    "sharing",
                    models.CharField(
                        choices=[
                            ("counts", "counts only"),
                            ("core", "names, organisations, languages"),
                        ],
                        default="counts",
                        max_length=6,
                        verbose_name="shares",
                    ),
                ),
                (
                    "arrangement",
                    models.CharField(blank=True, max_length=200, verbose_name="arrangement"),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.alliance",
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.cluster",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.participation",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="620e8416a01ce72ee0ef1eb4b301295cfec04155",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_f17b3",
                            table="crm_participationhistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("contact", "contact"),
                            ("follower", "follower"),
                            ("media", "media"),
                            ("partner", "partner"),
                        ],
                        default="contact",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=40, verbose_name="title")),
                ("given", models.CharField(blank=True, max_length=120, verbose_name="given name")),
                (
                    "family",
                    models.CharField(blank=True, max_length=120, verbose_name="family name"),
                ),
                ("name_folded", models.CharField(blank=True, editable=False, max_length=260)),
                (
                    "language",
                    models.CharField(blank=True, max_length=2, null=True, verbose_name="language"),
                ),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                (
                    "share_objected",
                    models.BooleanField(default=False, verbose_name="objected to sharing"),
                ),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        db_default=[],
                        default=list,
                        editable=False,
                        size=None,
                    ),
                ),
                (
                    "custom",
                    models.JSONField(blank=True, db_default={}, default=dict, editable=False),
                ),
                (
                    "paused_until",
                    models.DateField(blank=True, null=True, verbose_name="paused until"),
                ),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to="crm.cluster",
                        verbose_name="cluster",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="crm.person",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people_owned",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="looked after by",
                    ),
                ),
            ],
            options={
                "ordering": ["name_folded", "pk"],
                "indexes": [
                    models.Index(
                        fields=["cluster", "name_folded", "id"],
                        include=("share_objected", "archived_at", "erased_at", "merged_into"),
                        name="people_of_a_cluster",
                    ),
                    models.Index(
                        fields=["name_folded", "id"],
                        include=(
                            "cluster",
                            "share_objected",
                            "archived_at",
                            "erased_at",
                            "merged_into",
                        ),
                        name="people_in_order",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("archived_at", None), ("erased_at", None), ("merged_into", None)
                        ),
                        fields=["language", "name_folded", "id"],
                        include=("cluster", "share_objected"),
                        name="people_by_language",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("archived_at", None), ("erased_at", None), ("merged_into", None)
                        ),
                        fields=["-created_at", "name_folded", "id"],
                        include=("cluster", "share_objected"),
                        name="people_by_entry",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("archived_at", None), ("erased_at", None), ("merged_into", None)
                        ),
                        fields=["cluster", "kind", "language"],
                        include=("share_objected", "id"),
                        name="people_counted",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("archived_at__isnull", False),
                            ("erased_at__isnull", False),
                            ("merged_into__isnull", False),
                            _connector="OR",
                        ),
                        fields=["id"],
                        name="people_gone",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["name_folded"], name="person_name", opclasses=["gin_trgm_ops"]
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            models.Func(
                                models.F("phone"),
                                models.Value("\\D"),
                                models.Value(""),
                                models.Value("g"),
                                function="regexp_replace",
                                output_field=models.TextField(),
                            ),
                            "gin_trgm_ops",
                        ),
                        name="person_phone_digits",
                    ),
                    models.Index(
                        condition=models.Q(("owner__isnull", False)),
                        fields=["owner"],
                        name="people_owned",
                    ),
                    models.Index(
                        condition=models.Q(("merged_into__isnull", False)),
                        fields=["merged_into"],
                        name="people_merged",
                    ),
                    django.contrib.postgres.indexes.GinIndex(fields=["tags"], name="people_by_tag"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["custom"], name="people_by_custom", opclasses=["jsonb_path_ops"]
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="a_person_keeps_its_controller",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."cluster_id" IS DISTINCT FROM (NEW."cluster_id"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="e610582ce21aa4c1ed49b6d5305ab50023efb991",
                            operation="UPDATE",
                            pgid="pgtrigger_a_person_keeps_its_controller_2f2c3",
                            table="crm_person",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_personhistory" ("archived_at", "cluster_id", "created_at", "custom", "erased_at", "family", "given", "id", "kind", "language", "merged_into_id", "name_folded", "owner_id", "paused_until", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "share_objected", "tags", "title", "version") SELECT old_values."archived_at", old_values."cluster_id", old_values."created_at", old_values."custom", old_values."erased_at", old_values."family", old_values."given", old_values."id", old_values."kind", old_values."language", old_values."merged_into_id", old_values."name_folded", old_values."owner_id", old_values."paused_until", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."phone", old_values."share_objected", old_values."tags", old_values."title", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="c2cbba255017a7c56517eaf69b5a85cca4f7fa9c",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_46925",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_person",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_personhistory" ("archived_at", "cluster_id", "created_at", "custom", "erased_at", "family", "given", "id", "kind", "language", "merged_into_id", "name_folded", "owner_id", "paused_until", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "share_objected", "tags", "title", "version") SELECT old_values."archived_at", old_values."cluster_id", old_values."created_at", old_values."custom", old_values."erased_at", old_values."family", old_values."given", old_values."id", old_values."kind", old_values."language", old_values."merged_into_id", old_values."name_folded", old_values."owner_id", old_values."paused_until", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."phone", old_values."share_objected", old_values."tags", old_values."title", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="e91596bea29a5a91f426ee8a96e28f448ca46ca8",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_19f28",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_person",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("origin", models.CharField(max_length=200)),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notice",
                        to="crm.person",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("told_at", None)),
                        fields=["person"],
                        name="notices_to_be_given",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NoteHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("text", models.TextField(verbose_name="note")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.cluster",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.membership",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.note",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="56e17581747e6d64f1eabeafa2263f8237cf6aa6",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_e83b8",
                            table="crm_notehistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="note",
            name="person",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notes",
                to="crm.person",
            ),
        ),
        migrations.CreateModel(
            name="LegalBasis",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("missions", "missions and events"),
                            ("news", "news"),
                            ("press", "press releases"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("consent", "consent"),
                            ("soft-opt-in", "soft opt-in"),
                            ("member", "membership"),
                            ("legitimate-interest", "legitimate interest"),
                            ("public-task", "public task"),
                        ],
                        max_length=20,
                    ),
                ),
                ("since", models.DateField()),
                ("expires_on", models.DateField(blank=True, null=True)),
                (
                    "alliance",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="crm.alliance",
                    ),
                ),
                (
                    "barred_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.basisrule",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.consentrecord",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="legal_bases",
                        to="crm.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "purpose", "alliance"),
                        name="one_basis_per_purpose",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="consentrecord",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consent_records",
                to="crm.person",
            ),
        ),
        migrations.CreateModel(
            name="AttachmentHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField()),
                ("file", models.FileField(upload_to="attachments/")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.attachment",
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.cluster",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.membership",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="512617067c80b0eee595bc098cf6da6e496d28bc",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_ce94a",
                            table="crm_attachmenthistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="attachment",
            name="person",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attachments",
                to="crm.person",
            ),
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "value",
                    models.CharField(
                        choices=[
                            ("interested", "interested"),
                            ("not-now", "not now"),
                            ("colleague", "ask my colleague"),
                            ("declined", "declined"),
                            ("coming", "coming"),
                            ("maybe", "maybe"),
                            ("not-coming", "not coming"),
                        ],
                        max_length=12,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
                ("delivery", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "event",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="crm.event",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="crm.mission",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="crm.person",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["mission", "person", "-at"], name="answers_to_a_mission"),
                    models.Index(fields=["event", "person", "-at"], name="answers_to_an_event"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("event__isnull", False), ("mission", None)),
                            models.Q(("event", None), ("mission__isnull", False)),
                            _connector="OR",
                        ),
                        name="an_answer_to_a_mission_or_an_event",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="bca3ddd902d7cae13daeb759a0ab95f6558387be",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b95b9",
                            table="crm_answer",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("work", "work"), ("private", "private"), ("shared", "shared")],
                        default="work",
                        max_length=8,
                    ),
                ),
                ("is_primary", models.BooleanField(default=True)),
                ("since", models.DateField()),
                (
                    "address",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="crm.address",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="addresses",
                        to="crm.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "address"), name="one_use_of_a_mailbox"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_primary", True)),
                        fields=("person",),
                        include=("address",),
                        name="one_primary_mailbox",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_personaddresshistory" ("address_id", "id", "is_primary", "kind", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since") SELECT old_values."address_id", old_values."id", old_values."is_primary", old_values."kind", old_values."person_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."since" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="089febea0058670c91e0cb80fd8c6d20ca6a25cc",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_da593",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_personaddress",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_personaddresshistory" ("address_id", "id", "is_primary", "kind", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since") SELECT old_values."address_id", old_values."id", old_values."is_primary", old_values."kind", old_values."person_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."since" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="38cdeb6f8ff4bd9e3fcbd0831368e41ebcd69259",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_bddb4",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_personaddress",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonAddressHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("work", "work"), ("private", "private"), ("shared", "shared")],
                        default="work",
                        max_length=8,
                    ),
                ),
                ("is_primary", models.BooleanField(default=True)),
                ("since", models.DateField()),
                (
                    "address",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.address",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.person",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.personaddress",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="c680dc00ba1314a5a2024e9549eb1eb8c8e87c63",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_8c3a3",
                            table="crm_personaddresshistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("contact", "contact"),
                            ("follower", "follower"),
                            ("media", "media"),
                            ("partner", "partner"),
                        ],
                        default="contact",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=40, verbose_name="title")),
                ("given", models.CharField(blank=True, max_length=120, verbose_name="given name")),
                (
                    "family",
                    models.CharField(blank=True, max_length=120, verbose_name="family name"),
                ),
                ("name_folded", models.CharField(blank=True, editable=False, max_length=260)),
                (
                    "language",
                    models.CharField(blank=True, max_length=2, null=True, verbose_name="language"),
                ),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                (
                    "share_objected",
                    models.BooleanField(default=False, verbose_name="objected to sharing"),
                ),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        db_default=[],
                        default=list,
                        editable=False,
                        size=None,
                    ),
                ),
                (
                    "custom",
                    models.JSONField(blank=True, db_default={}, default=dict, editable=False),
                ),
                (
                    "paused_until",
                    models.DateField(blank=True, null=True, verbose_name="paused until"),
                ),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.cluster",
                        verbose_name="cluster",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.person",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="looked after by",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="65afc7b3406147e06b4f9d02ea5e5c28bbfc2023",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_4935f",
                            table="crm_personhistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Position",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("job", models.CharField(blank=True, max_length=120, verbose_name="job")),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("is_first", models.BooleanField(blank=True, db_default=False, editable=False)),
                (
                    "cluster",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.cluster",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="positions",
                        to="crm.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="positions",
                        to="crm.person",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["person", "id"],
                        include=("organisation", "during"),
                        name="posts_of_a_person",
                    ),
                    models.Index(
                        fields=["organisation", "person"],
                        include=("during", "id"),
                        name="posts_at_an_organisation",
                    ),
                    models.Index(
                        fields=["job", "person"],
                        include=("during", "id", "is_first"),
                        name="posts_by_job",
                    ),
                    models.Index(
                        fields=["cluster", "organisation", "person"],
                        include=("during", "id", "is_first", "job"),
                        name="posts_of_a_cluster",
                    ),
                ],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                django.db.models.expressions.CombinedExpression(
                                    models.F("person"), "+", models.Value(0)
                                ),
                                "=",
                            ),
                            (
                                django.db.models.expressions.CombinedExpression(
                                    models.F("organisation"), "+", models.Value(0)
                                ),
                                "=",
                            ),
                            ("during", "&&"),
                        ],
                        name="one_post_at_a_time_per_organisation",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("during__isempty", False)), name="a_post_lasts_a_day"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="knows_its_person",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                IF TG_OP = 'UPDATE' AND OLD.person_id = NEW.person_id\n                        AND (upper(OLD.during) IS NULL OR upper(NEW.during) IS NOT NULL) THEN\n                    NEW.cluster_id := OLD.cluster_id;\n                    NEW.is_first := OLD.is_first AND upper(NEW.during) IS NULL;\n                    RETURN NEW;\n                END IF;\n                EXECUTE 'SELECT cluster_id, $3 AND NOT EXISTS (SELECT FROM crm_position\n                    WHERE person_id = $1 AND is_first AND id <> $2) FROM crm_person WHERE id = $1'\n                INTO NEW.cluster_id, NEW.is_first\n                USING NEW.person_id, NEW.id, upper(NEW.during) IS NULL;\n                RETURN NEW;\n                ",
                            hash="9c87ebf38a8c6edcbce92c0db1f1cc8d0443cfcc",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_knows_its_person_4571a",
                            table="crm_position",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_positionhistory" ("during", "id", "job", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."during", old_values."id", old_values."job", old_values."organisation_id", old_values."person_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."during" IS DISTINCT FROM (new_values."during") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."job" IS DISTINCT FROM (new_values."job") OR old_values."organisation_id" IS DISTINCT FROM (new_values."organisation_id") OR old_values."person_id" IS DISTINCT FROM (new_values."person_id")) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="5f3216016ac548ecc2de36a654728162b24affc1",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_b87c3",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_position",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_positionhistory" ("during", "id", "job", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."during", old_values."id", old_values."job", old_values."organisation_id", old_values."person_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="54e40363810a56adb73fa462ec22587fc80d3b6f",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_c880f",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_position",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PositionHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("job", models.CharField(blank=True, max_length=120, verbose_name="job")),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.person",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.position",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="c2c904a256456ca92c423e32cfadec12b6f1881d",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_1ac88",
                            table="crm_positionhistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgrammeVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("n", models.PositiveSmallIntegerField()),
                (
                    "label",
                    models.CharField(
                        choices=[("provisional", "provisional"), ("final", "final")],
                        default="provisional",
                        max_length=12,
                    ),
                ),
                ("published_at", models.DateTimeField(null=True)),
                (
                    "event",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="programme_versions",
                        to="crm.event",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="programme_versions",
                        to="crm.mission",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("event__isnull", False), ("mission", None)),
                            models.Q(("event", None), ("mission__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_programme_of_a_mission_or_an_event",
                    ),
                    models.UniqueConstraint(
                        fields=("mission", "event", "n"),
                        name="one_nth_programme",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgrammeItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "item_uid",
                    models.UUIDField(help_text="The same over all versions of one programme."),
                ),
                ("sequence", models.PositiveSmallIntegerField()),
                ("day", models.DateField()),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("day", "all day"),
                            ("morning", "morning"),
                            ("afternoon", "afternoon"),
                            ("evening", "evening"),
                            ("hours", "hours"),
                        ],
                        max_length=10,
                    ),
                ),
                ("starts", models.TimeField(blank=True, null=True)),
                ("ends", models.TimeField(blank=True, null=True)),
                ("titles", crm.models.texts.TextsField(blank=True, default=dict)),
                ("place", models.CharField(blank=True, max_length=200)),
                ("city", models.CharField(blank=True, max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("arrival", "arrival"),
                            ("workshop", "workshop"),
                            ("visit", "visit"),
                            ("conference", "conference"),
                            ("meetings", "meetings"),
                            ("transfer", "transfer"),
                            ("fair", "fair"),
                            ("talk", "talk"),
                        ],
                        max_length=12,
                    ),
                ),
                ("co_organisers", models.CharField(blank=True, max_length=200)),
                ("optional", models.BooleanField(default=False)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="crm.programmeversion",
                    ),
                ),
            ],
            options={
                "ordering": ["day", "sequence"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "item_uid"), name="an_item_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("part", "hours"), _negated=True),
                            ("starts__isnull", False),
                            _connector="OR",
                        ),
                        name="hours_are_given_when_promised",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrganisationHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("legal_name", models.CharField(max_length=200, verbose_name="legal name")),
                (
                    "short_name",
                    models.CharField(blank=True, max_length=80, verbose_name="short name"),
                ),
                ("name_folded", models.CharField(editable=False, max_length=300)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("company", "company"),
                            ("research", "research body"),
                            ("hospital", "hospital"),
                            ("university", "university"),
                            ("park", "park"),
                            ("foundation", "foundation"),
                            ("partner", "partner abroad"),
                        ],
                        default="company",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("website", models.URLField(blank=True, verbose_name="website")),
                ("domain", models.CharField(blank=True, editable=False, max_length=255)),
                ("city", models.CharField(blank=True, max_length=120, verbose_name="city")),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                (
                    "public_profile",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="in the public directory"
                    ),
                ),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "home_cluster",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.cluster",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.organisation",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.organisation",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.region",
                        verbose_name="region",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="07aa238392a34595edb94c54b813d53bd1a4faa7",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_620ae",
                            table="crm_organisationhistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ClusterHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("slug", models.SlugField(db_index=False)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("run_by", models.CharField(blank=True, max_length=200, verbose_name="run by")),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        help_text="In order of preference.",
                        size=None,
                        verbose_name="languages",
                    ),
                ),
                (
                    "timezone",
                    models.CharField(
                        default="Europe/Paris", max_length=40, verbose_name="time zone"
                    ),
                ),
                ("postal_address", models.TextField(verbose_name="postal address")),
                (
                    "data_protection_contact",
                    models.EmailField(max_length=254, verbose_name="data protection contact"),
                ),
                ("from_name", models.CharField(max_length=120, verbose_name="sender name")),
                ("from_address", models.EmailField(max_length=254, verbose_name="sender address")),
                ("reply_to", models.EmailField(max_length=254, verbose_name="reply-to address")),
                (
                    "dkim_selector",
                    models.CharField(blank=True, max_length=63, verbose_name="DKIM selector"),
                ),
                ("website", models.URLField(blank=True, verbose_name="website")),
                (
                    "footer",
                    crm.models.texts.TextsField(blank=True, default=dict, verbose_name="footer"),
                ),
                ("quiet_from", models.TimeField(blank=True, null=True, verbose_name="quiet from")),
                (
                    "quiet_until",
                    models.TimeField(blank=True, null=True, verbose_name="quiet until"),
                ),
                (
                    "quiet_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        blank=True,
                        default=list,
                        help_text="Days of the week on which nothing leaves; Monday is 1.",
                        size=None,
                        verbose_name="quiet days",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.cluster",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.region",
                        verbose_name="region",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="074f5d74aee7d7190a40e509f189477ee907e9dc",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_c6d43",
                            table="crm_clusterhistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="cluster",
            name="region",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="clusters",
                to="crm.region",
                verbose_name="region",
            ),
        ),
        migrations.CreateModel(
            name="RegionHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("slug", models.SlugField(db_index=False)),
                (
                    "names",
                    crm.models.texts.TextsField(blank=True, default=dict, verbose_name="names"),
                ),
                ("country", models.CharField(max_length=2, verbose_name="country")),
                (
                    "codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="codes",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.region",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="1d325cd67c8cfd141fa45448fbe6b4c146a6a3f1",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_f302b",
                            table="crm_regionhistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("before", models.DateTimeField()),
                ("due", models.IntegerField()),
                ("gone", models.IntegerField(default=0)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "pk"],
                "indexes": [models.Index(fields=["rule", "-at"], name="last_run_of_a_rule")],
            },
        ),
        migrations.CreateModel(
            name="RightsRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("access", "to see their data"),
                            ("rectification", "to have it corrected"),
                            ("erasure", "to have it erased"),
                            ("objection", "objects to its use"),
                            ("portability", "to take it along"),
                        ],
                        max_length=13,
                        verbose_name="what is asked",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=240, verbose_name="who asks")),
                ("email", models.CharField(blank=True, max_length=320, verbose_name="address")),
                ("received_on", models.DateField(verbose_name="received")),
                ("due_on", models.DateField(verbose_name="to be answered by")),
                (
                    "extended_why",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="why it takes longer"
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="note")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("done", "done"),
                            ("declined", "declined with reasons"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("answered_on", models.DateField(blank=True, null=True)),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rights_requests",
                        to="crm.cluster",
                        verbose_name="cluster",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rights_requests",
                        to="crm.person",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["cluster", "due_on"],
                        name="open_rights_requests",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_on", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("answered_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="answered_on_a_day",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_rightsrequesthistory" ("answer", "answered_on", "at", "by_id", "cluster_id", "due_on", "email", "extended_why", "id", "kind", "name", "note", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_on", "state") SELECT old_values."answer", old_values."answered_on", old_values."at", old_values."by_id", old_values."cluster_id", old_values."due_on", old_values."email", old_values."extended_why", old_values."id", old_values."kind", old_values."name", old_values."note", old_values."person_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."received_on", old_values."state" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="c8f13270c2b6a2d676defc952f806d6c57a01a97",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_e5daa",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_rightsrequest",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_rightsrequesthistory" ("answer", "answered_on", "at", "by_id", "cluster_id", "due_on", "email", "extended_why", "id", "kind", "name", "note", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_on", "state") SELECT old_values."answer", old_values."answered_on", old_values."at", old_values."by_id", old_values."cluster_id", old_values."due_on", old_values."email", old_values."extended_why", old_values."id", old_values."kind", old_values."name", old_values."note", old_values."person_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."received_on", old_values."state" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="8bf15a7883a07b36adb7d663b0fb9ab29717597a",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_2cf10",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_rightsrequest",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RightsRequestHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("access", "to see their data"),
                            ("rectification", "to have it corrected"),
                            ("erasure", "to have it erased"),
                            ("objection", "objects to its use"),
                            ("portability", "to take it along"),
                        ],
                        max_length=13,
                        verbose_name="what is asked",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=240, verbose_name="who asks")),
                ("email", models.CharField(blank=True, max_length=320, verbose_name="address")),
                ("received_on", models.DateField(verbose_name="received")),
                ("due_on", models.DateField(verbose_name="to be answered by")),
                (
                    "extended_why",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="why it takes longer"
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="note")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("done", "done"),
                            ("declined", "declined with reasons"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("answered_on", models.DateField(blank=True, null=True)),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.cluster",
                        verbose_name="cluster",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.person",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.rightsrequest",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="11c1e174a5fc795003d6be0b7358155990e8233b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_3478a",
                            table="crm_rightsrequesthistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "noun",
                    models.CharField(
                        choices=[("person", "people"), ("organisation", "organisations")],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("conditions", models.JSONField(default=dict)),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("sort", models.CharField(blank=True, max_length=41)),
                ("is_default", models.BooleanField(default=False, verbose_name="opens first")),
                (
                    "cluster",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.cluster",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["cluster", "noun"], name="views_of_a_cluster")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "noun", "name"), name="a_view_of_mine_has_its_own_name"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("user", "noun"),
                        name="one_view_opens_first",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Figure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("metric", models.CharField(max_length=60)),
                ("value", models.DecimalField(decimal_places=2, max_digits=16)),
                (
                    "qualifier",
                    models.CharField(
                        choices=[
                            ("exact", ""),
                            ("over", "over"),
                            ("almost", "almost"),
                            ("about", "about"),
                            ("at_least", "at least"),
                        ],
                        default="exact",
                        max_length=10,
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=20)),
                ("as_of", models.DateField()),
                (
                    "as_of_precision",
                    models.CharField(
                        choices=[
                            ("day", "exact days"),
                            ("month", "month only"),
                            ("year", "year only"),
                        ],
                        default="day",
                        max_length=5,
                    ),
                ),
                (
                    "period",
                    django.contrib.postgres.fields.ranges.DateRangeField(blank=True, null=True),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="figures",
                        to="crm.alliance",
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="figures",
                        to="crm.cluster",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="figures",
                        to="crm.event",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="figures",
                        to="crm.mission",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="figures",
                        to="crm.organisation",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="crm.source"),
                ),
            ],
            options={
                "ordering": ["metric", "-as_of", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            models.Func(
                                models.F("alliance"),
                                models.F("cluster"),
                                models.F("organisation"),
                                models.F("mission"),
                                models.F("event"),
                                function="num_nonnulls",
                                output_field=models.IntegerField(),
                            ),
                            1,
                        ),
                        name="a_figure_is_about_one_thing",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="9d56afaf10ea02ee932ca4578e1b0cb351a0e827",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_03d94",
                            table="crm_figure",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "not confirmed"),
                            ("active", "active"),
                            ("left", "left"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "markets",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=50),
                        db_default=[],
                        default=list,
                        size=None,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("each", "each by itself"),
                            ("daily", "once a day, together"),
                            ("weekly", "once a week, together"),
                        ],
                        db_default="each",
                        default="each",
                        max_length=6,
                    ),
                ),
                ("digests_from", models.DateTimeField(blank=True, null=True)),
                ("digests_until", models.DateTimeField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="crm.person",
                    ),
                ),
            ],
            options={
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_subscriptionhistory" ("digests_from", "digests_until", "frequency", "id", "left_at", "markets", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since", "state", "topic_id") SELECT old_values."digests_from", old_values."digests_until", old_values."frequency", old_values."id", old_values."left_at", old_values."markets", old_values."person_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."since", old_values."state", old_values."topic_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="5ba314b46df592bf1cc181bf413417dd13a3b967",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_2baf5",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_subscription",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_subscriptionhistory" ("digests_from", "digests_until", "frequency", "id", "left_at", "markets", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since", "state", "topic_id") SELECT old_values."digests_from", old_values."digests_until", old_values."frequency", old_values."id", old_values."left_at", old_values."markets", old_values."person_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."since", old_values."state", old_values."topic_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="e00b9905d09ba6f502038799bf98b962f232c10c",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_31a9f",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_subscription",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("topic", "this topic"),
                            ("cluster", "this cluster"),
                            ("alliance", "this alliance"),
                            ("all", "everything"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("unsubscribed", "unsubscribed"),
                            ("objected", "objected"),
                            ("hard_bounce", "address does not exist"),
                            ("complaint", "marked a mail as spam"),
                            ("erased", "erased"),
                            ("manual", "entered by the cluster"),
                        ],
                        max_length=12,
                    ),
                ),
                ("delivery", models.BigIntegerField(blank=True, null=True)),
                ("merge", models.BigIntegerField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "address",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suppressions",
                        to="crm.address",
                    ),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="crm.alliance",
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="crm.cluster",
                    ),
                ),
            ],
            options={
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_suppressionhistory" ("address_id", "alliance_id", "cluster_id", "created_at", "delivery", "id", "lifted_at", "merge", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "scope", "topic_id") SELECT old_values."address_id", old_values."alliance_id", old_values."cluster_id", old_values."created_at", old_values."delivery", old_values."id", old_values."lifted_at", old_values."merge", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."reason", old_values."scope", old_values."topic_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="af4aff132855b171e1cefeb89e358ca5614febe3",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_3ff2b",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_suppression",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_suppressionhistory" ("address_id", "alliance_id", "cluster_id", "created_at", "delivery", "id", "lifted_at", "merge", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "scope", "topic_id") SELECT old_values."address_id", old_values."alliance_id", old_values."cluster_id", old_values."created_at", old_values."delivery", old_values."id", old_values."lifted_at", old_values."merge", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."scope", old_values."topic_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="6640f1077afe4fbc80e2d5890c680969b9021642",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_6858a",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_suppression",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("folded", models.CharField(editable=False, max_length=80)),
                (
                    "cluster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tags",
                        to="crm.cluster",
                    ),
                ),
            ],
            options={
                "ordering": ["folded", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("cluster", "folded"), name="a_tag_once_per_cluster"
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_taghistory" ("cluster_id", "folded", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."cluster_id", old_values."folded", old_values."id", old_values."name", _pgh_attached_context.value, NOW(), \'update\', old_values."id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="9b72ca9181205d4c7414c7da3e98ce061d2335ef",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_ba07a",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_tag",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_taghistory" ("cluster_id", "folded", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."cluster_id", old_values."folded", old_values."id", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="fd88145e45197edcdbae91af33689e0eadab2850",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_440b5",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_tag",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TagHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("folded", models.CharField(editable=False, max_length=80)),
                (
                    "cluster",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.cluster",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.tag",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="dbdb1917d57a0c64fa5293382f8a5fa5a5e2bd81",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_8a96d",
                            table="crm_taghistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(unique=True)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("missions", "missions and events"),
                            ("news", "news"),
                            ("press", "press releases"),
                        ],
                        max_length=10,
                    ),
                ),
                ("names", crm.models.texts.TextsField(blank=True, default=dict)),
                ("by_subscription_only", models.BooleanField(default=False)),
                ("public", models.BooleanField(default=False)),
                (
                    "alliance",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="crm.alliance",
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.cluster",
                    ),
                ),
                (
                    "controller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="topics",
                        to="crm.cluster",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("alliance", None), ("cluster__isnull", False)),
                            models.Q(("alliance__isnull", False), ("cluster", None)),
                            _connector="OR",
                        ),
                        name="a_topic_belongs_to_an_alliance_or_a_cluster",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_topichistory" ("alliance_id", "by_subscription_only", "cluster_id", "controller_id", "id", "names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public", "purpose", "slug") SELECT old_values."alliance_id", old_values."by_subscription_only", old_values."cluster_id", old_values."controller_id", old_values."id", old_values."names", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."public", old_values."purpose", old_values."slug" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="1ee23ab1e1580da2d194da688c197afbdb000030",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_c52b8",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="crm_topic",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_topichistory" ("alliance_id", "by_subscription_only", "cluster_id", "controller_id", "id", "names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public", "purpose", "slug") SELECT old_values."alliance_id", old_values."by_subscription_only", old_values."cluster_id", old_values."controller_id", old_values."id", old_values."names", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."public", old_values."purpose", old_values."slug" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="f915a884545b4e93fbe22757ca86d47833b1f82e",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_2ab53",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="crm_topic",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SuppressionHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("topic", "this topic"),
                            ("cluster", "this cluster"),
                            ("alliance", "this alliance"),
                            ("all", "everything"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("unsubscribed", "unsubscribed"),
                            ("objected", "objected"),
                            ("hard_bounce", "address does not exist"),
                            ("complaint", "marked a mail as spam"),
                            ("erased", "erased"),
                            ("manual", "entered by the cluster"),
                        ],
                        max_length=12,
                    ),
                ),
                ("delivery", models.BigIntegerField(blank=True, null=True)),
                ("merge", models.BigIntegerField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "address",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.address",
                    ),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.alliance",
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.cluster",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.suppression",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.topic",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="b62cf833912fe3b02907657af3acf424af65ce78",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_41c42",
                            table="crm_suppressionhistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="suppression",
            name="topic",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="crm.topic"
            ),
        ),
        migrations.CreateModel(
            name="SubscriptionHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "not confirmed"),
                            ("active", "active"),
                            ("left", "left"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "markets",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=50),
                        db_default=[],
                        default=list,
                        size=None,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("each", "each by itself"),
                            ("daily", "once a day, together"),
                            ("weekly", "once a week, together"),
                        ],
                        db_default="each",
                        default="each",
                        max_length=6,
                    ),
                ),
                ("digests_from", models.DateTimeField(blank=True, null=True)),
                ("digests_until", models.DateTimeField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.person",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.subscription",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.topic",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="45bdcf82c6e302699ddfd6cd66849216dce3dd84",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_271fc",
                            table="crm_subscriptionhistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="subscription",
            name="topic",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="subscriptions",
                to="crm.topic",
            ),
        ),
        migrations.AddField(
            model_name="consentrecord",
            name="topic",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="crm.topic",
            ),
        ),
        migrations.CreateModel(
            name="TopicHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("slug", models.SlugField(db_index=False)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("missions", "missions and events"),
                            ("news", "news"),
                            ("press", "press releases"),
                        ],
                        max_length=10,
                    ),
                ),
                ("names", crm.models.texts.TextsField(blank=True, default=dict)),
                ("by_subscription_only", models.BooleanField(default=False)),
                ("public", models.BooleanField(default=False)),
                (
                    "alliance",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.alliance",
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.cluster",
                    ),
                ),
                (
                    "controller",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.cluster",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="crm.topic",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="fab7e648f0e3d4bca19a556a2d887ce595cf91bf",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_19ae4",
                            table="crm_topichistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Tracking",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
                (
                    "address",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tracking",
                        to="crm.address",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.consentrecord",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Wording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=80)),
                ("language", models.CharField(max_length=2)),
                ("n", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("since", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["slug", "language", "-n"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("slug", "language", "n"), name="one_wording_a_number"
                    ),
                    models.UniqueConstraint(
                        fields=("slug", "language", "digest"), name="each_wording_is_kept_once"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="3516631dd68bb140f55d7665cfedf9bb51211c91",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_40cf6",
                            table="crm_wording",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Follow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.CharField(max_length=320)),
                ("hmac", models.BinaryField(max_length=32)),
                ("domain", models.CharField(max_length=255)),
                (
                    "topics",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                (
                    "markets",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=50), default=list, size=None
                    ),
                ),
                (
                    "frequency",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("each", "each by itself"),
                            ("daily", "once a day, together"),
                            ("weekly", "once a week, together"),
                        ],
                        max_length=6,
                    ),
                ),
                ("language", models.CharField(max_length=2)),
                ("wording", models.TextField()),
                ("shown_in", models.CharField(max_length=2)),
                ("network", models.CharField(max_length=49)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("mailed", "asked to confirm"),
                            ("silent", "no mail"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("mailed_at", models.DateTimeField(null=True)),
                ("message", models.CharField(blank=True, max_length=100)),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "alliance",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.alliance",
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.cluster",
                    ),
                ),
                (
                    "asked_with",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.wording",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["id"],
                        name="follows_to_be_mailed",
                    ),
                    models.Index(fields=["hmac", "mailed_at"], name="follows_of_a_mailbox"),
                    models.Index(fields=["network", "asked_at"], name="follows_from_a_network"),
                    models.Index(fields=["domain", "mailed_at"], name="follows_to_a_domain"),
                    models.Index(fields=["asked_at"], name="follows_by_age"),
                ],
            },
        ),
        migrations.AddField(
            model_name="consentrecord",
            name="asked_with",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="crm.wording",
            ),
        ),
        migrations.AddField(
            model_name="consentrecord",
            name="wording",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="crm.wording",
            ),
        ),
        migrations.CreateModel(
            name="AddressChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.CharField(max_length=320)),
                ("hmac", models.BinaryField(max_length=32)),
                ("language", models.CharField(max_length=2)),
                ("network", models.CharField(max_length=49)),
                ("asked_at", models.DateTimeField()),
                ("looked_at", models.DateTimeField(null=True)),
                ("mailed_at", models.DateTimeField(null=True)),
                ("old_agreed_at", models.DateTimeField(null=True)),
                ("new_agreed_at", models.DateTimeField(null=True)),
                ("refused_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "address",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.address",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("looked_at", None)),
                        fields=["id"],
                        name="address_changes_to_look_at",
                    ),
                    models.Index(fields=["hmac", "mailed_at"], name="address_changes_to_a_mailbox"),
                    models.Index(fields=["asked_at"], name="address_changes_by_age"),
                ],
            },
        ),
        migrations.CreateModel(
            name="BulkAct",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("noun", models.CharField(max_length=12)),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("tag", "Add a tag"),
                            ("untag", "Take a tag away"),
                            ("subscribe", "Subscribe to a topic"),
                            ("leave", "Leave a topic"),
                            ("language", "Set the language"),
                            ("owner", "Set who looks after them"),
                            ("archive", "Archive"),
                        ],
                        max_length=10,
                    ),
                ),
                ("value", models.CharField(blank=True, max_length=60)),
                ("said", models.CharField(max_length=200)),
                ("before", models.JSONField(default=dict)),
                ("skipped", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("kept", models.JSONField(default=list)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bulk_acts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["by", "-at"], name="bulk_acts_of_a_user")],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("verb", models.CharField(max_length=40)),
                ("noun", models.CharField(max_length=40)),
                ("row_id", models.BigIntegerField(null=True)),
                ("count", models.IntegerField(null=True)),
                ("detail", models.JSONField(default=dict)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.cluster",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["noun", "row_id", "-at"], name="audit_of_a_row")],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="00585ce0f9fa7d5f94b3fecc9a7b88f4d94cf578",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_89fc8",
                            table="crm_auditentry",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ColumnMemory",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("header_hash", models.CharField(max_length=64)),
                ("columns", models.JSONField()),
                (
                    "cluster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.cluster",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("cluster", "header_hash"), name="one_memory_per_header"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="contactpoint",
            index=models.Index(fields=["cluster", "mission"], name="desk_of_a_lane"),
        ),
        migrations.AddConstraint(
            model_name="contactpoint",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("cluster", "="),
                    (
                        django.db.models.functions.comparison.Coalesce(
                            models.F("mission"), models.Value(0)
                        ),
                        "=",
                    ),
                    ("role", "="),
                    ("during", "&&"),
                ],
                name="one_desk_at_a_time",
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["cluster", "standing", "category"], name="members"),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(
                condition=models.Q(("owner__isnull", False)),
                fields=["owner"],
                name="memberships_owned",
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["tags"], name="memberships_by_tag"
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["custom"], name="memberships_by_custom", opclasses=["jsonb_path_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                fields=("organisation", "cluster"), name="one_membership_per_cluster"
            ),
        ),
        migrations.AddConstraint(
            model_name="alliance",
            constraint=models.CheckConstraint(
                condition=models.Q(("digests_on__gte", 1), ("digests_on__lte", 7)),
                name="weekly_digests_leave_on_a_day_of_the_week",
            ),
        ),
        migrations.AddConstraint(
            model_name="alliance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("logo", ""), ("logo_says", "")),
                    models.Q(
                        ("logo_height__gt", 0),
                        ("logo_width__gt", 0),
                        models.Q(("logo", ""), _negated=True),
                        models.Q(("logo_says", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_logo_is_described_and_has_a_size",
            ),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["person", "-at"], name="notes_of_a_person"),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["membership", "-at"], name="notes_of_a_membership"),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("membership__isnull", False), ("person", None)),
                    models.Q(("membership", None), ("person__isnull", False)),
                    _connector="OR",
                ),
                name="a_note_on_a_person_or_a_membership",
            ),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(fields=["person", "-at"], name="attachments_of_a_person"),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(fields=["membership", "-at"], name="attachments_of_a_membership"),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("membership__isnull", False), ("person", None)),
                    models.Q(("membership", None), ("person__isnull", False)),
                    _connector="OR",
                ),
                name="an_attachment_of_a_person_or_a_membership",
            ),
        ),
        migrations.AddConstraint(
            model_name="cluster",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quiet_from", None), ("quiet_until", None)),
                    models.Q(("quiet_from__isnull", False), ("quiet_until__isnull", False)),
                    _connector="OR",
                ),
                name="quiet_hours_have_both_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="suppression",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at", None)),
                fields=("address", "scope", "topic", "cluster", "alliance"),
                name="one_standing_suppression",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="suppression",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("alliance", None),
                        ("cluster", None),
                        ("scope", "topic"),
                        ("topic__isnull", False),
                    ),
                    models.Q(
                        ("alliance", None),
                        ("cluster__isnull", False),
                        ("scope", "cluster"),
                        ("topic", None),
                    ),
                    models.Q(
                        ("alliance__isnull", False),
                        ("cluster", None),
                        ("scope", "alliance"),
                        ("topic", None),
                    ),
                    models.Q(
                        ("alliance", None), ("cluster", None), ("scope", "all"), ("topic", None)
                    ),
                    _connector="OR",
                ),
                name="a_suppression_names_its_scope",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                fields=("person", "topic"), name="one_wish_per_topic"
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("digests_from", None), ("digests_until", None), ("frequency", "each")
                    ),
                    models.Q(
                        ("digests_from__isnull", False),
                        ("digests_until__isnull", False),
                        ("frequency", "each"),
                    ),
                    models.Q(
                        ("digests_from__isnull", False),
                        ("digests_until", None),
                        models.Q(("frequency", "each"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="digests_have_a_beginning_and_each_has_their_end",
            ),
        ),
        migrations.AddIndex(
            model_name="consentrecord",
            index=models.Index(fields=["person", "at"], name="consent_of_a_person"),
        ),
        migrations.AddIndex(
            model_name="consentrecord",
            index=models.Index(
                condition=models.Q(("topic__isnull", False)),
                fields=["topic"],
                name="consent_to_a_topic",
            ),
        ),
        crm.triggers.CreateTriggers(),
    ]
