"""Undoing an import: what it brought goes, what it changed is put back, what lives on stays.

A person or an organisation stays if anything happened to it since: edited, written to, answered,
left, stopped, used by another record. Each that stays is named on its row, with the reason. A field
is put back only where it still holds what the import wrote.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import pghistory
import pgtrigger
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions import audit, import_codes, own_undoing
from crm.actions.errors import IllegalTransition
from crm.actions.judging import CORE, MEMBERSHIP, PERSON
from crm.actions.writing import OF_ORGANISATION, OF_PERSON
from crm.models import (
    Address,
    ConsentRecord,
    LegalBasis,
    Membership,
    Notice,
    Organisation,
    OrganisationField,
    Person,
    PersonAddress,
    Position,
    User,
)
from crm.models.imports import Import
from crm.models.merges import Noun
from crm.rules.cells import domain_of
from crm.rules.names import fold

# Of what came since the last statistics the planner expects a row or none, and goes through all of
# it once for each of its rows: minutes for a few thousand.
MEASURED = """
ANALYZE crm_importrow (of_import_id, number, made), crm_person (id, erased_at, merged_into_id),
    crm_organisation (id, merged_into_id), crm_membership (organisation_id, cluster_id),
    crm_position (person_id, organisation_id)
"""
BROUGHT = """
DROP TABLE IF EXISTS brought, staying;
CREATE TEMP TABLE brought ON COMMIT DROP AS
SELECT {record} AS id, min(number) AS number FROM crm_importrow
WHERE of_import_id = %(import)s AND position(%(letter)s IN made) > 0 GROUP BY 1;
CREATE TEMP TABLE staying (id bigint, reason text) ON COMMIT DROP;
"""
LOCK = "SELECT FROM {table} WHERE id IN (SELECT id FROM brought) ORDER BY id FOR UPDATE"
REFERRED_TO = """
INSERT INTO staying SELECT DISTINCT {column}, %(reason)s FROM {table}
WHERE {column} IN (SELECT id FROM brought) AND {id} > %(last)s
"""
CHANGED = """
INSERT INTO staying SELECT DISTINCT h.pgh_obj_id, 'changed' FROM {history} h
WHERE h.pgh_obj_id IN (SELECT id FROM brought)
"""
CHANGED_PART = """
INSERT INTO staying SELECT DISTINCT part.{column}, 'changed' FROM {history} h
JOIN {table} part ON part.id = h.pgh_obj_id WHERE part.{column} IN (SELECT id FROM brought)
"""
REFERRED_TO_PART = """
INSERT INTO staying SELECT DISTINCT part.{column}, %(reason)s FROM {table} x
JOIN {part} part ON part.id = x.{reference} WHERE part.{column} IN (SELECT id FROM brought)
"""
STOPPED = """
INSERT INTO staying SELECT DISTINCT u.person_id, 'suppression'
FROM crm_personaddress u JOIN crm_suppression x USING (address_id)
LEFT JOIN crm_topic t ON t.id = x.topic_id
WHERE u.person_id IN (SELECT id FROM brought) AND x.created_at >= %(ended)s
  AND (x.cluster_id IS NULL OR x.cluster_id = %(cluster)s)
  AND (t.cluster_id IS NULL OR t.cluster_id = %(cluster)s)
  AND (x.alliance_id IS NULL OR x.alliance_id IN (
      SELECT alliance_id FROM crm_participation WHERE cluster_id = %(cluster)s))
"""
# Posts of people who go are gone already.
STAFFED = """
INSERT INTO staying SELECT DISTINCT organisation_id, 'position' FROM crm_position
WHERE organisation_id IN (SELECT id FROM brought)
"""
GOING = "SELECT id FROM brought EXCEPT SELECT id FROM staying"
TELL = """
UPDATE crm_importrow r SET conflict = coalesce(r.conflict, '{}') ||
    jsonb_build_object(%(noun)s, s.reason)
