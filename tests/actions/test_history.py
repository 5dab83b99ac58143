"""Earlier states of rows are kept by the database, one row or thousands at once."""

from django.db import connection

from crm.models import Person
from tests.world import World


def test_a_session_that_changed_one_row_first_plans_anew_for_thousands(world: World) -> None:
    person = world.person()
    Person.objects.filter(pk=person.pk).update(phone="1")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO crm_person (cluster_id, kind, title, given, family, name_folded, phone,"
            " share_objected, version) SELECT %s, 'contact', '', 'N', n::text, '', '', false, 1"
            " FROM generate_series(1, 5000) n",
            [world.biocat.pk],
        )
        # One with all of five thousand rows compares twenty-five million; a planned one, none.
        cursor.execute("SET LOCAL statement_timeout = '5s'")

    Person.objects.update(phone="2")

    history = Person._meta.get_field("history").related_model._default_manager
    assert history.filter(phone="").count() == 5001
    assert history.filter(phone="1").count() == 1
