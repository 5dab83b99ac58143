"""What a cluster keeps for itself, as its lists say it: tags, and answers to its own fields.

They are staged apart, so that a list without them costs nothing. Tags fill by being added to those
that there are, and replace them where the list overwrites; an answer fills where there is none.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from crm.actions import tags, two_sheets
from crm.actions.errors import Refused
from crm.models import Tag
from crm.models.imports import Import
from crm.resources.contacts import own_questions
from crm.rules.cells import MOST_TAGS
from crm.rules.columns import OWN, TAGS
from crm.rules.entries import Entry
from crm.rules.names import fold

Policy = Import.Policy
Row = tuple[Any, ...]

MOST_NEW = 100  # tags that a list may make; more are another column, and no tags
MOST_TOLD = 200

TABLES = """
DROP TABLE IF EXISTS staged_own, own_organisation, staged_tag;
CREATE TEMP TABLE staged_own (n int, of text, organisation bigint, tags bigint[], custom jsonb)
    ON COMMIT DROP;
CREATE TEMP TABLE own_organisation (id bigint, tags bigint[], custom jsonb) ON COMMIT DROP;
CREATE TEMP TABLE staged_tag (id bigint, name text, folded text) ON COMMIT DROP
"""
COPY = "COPY staged_own FROM STDIN"

# Tags that are new by now are somebody else's as well where they were entered meanwhile; and what
# was removed meanwhile is put on nothing.
ENTER = """
WITH entered AS (
    INSERT INTO crm_tag (id, cluster_id, name, folded)
    SELECT id, %(cluster)s, name, folded FROM staged_tag ORDER BY folded
    ON CONFLICT (cluster_id, folded) DO UPDATE SET name = crm_tag.name RETURNING id, folded)
SELECT s.id, e.id FROM staged_tag s JOIN entered e USING (folded)
"""
RENUMBER = """
UPDATE staged_own SET tags = array_replace(tags, %(planned)s::bigint, %(there)s::bigint)
WHERE %(planned)s = ANY(tags)
"""
HOLD = """
SELECT id FROM crm_tag WHERE id IN (SELECT unnest(tags) FROM staged_own) ORDER BY id FOR SHARE
"""
FORGET = """
UPDATE staged_own SET tags = ARRAY(
    SELECT tag FROM unnest(tags) WITH ORDINALITY AS t (tag, place)
    WHERE tag = ANY(%(there)s::bigint[]) ORDER BY place)
WHERE NOT tags <@ %(there)s::bigint[]
"""
DROP_UNUSED = """
DELETE FROM crm_tag t WHERE t.id = ANY(%(made)s)
  AND NOT EXISTS (SELECT FROM crm_person p
                  WHERE p.cluster_id = t.cluster_id AND p.tags @> ARRAY[t.id])
  AND NOT EXISTS (SELECT FROM crm_membership m
                  WHERE m.cluster_id = t.cluster_id AND m.tags @> ARRAY[t.id])
"""

# Of several rows about one organisation the first that answers counts, and all of their tags.
ORGANISATIONS = f"""
INSERT INTO own_organisation
SELECT j.id, t.tags, c.custom FROM judged_organisation j
LEFT JOIN (
    SELECT organisation, (array_agg(tag ORDER BY n, place))[1:{MOST_TAGS}] AS tags FROM (
        SELECT DISTINCT ON (organisation, tag) organisation, tag, n, place
        FROM staged_own CROSS JOIN unnest(tags) WITH ORDINALITY AS t (tag, place)
        WHERE of = 'organisation' ORDER BY organisation, tag, n, place) once
    GROUP BY organisation) t ON t.organisation = j.id
LEFT JOIN (
    SELECT organisation, jsonb_object_agg(key, value) AS custom FROM (
        SELECT DISTINCT ON (organisation, key) organisation, key, value
        FROM staged_own CROSS JOIN jsonb_each(custom)
        WHERE of = 'organisation' ORDER BY organisation, key, n) first
    GROUP BY organisation) c ON c.organisation = j.id
WHERE t.tags IS NOT NULL OR c.custom IS NOT NULL
"""
CHANGED_ORGANISATIONS = """
UPDATE judged_organisation j SET diff = coalesce(j.diff, '{{}}') || d.diff
FROM (SELECT x.id, {diff} AS diff FROM own_organisation x
      JOIN crm_membership r ON r.organisation_id = x.id AND r.cluster_id = %(cluster)s) d
