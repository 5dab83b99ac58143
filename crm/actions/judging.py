"""What becomes of each staged row: its verdict, the reason, and what it would change.

These statements look at all rows at once. They read the address book and write nothing in it: a
preview and an import judge by the same ones.
"""

from typing import Any

from django.db import connection

from crm.actions import import_additions, import_codes, import_own
from crm.actions.addresses import KEPT_OUT
from crm.models.imports import Import
from crm.resources.contacts import ContactResource
from crm.rules.locks import ADDRESS_BOOK

Policy = Import.Policy


# The columns that a list can bring to each table. Those that are no text are written apart.
PERSON = ContactResource.of("person")
CORE = ContactResource.of("organisation", but=("legal_name", "region"))
MEMBERSHIP = ContactResource.of("membership", but=("employees",))

# Whom each row is about. An address of ours is its person, unless the two names have no word in
# common. Where a row has no address, name and organisation together are enough; where it has
# another one, they are not, for two people may be called the same.
HELD = f"""
CREATE TEMP TABLE held ON COMMIT DROP AS
SELECT a.hmac, a.id, {KEPT_OUT} AS erased,
       a.undeliverable_at IS NOT NULL OR EXISTS (
           SELECT FROM crm_suppression x WHERE x.address_id = a.id AND x.lifted_at IS NULL
           AND (x.scope = 'all' OR x.scope = 'cluster' AND x.cluster_id = %(cluster)s)
       ) AS stopped
FROM crm_address a WHERE a.hmac IN (SELECT hmac FROM staged)
"""
BY_ADDRESS = """
CREATE TEMP TABLE by_address ON COMMIT DROP AS
SELECT s.n, count(*) AS several,
       (array_agg(p.id ORDER BY p.name_folded <> s.folded, p.id))[1] AS person,
       bool_or(p.name_folded = s.folded) AS named,
       bool_and(s.folded = '' OR p.name_folded = ''
           OR string_to_array(s.folded, ' ') && string_to_array(p.name_folded, ' ')) AS alike
FROM staged s JOIN held h USING (hmac)
JOIN crm_personaddress u ON u.address_id = h.id
JOIN crm_person p ON p.id = u.person_id AND p.cluster_id = %(cluster)s
    AND p.merged_into_id IS NULL AND p.erased_at IS NULL
GROUP BY s.n
"""
# In a large book some thousand people have one name, so nobody is asked for by that alone: these
# are the pairs of name and organisation, and of name and domain, in which a row may find somebody.
NAMESAKES = """
CREATE TEMP TABLE namesake ON COMMIT DROP AS
WITH wanted AS MATERIALIZED (
    SELECT s.folded, s.organisation IS NULL AND s.hmac IS NULL AS by_name_alone FROM staged s
    WHERE s.folded <> '' AND NOT EXISTS (SELECT FROM by_address b WHERE b.n = s.n)),
called AS MATERIALIZED (
    SELECT id, name_folded AS folded FROM crm_person
    WHERE cluster_id = %(cluster)s AND merged_into_id IS NULL AND erased_at IS NULL
      AND name_folded IN (SELECT folded FROM wanted))
SELECT p.id, p.folded, t.organisation_id AS organisation, NULL AS domain
FROM called p JOIN crm_position t ON t.person_id = p.id WHERE upper_inf(t.during)
UNION ALL
SELECT p.id, p.folded, NULL, a.domain
FROM called p
JOIN crm_personaddress u ON u.person_id = p.id JOIN crm_address a ON a.id = u.address_id
UNION ALL
SELECT id, folded, NULL, NULL
FROM called WHERE folded IN (SELECT folded FROM wanted WHERE by_name_alone)
"""
MATCH = """
CREATE TEMP TABLE matched ON COMMIT DROP AS
WITH by_name AS (
    SELECT n, count(*) AS several, min(id) AS person FROM (
        SELECT s.n, p.id FROM staged s JOIN namesake p USING (folded, organisation)
        UNION
        SELECT s.n, p.id FROM staged s JOIN namesake p USING (folded, domain)
        UNION
        SELECT s.n, p.id FROM staged s JOIN namesake p USING (folded)
        WHERE s.organisation IS NULL AND s.hmac IS NULL
          AND p.organisation IS NULL AND p.domain IS NULL) found
    WHERE NOT EXISTS (SELECT FROM by_address b WHERE b.n = found.n)
    GROUP BY n),
known AS (
    SELECT s.n, s.error, s.unclear, s.is_person, s.folded, s.hmac, s.organisation, s.fresh,
           h.id AS address, coalesce(h.erased, false) AS erased,
           coalesce(h.erased OR h.stopped, false) AS unmailable,
           CASE WHEN a.several = 1 AND a.alike OR a.named THEN a.person
                WHEN s.hmac IS NULL AND s.organisation IS NOT NULL AND n.several = 1 THEN n.person
           END AS person,
           a.person AS by_address, n.person AS by_name
    FROM staged s LEFT JOIN held h USING (hmac)
    LEFT JOIN by_address a USING (n) LEFT JOIN by_name n USING (n)),
numbered AS (
    SELECT *,
        CASE WHEN error = '' THEN least(
            CASE WHEN hmac IS NOT NULL THEN min(n) OVER (PARTITION BY error = '', hmac) END,
            CASE WHEN person IS NOT NULL THEN min(n) OVER (PARTITION BY error = '', person) END,
            -- Namesakes whom the book tells apart are not one because a list has both.
            CASE WHEN person IS NULL AND folded <> ''
                      AND (organisation IS NOT NULL OR hmac IS NULL) THEN
                min(n) OVER (PARTITION BY error = '', is_person, folded, organisation) END,
            CASE WHEN NOT is_person THEN
                min(n) OVER (PARTITION BY error = '', is_person, organisation) END) END AS earliest
    FROM known)
SELECT k.n, k.is_person, k.address, k.unmailable, k.person, k.organisation, k.fresh,
    CASE WHEN k.error <> '' OR k.erased THEN 'error'
         WHEN k.unclear <> '' OR k.earliest < k.n
              OR k.is_person AND k.person IS NULL AND (k.by_address IS NOT NULL
                                                       OR k.by_name IS NOT NULL) THEN 'duplicate'
    END AS refused,
    CASE WHEN k.error <> '' THEN k.error
         WHEN k.erased THEN 'The owner of this address had it erased. It stays out.'
         WHEN k.unclear <> '' THEN k.unclear
         WHEN k.earliest < k.n THEN 'The same as row ' || k.earliest || '.'
         WHEN k.person IS NULL AND k.by_address IS NOT NULL THEN
              'Your contact ' || coalesce(nullif(trim(twin.given || ' ' || twin.family), ''), '?')
              || ' uses this address under another name.'
         WHEN k.person IS NULL AND k.by_name IS NOT NULL THEN
              'Your contact ' || trim(twin.given || ' ' || twin.family)
              || ' has the same name and another address.'
         ELSE ''
    END AS reason
FROM numbered k
LEFT JOIN crm_person twin ON k.is_person AND twin.id = coalesce(k.by_address, k.by_name)
"""

