"""Until when a signature on a page can be taken back."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0003_what_stopped_a_mail"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="release",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="release",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="release",
            name="undo_until",
            field=models.DateTimeField(
                help_text="Signed on a page: nothing leaves before, so that it can be held.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="releasehistory",
            name="undo_until",
            field=models.DateTimeField(
                help_text="Signed on a page: nothing leaves before, so that it can be held.",
                null=True,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="release",
            trigger=pgtrigger.compiler.Trigger(
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
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="release",
            trigger=pgtrigger.compiler.Trigger(
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
        ),
    ]
