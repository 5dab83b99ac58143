"""Writing what was judged into the address book: some statements over all rows at once.

Whom the list brings for the first time gets the legal basis that it names. Nobody else's basis,
subscription or suppression is touched, so nobody is made mailable who was not.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from crm.actions import import_codes, import_own
from crm.actions.judging import CORE, MEMBERSHIP, PERSON
from crm.actions.references import checked_at_once, last_id
from crm.models import (
    Address,
    Basis,
    ConsentRecord,
    LegalBasis,
    Membership,
    Organisation,
    OrganisationField,
    Person,
    PersonAddress,
    Position,
    Purpose,
)
from crm.models.imports import Import
from crm.rules.names import fold

# Tables that an import enters rows into, beside people and organisations themselves.
OF_PERSON = (PersonAddress, Position, LegalBasis, ConsentRecord)
OF_ORGANISATION = (Membership, OrganisationField, Position)
ENTERED = {*OF_PERSON, *OF_ORGANISATION}

ADDRESSES = """
INSERT INTO crm_address (email, key, hmac, domain, undeliverable_why)
SELECT DISTINCT ON (hmac) email, key, hmac, domain, '' FROM (
    SELECT s.n, s.email, s.key, s.hmac, s.domain
    FROM staged s JOIN judged j USING (n) WHERE j.made_person AND s.hmac IS NOT NULL
    UNION ALL
    SELECT a.n, a.email, a.key, a.hmac, a.domain
    FROM staged_address a JOIN judged j USING (n)
    WHERE j.made_person OR %(may_add)s AND j.verdict IN ('changed', 'same')) said
ORDER BY hmac, n
ON CONFLICT (hmac) DO NOTHING
"""

# Judging gave these their numbers already.
FIRST_ORGANISATION = "SELECT min(id) FROM judged_organisation WHERE fresh"
FIRST_PERSON = "SELECT min(person) FROM judged WHERE made_person"

NEW_ORGANISATIONS = """
INSERT INTO crm_organisation (id, legal_name, short_name, name_folded, kind, website, domain, city,
    country, region_id, home_cluster_id, version)
SELECT id, legal_name, coalesce(short_name, ''), folded, 'company', coalesce(website, ''),
       coalesce(domain, ''), coalesce(city, ''), coalesce(country, ''), region, %(cluster)s, 1
FROM judged_organisation WHERE fresh
"""
NEW_MEMBERSHIPS = """
INSERT INTO crm_membership (organisation_id, cluster_id, standing, category, employees, tags,
    custom)
SELECT j.id, %(cluster)s, coalesce(j.standing, 'member'), coalesce(j.category, 'sme'), j.employees,
       coalesce(x.tags, '{}'), coalesce(x.custom, '{}')
FROM judged_organisation j LEFT JOIN own_organisation x USING (id) WHERE j.fresh
"""
NEW_CODES = """
INSERT INTO crm_organisationfield (organisation_id, vocabulary, code)
SELECT id, split_part(code, ' ', 1), split_part(code, ' ', 2)
FROM (SELECT id, unnest(string_to_array(codes, ',')) AS code FROM judged_organisation
      WHERE fresh AND codes IS NOT NULL) said
ON CONFLICT DO NOTHING
"""
CHANGED_ORGANISATIONS = """
UPDATE crm_organisation o SET {columns}, version = o.version + 1,
    domain = CASE WHEN j.diff ? 'website' THEN coalesce(j.domain, '') ELSE o.domain END,
    region_id = CASE WHEN j.diff ? 'region' THEN j.region ELSE o.region_id END
FROM judged_organisation j WHERE o.id = j.id AND j.diff ?| %(core)s
RETURNING o.id, o.legal_name, o.short_name, j.diff ? 'short_name'
"""
# Rows that name one new organisation in several ways were folded each for itself.
NAMED_DIFFERENTLY = """
SELECT id, legal_name, coalesce(short_name, '') FROM judged_organisation
WHERE fresh AND id IN (
    SELECT id FROM staged_organisation GROUP BY id HAVING count(DISTINCT folded) > 1)
"""
CHANGED_MEMBERSHIPS = """
UPDATE crm_membership m SET {columns},
    employees = CASE WHEN j.diff ? 'employees' THEN j.employees ELSE m.employees END
FROM judged_organisation j
WHERE m.organisation_id = j.id AND m.cluster_id = %(cluster)s AND j.diff ?| %(mine)s
"""

NEW_PEOPLE = """
INSERT INTO crm_person (id, cluster_id, kind, title, given, family, name_folded, language, phone,
    share_objected, version, tags, custom)
SELECT j.person, %(cluster)s, 'contact', coalesce(s.title, ''), coalesce(s.given, ''),
       coalesce(s.family, ''), s.folded, s.language, coalesce(s.phone, ''), false, 1,
       coalesce(x.tags, '{}'), coalesce(x.custom, '{}')
