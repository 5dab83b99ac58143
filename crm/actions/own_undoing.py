"""Taking back what a list said of tags and own fields, from those who stay.

A tag is taken off whom the list gave it to, whatever other tags they got since. An answer that
changed since stays and is told of. A tag that the list made goes if it stands on nobody any more.
"""

from typing import Any

from django.db import connection

from crm.actions.import_own import DROP_UNUSED, kept
from crm.actions.two_sheets import columns_of
from crm.models.imports import Import
from crm.rules.columns import OWN, TAGS

PARTS: dict[str, dict[str, str]] = {
    "person": {
        "table": "crm_person",
        "join": "t.id = r.person",
        "letter": "'p'",
        "version": "version = t.version + 1, ",
        "closed": "t.erased_at IS NOT NULL OR t.merged_into_id IS NOT NULL",
        "id": "t.id",
    },
    "organisation": {
        "table": "crm_membership",
        "join": "t.organisation_id = r.organisation AND t.cluster_id = %(cluster)s",
        "letter": "'o'",
        "version": "",
        "closed": "false",
        "id": "t.organisation_id",
    },
}
HOLD = "SELECT FROM crm_tag WHERE cluster_id = %(cluster)s ORDER BY id FOR UPDATE"
ROWS = "r.of_import_id = %(import)s AND r.made !~ {letter}"

TAGS_BACK = """
UPDATE {table} t SET {version}tags = CASE WHEN t.tags = d.after THEN d.before ELSE
    ARRAY(SELECT tag FROM unnest(t.tags) WITH ORDINALITY AS u (tag, place)
          WHERE tag <> ALL(d.after) OR tag = ANY(d.before) ORDER BY place)
    || ARRAY(SELECT tag FROM unnest(d.before) AS tag
             WHERE tag <> ALL(d.after) AND tag <> ALL(t.tags)) END
FROM (
    SELECT t.id, ARRAY(
        SELECT tag::bigint FROM jsonb_array_elements_text(r.diff -> '{part}' -> '{key}' -> 0)
            WITH ORDINALITY AS u (tag, place)
        WHERE EXISTS (SELECT FROM crm_tag WHERE id = tag::bigint) ORDER BY place) AS before,
      ARRAY(
        SELECT tag::bigint FROM jsonb_array_elements_text(r.diff -> '{part}' -> '{key}' -> 1)
            WITH ORDINALITY AS u (tag, place) ORDER BY place) AS after
    FROM crm_importrow r JOIN {table} t ON {join}
    WHERE {rows} AND r.diff -> '{part}' ? '{key}' AND NOT ({closed})) d
WHERE t.id = d.id
RETURNING {id}
"""
ANSWERS = """
DROP TABLE IF EXISTS answered;
CREATE TEMP TABLE answered ON COMMIT DROP AS
SELECT r.number, t.id, said.key AS name, substr(said.key, {after}) AS key, value -> 0 AS before,
    t.custom -> substr(said.key, {after}) AS now,
    NOT ({closed}) AND t.custom -> substr(said.key, {after}) = value -> 1 AS still
FROM crm_importrow r JOIN {table} t ON {join}
CROSS JOIN jsonb_each(r.diff -> '{part}') AS said
WHERE {rows} AND starts_with(said.key, '{own}') AND jsonb_typeof(r.diff -> '{part}') = 'object'
"""
TELL = """
UPDATE crm_importrow r SET conflict = coalesce(r.conflict, '{{}}') || d.said
FROM (SELECT number, jsonb_object_agg('{part}.' || name, now) AS said
      FROM answered WHERE still IS NOT TRUE GROUP BY number) d
WHERE r.of_import_id = %(import)s AND r.number = d.number
"""
ANSWERS_BACK = """
UPDATE {table} t SET {version}custom = (t.custom - d.keys) || d.former
FROM (SELECT id, array_agg(key) AS keys, coalesce(
          jsonb_object_agg(key, before) FILTER (WHERE before <> 'null'), '{{}}') AS former
      FROM answered WHERE still GROUP BY id) d
WHERE t.id = d.id
RETURNING {id}
"""


def hold(of_import: Import) -> None:
    """Keep the cluster's tags as they are: what is put on somebody meanwhile is not dropped, and
    what is removed meanwhile is put on nobody. Tags are held before rows are, as everywhere else.
    """
    if kept(columns_of(of_import)):
        with connection.cursor() as cursor:
            cursor.execute(HOLD, {"cluster": of_import.cluster_id})


def take_back(of_import: Import) -> tuple[set[int], set[int]]:
    """(people, organisations) that have again what they had."""
    found = []
    values = {"import": of_import.pk, "cluster": of_import.cluster_id}
    with connection.cursor() as cursor:
        for part, sql in PARTS.items():
            words = sql | {
                "part": part,
                "key": TAGS[part],
                "own": OWN,
                "after": str(len(OWN) + 1),
                "rows": ROWS.format(**sql),
            }
            changed: set[int] = set()
            for statement in (TAGS_BACK, ANSWERS, TELL, ANSWERS_BACK):
                cursor.execute(statement.format(**words), values)
                if cursor.description:
                    changed.update(pk for (pk,) in cursor.fetchall())
            found.append(changed)
    return found[0], found[1]


def drop_tags(of_import: Import) -> None:
    """The tags that came with it, unless somebody uses or renamed them since."""
    made: list[Any] = of_import.written.get("tags", [])
    if made:
        renamed = " AND NOT EXISTS (SELECT FROM crm_taghistory h WHERE h.pgh_obj_id = t.id)"
        with connection.cursor() as cursor:
            cursor.execute(DROP_UNUSED + renamed, {"made": made})