FROM brought b JOIN (SELECT id, min(reason) AS reason FROM staying GROUP BY id) s USING (id)
WHERE r.of_import_id = %(import)s AND r.number = b.number
"""
UNUSED = """
DELETE FROM crm_address a WHERE a.id = ANY(%(ids)s) AND a.id > %(first)s AND a.erased_at IS NULL
"""

# Fields: what is still as written is put back, the rest is told of with its present value.
PUT_BACK = """
UPDATE {table} t SET {columns}{version}
FROM crm_importrow r
WHERE r.of_import_id = %(import)s AND r.made !~ {letter} AND {join} AND ({still})
RETURNING t.id
"""
DIFFERENT = """
UPDATE crm_importrow r SET conflict = coalesce(r.conflict, '{{}}') || d.said
FROM (
    SELECT r.number, jsonb_object_agg({prefix} || f.name, f.now) AS said
    FROM crm_importrow r JOIN {table} t ON {join}
    CROSS JOIN LATERAL (VALUES {values}) AS f (name, now)
    WHERE r.of_import_id = %(import)s AND r.made !~ {letter} AND r.diff -> {part} ? f.name
      AND ({closed} OR f.now IS DISTINCT FROM nullif(r.diff -> {part} -> f.name -> 1, 'null'))
    GROUP BY r.number) d
WHERE r.of_import_id = %(import)s AND r.number = d.number
"""

# Posts. The new one goes if nobody changed it, and those that it had ended go on.
MOVED = """
DROP TABLE IF EXISTS moved;
CREATE TEMP TABLE moved ON COMMIT DROP AS
SELECT r.number, r.person, r.organisation, r.ended, t.id AS post
FROM crm_importrow r LEFT JOIN crm_position t ON t.person_id = r.person
    AND t.organisation_id = r.organisation AND t.id = ANY(%(positions)s) AND upper_inf(t.during)
    AND NOT EXISTS (SELECT FROM crm_positionhistory h WHERE h.pgh_obj_id = t.id)
WHERE r.of_import_id = %(import)s AND r.ended IS NOT NULL AND r.made !~ 'p'
"""
STAYED = """
UPDATE crm_importrow r SET conflict = coalesce(r.conflict, '{}') || '{"post": "changed"}'
FROM moved m WHERE r.of_import_id = %(import)s AND r.number = m.number AND m.post IS NULL
"""
BACK = "DELETE FROM crm_position WHERE id IN (SELECT post FROM moved)"
GO_ON = """
UPDATE crm_position t SET during = daterange(lower(t.during), NULL)
FROM moved m, jsonb_to_recordset(m.ended) AS e (id bigint, since date)
WHERE m.post IS NOT NULL AND t.id = e.id AND upper(t.during) = %(today)s
  AND NOT EXISTS (
    SELECT FROM crm_position other
    WHERE other.person_id = t.person_id AND other.organisation_id = t.organisation_id
      AND other.id <> t.id AND other.during && daterange(lower(t.during), NULL))
"""
ENTER_AGAIN = """
INSERT INTO crm_position (id, person_id, organisation_id, job, during)
SELECT e.id, m.person, e.organisation, e.job, daterange(e.since, NULL)
FROM moved m,
    jsonb_to_recordset(m.ended) AS e (id bigint, organisation bigint, job text, since date)
WHERE m.post IS NOT NULL AND NOT EXISTS (SELECT FROM crm_position t WHERE t.id = e.id)
  AND NOT EXISTS (
    SELECT FROM crm_position other WHERE other.person_id = m.person
      AND other.organisation_id = e.organisation AND other.during && daterange(e.since, NULL))
"""
# Mailboxes that people had not used before.
ADDED = """
DELETE FROM crm_personaddress u WHERE u.id = ANY(%(uses)s) AND NOT u.is_primary
  AND NOT EXISTS (SELECT FROM crm_personaddresshistory h WHERE h.pgh_obj_id = u.id)