# Who is edited, merged or erased between judging and writing would be written over, so everyone
# whom a row may turn out to be about is held.
HOLD = (
    "SELECT FROM crm_address WHERE hmac IN (SELECT hmac FROM staged) ORDER BY id FOR SHARE",
    """
SELECT FROM crm_person WHERE cluster_id = %(cluster)s AND (
    name_folded IN (SELECT folded FROM staged WHERE folded <> '')
    OR id IN (SELECT u.person_id FROM staged JOIN crm_address a USING (hmac)
              JOIN crm_personaddress u ON u.address_id = a.id))
ORDER BY id FOR UPDATE
""",
    "SELECT FROM crm_organisation WHERE id IN (SELECT organisation FROM staged) ORDER BY id"
    " FOR UPDATE",
    "SELECT FROM crm_membership WHERE cluster_id = %(cluster)s"
    " AND organisation_id IN (SELECT organisation FROM staged) ORDER BY id FOR UPDATE",
)

# Organisations are looked up before they are held. What the cluster merged meanwhile, or came to
# keep together with another one, is where it went.
FOLLOW = """
UPDATE {table} s SET {column} = m.kept FROM crm_merge m
WHERE m.cluster_id = %(cluster)s AND m.noun = 'organisation' AND m.undone_at IS NULL
  AND m.dropped = s.{column}
"""
FOLLOWING = (
    ("staged", "organisation"), ("staged_organisation", "id"), ("staged_own", "organisation"),
)  # fmt: skip