WHERE j.id = d.id AND NOT j.fresh AND d.diff <> '{{}}'
"""
CHANGED_PEOPLE = """
UPDATE judged j SET verdict = 'changed', diff = coalesce(j.diff, '{{}}')
    || jsonb_build_object('person', coalesce(j.diff -> 'person', '{{}}') || d.diff)
FROM (SELECT x.n, {diff} AS diff FROM staged_own x JOIN judged k USING (n)
      JOIN crm_person r ON r.id = k.person
      WHERE x.of = 'person' AND NOT k.made_person AND k.verdict IN ('changed', 'same')) d
WHERE j.n = d.n AND d.diff <> '{{}}'
"""
# x: what the list says; r: what there is.
DIFF = """
CASE WHEN x.tags IS NULL OR {tags} <@ r.tags AND {tags} @> r.tags THEN '{{}}'
     ELSE jsonb_build_object('{key}', jsonb_build_array(to_jsonb(r.tags), to_jsonb({tags}))) END
|| coalesce((
    SELECT jsonb_object_agg('{own}' || key, jsonb_build_array(r.custom -> key, value))
    FROM jsonb_each(x.custom) WHERE {answers}), '{{}}')
"""
ADDED = f"""
(r.tags || ARRAY(SELECT tag FROM unnest(x.tags) WITH ORDINALITY AS t (tag, place)
                 WHERE tag <> ALL(r.tags) ORDER BY place))[1:{MOST_TAGS}]
"""
TAGS_OF = {Policy.FILL: ADDED, Policy.OVERWRITE: "x.tags"}
ANSWERS_OF = {
    Policy.FILL: "NOT r.custom ? key",
    Policy.OVERWRITE: "r.custom -> key IS DISTINCT FROM value",
}

# How the changed rows are written: {of} is their difference.
TAGS_WRITTEN = """
CASE WHEN {of} ? '{key}' THEN ARRAY(
    SELECT tag::bigint FROM jsonb_array_elements_text({of} -> '{key}' -> 1)
        WITH ORDINALITY AS t (tag, place) ORDER BY place) ELSE {row}.tags END
"""
ANSWERS_WRITTEN = """
CASE WHEN {of} ?| ARRAY[{keys}] THEN {row}.custom || (
    SELECT coalesce(jsonb_object_agg(substr(key, {after}), value -> 1), '{{}}')
    FROM jsonb_each({of}) WHERE key = ANY(ARRAY[{keys}])) ELSE {row}.custom END