FROM judged j JOIN staged s USING (n) LEFT JOIN staged_own x ON x.n = j.n AND x.of = 'person'
WHERE j.made_person ORDER BY j.n
"""
CHANGED_PEOPLE = """
UPDATE crm_person p SET {columns}, version = p.version + 1
FROM judged j JOIN staged s USING (n)
WHERE p.id = j.person AND j.diff ? 'person' AND j.verdict = 'changed'
RETURNING p.id, p.given, p.family, j.diff -> 'person' ?| '{{given,family}}'
"""
FOLDED = """
UPDATE {table} t SET name_folded = f.folded
FROM unnest(%s::bigint[], %s::text[]) AS f (id, folded) WHERE t.id = f.id
"""

# A mailbox that somebody else of the cluster uses already stays theirs.
FIRST_MAILBOXES = """
INSERT INTO crm_personaddress (person_id, address_id, kind, is_primary, since)
SELECT j.person, a.id, 'work', true, %(today)s
FROM judged j JOIN staged s USING (n) JOIN crm_address a ON a.hmac = s.hmac
WHERE j.made_person AND a.erased_at IS NULL
"""
MORE_MAILBOXES = """
WITH added AS (INSERT INTO crm_personaddress (person_id, address_id, kind, is_primary, since)
SELECT DISTINCT ON (a.id) j.person, a.id, 'work', false, %(today)s
FROM judged j JOIN staged_address m USING (n) JOIN crm_address a ON a.hmac = m.hmac
WHERE j.person IS NOT NULL AND a.erased_at IS NULL
  AND (j.made_person OR %(may_add)s AND j.verdict IN ('changed', 'same'))
  AND NOT EXISTS (
    SELECT FROM crm_personaddress u WHERE u.address_id = a.id
      AND (SELECT p.cluster_id FROM crm_person p WHERE p.id = u.person_id) = %(cluster)s)
ORDER BY a.id, j.n
RETURNING id, person_id)
SELECT id FROM added WHERE person_id IN (SELECT person FROM judged WHERE NOT made_person)
"""

CLOSED_POSTS = """
UPDATE crm_position t SET during = daterange(lower(t.during), %(today)s)
FROM judged j
WHERE j.moves AND t.person_id = j.person AND upper_inf(t.during)
  AND coalesce(lower(t.during) < %(today)s, true)
"""
# One that began today lasted no day.
DROPPED_POSTS = """
DELETE FROM crm_position t USING judged j
WHERE j.moves AND t.person_id = j.person AND upper_inf(t.during)
"""
# With what a trigger writes otherwise, for new people's posts are written without triggers.
NEW_POSTS = """
INSERT INTO crm_position (person_id, organisation_id, job, during, cluster_id, is_first)
SELECT j.person, j.organisation, coalesce(j.job, ''), daterange(%(today)s, NULL), %(cluster)s, true
FROM judged j WHERE j.organisation IS NOT NULL AND {who}
RETURNING id
"""
CHANGED_POSTS = """
UPDATE crm_position t SET job = j.job FROM judged j
WHERE t.id = j.post AND jsonb_typeof(j.diff -> 'post') = 'object'
"""

NEW_BASES = """
WITH proved AS (
    INSERT INTO crm_consentrecord (person_id, address_id, cluster_id, purpose, act, basis, wording,
        source, by_id, at, recorded_at)
    SELECT j.person, a.id, %(cluster)s, purpose, %(act)s, %(basis)s, '', %(source)s, %(by)s,
           %(since)s, clock_timestamp()
    FROM judged j JOIN staged s USING (n) LEFT JOIN crm_address a ON a.hmac = s.hmac
    CROSS JOIN unnest(%(purposes)s::text[]) AS purpose
    WHERE j.made_person
    RETURNING id, person_id, purpose)
INSERT INTO crm_legalbasis (person_id, purpose, basis, since, record_id)
SELECT person_id, purpose, %(basis)s, %(since)s::date, id FROM proved
"""

ROWS = """
INSERT INTO crm_importrow (of_import_id, number, verdict, reason, cells, diff, person, organisation,
    made, ended, unmailable)
SELECT %(import)s, j.n, j.verdict, j.reason, s.cells::jsonb, j.diff,
       CASE WHEN %(written)s OR NOT j.made_person THEN j.person END,
       CASE WHEN %(written)s OR NOT s.fresh THEN j.organisation END,
       CASE WHEN j.made_person THEN 'p' ELSE '' END
           || CASE WHEN j.made_organisation THEN 'o' ELSE '' END,
       CASE WHEN %(written)s THEN j.ended END, j.unmailable
