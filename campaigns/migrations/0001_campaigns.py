import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import campaigns.models.enclosures
import campaigns.models.images
import campaigns.models.trials
import crm.models.texts
import crm.triggers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("crm", "0001_records"),
        ("crm", "__first__"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
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
                    "subject",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "the only subject"),
                            (1, "the first subject, by the draw"),
                            (2, "the second subject, by the draw"),
                            (3, "the first subject, which was chosen"),
                            (4, "the second subject, which was chosen"),
                        ],
                        db_default=0,
                        default=0,
                    ),
                ),
                (
                    "stopped_for",
                    models.PositiveSmallIntegerField(
                        help_text="Why, of `Exclusion.Reason`, if after the freeze; empty: it was left.",
                        null=True,
                    ),
                ),
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
            ],
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
            name="SubscriptionStop",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="stop_waiting_deliveries_of_a_topic",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.\"state\" = 'left')",
                            func="\n                    UPDATE campaigns_delivery d SET state = 5, settled_at = clock_timestamp()\n                    WHERE d.campaign_id = ANY(ARRAY(\n                            SELECT id FROM campaigns_campaign\n                            WHERE status IN ('sending', 'paused') AND kind <> 'letter'\n                              AND (topic_id = NEW.topic_id OR kind = 'digest')))\n                      AND (EXISTS (SELECT FROM campaigns_campaign c\n                                   WHERE c.id = d.campaign_id AND c.topic_id = NEW.topic_id)\n                        OR EXISTS (SELECT FROM campaigns_digestitem i\n                                   WHERE i.delivery = d.id AND i.topic_id = NEW.topic_id))\n                      AND d.address_id = ANY(ARRAY(\n                            SELECT u.address_id FROM crm_personaddress u\n                            JOIN crm_person p ON p.id = u.person_id\n                            WHERE p.id = NEW.person_id OR p.merged_into_id = NEW.person_id))\n                      AND d.person_id IN (\n                            SELECT p.id FROM crm_person p\n                            WHERE p.id = NEW.person_id OR p.merged_into_id = NEW.person_id)\n                      AND d.state = 1;\n                    RETURN NULL;\n                    ",
                            hash="d6abce8e97f6d13b114a05d21aefb4d947e86de7",
                            operation='INSERT OR UPDATE OF "state"',
                            pgid="pgtrigger_stop_waiting_deliveries_of_a_topic_6cc56",
                            table="crm_subscription",
                            when="AFTER",
                        ),
                    )
                ],
            },
            bases=("crm.subscription",),
        ),
        migrations.CreateModel(
            name="SuppressionStop",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="stop_waiting_deliveries",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    UPDATE campaigns_delivery d SET state = 5, settled_at = clock_timestamp()\n                    FROM campaigns_campaign c\n                    WHERE d.campaign_id = ANY(ARRAY(\n                            SELECT id FROM campaigns_campaign\n                            WHERE status IN ('sending', 'paused') AND kind <> 'letter'))\n                      AND d.address_id = NEW.address_id AND d.state = 1\n                      AND c.id = d.campaign_id\n                      AND (NEW.scope = 'all'\n                        OR (NEW.scope = 'alliance' AND c.alliance_id = NEW.alliance_id)\n                        OR (NEW.scope = 'topic' AND c.topic_id = NEW.topic_id)\n                        OR (NEW.scope = 'topic' AND c.kind = 'digest' AND EXISTS (\n                              SELECT FROM campaigns_digestitem i\n                              WHERE i.delivery = d.id AND i.topic_id = NEW.topic_id))\n                        OR (NEW.scope = 'cluster' AND EXISTS (\n                              SELECT FROM crm_person p\n                              WHERE p.id = d.person_id AND p.cluster_id = NEW.cluster_id)));\n                    RETURN NULL;\n                    ",
                            hash="a5da7ec83028302aab506daf584d5cc9146c1099",
                            operation="INSERT",
                            pgid="pgtrigger_stop_waiting_deliveries_88970",
                            table="crm_suppression",
                            when="AFTER",
                        ),
                    )
                ],
            },
            bases=("crm.suppression",),
        ),
        migrations.CreateModel(
            name="Audience",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ref", models.SlugField(max_length=80, unique=True)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("include", models.JSONField()),
                ("exclude", models.JSONField(blank=True, null=True)),
                ("shared", models.BooleanField(default=False, verbose_name="shared")),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="audiences",
                        to="crm.alliance",
                    ),
                ),
                (
                    "chosen_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="audiences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "view",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="crm.savedview",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "alliance", "name"),
                        name="an_audience_of_mine_has_its_own_name",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_audiencehistory" ("alliance_id", "chosen_by_id", "exclude", "id", "include", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "ref", "shared", "user_id", "view_id") SELECT old_values."alliance_id", old_values."chosen_by_id", old_values."exclude", old_values."id", old_values."include", old_values."name", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."ref", old_values."shared", old_values."user_id", old_values."view_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="a7e619bc3144413efd3f4d4991eaab7e8a143481",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_6af19",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="campaigns_audience",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_audiencehistory" ("alliance_id", "chosen_by_id", "exclude", "id", "include", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "ref", "shared", "user_id", "view_id") SELECT old_values."alliance_id", old_values."chosen_by_id", old_values."exclude", old_values."id", old_values."include", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."ref", old_values."shared", old_values."user_id", old_values."view_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="f27be3fde5d99a188befff96e40207cbb177083b",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_34534",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="campaigns_audience",
                            when="AFTER",
                        ),
                    ),
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
                ("ref", models.SlugField(db_index=False, max_length=80)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("include", models.JSONField()),
                ("exclude", models.JSONField(blank=True, null=True)),
                ("shared", models.BooleanField(default=False, verbose_name="shared")),
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
                    "chosen_by",
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
                    "view",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="crm.savedview",
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
                            hash="f64f6b3d09e20ea62791586181af91166898eb14",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_80853",
                            table="campaigns_audiencehistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
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
                            ("announcement", "announcement"),
                            ("press", "press release"),
                            ("digest", "digest"),
                            ("letter", "letters"),
                        ],
                        max_length=20,
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
                        default="missions",
                        max_length=10,
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        blank=True,
                        help_text="What no record gives a name.",
                        max_length=200,
                        verbose_name="title",
                    ),
                ),
                (
                    "embargo_until",
                    models.DateTimeField(
                        blank=True,
                        help_text="Before then nothing of a press release is to be printed.",
                        null=True,
                    ),
                ),
                ("embargo_zone", models.CharField(blank=True, max_length=40)),
                (
                    "follow_rule",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unanswered", "who got it and did not answer"),
                            ("unreached", "whom it did not reach"),
                            ("all", "everybody whom it was sent to"),
                        ],
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
                (
                    "at_deadline",
                    models.CharField(
                        choices=[
                            ("wait", "goes on waiting"),
                            ("release", "is released"),
                            ("lapse", "is declined"),
                        ],
                        default="wait",
                        help_text="What becomes of a lane that nobody decided by its date.",
                        max_length=7,
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
                (
                    "spread_minutes",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Over how long each lane's mails leave, evenly; 0: at once.",
                    ),
                ),
                (
                    "heeds_quiet",
                    models.BooleanField(
                        default=True,
                        help_text="Whether its lanes wait in the quiet hours of their region.",
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
                (
                    "let_pass",
                    models.JSONField(
                        default=dict,
                        help_text="Checks that a person let pass, each with who, why and when.",
                    ),
                ),
                (
                    "reason_paused",
                    models.CharField(
                        blank=True,
                        help_text="Of a draft: why it was held back when it was due.",
                        max_length=300,
                    ),
                ),
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
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        help_text="The campaign to whose readers this one goes, instead of the audience's.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="campaigns.campaign",
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
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_campaignhistory" ("alliance_id", "at_deadline", "audience_id", "canary", "canary_ends_at", "content_version_id", "created_at", "created_by_id", "embargo_until", "embargo_zone", "event_id", "fence_epoch", "finished_at", "follow_rule", "follows_id", "forgiven", "heeds_quiet", "id", "kind", "let_pass", "mission_id", "next_slot_at", "pace", "paused_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "post_id", "purpose", "reason_paused", "ref", "same_as", "send_at", "spread_minutes", "started_at", "started_by_id", "status", "timezone", "title", "topic_id", "trouble", "uncompiled") SELECT old_values."alliance_id", old_values."at_deadline", old_values."audience_id", old_values."canary", old_values."canary_ends_at", old_values."content_version_id", old_values."created_at", old_values."created_by_id", old_values."embargo_until", old_values."embargo_zone", old_values."event_id", old_values."fence_epoch", old_values."finished_at", old_values."follow_rule", old_values."follows_id", old_values."forgiven", old_values."heeds_quiet", old_values."id", old_values."kind", old_values."let_pass", old_values."mission_id", old_values."next_slot_at", old_values."pace", old_values."paused_at", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."post_id", old_values."purpose", old_values."reason_paused", old_values."ref", old_values."same_as", old_values."send_at", old_values."spread_minutes", old_values."started_at", old_values."started_by_id", old_values."status", old_values."timezone", old_values."title", old_values."topic_id", old_values."trouble", old_values."uncompiled" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="62ee926b39443c9293f00ada110380a67154c365",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_f2afa",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="campaigns_campaign",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_campaignhistory" ("alliance_id", "at_deadline", "audience_id", "canary", "canary_ends_at", "content_version_id", "created_at", "created_by_id", "embargo_until", "embargo_zone", "event_id", "fence_epoch", "finished_at", "follow_rule", "follows_id", "forgiven", "heeds_quiet", "id", "kind", "let_pass", "mission_id", "next_slot_at", "pace", "paused_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "post_id", "purpose", "reason_paused", "ref", "same_as", "send_at", "spread_minutes", "started_at", "started_by_id", "status", "timezone", "title", "topic_id", "trouble", "uncompiled") SELECT old_values."alliance_id", old_values."at_deadline", old_values."audience_id", old_values."canary", old_values."canary_ends_at", old_values."content_version_id", old_values."created_at", old_values."created_by_id", old_values."embargo_until", old_values."embargo_zone", old_values."event_id", old_values."fence_epoch", old_values."finished_at", old_values."follow_rule", old_values."follows_id", old_values."forgiven", old_values."heeds_quiet", old_values."id", old_values."kind", old_values."let_pass", old_values."mission_id", old_values."next_slot_at", old_values."pace", old_values."paused_at", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."post_id", old_values."purpose", old_values."reason_paused", old_values."ref", old_values."same_as", old_values."send_at", old_values."spread_minutes", old_values."started_at", old_values."started_by_id", old_values."status", old_values."timezone", old_values."title", old_values."topic_id", old_values."trouble", old_values."uncompiled" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="0075c9a497fe29639406180427fb27b6d282a3d3",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_4123f",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="campaigns_campaign",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContentRevision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=2)),
                ("number", models.PositiveIntegerField()),
                (
                    "base",
                    models.PositiveIntegerField(help_text="The revision it was written from."),
                ),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("preheader", models.CharField(blank=True, max_length=200)),
                ("blocks", models.JSONField(default=list)),
                ("plain", models.TextField(blank=True)),
                ("plain_from", models.TextField(blank=True)),
                ("ready", models.BooleanField(default=False)),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("drafted", "filled from the record"),
                            ("copied", "taken from another campaign"),
                            ("saved", "saved"),
                            ("autosaved", "kept while writing, not saved"),
                            ("aside", "kept beside what somebody else had saved"),
                            ("restored", "an earlier version restored"),
                            ("taken over", "changes of the record taken over"),
                            ("reworded", "another contact's name put in"),
                            ("template", "filled from a template"),
                            ("text part", "the text part written"),
                        ],
                        max_length=10,
                    ),
                ),
                ("began_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "language", "number"), name="one_nth_revision"
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="stays_as_it_was",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NOT (OLD.\"why\" = 'autosaved'))",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="d5d635881feea93cb2ea3dddc497fe13c20a3b91",
                            operation="UPDATE",
                            pgid="pgtrigger_stays_as_it_was_33de7",
                            table="campaigns_contentrevision",
                            when="BEFORE",
                        ),
                    )
                ],
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
                ("plain", models.TextField(blank=True)),
                ("plain_from", models.TextField(blank=True)),
                ("ready", models.BooleanField(default=True, verbose_name="ready to be sent")),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=0, help_text="The revision that stands here."
                    ),
                ),
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
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="c071f5cb638e2f9c360982e895b83e9d9c60ab50",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_f3f6a",
                            table="campaigns_contentversion",
                            when="BEFORE",
                        ),
                    )
                ],
            },
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
            ],
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
            model_name="delivery",
            name="campaign",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deliveries",
                to="campaigns.campaign",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="contact_point",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="crm.contactpoint",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deliveries",
                to="crm.person",
            ),
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
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="8d36767ab4a9234e1e8e80a039ed29a49ee3ddd7",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_87f8c",
                            table="campaigns_attempt",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("daily", "once a day, together"),
                            ("weekly", "once a week, together"),
                        ],
                        max_length=6,
                    ),
                ),
                (
                    "until",
                    models.DateTimeField(
                        help_text="When it was due: it tells what was published by then."
                    ),
                ),
                (
                    "posts",
                    models.JSONField(
                        default=dict,
                        help_text="Each post that somebody is told, with its languages.",
                    ),
                ),
                (
                    "sets",
                    models.JSONField(
                        default=list,
                        help_text="Which of them are told together; a delivery's variant is a place.",
                    ),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="digests",
                        to="crm.alliance",
                    ),
                ),
                (
                    "campaign",
                    models.OneToOneField(
                        help_text="Its mails, if any.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="digest",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("alliance", "frequency", "until"), name="a_digest_is_due_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Enclosure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "titles",
                    crm.models.texts.TextsField(blank=True, default=dict, verbose_name="title"),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True, help_text="Empty: needs no reading.", max_length=2
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField(help_text="Bytes.")),
                ("sha256", models.CharField(max_length=64)),
                ("file", models.FileField(upload_to=campaigns.models.enclosures._place)),
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
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="enclosures",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["sha256"], name="enclosures_by_what_they_hold")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "sha256"), name="a_file_once_a_campaign"
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_enclosurehistory" ("at", "by_id", "campaign_id", "file", "id", "language", "media_type", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size", "titles") SELECT old_values."at", old_values."by_id", old_values."campaign_id", old_values."file", old_values."id", old_values."language", old_values."media_type", old_values."name", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."sha256", old_values."size", old_values."titles" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="ded63e3d7c692d729ed80f1ca49f173757a44ba1",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_cb1cd",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="campaigns_enclosure",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_enclosurehistory" ("at", "by_id", "campaign_id", "file", "id", "language", "media_type", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size", "titles") SELECT old_values."at", old_values."by_id", old_values."campaign_id", old_values."file", old_values."id", old_values."language", old_values."media_type", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."sha256", old_values."size", old_values."titles" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="e7c6d0b50281a1fe0a9f18caf21020ddbe87f2de",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_dc3ac",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="campaigns_enclosure",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EnclosureHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "titles",
                    crm.models.texts.TextsField(blank=True, default=dict, verbose_name="title"),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True, help_text="Empty: needs no reading.", max_length=2
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField(help_text="Bytes.")),
                ("sha256", models.CharField(max_length=64)),
                ("file", models.FileField(upload_to=campaigns.models.enclosures._place)),
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
                        to="campaigns.enclosure",
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
                            hash="f7fb28bfa0163d6da4986b936944fbe18c6a700a",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b07a6",
                            table="campaigns_enclosurehistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Fault",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("take-back", "taking back what stopped workers had"),
                            ("hand-overs", "carrying out hand-overs"),
                            ("lanes", "giving clusters that joined a lane"),
                            ("dates", "what follows at a lane's date"),
                            ("reminders", "moving reminders and calling them off"),
                            ("digests", "writing digests"),
                            ("overtaken", "pausing what was overtaken"),
                            ("start", "starting campaigns and lanes"),
                            ("subjects", "choosing one of two subjects"),
                            ("quiet", "quiet hours"),
                            ("retry", "queuing what may be tried again"),
                            ("cancel", "going on with cancellations"),
                            ("breaker", "pausing what does harm"),
                            ("close", "closing lanes and campaigns"),
                        ],
                        max_length=10,
                    ),
                ),
                ("why", models.CharField(max_length=300)),
                ("times", models.PositiveIntegerField(default=1)),
                (
                    "since",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "last_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.alliance",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="faults",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("step", "campaign", "alliance"),
                        name="a_fault_is_one_row",
                        nulls_distinct=False,
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
            name="Image",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("file", models.FileField(upload_to=campaigns.models.images._place)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("size", models.PositiveIntegerField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "alliance",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="images",
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
            ],
            options={
                "indexes": [models.Index(fields=["sha256"], name="pictures_by_what_they_show")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("alliance", "sha256"), name="one_picture_per_alliance"
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_imagehistory" ("alliance_id", "at", "by_id", "file", "height", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size", "width") SELECT old_values."alliance_id", old_values."at", old_values."by_id", old_values."file", old_values."height", old_values."id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."sha256", old_values."size", old_values."width" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="55c0b00add25b275c352eadbb0ef37deb301ecad",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_78989",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="campaigns_image",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_imagehistory" ("alliance_id", "at", "by_id", "file", "height", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size", "width") SELECT old_values."alliance_id", old_values."at", old_values."by_id", old_values."file", old_values."height", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."sha256", old_values."size", old_values."width" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="ae7b5f9eae0d6a9531d2a0465f82726d4e1dfe1c",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_0029e",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="campaigns_image",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImageHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("file", models.FileField(upload_to=campaigns.models.images._place)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("size", models.PositiveIntegerField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
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
                        to="campaigns.image",
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
                            hash="510ffd6570c7f6fd64fb0a55eb26619703549f9a",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_a4049",
                            table="campaigns_imagehistory",
                            when="BEFORE",
                        ),
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
            name="Link",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("url", models.CharField(max_length=2000)),
                ("key", models.CharField(max_length=16, unique=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "url"), name="a_target_once_a_campaign"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Click",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hour", models.DateTimeField()),
                ("machine", models.BooleanField()),
                ("delivery", models.BigIntegerField(null=True)),
                ("count", models.PositiveIntegerField()),
                (
                    "link",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clicks",
                        to="campaigns.link",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("delivery__isnull", False)),
                        fields=["delivery"],
                        name="clicks_of_readers",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("link", "hour", "machine", "delivery"),
                        name="one_count_per_link_and_hour",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LinkedContent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=2)),
                ("name", models.CharField(max_length=300)),
                ("lead", models.TextField()),
                ("parts", models.JSONField(default=dict)),
                ("dates", models.JSONField(default=list)),
                ("taken_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="linked",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "language"), name="one_taken_per_language"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Post",
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
                            ("announcement", "announcement"),
                            ("report", "report"),
                            ("press", "press release"),
                            ("opinion", "opinion"),
                        ],
                        default="announcement",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("slug", models.SlugField(max_length=80)),
                ("language", models.CharField(max_length=2, verbose_name="written first in")),
                ("author", models.CharField(blank=True, max_length=120, verbose_name="written by")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        max_length=9,
                    ),
                ),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("changed_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="crm.alliance",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="crm.event",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="crm.mission",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="crm.topic",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "published")),
                        fields=["alliance", "-published_at"],
                        name="posts_of_a_site",
                    ),
                    models.Index(
                        condition=models.Q(("status", "published")),
                        fields=["topic", "published_at"],
                        name="posts_of_a_topic",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("alliance", "slug"), name="a_post_has_its_address"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at", None), ("status", "draft")),
                            models.Q(
                                models.Q(("status", "draft"), _negated=True),
                                ("published_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="what_was_published_has_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mission", None), ("event", None), _connector="OR"),
                        name="a_post_is_about_one_record",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_posthistory" ("alliance_id", "author", "changed_at", "created_by_id", "event_id", "id", "kind", "language", "mission_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "slug", "status", "topic_id", "version") SELECT old_values."alliance_id", old_values."author", old_values."changed_at", old_values."created_by_id", old_values."event_id", old_values."id", old_values."kind", old_values."language", old_values."mission_id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."published_at", old_values."slug", old_values."status", old_values."topic_id", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="ceec50f558267faf273bcb80ead8b92ee5593849",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_f21f1",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="campaigns_post",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_posthistory" ("alliance_id", "author", "changed_at", "created_by_id", "event_id", "id", "kind", "language", "mission_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "slug", "status", "topic_id", "version") SELECT old_values."alliance_id", old_values."author", old_values."changed_at", old_values."created_by_id", old_values."event_id", old_values."id", old_values."kind", old_values."language", old_values."mission_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."published_at", old_values."slug", old_values."status", old_values."topic_id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="be2b2ca03f3cae598cb26001890247c62412ded0",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_b1afe",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="campaigns_post",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DigestItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("delivery", models.BigIntegerField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.person",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.topic",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="campaigns.post",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("delivery__isnull", False)),
                        fields=["delivery"],
                        name="what_a_digest_tells",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "topic", "post"), name="a_post_is_told_once"
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
                            ("announcement", "announcement"),
                            ("press", "press release"),
                            ("digest", "digest"),
                            ("letter", "letters"),
                        ],
                        max_length=20,
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
                        default="missions",
                        max_length=10,
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        blank=True,
                        help_text="What no record gives a name.",
                        max_length=200,
                        verbose_name="title",
                    ),
                ),
                (
                    "embargo_until",
                    models.DateTimeField(
                        blank=True,
                        help_text="Before then nothing of a press release is to be printed.",
                        null=True,
                    ),
                ),
                ("embargo_zone", models.CharField(blank=True, max_length=40)),
                (
                    "follow_rule",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unanswered", "who got it and did not answer"),
                            ("unreached", "whom it did not reach"),
                            ("all", "everybody whom it was sent to"),
                        ],
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
                (
                    "at_deadline",
                    models.CharField(
                        choices=[
                            ("wait", "goes on waiting"),
                            ("release", "is released"),
                            ("lapse", "is declined"),
                        ],
                        default="wait",
                        help_text="What becomes of a lane that nobody decided by its date.",
                        max_length=7,
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
                (
                    "spread_minutes",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Over how long each lane's mails leave, evenly; 0: at once.",
                    ),
                ),
                (
                    "heeds_quiet",
                    models.BooleanField(
                        default=True,
                        help_text="Whether its lanes wait in the quiet hours of their region.",
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
                (
                    "let_pass",
                    models.JSONField(
                        default=dict,
                        help_text="Checks that a person let pass, each with who, why and when.",
                    ),
                ),
                (
                    "reason_paused",
                    models.CharField(
                        blank=True,
                        help_text="Of a draft: why it was held back when it was due.",
                        max_length=300,
                    ),
                ),
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
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The campaign to whose readers this one goes, instead of the audience's.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="campaigns.campaign",
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
                (
                    "post",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="campaigns.post",
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
                            hash="a6be9ce67de76ce21bb2242deb7254251b72cbcb",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_6067c",
                            table="campaigns_campaignhistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="campaign",
            name="post",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="campaigns",
                to="campaigns.post",
            ),
        ),
        migrations.CreateModel(
            name="PostHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("announcement", "announcement"),
                            ("report", "report"),
                            ("press", "press release"),
                            ("opinion", "opinion"),
                        ],
                        default="announcement",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("slug", models.SlugField(db_index=False, max_length=80)),
                ("language", models.CharField(max_length=2, verbose_name="written first in")),
                ("author", models.CharField(blank=True, max_length=120, verbose_name="written by")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        max_length=9,
                    ),
                ),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("changed_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
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
                        blank=True,
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
                        blank=True,
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
                        to="campaigns.post",
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
                            hash="92e0306e0f9906af5a964f71aa8684c65dc87fb5",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_f82ef",
                            table="campaigns_posthistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PostText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=2)),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("lead", models.TextField(max_length=500, verbose_name="summary")),
                ("text", models.TextField(verbose_name="text")),
                ("ready", models.BooleanField(default=False, verbose_name="ready to be read")),
                ("version", models.PositiveIntegerField(default=1)),
                ("folded", models.TextField(editable=False)),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="campaigns.post",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["folded"], name="post_texts_by_word", opclasses=["gin_trgm_ops"]
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("post", "language"), name="a_post_once_a_language"
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_posttexthistory" ("id", "language", "lead", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "post_id", "ready", "text", "title", "version") SELECT old_values."id", old_values."language", old_values."lead", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."post_id", old_values."ready", old_values."text", old_values."title", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."language" IS DISTINCT FROM (new_values."language") OR old_values."lead" IS DISTINCT FROM (new_values."lead") OR old_values."post_id" IS DISTINCT FROM (new_values."post_id") OR old_values."ready" IS DISTINCT FROM (new_values."ready") OR old_values."text" IS DISTINCT FROM (new_values."text") OR old_values."title" IS DISTINCT FROM (new_values."title") OR old_values."version" IS DISTINCT FROM (new_values."version")) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="52b476d83fb4b04a9ad6b1c71b7b38252a10a3e0",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_99574",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="campaigns_posttext",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_posttexthistory" ("id", "language", "lead", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "post_id", "ready", "text", "title", "version") SELECT old_values."id", old_values."language", old_values."lead", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."post_id", old_values."ready", old_values."text", old_values."title", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="bd18a5a0b781825d5425020e9615be35b3021837",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_65e3b",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="campaigns_posttext",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PostTextHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("language", models.CharField(max_length=2)),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("lead", models.TextField(max_length=500, verbose_name="summary")),
                ("text", models.TextField(verbose_name="text")),
                ("ready", models.BooleanField(default=False, verbose_name="ready to be read")),
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
                        to="campaigns.posttext",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="campaigns.post",
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
                            hash="85c36e056de94dd3deb98e4d373a47218627cff9",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_58dee",
                            table="campaigns_posttexthistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Probe",
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
                        choices=[("domain", "Domain"), ("link", "Link"), ("signed", "Signed")],
                        max_length=6,
                    ),
                ),
                ("subject", models.CharField(max_length=2000)),
                (
                    "asked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("looked_at", models.DateTimeField(null=True)),
                ("found", models.JSONField(default=list)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("looked_at", None),
                            ("looked_at__lt", models.F("asked_at")),
                            _connector="OR",
                        ),
                        fields=["asked_at"],
                        name="probes_to_be_made",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "subject"), name="probed_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Rehearsal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                (
                    "asked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("began_at", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("done_at", models.DateTimeField(null=True)),
                ("found", models.JSONField(null=True)),
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rehearsal",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None)),
                        fields=["asked_at"],
                        name="rehearsals_to_be_held",
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
                (
                    "by_at",
                    models.DateTimeField(
                        blank=True, help_text="Until when the region's word is wanted.", null=True
                    ),
                ),
                ("reminded_at", models.DateTimeField(null=True)),
                (
                    "passed_at",
                    models.DateTimeField(
                        help_text="When its date had come: what happens then happens once.",
                        null=True,
                    ),
                ),
                (
                    "stopped_by",
                    models.CharField(
                        blank=True, help_text="Why it was not released by its date.", max_length=300
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "asked_again",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                "text",
                                "The text changed after the last signature; it needs a new one.",
                            ),
                            (
                                "record",
                                "The text took over what its record says; it needs a new signature.",
                            ),
                            ("audience", "Other people are asked for; it needs a new signature."),
                            ("introduction", "The introduction changed; it needs a new signature."),
                            (
                                "trims",
                                "Who is taken out or added changed; it needs a new signature.",
                            ),
                        ],
                        max_length=12,
                    ),
                ),
                ("expected", models.IntegerField(null=True)),
                ("excluded", models.IntegerField(null=True)),
                (
                    "undo_until",
                    models.DateTimeField(
                        help_text="Signed on a page: nothing leaves before, so that it can be held.",
                        null=True,
                    ),
                ),
                (
                    "sleeps_until",
                    models.DateTimeField(
                        help_text="Quiet hours in its region: nothing of it leaves before it is woken.",
                        null=True,
                    ),
                ),
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("by_at__isnull", False), ("passed_at", None)),
                        fields=["by_at"],
                        name="lanes_whose_date_comes",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "cluster"),
                        name="one_lane_per_cluster",
                        nulls_distinct=False,
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_releasehistory" ("asked_again", "by_at", "campaign_id", "cluster_id", "contact_point_id", "decided_at", "decided_by_id", "excluded", "expected", "freeze_began_at", "frozen_at", "id", "note", "passed_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reminded_at", "signed_version_id", "sleeps_until", "status", "stopped_by", "undo_until") SELECT old_values."asked_again", old_values."by_at", old_values."campaign_id", old_values."cluster_id", old_values."contact_point_id", old_values."decided_at", old_values."decided_by_id", old_values."excluded", old_values."expected", old_values."freeze_began_at", old_values."frozen_at", old_values."id", old_values."note", old_values."passed_at", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."reminded_at", old_values."signed_version_id", old_values."sleeps_until", old_values."status", old_values."stopped_by", old_values."undo_until" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="046359b6fd1f008664c1fab492a1d5fa8f8879ac",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_5978f",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="campaigns_release",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_releasehistory" ("asked_again", "by_at", "campaign_id", "cluster_id", "contact_point_id", "decided_at", "decided_by_id", "excluded", "expected", "freeze_began_at", "frozen_at", "id", "note", "passed_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reminded_at", "signed_version_id", "sleeps_until", "status", "stopped_by", "undo_until") SELECT old_values."asked_again", old_values."by_at", old_values."campaign_id", old_values."cluster_id", old_values."contact_point_id", old_values."decided_at", old_values."decided_by_id", old_values."excluded", old_values."expected", old_values."freeze_began_at", old_values."frozen_at", old_values."id", old_values."note", old_values."passed_at", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reminded_at", old_values."signed_version_id", old_values."sleeps_until", old_values."status", old_values."stopped_by", old_values."undo_until" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="5e333c366fafe1bb24b72dab5d9e6523fe36789d",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_1614e",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="campaigns_release",
                            when="AFTER",
                        ),
                    ),
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
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="fixed_once_frozen",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE lane bigint;",
                            func="\n            lane := CASE WHEN TG_OP = 'DELETE' THEN OLD.release_id ELSE NEW.release_id END;\n            IF EXISTS (SELECT FROM campaigns_release r\n                       WHERE r.id = lane AND r.freeze_began_at IS NOT NULL) THEN\n                RAISE EXCEPTION 'The introduction of a frozen lane cannot change.';\n            END IF;\n            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;\n            ",
                            hash="3a796c3432e06663cbeb49d1b9538f69ccff33fb",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_fixed_once_frozen_d2dd2",
                            table="campaigns_lanetext",
                            when="BEFORE",
                        ),
                    )
                ],
            },
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
                            (19, "their lane takes no part"),
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
                        null=True,
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
        migrations.AddField(
            model_name="delivery",
            name="release",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deliveries",
                to="campaigns.release",
            ),
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
                    "held",
                    models.BooleanField(
                        db_default=False,
                        help_text="Waits until it is chosen which subject its mails have.",
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
            name="AudienceSnapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "people",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        help_text="Of each of them in turn; 0: would get it.",
                        size=None,
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="snapshots",
                        to="campaigns.release",
                    ),
                ),
            ],
            options={
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="ac043ef5e9564524a4a0f81d5b9ee6b69e533520",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_313bf",
                            table="campaigns_audiencesnapshot",
                            when="BEFORE",
                        ),
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
                (
                    "by_at",
                    models.DateTimeField(
                        blank=True, help_text="Until when the region's word is wanted.", null=True
                    ),
                ),
                ("reminded_at", models.DateTimeField(null=True)),
                (
                    "passed_at",
                    models.DateTimeField(
                        help_text="When its date had come: what happens then happens once.",
                        null=True,
                    ),
                ),
                (
                    "stopped_by",
                    models.CharField(
                        blank=True, help_text="Why it was not released by its date.", max_length=300
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "asked_again",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                "text",
                                "The text changed after the last signature; it needs a new one.",
                            ),
                            (
                                "record",
                                "The text took over what its record says; it needs a new signature.",
                            ),
                            ("audience", "Other people are asked for; it needs a new signature."),
                            ("introduction", "The introduction changed; it needs a new signature."),
                            (
                                "trims",
                                "Who is taken out or added changed; it needs a new signature.",
                            ),
                        ],
                        max_length=12,
                    ),
                ),
                ("expected", models.IntegerField(null=True)),
                ("excluded", models.IntegerField(null=True)),
                (
                    "undo_until",
                    models.DateTimeField(
                        help_text="Signed on a page: nothing leaves before, so that it can be held.",
                        null=True,
                    ),
                ),
                (
                    "sleeps_until",
                    models.DateTimeField(
                        help_text="Quiet hours in its region: nothing of it leaves before it is woken.",
                        null=True,
                    ),
                ),
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
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="5001ce6b07d4c514ab4290ce33465771e07e0221",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_c925d",
                            table="campaigns_releasehistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        help_text="How many days before the deadline.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                    ),
                ),
                ("hour", models.TimeField(help_text="On the clocks of its campaign.")),
                (
                    "called_off",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("gone", "The deadline is gone."),
                            ("over", "The deadline was over before it could leave."),
                            ("passed", "The deadline moved, and its day was over."),
                            ("call", "The call was cancelled."),
                            ("late", "The call had not left by its day."),
                            ("record", "Nobody can apply any more."),
                            ("overtaken", "Nobody signed it before the next one was due."),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminder",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "deadline",
                    models.ForeignKey(
                        help_text="Of a mission. An invitation's reminders count from the event's beginning.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="crm.deadline",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("days__gte", 1), ("days__lte", 365)),
                        name="a_reminder_leaves_before_the_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Snippet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("mission-call", "mission call"),
                            ("event-invitation", "event invitation"),
                            ("announcement", "announcement"),
                            ("press", "press release"),
                            ("digest", "digest"),
                            ("letter", "letters"),
                        ],
                        max_length=20,
                    ),
                ),
                ("texts", models.JSONField(default=dict, verbose_name="text")),
                ("version", models.PositiveIntegerField(default=1)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                (
                    "alliance",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="snippets",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("archived_at", None)),
                        fields=("alliance", "name"),
                        name="one_snippet_of_a_name",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_snippethistory" ("alliance_id", "archived_at", "at", "by_id", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "texts", "version") SELECT old_values."alliance_id", old_values."archived_at", old_values."at", old_values."by_id", old_values."id", old_values."kind", old_values."name", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."texts", old_values."version" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="4188966b81f26e7ea873e7c21959db0f89d9687c",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_c721a",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="campaigns_snippet",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_snippethistory" ("alliance_id", "archived_at", "at", "by_id", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "texts", "version") SELECT old_values."alliance_id", old_values."archived_at", old_values."at", old_values."by_id", old_values."id", old_values."kind", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."texts", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="a2c05271d76a456c99439e00ad41598d97acc0c4",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_f8015",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="campaigns_snippet",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SnippetHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("mission-call", "mission call"),
                            ("event-invitation", "event invitation"),
                            ("announcement", "announcement"),
                            ("press", "press release"),
                            ("digest", "digest"),
                            ("letter", "letters"),
                        ],
                        max_length=20,
                    ),
                ),
                ("texts", models.JSONField(default=dict, verbose_name="text")),
                ("version", models.PositiveIntegerField(default=1)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
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
                        to="campaigns.snippet",
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
                            hash="a47842476027be92f3245cc0b127531c5128df43",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b6b11",
                            table="campaigns_snippethistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Trial",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "subjects",
                    crm.models.texts.TextsField(
                        blank=True, default=dict, verbose_name="second subject"
                    ),
                ),
                (
                    "share",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="In percent, for each of the two.",
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(40),
                        ],
                        verbose_name="share of the readers who get either subject",
                    ),
                ),
                (
                    "hours",
                    models.PositiveSmallIntegerField(
                        default=24,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(72),
                        ],
                        verbose_name="hours until the others follow",
                    ),
                ),
                (
                    "policy",
                    models.CharField(
                        choices=[
                            ("a", "the first subject"),
                            ("b", "the second subject"),
                            ("better", "the better one; the first where they cannot be told apart"),
                        ],
                        default="better",
                        max_length=6,
                        verbose_name="if nobody chooses",
                    ),
                ),
                (
                    "seed",
                    models.CharField(
                        default=campaigns.models.trials._seed,
                        help_text="The key of the draw: the same for all lanes.",
                        max_length=32,
                    ),
                ),
                (
                    "ends_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When the hours are over; empty: they have not begun.",
                        null=True,
                    ),
                ),
                (
                    "slept_until",
                    models.DateTimeField(
                        blank=True,
                        help_text="Until when all its lanes sleep, which does not count.",
                        null=True,
                    ),
                ),
                (
                    "chosen",
                    models.CharField(
                        blank=True,
                        choices=[("a", "the first subject"), ("b", "the second subject")],
                        max_length=1,
                    ),
                ),
                ("chosen_at", models.DateTimeField(blank=True, null=True)),
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trial",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "chosen_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("chosen", ""), ("chosen_at", None), ("chosen_by", None)),
                            models.Q(
                                models.Q(("chosen", ""), _negated=True),
                                ("chosen_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="what_was_chosen_was_chosen_at_some_time",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_trialhistory" ("campaign_id", "chosen", "chosen_at", "chosen_by_id", "ends_at", "hours", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy", "seed", "share", "slept_until", "subjects") SELECT old_values."campaign_id", old_values."chosen", old_values."chosen_at", old_values."chosen_by_id", old_values."ends_at", old_values."hours", old_values."id", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."policy", old_values."seed", old_values."share", old_values."slept_until", old_values."subjects" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="ec6019672019bc3c8f1b3269e6f0159e8c4dbc5f",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_b47a0",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="campaigns_trial",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='EXECUTE $history$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_trialhistory" ("campaign_id", "chosen", "chosen_at", "chosen_by_id", "ends_at", "hours", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy", "seed", "share", "slept_until", "subjects") SELECT old_values."campaign_id", old_values."chosen", old_values."chosen_at", old_values."chosen_by_id", old_values."ends_at", old_values."hours", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."policy", old_values."seed", old_values."share", old_values."slept_until", old_values."subjects" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context$history$; RETURN NULL;',
                            hash="df2ae1eb98a81c4c14345326a746394d619c6905",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_da683",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="campaigns_trial",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrialHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "subjects",
                    crm.models.texts.TextsField(
                        blank=True, default=dict, verbose_name="second subject"
                    ),
                ),
                (
                    "share",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="In percent, for each of the two.",
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(40),
                        ],
                        verbose_name="share of the readers who get either subject",
                    ),
                ),
                (
                    "hours",
                    models.PositiveSmallIntegerField(
                        default=24,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(72),
                        ],
                        verbose_name="hours until the others follow",
                    ),
                ),
                (
                    "policy",
                    models.CharField(
                        choices=[
                            ("a", "the first subject"),
                            ("b", "the second subject"),
                            ("better", "the better one; the first where they cannot be told apart"),
                        ],
                        default="better",
                        max_length=6,
                        verbose_name="if nobody chooses",
                    ),
                ),
                (
                    "seed",
                    models.CharField(
                        default=campaigns.models.trials._seed,
                        help_text="The key of the draw: the same for all lanes.",
                        max_length=32,
                    ),
                ),
                (
                    "ends_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When the hours are over; empty: they have not begun.",
                        null=True,
                    ),
                ),
                (
                    "slept_until",
                    models.DateTimeField(
                        blank=True,
                        help_text="Until when all its lanes sleep, which does not count.",
                        null=True,
                    ),
                ),
                (
                    "chosen",
                    models.CharField(
                        blank=True,
                        choices=[("a", "the first subject"), ("b", "the second subject")],
                        max_length=1,
                    ),
                ),
                ("chosen_at", models.DateTimeField(blank=True, null=True)),
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
                    "chosen_by",
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
                        to="campaigns.trial",
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
                            hash="b1239ec47af1d14b2b02027ec4094411757ac656",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_72f4d",
                            table="campaigns_trialhistory",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Trim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("added", models.BooleanField(db_default=False, default=False)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.person",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trims",
                        to="campaigns.release",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("release", "person"), name="taken_out_once")
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="fixed_once_frozen",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE lane bigint;",
                            func="\n            lane := CASE WHEN TG_OP = 'DELETE' THEN OLD.release_id ELSE NEW.release_id END;\n            IF EXISTS (SELECT FROM campaigns_release r\n                       WHERE r.id = lane AND r.freeze_began_at IS NOT NULL) THEN\n                RAISE EXCEPTION 'Who is taken out of a frozen lane cannot change.';\n            END IF;\n            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;\n            ",
                            hash="7435c86b83da673faca422f6d70f493aa39ecb8d",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_fixed_once_frozen_a5014",
                            table="campaigns_trim",
                            when="BEFORE",
                        ),
                    )
                ],
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
                (
                    "second_subject",
                    models.CharField(
                        blank=True, db_default="", help_text="Where two are tried.", max_length=200
                    ),
                ),
                ("preheader", models.CharField(blank=True, max_length=200)),
                ("blocks", models.JSONField()),
                ("dates", models.JSONField(default=list)),
                ("plain", models.TextField(blank=True)),
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
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="823ce86963fa4b9b0b4fca9d21b274dc93e23f9c",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_f6d18",
                            table="campaigns_versiontext",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("delivery", models.BigIntegerField(null=True)),
                ("visitor", models.BinaryField(max_length=16)),
                ("machine", models.BooleanField()),
                ("at", models.DateTimeField()),
                (
                    "link",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="campaigns.link",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["visitor"], name="visits_of_a_visitor")],
            },
        ),
        migrations.AddField(
            model_name="deferral",
            name="campaign",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deferrals",
                to="campaigns.campaign",
            ),
        ),
        migrations.AddIndex(
            model_name="campaign",
            index=models.Index(
                condition=models.Q(("status", "scheduled")),
                fields=["send_at"],
                name="campaigns_to_start",
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
                    models.Q(("follow_rule", ""), ("follows", None)),
                    models.Q(
                        ("follows__isnull", False), models.Q(("follow_rule", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="what_follows_says_whom_it_asks_for",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("event", None),
                        ("kind__in", ("announcement", "press", "digest")),
                        ("mission", None),
                        models.Q(("title", ""), _negated=True),
                    ),
                    models.Q(("kind__in", ("announcement", "press", "digest")), _negated=True),
                    _connector="OR",
                ),
                name="what_has_no_record_has_a_title",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("post", None), ("kind", "announcement"), _connector="OR"),
                name="a_post_is_told_by_an_announcement",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("embargo_until", None), ("embargo_zone", "")),
                    models.Q(
                        ("embargo_until__isnull", False),
                        ("kind", "press"),
                        models.Q(("embargo_zone", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="an_embargo_is_on_the_clocks_of_a_place",
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
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(
                    ("bounced_at__isnull", False), ("complained_at__isnull", False), _connector="OR"
                ),
                fields=["campaign"],
                name="deliveries_that_came_back",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                fields=("campaign", "address", "occasion"), name="one_copy_per_address"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__gte", 1), ("state__lte", 8)), name="a_known_state"
            ),
        ),
        migrations.AddIndex(
            model_name="deferral",
            index=models.Index(fields=["not_before"], name="deferrals_due"),
        ),
        migrations.AddIndex(
            model_name="deferral",
            index=models.Index(fields=["campaign"], name="deferrals_of_a_campaign"),
        ),
        crm.triggers.CreateTriggers(),
    ]
