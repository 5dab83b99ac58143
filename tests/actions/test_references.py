"""References of many new rows are checked at once, and no less strictly than row by row."""

from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from crm.actions import writing
from crm.actions.references import checked_at_once
from crm.actions.writing import OF_ORGANISATION, OF_PERSON
from crm.models import Cluster, Membership, Organisation, Person
from tests.actions.test_imports import imported
from tests.kit.races import under_way
from tests.world import World

NOBODY = 900_000_000


def insert_membership(organisation: int, cluster: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO crm_membership (organisation_id, cluster_id, standing, category)"
            " VALUES (%s, %s, 'member', 'sme')",
            [organisation, cluster],
        )


def test_rows_that_refer_to_what_is_there_are_kept(world: World) -> None:
    organisation = Organisation.objects.create(legal_name="Nova Bio SL", name_folded="nova bio sl")

    with transaction.atomic(), checked_at_once([Membership]):
        insert_membership(organisation.pk, world.biocat.pk)

    assert organisation.memberships.get().cluster == world.biocat


def test_a_row_that_refers_to_nothing_is_refused_and_not_kept(world: World) -> None:
    with (
        pytest.raises(IntegrityError, match="organisation_id"),
        transaction.atomic(),
        checked_at_once([Membership]),
    ):
        insert_membership(NOBODY, world.biocat.pk)

    assert not Membership.objects.filter(organisation_id=NOBODY).exists()


def test_a_row_that_got_its_id_before_is_checked_too(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('crm_organisation', 'id'))")
        (pk,) = cursor.fetchone()

    with (
        pytest.raises(IntegrityError, match="region_id"),
        transaction.atomic(),
        checked_at_once([Organisation], given_out={Organisation: pk}),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO crm_organisation (id, legal_name, short_name, name_folded, kind, website,"
            " domain, city, country, region_id, version)"
            " VALUES (%s, 'Nova', '', 'nova', 'company', '', '', '', '', %s, 1)",
            [pk, NOBODY],
        )


def test_an_import_has_the_references_of_new_people_and_organisations_checked(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both get their numbers while they are judged, before the checks are put off."""
    statement = f"UPDATE judged_organisation SET region = {NOBODY} WHERE fresh"
    monkeypatch.setattr(writing, "FIRST_ORGANISATION", f"{statement}; {writing.FIRST_ORGANISATION}")

    with pytest.raises(IntegrityError, match="region_id"):
        imported(world.biocat, tmp_path, "Company;Name\nAlba;Anna Puig\n")


@pytest.mark.django_db(transaction=True)
def test_what_somebody_else_takes_away_meanwhile_is_missed(world: World) -> None:
    going = Cluster.objects.create(
        name="Shortlived", slug="shortlived", languages=["es"], region=world.biocat.region
    )
    organisation = Organisation.objects.create(legal_name="Nova Bio SL", name_folded="nova bio sl")

    with under_way(lambda: Cluster.objects.filter(pk=going.pk).delete()):  # noqa: SIM117
        with (
            pytest.raises(IntegrityError, match="cluster_id"),
            transaction.atomic(),
            checked_at_once([Membership]),
        ):
            insert_membership(organisation.pk, going.pk)


def test_a_role_that_may_not_put_checks_off_has_them_row_by_row(world: World) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("CREATE ROLE liaison_plain")
            cursor.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO liaison_plain")
            cursor.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO liaison_plain")
            cursor.execute("SET LOCAL ROLE liaison_plain")
        with checked_at_once([Membership]):
            insert_membership(NOBODY, world.biocat.pk)
        with connection.cursor() as cursor, pytest.raises(IntegrityError):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


@pytest.mark.parametrize("model", [Organisation, Person, *OF_ORGANISATION, *OF_PERSON])
def test_no_trigger_of_ours_would_miss_a_row_that_an_import_enters(db: None, model: type) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"
            " AND tgtype & 4 <> 0",  # on INSERT
            [model._meta.db_table],  # type: ignore[attr-defined]
        )
        found = {name for (name,) in cursor.fetchall()}
    # What this one writes, the import gives: tests/actions/test_undoing compares them.
    assert all("knows_its_person" in name for name in found), found
