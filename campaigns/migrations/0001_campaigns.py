import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("crm", "0001_records"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Audience",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ref", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("include", models.JSONField()),
                ("exclude", models.JSONField(blank=True, null=True)),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="audiences",
                        to="crm.alliance",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ref", models.SlugField(max_length=80, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mission-call", "mission call"),
                            ("event-invitation", "event invitation"),
                            ("letter", "letters"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[("missions", "missions and events"), ("news", "news")],
                        default="missions",
                        max_length=10,
                    ),
                ),
                (
                    "same_as",
                    models.CharField(
                        blank=True,
                        help_text="Campaigns of several alliances that tell one story share it: one copy a person.",
                        max_length=80,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("scheduled", "scheduled"),
                            ("sending", "sending"),
                            ("paused", "paused"),
                            ("finished", "finished"),
                            ("cancelled", "cancelled"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("send_at", models.DateTimeField(blank=True, null=True)),
                ("timezone", models.CharField(default="Europe/Paris", max_length=40)),
                (
                    "pace",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Mails per second over all workers; empty: unlimited.",
                        null=True,
                    ),
                ),
                ("next_slot_at", models.DateTimeField(null=True)),
                ("fence_epoch", models.PositiveIntegerField(default=1)),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                (
                    "trouble",
                    models.CharField(
                        blank=True,
                        help_text="Why nothing leaves at the moment, as a sentence.",
                        max_length=300,
                    ),
                ),
                (
                    "canary",
                    models.BooleanField(
                        default=False,
                        help_text="Only the canary's batches leave; the rest waits for the look.",
                    ),
                ),
                ("canary_ends_at", models.DateTimeField(blank=True, null=True)),
                (
                    "forgiven",
                    models.JSONField(
                        default=dict,
                        help_text="What the breaker had counted when a person let it go on.",
                    ),
                ),
                (
                    "uncompiled",
                    models.CharField(
                        blank=True,
                        help_text="Why its mails are written one by one, slowly.",
                        max_length=300,
                    ),
                ),
                ("reason_paused", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "alliance",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="crm.alliance",
                    ),
                ),
                (
                    "audience",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="campaigns.audience",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="crm.event",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="crm.mission",
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
                    "topic",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="crm.topic",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "scheduled")),
                        fields=["send_at"],
                        name="campaigns_to_start",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContentVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("n", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="content_versions",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "n"), name="one_nth_content_version"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Release",
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
                            ("waiting", "waits for signature"),
                            ("held", "on hold"),
                            ("released", "released"),
                            ("freezing", "being counted"),
                            ("sending", "sending"),
                            ("done", "done"),
                            ("declined", "declined"),
                            ("lapsed", "lapsed"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("by_date", models.DateField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("expected", models.IntegerField(null=True)),
                ("excluded", models.IntegerField(null=True)),
                ("freeze_began_at", models.DateTimeField(null=True)),
                ("frozen_at", models.DateTimeField(null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="releases",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="releases",
                        to="crm.cluster",
                    ),
                ),
                (
                    "contact_point",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="releases",
                        to="crm.contactpoint",
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
                    "signed_version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="campaigns.contentversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "cluster"),
                        name="one_lane_per_cluster",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("occasion", models.CharField(blank=True, default="", max_length=64)),
                ("language", models.CharField(max_length=2)),
                (
                    "variant",
                    models.CharField(
                        choices=[
                            ("member", "for members"),
                            ("outside", "from outside the regions"),
                            ("public", "public version"),
                        ],
                        default="member",
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "waiting"),
                            (2, "on the line"),
                            (3, "accepted"),
                            (4, "failed"),
                            (5, "stopped by the reader"),
                            (6, "cancelled"),
                            (7, "expired"),
                            (8, "undecided"),
                        ],
                        default=1,
                    ),
                ),
                ("generation", models.PositiveSmallIntegerField(default=0)),
                ("deferred_n", models.PositiveSmallIntegerField(default=0)),
                ("first_tried_at", models.DateTimeField(null=True)),
                ("armed_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("bounced_at", models.DateTimeField(null=True)),
                (
                    "bounce_class",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "the mailbox does not exist"),
                            (2, "the mailbox does not take mail now"),
                            (3, "the server refuses our mail"),
                            (4, "another reason"),
                        ],
                        null=True,
                    ),
                ),
                ("complained_at", models.DateTimeField(null=True)),
                ("reply", models.CharField(blank=True, default="", max_length=160)),
                (
                    "address",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="crm.address",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "contact_point",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.contactpoint",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="crm.person",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="campaigns.release",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("bounced_at__isnull", False),
                            ("complained_at__isnull", False),
                            _connector="OR",
                        ),
                        fields=["campaign"],
                        name="deliveries_that_came_back",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "address", "occasion"), name="one_copy_per_address"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__gte", 1), ("state__lte", 8)),
                        name="a_known_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("generation", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("relay", models.CharField(blank=True, db_default="", max_length=80)),
                ("phase", models.CharField(max_length=12)),
                ("code", models.PositiveSmallIntegerField(null=True)),
                ("text", models.CharField(max_length=300)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("failed", "refused"),
                            ("deferred", "put off"),
                            ("unknown", "undecided"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="campaigns.delivery",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("delivery", "generation"), name="one_end_per_attempt"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AudienceHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("ref", models.SlugField(db_index=False)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("include", models.JSONField()),
                ("exclude", models.JSONField(blank=True, null=True)),
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
                        to="campaigns.audience",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_id", models.BigIntegerField()),
                ("last_id", models.BigIntegerField()),
                (
                    "canary",
                    models.BooleanField(
                        db_default=False,
                        help_text="Leaves before the rest, so that a bad start is seen early.",
                    ),
                ),
                (
                    "ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        help_text="A second try: exactly these; otherwise the whole range.",
                        null=True,
                        size=None,
                    ),
                ),
                ("owner", models.UUIDField(null=True)),
                ("session_pid", models.IntegerField(null=True)),
                ("session_started_at", models.DateTimeField(null=True)),
                ("generation", models.PositiveIntegerField(default=0)),
                (
                    "not_before",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("lease_until", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "sent",
                    models.PositiveIntegerField(
                        db_default=0, help_text="Mails that were put on the line."
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batches",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="campaigns.release",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None), ("lease_until", None)),
                        fields=["campaign", "id"],
                        name="batches_to_claim",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CampaignHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("ref", models.SlugField(db_index=False, max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mission-call", "mission call"),
                            ("event-invitation", "event invitation"),
                            ("letter", "letters"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[("missions", "missions and events"), ("news", "news")],
                        default="missions",
                        max_length=10,
                    ),
                ),
                (
                    "same_as",
                    models.CharField(
                        blank=True,
                        help_text="Campaigns of several alliances that tell one story share it: one copy a person.",
                        max_length=80,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("scheduled", "scheduled"),
                            ("sending", "sending"),
                            ("paused", "paused"),
                            ("finished", "finished"),
                            ("cancelled", "cancelled"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("send_at", models.DateTimeField(blank=True, null=True)),
                ("timezone", models.CharField(default="Europe/Paris", max_length=40)),
                (
                    "pace",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Mails per second over all workers; empty: unlimited.",
                        null=True,
                    ),
                ),
                ("next_slot_at", models.DateTimeField(null=True)),
                ("fence_epoch", models.PositiveIntegerField(default=1)),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                (
                    "trouble",
                    models.CharField(
                        blank=True,
                        help_text="Why nothing leaves at the moment, as a sentence.",
                        max_length=300,
                    ),
                ),
                (
                    "canary",
                    models.BooleanField(
                        default=False,
                        help_text="Only the canary's batches leave; the rest waits for the look.",
                    ),
                ),
                ("canary_ends_at", models.DateTimeField(blank=True, null=True)),
                (
                    "forgiven",
                    models.JSONField(
                        default=dict,
                        help_text="What the breaker had counted when a person let it go on.",
                    ),
                ),
                (
                    "uncompiled",
                    models.CharField(
                        blank=True,
                        help_text="Why its mails are written one by one, slowly.",
                        max_length=300,
                    ),
                ),
                ("reason_paused", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "alliance",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.alliance",
                    ),
                ),
                (
                    "audience",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="campaigns.audience",
                    ),
                ),
                (
                    "created_by",
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
                    "event",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.event",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.mission",
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
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "started_by",
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
                    "topic",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.topic",
                    ),
                ),
                (
                    "content_version",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="campaigns.contentversion",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ContentText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=2)),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                (
                    "preheader",
                    models.CharField(blank=True, max_length=200, verbose_name="preview line"),
                ),
                ("blocks", models.JSONField(default=list)),
                ("ready", models.BooleanField(default=True, verbose_name="ready to be sent")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "language"), name="one_draft_per_language"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DomainPace",
            fields=[
                ("domain", models.CharField(max_length=255, primary_key=True, serialize=False)),
                (
                    "rate",
                    models.FloatField(help_text="Mails a second, over all campaigns and workers."),
                ),
                (
                    "next_slot_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "slowed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("why", models.CharField(blank=True, default="", max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name="Exclusion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "archived"),
                            (2, "no address"),
                            (3, "address bounces"),
                            (4, "never to be written to"),
                            (5, "left the alliance"),
                            (6, "left the cluster"),
                            (7, "left the topic"),
                            (8, "no legal basis"),
                            (9, "paused by the reader"),
                            (10, "written to too often lately"),
                            (11, "no language ready"),
                            (12, "already written to by the alliance"),
                            (13, "belongs to another lane"),
                            (14, "shares an address with another person"),
                        ]
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exclusions",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exclusions",
                        to="crm.person",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exclusions",
                        to="campaigns.release",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "person"), name="one_exclusion_per_person"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HookEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("provider", models.CharField(max_length=20)),
                ("event_key", models.CharField(max_length=100)),
                (
                    "received_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("payload", models.JSONField()),
                ("processed_at", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("parked_at", models.DateTimeField(null=True)),
                ("trouble", models.CharField(blank=True, default="", max_length=300)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("parked_at", None), ("processed_at", None)),
                        fields=["id"],
                        name="hook_events_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "event_key"), name="one_row_per_event"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Installation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("epoch", models.PositiveIntegerField(default=1)),
                ("site", models.UUIDField(null=True)),
                ("beat", models.BigIntegerField(default=0)),
                ("fenced_at", models.DateTimeField(null=True)),
                ("fenced_why", models.CharField(blank=True, default="", max_length=300)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="only_one_installation"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LaneText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=2)),
                ("text", models.TextField()),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="campaigns.release",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("release", "language"), name="one_introduction_per_language"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReleaseHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "waits for signature"),
                            ("held", "on hold"),
                            ("released", "released"),
                            ("freezing", "being counted"),
                            ("sending", "sending"),
                            ("done", "done"),
                            ("declined", "declined"),
                            ("lapsed", "lapsed"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("by_date", models.DateField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("expected", models.IntegerField(null=True)),
                ("excluded", models.IntegerField(null=True)),
                ("freeze_began_at", models.DateTimeField(null=True)),
                ("frozen_at", models.DateTimeField(null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.cluster",
                    ),
                ),
                (
                    "contact_point",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.contactpoint",
                    ),
                ),
                (
                    "decided_by",
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
                        to="campaigns.release",
                    ),
                ),
                (
                    "signed_version",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="campaigns.contentversion",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="VersionText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=2)),
                ("subject", models.CharField(max_length=200)),
                ("preheader", models.CharField(blank=True, max_length=200)),
                ("blocks", models.JSONField()),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="campaigns.contentversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "language"), name="one_text_per_language"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SuppressionStop",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("crm.suppression",),
        ),
        migrations.CreateModel(
            name="Deferral",
            fields=[
                (
                    "delivery",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="deferral",
                        serialize=False,
                        to="campaigns.delivery",
                    ),
                ),
                ("not_before", models.DateTimeField()),
                ("reason", models.CharField(max_length=200)),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deferrals",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["not_before"], name="deferrals_due"),
                    models.Index(fields=["campaign"], name="deferrals_of_a_campaign"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "delivery",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="campaigns.delivery",
                    ),
                ),
                ("mail", models.BinaryField()),
            ],
        ),
        migrations.AddField(
            model_name="campaign",
            name="content_version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="campaigns.contentversion",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="suppressionstop",
            trigger=pgtrigger.compiler.Trigger(
                name="stop_waiting_deliveries",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    UPDATE campaigns_delivery d SET state = 5, settled_at = clock_timestamp()\n                    FROM campaigns_campaign c\n                    WHERE d.campaign_id = ANY(ARRAY(\n                            SELECT id FROM campaigns_campaign\n                            WHERE status IN ('sending', 'paused') AND kind <> 'letter'))\n                      AND d.address_id = NEW.address_id AND d.state = 1\n                      AND c.id = d.campaign_id\n                      AND (NEW.scope = 'all'\n                        OR (NEW.scope = 'alliance' AND c.alliance_id = NEW.alliance_id)\n                        OR (NEW.scope = 'topic' AND c.topic_id = NEW.topic_id)\n                        OR (NEW.scope = 'cluster' AND EXISTS (\n                              SELECT FROM crm_person p\n                              WHERE p.id = d.person_id AND p.cluster_id = NEW.cluster_id)));\n                    RETURN NULL;\n                    ",
                    hash="c67cd6e5e56d7e5e26a214dc04c37acdc03c1d37",
                    operation="INSERT",
                    pgid="pgtrigger_stop_waiting_deliveries_88970",
                    table="crm_suppression",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="audience",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_audiencehistory" ("alliance_id", "exclude", "id", "include", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "ref") SELECT old_values."alliance_id", old_values."exclude", old_values."id", old_values."include", old_values."name", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."ref" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="c2a6bbaa4e5b7ae46c0f828e2f1f945f511e69e3",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_6af19",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="campaigns_audience",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="audience",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_audiencehistory" ("alliance_id", "exclude", "id", "include", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "ref") SELECT old_values."alliance_id", old_values."exclude", old_values."id", old_values."include", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."ref" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="42a7d4ef2fe31ea6c9fee89c1bf068c0aa393f4b",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_34534",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="campaigns_audience",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="audiencehistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f64f6b3d09e20ea62791586181af91166898eb14",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_80853",
                    table="campaigns_audiencehistory",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contentversion",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c071f5cb638e2f9c360982e895b83e9d9c60ab50",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f3f6a",
                    table="campaigns_contentversion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="campaignhistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="a6be9ce67de76ce21bb2242deb7254251b72cbcb",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_6067c",
                    table="campaigns_campaignhistory",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "scheduled"), _negated=True),
                    ("send_at__isnull", False),
                    _connector="OR",
                ),
                name="a_scheduled_campaign_has_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("alliance", None), ("kind", "letter")),
                    models.Q(
                        models.Q(("kind", "letter"), _negated=True),
                        ("alliance__isnull", False),
                        ("audience__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="letters_have_no_alliance_and_mailings_do",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="campaign",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_campaignhistory" ("alliance_id", "audience_id", "canary", "canary_ends_at", "content_version_id", "created_at", "created_by_id", "event_id", "fence_epoch", "finished_at", "forgiven", "id", "kind", "mission_id", "next_slot_at", "pace", "paused_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "reason_paused", "ref", "same_as", "send_at", "started_at", "started_by_id", "status", "timezone", "topic_id", "trouble", "uncompiled") SELECT old_values."alliance_id", old_values."audience_id", old_values."canary", old_values."canary_ends_at", old_values."content_version_id", old_values."created_at", old_values."created_by_id", old_values."event_id", old_values."fence_epoch", old_values."finished_at", old_values."forgiven", old_values."id", old_values."kind", old_values."mission_id", old_values."next_slot_at", old_values."pace", old_values."paused_at", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."purpose", old_values."reason_paused", old_values."ref", old_values."same_as", old_values."send_at", old_values."started_at", old_values."started_by_id", old_values."status", old_values."timezone", old_values."topic_id", old_values."trouble", old_values."uncompiled" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="d4accac8c96282ea2521af02ad48f125d8bff497",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f2afa",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="campaigns_campaign",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="campaign",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_campaignhistory" ("alliance_id", "audience_id", "canary", "canary_ends_at", "content_version_id", "created_at", "created_by_id", "event_id", "fence_epoch", "finished_at", "forgiven", "id", "kind", "mission_id", "next_slot_at", "pace", "paused_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "reason_paused", "ref", "same_as", "send_at", "started_at", "started_by_id", "status", "timezone", "topic_id", "trouble", "uncompiled") SELECT old_values."alliance_id", old_values."audience_id", old_values."canary", old_values."canary_ends_at", old_values."content_version_id", old_values."created_at", old_values."created_by_id", old_values."event_id", old_values."fence_epoch", old_values."finished_at", old_values."forgiven", old_values."id", old_values."kind", old_values."mission_id", old_values."next_slot_at", old_values."pace", old_values."paused_at", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."purpose", old_values."reason_paused", old_values."ref", old_values."same_as", old_values."send_at", old_values."started_at", old_values."started_by_id", old_values."status", old_values."timezone", old_values."topic_id", old_values."trouble", old_values."uncompiled" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="f4347543b06c8b5ce6037d49a2066dd7dae0574f",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_4123f",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="campaigns_campaign",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attempt",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="8d36767ab4a9234e1e8e80a039ed29a49ee3ddd7",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_87f8c",
                    table="campaigns_attempt",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="release",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_releasehistory" ("by_date", "campaign_id", "cluster_id", "contact_point_id", "decided_at", "decided_by_id", "excluded", "expected", "freeze_began_at", "frozen_at", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "signed_version_id", "status") SELECT old_values."by_date", old_values."campaign_id", old_values."cluster_id", old_values."contact_point_id", old_values."decided_at", old_values."decided_by_id", old_values."excluded", old_values."expected", old_values."freeze_began_at", old_values."frozen_at", old_values."id", old_values."note", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."signed_version_id", old_values."status" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="9cf3da887f08bed9f6b3b7103c5ff4c9e7c280db",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_5978f",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="campaigns_release",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="release",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_releasehistory" ("by_date", "campaign_id", "cluster_id", "contact_point_id", "decided_at", "decided_by_id", "excluded", "expected", "freeze_began_at", "frozen_at", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "signed_version_id", "status") SELECT old_values."by_date", old_values."campaign_id", old_values."cluster_id", old_values."contact_point_id", old_values."decided_at", old_values."decided_by_id", old_values."excluded", old_values."expected", old_values."freeze_began_at", old_values."frozen_at", old_values."id", old_values."note", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."signed_version_id", old_values."status" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="a60218a31d351276ecd24d55136b5a4336cabd83",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_1614e",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="campaigns_release",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lanetext",
            trigger=pgtrigger.compiler.Trigger(
                name="fixed_once_frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE lane bigint;",
                    func="\n                    lane := CASE WHEN TG_OP = 'DELETE' THEN OLD.release_id ELSE NEW.release_id END;\n                    IF EXISTS (SELECT FROM campaigns_release r\n                               WHERE r.id = lane AND r.freeze_began_at IS NOT NULL) THEN\n                        RAISE EXCEPTION 'The introduction of a frozen lane cannot change.';\n                    END IF;\n                    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;\n                    ",
                    hash="b74fa2709bbb40b61282b89dfe82f0aa8af50a9c",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_fixed_once_frozen_d2dd2",
                    table="campaigns_lanetext",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="releasehistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="5001ce6b07d4c514ab4290ce33465771e07e0221",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c925d",
                    table="campaigns_releasehistory",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="versiontext",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="823ce86963fa4b9b0b4fca9d21b274dc93e23f9c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f6d18",
                    table="campaigns_versiontext",
                    when="BEFORE",
                ),
            ),
        ),
    ]
