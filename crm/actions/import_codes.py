"""Areas, products, stages and markets that a list says of organisations that are there already.

They are facts of the shared core: only its home cluster changes them. What a list says fills where
there is nothing, or replaces what there is; undoing takes away what was added and enters again
what was taken away, under its former number.
"""

from typing import Any

from django.db import connection

from crm.models.imports import Import
from crm.rules.columns import CODED

Policy = Import.Policy

_NAMES = ", ".join(f"('{name}', '{vocabulary}')" for name, vocabulary in CODED.items())
VOCABULARY = f"(VALUES {_NAMES}) AS v (name, vocabulary)"

JUDGE = """
UPDATE judged_organisation j SET diff = coalesce(j.diff, '{{}}') || d.diff
FROM (
    SELECT s.id, jsonb_object_agg(s.name, jsonb_build_array(
        to_jsonb(coalesce(held.codes, '{{}}')), to_jsonb(s.codes))) AS diff
    FROM (
        SELECT j.id, v.name, v.vocabulary, array_agg(DISTINCT split_part(code, ' ', 2) COLLATE "C"
            ORDER BY split_part(code, ' ', 2) COLLATE "C") AS codes
        FROM judged_organisation j CROSS JOIN unnest(string_to_array(j.codes, ',')) AS code
        JOIN {vocabulary} ON v.vocabulary = split_part(code, ' ', 1)
        WHERE NOT j.fresh AND j.codes IS NOT NULL GROUP BY 1, 2, 3) s
    JOIN crm_organisation o ON o.id = s.id
    LEFT JOIN LATERAL (
        SELECT array_agg(f.code::text ORDER BY f.code COLLATE "C") AS codes
        FROM crm_organisationfield f
        WHERE f.organisation_id = s.id AND f.vocabulary = s.vocabulary) held ON true
    WHERE (o.home_cluster_id = %(cluster)s OR o.home_cluster_id IS NULL AND NOT EXISTS (
        SELECT FROM crm_membership x
        WHERE x.organisation_id = o.id AND x.cluster_id <> %(cluster)s)) AND {condition}
    GROUP BY s.id) d
WHERE j.id = d.id
"""
CONDITIONS = {
    Policy.FILL: "held.codes IS NULL",
    Policy.OVERWRITE: "held.codes IS DISTINCT FROM s.codes",
}

TAKE_AWAY = f"""
DELETE FROM crm_organisationfield f USING judged_organisation j, {VOCABULARY}
WHERE f.organisation_id = j.id AND f.vocabulary = v.vocabulary AND j.diff ? v.name
  AND NOT (j.diff -> v.name -> 1) ? f.code
RETURNING f.id, f.organisation_id, f.vocabulary, f.code
"""
ADD = f"""
INSERT INTO crm_organisationfield (organisation_id, vocabulary, code)
SELECT j.id, v.vocabulary, said.code FROM judged_organisation j JOIN {VOCABULARY} ON j.diff ? v.name
CROSS JOIN LATERAL jsonb_array_elements_text(j.diff -> v.name -> 1) AS said (code)
ON CONFLICT DO NOTHING
RETURNING id
"""

LOCK = f"""
SELECT FROM crm_organisation WHERE id IN (
    SELECT r.organisation FROM crm_importrow r JOIN {VOCABULARY}
        ON r.diff -> 'organisation' ? v.name
    WHERE r.of_import_id = %(import)s AND r.made !~ 'o')
ORDER BY id FOR UPDATE
"""
COMPARE = f"""
DROP TABLE IF EXISTS coded;
CREATE TEMP TABLE coded ON COMMIT DROP AS
SELECT r.number, o.id, v.name, v.vocabulary, held.codes, o.merged_into_id IS NULL
    AND held.codes = r.diff -> 'organisation' -> v.name -> 1 AS still
FROM crm_importrow r JOIN {VOCABULARY} ON r.diff -> 'organisation' ? v.name
JOIN crm_organisation o ON o.id = r.organisation
CROSS JOIN LATERAL (
    SELECT coalesce(jsonb_agg(f.code ORDER BY f.code COLLATE "C"), '[]') AS codes
    FROM crm_organisationfield f
    WHERE f.organisation_id = o.id AND f.vocabulary = v.vocabulary) held
WHERE r.of_import_id = %(import)s AND r.made !~ 'o'
"""
TELL = """
UPDATE crm_importrow r SET conflict = coalesce(r.conflict, '{}') || d.said
FROM (SELECT number, jsonb_object_agg('organisation.' || name, codes) AS said
      FROM coded WHERE NOT still GROUP BY number) d
WHERE r.of_import_id = %(import)s AND r.number = d.number
"""
DROP_ADDED = """
DELETE FROM crm_organisationfield f USING coded c
WHERE c.still AND f.organisation_id = c.id AND f.vocabulary = c.vocabulary
  AND f.id = ANY(%(added)s)
"""
ENTER_AGAIN = """
INSERT INTO crm_organisationfield (id, organisation_id, vocabulary, code)
SELECT t.id, t.organisation, t.vocabulary, t.code
FROM unnest(%(ids)s::bigint[], %(organisations)s::bigint[], %(vocabularies)s::text[],
    %(codes)s::text[]) AS t (id, organisation, vocabulary, code)
JOIN coded c ON c.still AND c.id = t.organisation AND c.vocabulary = t.vocabulary
ON CONFLICT DO NOTHING
"""
PUT_BACK = "SELECT DISTINCT id FROM coded WHERE still"


def judge(of_import: Import) -> None:
    """Add to the organisations' differences what the policy lets the list say of them."""
    policy = Policy(of_import.policy)
    if policy in CONDITIONS:
        statement = JUDGE.format(vocabulary=VOCABULARY, condition=CONDITIONS[policy])
        with connection.cursor() as cursor:
            cursor.execute(statement, {"cluster": of_import.cluster_id})


def write() -> dict[str, list[Any]]:
    """Write what was judged; what undoing has to know of it."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_AWAY)
        taken = [list(row) for row in cursor.fetchall()]
        cursor.execute(ADD)
        return {"added": [pk for (pk,) in cursor.fetchall()], "taken": taken}


def take_back(of_import: Import) -> set[int]:
    """Put back what nobody changed since; the organisations that have it again."""
    written = of_import.written.get("codes") or {"added": [], "taken": []}
    if not any(written.values()):
        return set()
    of = {"import": of_import.pk}
    columns = [list(column) for column in zip(*written["taken"], strict=True)] or [[]] * 4
    taken = dict(zip(("ids", "organisations", "vocabularies", "codes"), columns, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(LOCK, of)
        cursor.execute(COMPARE, of)
        cursor.execute(TELL, of)
        cursor.execute(DROP_ADDED, {"added": written["added"]})
        cursor.execute(ENTER_AGAIN, taken)
        cursor.execute(PUT_BACK)
        return {pk for (pk,) in cursor.fetchall()}