FROM judged j JOIN staged s USING (n) ORDER BY j.n
"""
COUNTS = "SELECT verdict, count(*), count(*) FILTER (WHERE unmailable) FROM judged GROUP BY verdict"


def write(of_import: Import) -> None:
    """Write the judged rows; inside the transaction that staged them.

    What undoing has to know of it is put into `written`.
    """
    values = _values(of_import)
    of_person, _names = import_own.written(of_import, "p", "person", "(j.diff -> 'person')")
    of_membership, names = import_own.written(of_import, "m", "organisation", "j.diff")
    values["mine"] += names
    columns = {
        "organisation": _columns("o", "j", CORE),
        "membership": _columns("m", "j", MEMBERSHIP) + of_membership,
        "person": _columns("p", "s", PERSON, of="j.diff -> 'person'") + of_person,
    }
    first_address = last_id(Address)
    with connection.cursor() as cursor:
        first = _first(cursor, FIRST_ORGANISATION)
        with checked_at_once([Organisation, *OF_ORGANISATION], given_out={Organisation: first}):
            for statement in (NEW_ORGANISATIONS, NEW_MEMBERSHIPS, NEW_CODES):
                cursor.execute(statement, values)
        cursor.execute(NAMED_DIFFERENTLY)
        _refold("crm_organisation", cursor.fetchall())
        cursor.execute(CHANGED_ORGANISATIONS.format(columns=columns["organisation"]), values)
        _refold("crm_organisation", (row for row in cursor.fetchall() if row[3]))
        codes = import_codes.write()
        cursor.execute(CHANGED_MEMBERSHIPS.format(columns=columns["membership"]), values)
        cursor.execute(ADDRESSES, values)
        first = _first(cursor, FIRST_PERSON)
        with checked_at_once([Person, *OF_PERSON], given_out={Person: first}):
            for statement in (NEW_PEOPLE, FIRST_MAILBOXES, NEW_POSTS.format(who="j.made_person")):
                cursor.execute(statement, values)
            if of_import.basis:
                cursor.execute(NEW_BASES, values)
        cursor.execute(CHANGED_PEOPLE.format(columns=columns["person"]), values)
        _refold("crm_person", (row for row in cursor.fetchall() if row[3]))
        uses = _ids(cursor, MORE_MAILBOXES, values)
        for statement in (CLOSED_POSTS, DROPPED_POSTS):
            cursor.execute(statement, values)
        positions = _ids(cursor, NEW_POSTS.format(who="j.moves"), values)
        cursor.execute(CHANGED_POSTS, values)
    of_import.written = {
        "first_address": first_address,
        "uses": uses,
        "positions": positions,
        "codes": codes,
        "tags": import_own.made_tags(),
        "last": {model._meta.db_table: last_id(model) for model in ENTERED},
    }


def keep_rows(of_import: Import, *, written: bool) -> dict[str, int]:
    """Keep what became of each row; how many have each verdict, and how many are unmailable."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM crm_importrow WHERE of_import_id = %s", [of_import.pk])
        cursor.execute(ROWS, {"import": of_import.pk, "written": written})
        cursor.execute(COUNTS)
        rows = cursor.fetchall()
    counts = {verdict: number for verdict, number, _unmailable in rows}
    return counts | {"unmailable": sum(unmailable for _verdict, _number, unmailable in rows)}


def _values(of_import: Import) -> dict[str, Any]:
    purposes = [Purpose.MISSIONS.value]
    if of_import.basis == Basis.CONSENT:
        purposes.append(Purpose.NEWS.value)
    act = ConsentRecord.Act
    source = f"{of_import.origin} ({of_import.dated})" if of_import.dated else of_import.origin
    return {
        "cluster": of_import.cluster_id,
        "today": of_import.created_at.date(),
        "core": [*CORE, "region"],
        "mine": [*MEMBERSHIP, "employees"],
        "may_add": of_import.policy != Import.Policy.SKIP,
        "act": act.GRANTED if of_import.basis == Basis.CONSENT else act.RECORDED,
        "basis": of_import.basis,
        "source": source,
        "by": of_import.by_id,
        "since": of_import.created_at,
        "purposes": purposes,
    }


def _columns(row: str, said: str, names: Iterable[str], *, of: str = "j.diff") -> str:
    """SQL: each column gets what the file says where that is part of the difference."""
    return ", ".join(
        f"{name} = CASE WHEN {of} ? '{name}' THEN {said}.{name} ELSE {row}.{name} END"
        for name in names
    )


def _refold(table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Names that the list changed, folded as search has them: (id, name, name, …)."""
    folded = {row[0]: fold(f"{row[1]} {row[2]}") for row in rows}
    if folded:
        with connection.cursor() as cursor:
            cursor.execute(FOLDED.format(table=table), [[*folded], [*folded.values()]])


def _first(cursor: Any, statement: str) -> int | None:
    cursor.execute(statement)
    (first,) = cursor.fetchone()
    return first if first is None else int(first)


def _ids(cursor: Any, statement: str, values: dict[str, Any]) -> list[int]:
    cursor.execute(statement, values)
    return [pk for (pk,) in cursor.fetchall()]