# What the file says of each organisation: of several rows the first that says it. The core belongs
# to the home cluster.
ORGANISATIONS = """
CREATE TEMP TABLE judged_organisation ON COMMIT DROP AS
WITH wanted AS (
    SELECT organisation AS id, min(n) AS n FROM matched
    WHERE organisation IS NOT NULL AND refused IS NULL GROUP BY organisation),
said AS (
    SELECT id, bool_or(fresh) AS fresh,
           (array_agg(folded ORDER BY length(folded) DESC))[1] AS folded,
           string_agg(DISTINCT codes, ',') AS codes, {first}
    FROM staged_organisation GROUP BY id)
SELECT w.n, s.*, {diff} AS diff
FROM said s JOIN wanted w USING (id)
LEFT JOIN crm_organisation o ON o.id = s.id
LEFT JOIN crm_membership m ON m.organisation_id = s.id AND m.cluster_id = %(cluster)s
LEFT JOIN LATERAL (
    SELECT o.home_cluster_id = %(cluster)s OR o.home_cluster_id IS NULL AND NOT EXISTS (
        SELECT FROM crm_membership x
        WHERE x.organisation_id = o.id AND x.cluster_id <> %(cluster)s) AS ours) core ON true
"""

# A post there that ends some day to come stays as it is: two at a time would be none.
MOVES = """(p.id IS NOT NULL AND k.organisation IS NOT NULL AND {} AND NOT EXISTS (
    SELECT FROM crm_position t WHERE t.person_id = p.id AND t.organisation_id = k.organisation
    AND upper(t.during) > %(today)s))"""
VERDICTS = """
CREATE TEMP TABLE judged ON COMMIT DROP AS
WITH compared AS (
    SELECT k.*, s.job, post.id AS post, {moves} AS moves,
        CASE WHEN {moves} THEN coalesce(elsewhere.posts, '[]') END AS ended,
        nullif(jsonb_strip_nulls(jsonb_build_object(
            'person', CASE WHEN p.id IS NOT NULL THEN {person_diff} END,
            'post', CASE WHEN p.id IS NULL THEN NULL
                         WHEN {moves} THEN jsonb_build_array(elsewhere.names, k.organisation)
                         WHEN post.id IS NOT NULL THEN {job_diff} END,
            'organisation', CASE WHEN jo.n = k.n THEN jo.diff END)), '{{}}') AS diff
    FROM matched k JOIN staged s USING (n)
    LEFT JOIN crm_person p ON p.id = k.person AND k.refused IS NULL
    LEFT JOIN crm_position post ON post.person_id = p.id
        AND post.organisation_id = k.organisation AND upper_inf(post.during)
    LEFT JOIN LATERAL (
        SELECT count(*) AS number, string_agg(o.legal_name, ', ' ORDER BY o.id) AS names,
               jsonb_agg(jsonb_build_object('id', t.id, 'organisation', o.id, 'job', t.job,
                                            'since', lower(t.during))) AS posts
        FROM crm_position t JOIN crm_organisation o ON o.id = t.organisation_id
        WHERE t.person_id = p.id AND upper_inf(t.during)) elsewhere ON true
    LEFT JOIN judged_organisation jo ON jo.id = k.organisation)
SELECT c.n, c.address, c.unmailable, c.organisation, c.post, c.diff, c.moves,
    c.ended, c.job,
    c.is_person AND c.person IS NULL AND c.refused IS NULL AS made_person,
    c.fresh AND jo.n = c.n AND c.refused IS NULL AS made_organisation,
    CASE WHEN c.refused IS NULL AND c.is_person AND c.person IS NULL
         THEN nextval(pg_get_serial_sequence('crm_person', 'id')) ELSE c.person END AS person,
    coalesce(c.refused, CASE
        WHEN c.is_person AND c.person IS NULL THEN 'new'
        WHEN NOT c.is_person AND c.fresh THEN 'new'
        WHEN c.diff IS NOT NULL THEN 'changed'
        ELSE 'same' END) AS verdict,
    left(concat_ws(' ', nullif(c.reason, ''), nullif(s.remarks, '')), 400) AS reason
FROM compared c JOIN staged s USING (n)
LEFT JOIN judged_organisation jo ON jo.id = c.organisation
"""


