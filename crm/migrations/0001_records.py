import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.lookups
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import crm.models.texts


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
                    ),
                ),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        help_text="In order of preference.",
                        size=None,
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
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
                    ),
                ),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        help_text="In order of preference.",
                        size=None,
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
                        to="crm.alliance",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
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
                    ),
                ),
            ],
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
                ("website", models.URLField(blank=True, verbose_name="website")),
                (
                    "footer",
                    crm.models.texts.TextsField(blank=True, default=dict, verbose_name="footer"),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clusters",
                        to="crm.region",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
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
                    "paused_until",
                    models.DateField(blank=True, null=True, verbose_name="paused until"),
                ),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "cluster",
                    models.ForeignKey(
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="crm.person",
                    ),
                ),
            ],
            options={
                "ordering": ["name_folded", "pk"],
                "indexes": [
                    models.Index(
                        fields=["cluster", "name_folded", "id"], name="people_of_a_cluster"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["name_folded"], name="person_name", opclasses=["gin_trgm_ops"]
                    ),
                ],
            },
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
            },
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
                ("website", models.URLField(blank=True, verbose_name="website")),
                (
                    "footer",
                    crm.models.texts.TextsField(blank=True, default=dict, verbose_name="footer"),
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
                        choices=[("missions", "missions and events"), ("news", "news")],
                        max_length=10,
                    ),
                ),
                ("names", crm.models.texts.TextsField(blank=True, default=dict)),
                ("by_subscription_only", models.BooleanField(default=False)),
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
                        choices=[("missions", "missions and events"), ("news", "news")],
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
                ("wording", models.TextField(blank=True)),
                ("source", models.CharField(max_length=200)),
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.alliance",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.cluster",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consent_records",
                        to="crm.person",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.topic",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "at"], name="consent_of_a_person")],
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
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=40, verbose_name="title")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("email", models.EmailField(max_length=254, verbose_name="address")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
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
                (
                    "mission",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="crm.mission",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["cluster", "mission"], name="desk_of_a_lane")],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
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
                    )
                ],
            },
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
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=40, verbose_name="title")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("email", models.EmailField(max_length=254, verbose_name="address")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
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
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deadlines",
                        to="crm.mission",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
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
                ("texts", crm.models.texts.TextsField(blank=True, default=dict)),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
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
            },
        ),
        migrations.CreateModel(
            name="DisclaimerHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("texts", crm.models.texts.TextsField(blank=True, default=dict)),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
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
            },
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
                (
                    "mission",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="external_route",
                        to="crm.mission",
                    ),
                ),
            ],
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
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
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
                    models.Index(fields=["name_folded", "id"], name="organisation_order"),
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
                        choices=[("missions", "missions and events"), ("news", "news")],
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="crm.alliance",
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
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                (
                    "cluster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="crm.cluster",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="crm.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["cluster", "standing", "category"], name="members")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "cluster"), name="one_membership_per_cluster"
                    )
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
            },
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
            },
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
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
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
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "sharing",
                    models.CharField(
                        choices=[
                            ("counts", "counts only"),
                            ("core", "names, organisations, languages"),
                        ],
                        default="counts",
                        max_length=6,
                    ),
                ),
                ("arrangement", models.CharField(blank=True, max_length=200)),
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
            },
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
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "sharing",
                    models.CharField(
                        choices=[
                            ("counts", "counts only"),
                            ("core", "names, organisations, languages"),
                        ],
                        default="counts",
                        max_length=6,
                    ),
                ),
                ("arrangement", models.CharField(blank=True, max_length=200)),
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
                        name="one_primary_mailbox",
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
                    "paused_until",
                    models.DateField(blank=True, null=True, verbose_name="paused until"),
                ),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
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
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="positions",
                        to="crm.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="positions",
                        to="crm.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("person", "="), ("organisation", "="), ("during", "&&")],
                        name="one_post_at_a_time_per_organisation",
                    )
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
                ("since", models.DateTimeField()),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="crm.person",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="crm.topic",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "topic"), name="one_wish_per_topic")
                ],
            },
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
                ("since", models.DateTimeField()),
                ("left_at", models.DateTimeField(blank=True, null=True)),
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
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="crm.topic",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)),
                        fields=("address", "scope", "topic", "cluster", "alliance"),
                        name="one_standing_suppression",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
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
                                ("alliance", None),
                                ("cluster", None),
                                ("scope", "all"),
                                ("topic", None),
                            ),
                            _connector="OR",
                        ),
                        name="a_suppression_names_its_scope",
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
            },
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
                        choices=[("missions", "missions and events"), ("news", "news")],
                        max_length=10,
                    ),
                ),
                ("names", crm.models.texts.TextsField(blank=True, default=dict)),
                ("by_subscription_only", models.BooleanField(default=False)),
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
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="address",
            trigger=pgtrigger.compiler.Trigger(
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
            ),
        ),
        migrations.AddField(
            model_name="alliance",
            name="clusters",
            field=models.ManyToManyField(
                related_name="alliances", through="crm.Participation", to="crm.cluster"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="alliancehistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="eacc8ca5369716ffbb0a81caa5b512f497c615e9",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_9f549",
                    table="crm_alliancehistory",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditentry",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="00585ce0f9fa7d5f94b3fecc9a7b88f4d94cf578",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_89fc8",
                    table="crm_auditentry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="disclaimer",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_disclaimerhistory" ("alliance_id", "during", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "texts") SELECT old_values."alliance_id", old_values."during", old_values."id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."texts" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="a2ec39a4114d835c6f983961a1bdb69250b3ec0a",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e26cb",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="crm_disclaimer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="disclaimer",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_disclaimerhistory" ("alliance_id", "during", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "texts") SELECT old_values."alliance_id", old_values."during", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."texts" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="4f998a26c879459428a1dd225634a41836e4ffe1",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ffe58",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="crm_disclaimer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="disclaimerhistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="6fca62017dce7f1cf081814c286998fa3e1a62c9",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_77049",
                    table="crm_disclaimerhistory",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_eventhistory" ("answer_mode", "archived_at", "calendar_uid", "capacity", "city", "ends_at", "id", "join_url", "languages", "lead_cluster_id", "leads", "mode", "names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "previous_edition_id", "public", "sequence", "slug", "starts_at", "status", "timezone", "version") SELECT old_values."answer_mode", old_values."archived_at", old_values."calendar_uid", old_values."capacity", old_values."city", old_values."ends_at", old_values."id", old_values."join_url", old_values."languages", old_values."lead_cluster_id", old_values."leads", old_values."mode", old_values."names", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."place", old_values."previous_edition_id", old_values."public", old_values."sequence", old_values."slug", old_values."starts_at", old_values."status", old_values."timezone", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="91ce95c416dfcd751ea496e501efe4738ae8a2f5",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_cdc54",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="crm_event",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_eventhistory" ("answer_mode", "archived_at", "calendar_uid", "capacity", "city", "ends_at", "id", "join_url", "languages", "lead_cluster_id", "leads", "mode", "names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "previous_edition_id", "public", "sequence", "slug", "starts_at", "status", "timezone", "version") SELECT old_values."answer_mode", old_values."archived_at", old_values."calendar_uid", old_values."capacity", old_values."city", old_values."ends_at", old_values."id", old_values."join_url", old_values."languages", old_values."lead_cluster_id", old_values."leads", old_values."mode", old_values."names", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."place", old_values."previous_edition_id", old_values."public", old_values."sequence", old_values."slug", old_values."starts_at", old_values."status", old_values."timezone", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="398752d65e7eb632663e8d729ae45263a9ec6b2e",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_c4685",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="crm_event",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="eventhistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d73a56851e332e8f67cf56cc4ac5d8a50e917412",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_8bd4a",
                    table="crm_eventhistory",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="grant",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_granthistory" ("alliance_id", "cluster_id", "during", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id") SELECT old_values."alliance_id", old_values."cluster_id", old_values."during", old_values."id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."role", old_values."user_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="bbe92cc29f544f8f5f04f8911a87483936aed772",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_bcc9c",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="crm_grant",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="grant",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_granthistory" ("alliance_id", "cluster_id", "during", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id") SELECT old_values."alliance_id", old_values."cluster_id", old_values."during", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."role", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="8f2f02c667d17b83f83d51bbbc452e9dce0083d6",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_2f8a6",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="crm_grant",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="granthistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ed99bfdd9c0a4de4767c187628eb417b6b002a44",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_bdebe",
                    table="crm_granthistory",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="externalroutehistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="478e38dc2b9821c41b8b7e7f1df86543a00f4e99",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_97dde",
                    table="crm_externalroutehistory",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="externalroute",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_externalroutehistory" ("at", "id", "mission_id", "organiser", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "texts", "timezone", "url") SELECT old_values."at", old_values."id", old_values."mission_id", old_values."organiser", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."texts", old_values."timezone", old_values."url" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="73cfdfa4fa25ef939e782947e3e1a3d02fca4d96",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_67b6a",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="crm_externalroute",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="externalroute",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_externalroutehistory" ("at", "id", "mission_id", "organiser", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "texts", "timezone", "url") SELECT old_values."at", old_values."id", old_values."mission_id", old_values."organiser", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."texts", old_values."timezone", old_values."url" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="68c4034014f4d2a33d5d7fe978f3511f9002d12a",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_4b995",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="crm_externalroute",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deadlinehistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="cda2e1e80865b5127b106829a85cff253c74f4f6",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_0cf14",
                    table="crm_deadlinehistory",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deadline",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_deadlinehistory" ("at", "audience", "calendar_uid", "id", "mission_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sequence", "soft", "things", "timezone") SELECT old_values."at", old_values."audience", old_values."calendar_uid", old_values."id", old_values."mission_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."sequence", old_values."soft", old_values."things", old_values."timezone" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="d952d07995cab6c558fa23ca45a93f6eb6930da3",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e0a9d",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="crm_deadline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deadline",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_deadlinehistory" ("at", "audience", "calendar_uid", "id", "mission_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sequence", "soft", "things", "timezone") SELECT old_values."at", old_values."audience", old_values."calendar_uid", old_values."id", old_values."mission_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."sequence", old_values."soft", old_values."things", old_values."timezone" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="c1fb10a80124136160ff9c601173342ef3ae623d",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_34f21",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="crm_deadline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contactpointhistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="43a6041d0156f6ef670d4aadb881ba13062beb3c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_6d1ae",
                    table="crm_contactpointhistory",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contactpoint",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_contactpointhistory" ("cluster_id", "during", "email", "id", "mission_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "role", "succeeds_id", "title", "user_id") SELECT old_values."cluster_id", old_values."during", old_values."email", old_values."id", old_values."mission_id", old_values."name", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."phone", old_values."role", old_values."succeeds_id", old_values."title", old_values."user_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="f0e01fdb8ddf300e8c4d6a6a9a9cc5e5a1ffc774",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_6383a",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="crm_contactpoint",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contactpoint",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_contactpointhistory" ("cluster_id", "during", "email", "id", "mission_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "role", "succeeds_id", "title", "user_id") SELECT old_values."cluster_id", old_values."during", old_values."email", old_values."id", old_values."mission_id", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."phone", old_values."role", old_values."succeeds_id", old_values."title", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="d71ba8f3fae6825df69c00ee46c486c1b7703d6e",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_156e5",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="crm_contactpoint",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="missionhistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d4e34adc6859baab499cc0bc1e4e67939a98fcd7",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_99341",
                    table="crm_missionhistory",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membershiphistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="2dad8a8cbb51f7de5a10ab59053fb581c3e45942",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_7177f",
                    table="crm_membershiphistory",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_membershiphistory" ("archived_at", "category", "cluster_id", "during", "employees", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "standing") SELECT old_values."archived_at", old_values."category", old_values."cluster_id", old_values."during", old_values."employees", old_values."id", old_values."organisation_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."standing" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="d15ddf4279f3e067eb79cffd3e6cf0e657d854f2",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e2584",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="crm_membership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_membershiphistory" ("archived_at", "category", "cluster_id", "during", "employees", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "standing") SELECT old_values."archived_at", old_values."category", old_values."cluster_id", old_values."during", old_values."employees", old_values."id", old_values."organisation_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."standing" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="0d623997aebf314ecdbd962847f14ae4270136a3",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_52446",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="crm_membership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="participation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_participationhistory" ("alliance_id", "arrangement", "cluster_id", "during", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "sharing") SELECT old_values."alliance_id", old_values."arrangement", old_values."cluster_id", old_values."during", old_values."id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."role", old_values."sharing" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="c2694b1171cf4472a26a06d2b995a4972679395c",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_1954c",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="crm_participation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="participation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_participationhistory" ("alliance_id", "arrangement", "cluster_id", "during", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "sharing") SELECT old_values."alliance_id", old_values."arrangement", old_values."cluster_id", old_values."during", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."role", old_values."sharing" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="07f4c433dee50439a6f447df621be95f610c9fd8",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e35b9",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="crm_participation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="alliance",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_alliancehistory" ("call_id", "during", "funder", "hue", "id", "label", "languages", "name", "name_variants", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "status", "themes") SELECT old_values."call_id", old_values."during", old_values."funder", old_values."hue", old_values."id", old_values."label", old_values."languages", old_values."name", old_values."name_variants", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."slug", old_values."status", old_values."themes" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="03b293d02968e261d5342b8d83efbaad0aff2cf1",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d52f4",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="crm_alliance",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="alliance",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_alliancehistory" ("call_id", "during", "funder", "hue", "id", "label", "languages", "name", "name_variants", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "status", "themes") SELECT old_values."call_id", old_values."during", old_values."funder", old_values."hue", old_values."id", old_values."label", old_values."languages", old_values."name", old_values."name_variants", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."slug", old_values."status", old_values."themes" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="bd4f74ad8b268779f881f46ba53a86de0828906c",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_07471",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="crm_alliance",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="participationhistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="620e8416a01ce72ee0ef1eb4b301295cfec04155",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f17b3",
                    table="crm_participationhistory",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
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
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_personhistory" ("archived_at", "cluster_id", "erased_at", "family", "given", "id", "kind", "language", "merged_into_id", "name_folded", "paused_until", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "share_objected", "title", "version") SELECT old_values."archived_at", old_values."cluster_id", old_values."erased_at", old_values."family", old_values."given", old_values."id", old_values."kind", old_values."language", old_values."merged_into_id", old_values."name_folded", old_values."paused_until", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."phone", old_values."share_objected", old_values."title", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="617e48b521cf9628a00d3d71356745a144da1377",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_46925",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="crm_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_personhistory" ("archived_at", "cluster_id", "erased_at", "family", "given", "id", "kind", "language", "merged_into_id", "name_folded", "paused_until", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "share_objected", "title", "version") SELECT old_values."archived_at", old_values."cluster_id", old_values."erased_at", old_values."family", old_values."given", old_values."id", old_values."kind", old_values."language", old_values."merged_into_id", old_values."name_folded", old_values."paused_until", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."phone", old_values."share_objected", old_values."title", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="e73bdb08b78df235c222b3aa80a093961461c160",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_19f28",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="crm_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="answer",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="bca3ddd902d7cae13daeb759a0ab95f6558387be",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b95b9",
                    table="crm_answer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personaddress",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_personaddresshistory" ("address_id", "id", "is_primary", "kind", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since") SELECT old_values."address_id", old_values."id", old_values."is_primary", old_values."kind", old_values."person_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."since" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="5a7e851218da6413a81481d86735ae4add105cbd",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_da593",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="crm_personaddress",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personaddress",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_personaddresshistory" ("address_id", "id", "is_primary", "kind", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since") SELECT old_values."address_id", old_values."id", old_values."is_primary", old_values."kind", old_values."person_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."since" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="7b45ece0cfce4238d82de9593be809c1b2333285",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_bddb4",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="crm_personaddress",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personaddresshistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c680dc00ba1314a5a2024e9549eb1eb8c8e87c63",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_8c3a3",
                    table="crm_personaddresshistory",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personhistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="65afc7b3406147e06b4f9d02ea5e5c28bbfc2023",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_4935f",
                    table="crm_personhistory",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="position",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_positionhistory" ("during", "id", "job", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."during", old_values."id", old_values."job", old_values."organisation_id", old_values."person_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="2231905e8a8610133dd357775f37e2aed3fab1b2",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b87c3",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="crm_position",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="position",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_positionhistory" ("during", "id", "job", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."during", old_values."id", old_values."job", old_values."organisation_id", old_values."person_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="3cbd7a26d0e29f544757f5ce4c7459ac8392a5bf",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_c880f",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="crm_position",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="positionhistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c2c904a256456ca92c423e32cfadec12b6f1881d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_1ac88",
                    table="crm_positionhistory",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organisationhistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="07aa238392a34595edb94c54b813d53bd1a4faa7",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_620ae",
                    table="crm_organisationhistory",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organisation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_organisationhistory" ("archived_at", "city", "country", "domain", "home_cluster_id", "id", "kind", "legal_name", "merged_into_id", "name_folded", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "short_name", "version", "website") SELECT old_values."archived_at", old_values."city", old_values."country", old_values."domain", old_values."home_cluster_id", old_values."id", old_values."kind", old_values."legal_name", old_values."merged_into_id", old_values."name_folded", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."region_id", old_values."short_name", old_values."version", old_values."website" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="f34c0743bcd4994b0e5dd04ed1a155280e01f6ca",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0d9f5",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="crm_organisation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organisation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_organisationhistory" ("archived_at", "city", "country", "domain", "home_cluster_id", "id", "kind", "legal_name", "merged_into_id", "name_folded", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "short_name", "version", "website") SELECT old_values."archived_at", old_values."city", old_values."country", old_values."domain", old_values."home_cluster_id", old_values."id", old_values."kind", old_values."legal_name", old_values."merged_into_id", old_values."name_folded", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."region_id", old_values."short_name", old_values."version", old_values."website" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="9ce70ac760b7523c8b713be941454ea27a7efcea",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_999fe",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="crm_organisation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mission",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_missionhistory" ("archived_at", "during", "eligible_categories", "id", "lead_cluster_id", "leads", "market_id", "names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "precision", "public", "slug", "status", "terms", "version") SELECT old_values."archived_at", old_values."during", old_values."eligible_categories", old_values."id", old_values."lead_cluster_id", old_values."leads", old_values."market_id", old_values."names", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."precision", old_values."public", old_values."slug", old_values."status", old_values."terms", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="51693084b1eaecc1317c3e7040d75aff200f235f",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_bf67c",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="crm_mission",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mission",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_missionhistory" ("archived_at", "during", "eligible_categories", "id", "lead_cluster_id", "leads", "market_id", "names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "precision", "public", "slug", "status", "terms", "version") SELECT old_values."archived_at", old_values."during", old_values."eligible_categories", old_values."id", old_values."lead_cluster_id", old_values."leads", old_values."market_id", old_values."names", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."precision", old_values."public", old_values."slug", old_values."status", old_values."terms", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="a4afb0e6a33cba61861c3d8cf17d565fa1ff843d",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_a1e74",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="crm_mission",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="clusterhistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="074f5d74aee7d7190a40e509f189477ee907e9dc",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c6d43",
                    table="crm_clusterhistory",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cluster",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_clusterhistory" ("data_protection_contact", "footer", "from_address", "from_name", "id", "languages", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "postal_address", "region_id", "reply_to", "run_by", "slug", "timezone", "website") SELECT old_values."data_protection_contact", old_values."footer", old_values."from_address", old_values."from_name", old_values."id", old_values."languages", old_values."name", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."postal_address", old_values."region_id", old_values."reply_to", old_values."run_by", old_values."slug", old_values."timezone", old_values."website" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="6c56daa0c3249729d8ed78f5afed2b45ee97caa9",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c2770",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="crm_cluster",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cluster",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_clusterhistory" ("data_protection_contact", "footer", "from_address", "from_name", "id", "languages", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "postal_address", "region_id", "reply_to", "run_by", "slug", "timezone", "website") SELECT old_values."data_protection_contact", old_values."footer", old_values."from_address", old_values."from_name", old_values."id", old_values."languages", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."postal_address", old_values."region_id", old_values."reply_to", old_values."run_by", old_values."slug", old_values."timezone", old_values."website" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="3771f27902d186b6572d39130adaa3beb6822fd9",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_aab63",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="crm_cluster",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="figure",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="9d56afaf10ea02ee932ca4578e1b0cb351a0e827",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_03d94",
                    table="crm_figure",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="topic",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_topichistory" ("alliance_id", "by_subscription_only", "cluster_id", "controller_id", "id", "names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "slug") SELECT old_values."alliance_id", old_values."by_subscription_only", old_values."cluster_id", old_values."controller_id", old_values."id", old_values."names", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."purpose", old_values."slug" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="2d9243a19c3cbdd1bbb2dff8d952d0df3a0f0a12",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c52b8",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="crm_topic",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="topic",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_topichistory" ("alliance_id", "by_subscription_only", "cluster_id", "controller_id", "id", "names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "slug") SELECT old_values."alliance_id", old_values."by_subscription_only", old_values."cluster_id", old_values."controller_id", old_values."id", old_values."names", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."purpose", old_values."slug" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="97c8fb6da9866ba7195fba9eaf6f44b520149026",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_2ab53",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="crm_topic",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="suppressionhistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="b62cf833912fe3b02907657af3acf424af65ce78",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_41c42",
                    table="crm_suppressionhistory",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="suppression",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_suppressionhistory" ("address_id", "alliance_id", "cluster_id", "created_at", "delivery", "id", "lifted_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "scope", "topic_id") SELECT old_values."address_id", old_values."alliance_id", old_values."cluster_id", old_values."created_at", old_values."delivery", old_values."id", old_values."lifted_at", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."reason", old_values."scope", old_values."topic_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="3451a54933d69872963a4d9f90e7c4b286cb1924",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_3ff2b",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="crm_suppression",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="suppression",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_suppressionhistory" ("address_id", "alliance_id", "cluster_id", "created_at", "delivery", "id", "lifted_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "scope", "topic_id") SELECT old_values."address_id", old_values."alliance_id", old_values."cluster_id", old_values."created_at", old_values."delivery", old_values."id", old_values."lifted_at", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."scope", old_values."topic_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="1ddd27f73b69376421b4eb6a7bdd9f646b383413",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_6858a",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="crm_suppression",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="subscriptionhistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="45bdcf82c6e302699ddfd6cd66849216dce3dd84",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_271fc",
                    table="crm_subscriptionhistory",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="subscription",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_subscriptionhistory" ("id", "left_at", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since", "state", "topic_id") SELECT old_values."id", old_values."left_at", old_values."person_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."since", old_values."state", old_values."topic_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="f9848098cc065eb216f9cba67918770e53a7252a",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2baf5",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="crm_subscription",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="subscription",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_subscriptionhistory" ("id", "left_at", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since", "state", "topic_id") SELECT old_values."id", old_values."left_at", old_values."person_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."since", old_values."state", old_values."topic_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="ca5782e34d9b59c05cc6722ebabeef0068fd957e",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_31a9f",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="crm_subscription",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consentrecord",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c6f191f0ed2347af05469d7ee78ae5d74d5850b7",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f803d",
                    table="crm_consentrecord",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="topichistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="fab7e648f0e3d4bca19a556a2d887ce595cf91bf",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_19ae4",
                    table="crm_topichistory",
                    when="BEFORE",
                ),
            ),
        ),
    ]