"""


class Shelf:
    """Puts what the rows say of tags and own fields into `staged_own`; finds the tags meant.

    A word that is no tag yet becomes one where the import makes them, and else it is left out and
    told of.
    """

    def __init__(self, of_import: Import) -> None:
        named = kept(two_sheets.columns_of(of_import))
        questions = own_questions(of_import.cluster) if named else {}
        self._keys = {
            of: [name for name in named if name in questions and questions[name].of == of]
            for of in TAGS
        }
        own = Tag.objects.filter(cluster=of_import.cluster_id)
        self._known = dict(own.order_by().values_list("folded", "pk")) if named else {}
        self._makes = of_import.make_tags
        self._room = tags.MOST - len(self._known)
        self._new: dict[str, tuple[int | None, str]] = {}
        self._rows: list[Row] = []
        self.is_empty = not named
        with connection.cursor() as cursor:
            cursor.execute(TABLES)

    @property
    def new_tags(self) -> list[tuple[int | None, str]]:
        """The words that are no tags yet, each with the number that it gets if it is made."""
        return [*self._new.values()][:MOST_TOLD]

    def put(self, entry: Entry) -> None:
        for of, number in (("person", entry.is_person), ("organisation", entry.organisation)):
            names = entry.facts.get(TAGS[of], ())
            keys = [name for name in self._keys[of] if name in entry.facts]
            if number and not entry.error and (names or keys):
                answers = {name.removeprefix(OWN): entry.facts[name] for name in keys}
                said = (self._ids(entry, names) or None, json.dumps(answers) if answers else None)
                self._rows.append((entry.number, of, entry.organisation, *said))

    def flush(self) -> None:
        """Copy what was put since the last time."""
        if self._rows:
            with connection.cursor() as cursor, cursor.copy(COPY) as copy:
                for row in self._rows:
                    copy.write_row(row)
            self._rows = []

    def close(self) -> None:
        """Every row is there: the tags to be made, too."""
        made = [(pk, name, folded) for folded, (pk, name) in self._new.items() if pk]
        if len(made) > min(MOST_NEW, self._room):
            raise Refused(
                _("The list would make %(n)s new tags; %(most)s at a time are the most.")
                % {"n": len(made), "most": min(MOST_NEW, self._room)}
            )
        with connection.cursor() as cursor, cursor.copy("COPY staged_tag FROM STDIN") as copy:
            for row in made:
                copy.write_row(row)

    def _ids(self, entry: Entry, names: Iterable[str]) -> list[int]:
        found: dict[int, None] = {}
        for name in (part for each in names for part in self._parts(each)):
            folded = fold(name)
            pk = self._known.get(folded)
            if pk is None:
                if folded not in self._new:
                    self._new[folded] = (self._next_id() if self._makes else None, name)
                pk = self._new[folded][0]
            remark = f"“{name}” is no tag of yours yet, so it was left out."
            if pk is not None:
                found[pk] = None
            elif remark not in entry.remarks:
                entry.remarks.append(remark)
        return [*found][:MOST_TAGS]

    def _parts(self, name: str) -> list[str]:
        """A word with bars in it may be a tag; and else they stand between several."""
        if "|" not in name or fold(name) in self._known:
            return [name]
        parts = (" ".join(part.split()) for part in name.split("|"))
        return [part for part in parts if fold(part)]

    def _next_id(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('crm_tag', 'id'))")
            (pk,) = cursor.fetchone() or (0,)
        return int(pk)


def kept(columns: Iterable[str]) -> list[str]:
    """Those among the columns that a cluster keeps for itself."""
    return [name for name in columns if name.startswith(OWN) or name in TAGS.values()]


def _says_own(of_import: Import) -> bool:
    return bool(kept(two_sheets.columns_of(of_import)))


def hold(of_import: Import) -> None:
    """Enter the new tags and hold all of them, as whoever puts a tag on somebody does."""
    if not _says_own(of_import):
        return
    with connection.cursor() as cursor:
        cursor.execute(ENTER, {"cluster": of_import.cluster_id})
        entered = cursor.fetchall()
        for planned, there in entered:
            if planned != there:
                cursor.execute(RENUMBER, {"planned": planned, "there": there})
                cursor.execute("DELETE FROM staged_tag WHERE id = %s", [planned])
        cursor.execute(HOLD)
        cursor.execute(FORGET, {"there": [pk for (pk,) in cursor.fetchall()]})


def judge_organisations(of_import: Import) -> None:
    """Add to the organisations' differences what the policy lets the list say."""
    if not _says_own(of_import):
        return
    with connection.cursor() as cursor:
        cursor.execute(ORGANISATIONS)
        if of_import.policy in TAGS_OF:
            diff = _diff(of_import.policy, "organisation")
            statement = CHANGED_ORGANISATIONS.format(diff=diff)
            cursor.execute(statement, {"cluster": of_import.cluster_id})


def judge_people(of_import: Import) -> None:
    """Add to the rows' differences what the policy lets the list say of people."""
    if of_import.policy in TAGS_OF and _says_own(of_import):
        with connection.cursor() as cursor:
            cursor.execute(CHANGED_PEOPLE.format(diff=_diff(of_import.policy, "person")))


def written(of_import: Import, row: str, of: str, diff: str) -> tuple[str, list[str]]:
    """(SQL that writes the changed tags and answers, the names that the difference has for them);
    "" for a list that says nothing of them."""
    columns = kept(two_sheets.columns_of(of_import))
    if not columns:
        return "", []
    own = [name for name in dict.fromkeys(columns) if name.startswith(OWN)]
    sql = ", tags = " + TAGS_WRITTEN.format(of=diff, key=TAGS[of], row=row)
    if own:
        keys = ", ".join(f"'{OWN}{int(name.removeprefix(OWN))}'" for name in own)
        sql += ", custom = " + ANSWERS_WRITTEN.format(
            of=diff, keys=keys, row=row, after=len(OWN) + 1
        )
    return sql, [TAGS[of], *own]


def made_tags() -> list[int]:
    """The new tags that stand on somebody; the others are dropped."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM staged_tag")
        made = [pk for (pk,) in cursor.fetchall()]
        if made:
            cursor.execute(DROP_UNUSED, {"made": made})
    return list(Tag.objects.filter(pk__in=made).order_by("pk").values_list("pk", flat=True))


def _diff(policy: str, of: str) -> str:
    return DIFF.format(
        tags=TAGS_OF[Policy(policy)], key=TAGS[of], own=OWN, answers=ANSWERS_OF[Policy(policy)]
    )