def alone(cluster_id: int) -> None:
    """Wait until no other list is written into the cluster's address book.

    Two at a time would enter the same people and organisations twice.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ADDRESS_BOOK, cluster_id])


def judge(of_import: Import, *, hold: bool = False) -> None:
    """Fill `judged` and `judged_organisation` from what is staged, for the import's policy.

    `hold`: keep whom the rows are about as they are until the transaction ends.
    """
    policy = of_import.policy
    person = " || ".join(_changed(name, f"p.{name}", f"s.{name}", policy) for name in PERSON)
    core = " || ".join(
        f"CASE WHEN core.ours THEN {_changed(name, f'o.{name}', f's.{name}', policy)} "
        "ELSE '{}' END"
        for name in CORE
    )
    mine = " || ".join(_changed(name, f"m.{name}", f"s.{name}", policy) for name in MEMBERSHIP)
    first = ", ".join(
        f"(array_agg({name} ORDER BY n) FILTER (WHERE {name} IS NOT NULL))[1] AS {name}"
        for name in ("legal_name", "domain", *CORE, "region", *MEMBERSHIP, "employees")
    )
    region = _changed("region", "o.region_id", "s.region", policy)
    employees = _changed("employees", "m.employees", "s.employees", policy)
    organisation = (
        f"nullif({core} || {mine} || CASE WHEN core.ours THEN {region} ELSE '{{}}' END"
        f" || {employees}, '{{}}')"
    )
    moves = {
        Policy.SKIP: "false",
        Policy.FILL: MOVES.format("elsewhere.number = 0"),
        Policy.OVERWRITE: MOVES.format("post.id IS NULL"),
    }[Policy(policy)]
    values: dict[str, Any] = {
        "cluster": of_import.cluster_id,
        "today": of_import.created_at.date(),
    }
    with connection.cursor() as cursor:
        if hold:
            import_own.hold(of_import)
        # What is joined by: figures of cells and names would cost as much as the joins.
        cursor.execute("ANALYZE staged (n, error, hmac, folded, domain, is_person, organisation)")
        if hold:
            _hold(cursor, values)
        for statement in (HELD, BY_ADDRESS, NAMESAKES, "ANALYZE namesake", MATCH):
            cursor.execute(statement, values)
        cursor.execute("ANALYZE matched")
        cursor.execute(
            ORGANISATIONS.format(
                first=first, diff=f"CASE WHEN s.fresh THEN NULL ELSE {organisation} END"
            ),
            values,
        )
        import_codes.judge(of_import)
        import_own.judge_organisations(of_import)
        cursor.execute(
            VERDICTS.format(
                moves=moves,
                person_diff=f"nullif({person}, '{{}}')",
                job_diff=f"nullif({_changed('job', 'post.job', 's.job', policy)}, '{{}}')",
            ),
            values,
        )
        # Without figures of it the planner would join some thousand changes row by row.
        cursor.execute("ANALYZE judged, judged_organisation")
        import_additions.judge(of_import)
        import_own.judge_people(of_import)


def _hold(cursor: Any, values: dict[str, Any]) -> None:
    moved = True
    while moved:  # what it went into may have been merged, too
        for statement in HOLD:
            cursor.execute(statement, values)
        moved = False
        for table, column in FOLLOWING:
            cursor.execute(FOLLOW.format(table=table, column=column), values)
            moved = moved or cursor.rowcount > 0


def _changed(name: str, now: str, said: str, policy: str) -> str:
    """SQL: {"name": [before, after]} where the policy lets the file change it, else {}."""
    if policy == Policy.SKIP:
        return "'{}'::jsonb"
    condition = f"{said} IS NOT NULL AND {said}::text IS DISTINCT FROM {now}::text"
    if policy == Policy.FILL:
        condition += f" AND coalesce({now}::text, '') = ''"
    return (
        f"CASE WHEN {condition} THEN jsonb_build_object('{name}', jsonb_build_array("
        f"to_jsonb({now}), to_jsonb({said}))) ELSE '{{}}'::jsonb END"
    )