RETURNING u.address_id
"""


def undo(*, of_import: Import, by: User | None) -> Import:
    """Take an import back; what had to stay is told in `conflict` of its row.

    Raises IllegalTransition where it is not done, or undone already.
    """
    _do(MEASURED, {})  # by itself: in the transaction its lock would make others wait
    with transaction.atomic(), pghistory.context(undone_import=of_import.pk):
        found = Import.objects.select_for_update().get(pk=of_import.pk)
        if found.status != Import.Status.DONE:
            raise IllegalTransition(
                _("Only an import that was written can be undone. This one %(status)s.")
                % {"status": found.said}
            )
        found.undone = _take_back(found)
        found.status, found.undone_at = Import.Status.UNDONE, timezone.now()
        found.save(update_fields=["undone", "status", "undone_at"])
        audit.record(
            by=by,
            verb="undo-import",
            row=found,
            cluster=found.cluster,
            count=found.undone["people"],
            detail=found.undone,
        )
    of_import.refresh_from_db()
    return found


def _take_back(of_import: Import) -> dict[str, int]:
    values = {
        "import": of_import.pk,
        "cluster": of_import.cluster_id,
        "today": of_import.created_at.date(),
        "ended": of_import.ended_at,
        "positions": of_import.written["positions"],
        "uses": of_import.written["uses"],
        "first": of_import.written["first_address"],
    }
    own_undoing.hold(of_import)
    changed = _put_fields_back(of_import, values)
    for statement in (MOVED, STAYED, BACK, GO_ON, ENTER_AGAIN):
        _do(statement, values)
    mailboxes = [address for (address,) in _do(ADDED, values)]
    people, more = _people_go(of_import, values)
    organisations = _organisations_go(of_import, values)
    _drop_unused(mailboxes + more, values)
    own_undoing.drop_tags(of_import)
    return {
        "people": people,
        "organisations": organisations,
        "put_back": changed,
        "conflicts": of_import.rows.exclude(conflict=None).count(),
    }


def _people_go(of_import: Import, values: dict[str, Any]) -> tuple[int, list[int]]:
    """(how many people went, which mailboxes they used)."""
    _do(BROUGHT.format(record="person"), values | {"letter": "p"})
    _do(LOCK.format(table="crm_person"), values)
    _stay(of_import, Person, OF_PERSON, values)
    _do(STOPPED, values)
    _do(TELL, values | {"noun": "person"})
    going = [pk for (pk,) in _do(GOING, values)]
    mailboxes = PersonAddress.objects.filter(person__in=going).values_list("address", flat=True)
    used = list(mailboxes)
    _delete(LegalBasis, "person_id", going)
    # They proved that somebody may be written to whom, now, nobody knows any more.
    with pgtrigger.ignore("crm.ConsentRecord:append_only"):
        _delete(ConsentRecord, "person_id", going)
    _delete(Notice, "person_id", going)
    _delete(Position, "person_id", going)
    _delete(PersonAddress, "person_id", going)
    _drop_pairs(Noun.PERSON, going)
    return _delete(Person, "id", going), used


def _organisations_go(of_import: Import, values: dict[str, Any]) -> int:
    _do(BROUGHT.format(record="organisation"), values | {"letter": "o"})
    _do(LOCK.format(table="crm_organisation"), values)
    _stay(of_import, Organisation, OF_ORGANISATION, values)
    _do(STAFFED, values)
    _do(TELL, values | {"noun": "organisation"})
    going = [pk for (pk,) in _do(GOING, values)]
    _delete(OrganisationField, "organisation_id", going)
    _delete(Membership, "organisation_id", going)
    _drop_pairs(Noun.ORGANISATION, going)
    return _delete(Organisation, "id", going)


def _stay(
    of_import: Import,
    model: type[models.Model],
    own: Iterable[type[models.Model]],
    values: dict[str, Any],
) -> None:
    """Whoever was changed, or is referred to by what the import did not enter itself.

    Every relation counts, of whichever package: a person who was written to stays. Of the tables
    that imports write, the import's own rows are those up to the number that the table had reached
    when it ended: until then nobody else saw the person.
    """
    parts = set(own)
    for relation in _relations(model):
        other = relation.related_model
        table, column = other._meta.db_table, relation.field.column
        if column == "pgh_obj_id":
            _do(CHANGED.format(history=table), values)
        if hasattr(other, "pgh_id"):
            continue
        last = of_import.written["last"][table] if other in parts else -1
        sentence = REFERRED_TO.format(table=table, column=column, id=other._meta.pk.column)
        _do(sentence, values | {"last": last, "reason": other._meta.model_name})
        if other in parts and hasattr(other, "history"):
            history = other._meta.get_field("history").related_model._meta.db_table
            _do(CHANGED_PART.format(history=history, table=table, column=column), values)
        if other in parts:
            _stay_with_parts(other, column, parts, values)


def _stay_with_parts(
    part: type[models.Model],
    column: str,
    parts: set[type[models.Model]],
    values: dict[str, Any],
) -> None:
    """Whoever has a part that something refers to: a note stands on a membership."""
    for relation in _relations(part):
        other = relation.related_model
        if other not in parts and not hasattr(other, "pgh_id"):
            sentence = REFERRED_TO_PART.format(
                table=other._meta.db_table,
                reference=relation.field.column,
                part=part._meta.db_table,
                column=column,
            )
            _do(sentence, values | {"reason": other._meta.model_name})


def _relations(model: type[models.Model]) -> Iterator[Any]:
    """Everything that refers to the model, hidden relations included."""
    for field in model._meta.get_fields(include_hidden=True):
        if field.auto_created and (field.one_to_many or field.one_to_one) and not field.concrete:
            yield field


def _put_fields_back(of_import: Import, values: dict[str, Any]) -> int:
    """Person, core, membership and post; how many records had a field put back."""
    changed = _fields(
        values, "crm_person", "t.id = r.person", "person", "'p'", dict.fromkeys(PERSON, "text"),
        closed="t.erased_at IS NOT NULL OR t.merged_into_id IS NOT NULL",
    )  # fmt: skip
    _refold_people(changed)
    core = _fields(
        values, "crm_organisation", "t.id = r.organisation", "organisation", "'o'",
        dict.fromkeys(CORE, "text") | {"region": "bigint"}, closed="t.merged_into_id IS NOT NULL",
    )  # fmt: skip
    _refold_organisations(core)
    own = _fields(
        values, "crm_membership", "t.organisation_id = r.organisation AND t.cluster_id = "
        f"{int(values['cluster'])}", "organisation", "'o'",
        dict.fromkeys(MEMBERSHIP, "text") | {"employees": "int"}, closed="false", counted=False,
    )  # fmt: skip
    jobs = _fields(
        values, "crm_position", "t.person_id = r.person AND t.organisation_id = r.organisation "
        "AND upper_inf(t.during) AND jsonb_typeof(r.diff -> 'post') = 'object'", "post", "'p'",
        {"job": "text"}, closed="false", counted=False,
    )  # fmt: skip
    coded = import_codes.take_back(of_import)
    people, kept = own_undoing.take_back(of_import)
    return len({*changed, *people}) + len({*core, *own, *coded, *kept}) + len(jobs)


def _fields(
    values: dict[str, Any],
    table: str,
    join: str,
    part: str,
    letter: str,
    columns: dict[str, str],
    *,
    closed: str,
    counted: bool = True,
) -> list[int]:
    """Tell of the fields that changed since, put the others back; the ids of those records."""
    stored = {name: "region_id" if name == "region" else name for name in columns}
    said = {name: f"to_jsonb(t.{stored[name]})" for name in columns}
    written = {name: f"r.diff -> '{part}' -> '{name}'" for name in columns}
    shared = {"table": table, "join": join, "part": f"'{part}'", "letter": letter}
    _do(
        DIFFERENT.format(
            values=", ".join(f"('{name}', {now})" for name, now in said.items()),
            closed=closed,
            prefix=f"'{part}.'",
            **shared,
        ),
        values,
    )
    still = {name: f"(NOT ({closed}) AND {said[name]} = {written[name]} -> 1)" for name in columns}
    assigned = ", ".join(
        f"{stored[name]} = CASE WHEN {still[name]} THEN ({written[name]} ->> 0)::{kind}"
        f" ELSE t.{stored[name]} END"
        for name, kind in columns.items()
    )
    statement = PUT_BACK.format(
        columns=assigned,
        version=", version = t.version + 1" if counted else "",
        still=" OR ".join(still.values()),
        **shared,
    )
    return [pk for (pk,) in _do(statement, values)]


def _refold_people(ids: list[int]) -> None:
    people = list(Person.objects.filter(pk__in=ids))
    for person in people:
        person.name_folded = fold(f"{person.given} {person.family}")
    Person.objects.bulk_update(people, ["name_folded"], batch_size=1_000)


def _refold_organisations(ids: list[int]) -> None:
    organisations = list(Organisation.objects.filter(pk__in=ids))
    for each in organisations:
        each.name_folded = fold(f"{each.legal_name} {each.short_name}")
        each.domain = domain_of(each.website) if each.website else ""
    Organisation.objects.bulk_update(organisations, ["name_folded", "domain"], batch_size=1_000)


def _drop_unused(ids: list[int], values: dict[str, Any]) -> None:
    """Mailboxes that came with the import and that nothing but history refers to any more."""
    nowhere = " ".join(
        f"AND NOT EXISTS (SELECT FROM {relation.related_model._meta.db_table} x"
        f" WHERE x.{relation.field.column} = a.id)"
        for relation in _relations(Address)
        if not hasattr(relation.related_model, "pgh_id")
    )
    _do(UNUSED + nowhere, values | {"ids": ids})


def _drop_pairs(noun: str, going: list[int]) -> None:
    """Who is gone is nobody's possible duplicate."""
    _do(
        "DELETE FROM crm_duplicate WHERE noun = %(noun)s"
        " AND (first = ANY(%(going)s) OR second = ANY(%(going)s))",
        {"noun": noun, "going": going},
    )


def _delete(model: type[models.Model], column: str, ids: list[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE {column} = ANY(%s)", [ids])
        return int(cursor.rowcount)


def _do(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []
