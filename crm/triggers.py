"""Triggers in migrations: those of all models of an app by one operation."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class CreateTriggers(Operation):
    """Creates the triggers that the models of this app were made with, in their `options`.

    One `AddTrigger` for each would draw all models anew for each: two thirds of the time that an
    empty database takes.
    """

    reduces_to_sql = True

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The options of the models say it already."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for (app, _name), model in to_state.models.items():
            for trigger in model.options.get("triggers", []) if app == app_label else []:
                # Without parameters, for its SQL is written out and may hold per cent signs.
                schema_editor.execute(trigger.install_sql, params=None)

    def describe(self) -> str:
        return "Create the triggers of all models"
