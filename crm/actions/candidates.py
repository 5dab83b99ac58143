"""Which two records of a cluster are worth comparing: statements over its own rows alone.

A cross join of 30,000 people is 450 million pairs. Here a pair is made only within a block: a word
of the name that few others have, or a frequent word with the first letter of another one. What
blocks bring together must also be alike by trigrams. For a cluster with 25,000 invented people and
7,650 organisations, whose names come from few stems, the two statements cost PostgreSQL 40 s of a
core, and comparing the 276,000 pairs that they name 16 s of Python; a worker does it at night.
"""

RARE = 40  # records that may share a word (a number, a mailbox) for it alone to make a block
CROWD = 300  # records in a block from which on it tells nothing: 45,000 pairs
NEAREST = 5  # of each record only so many others with the most alike names are compared

# Names in words. {names} yields (id, name), a folded name each; a record may have several.
_BY_NAME = """
named AS MATERIALIZED ({names}),
word AS MATERIALIZED (
    SELECT id, name, word, n, count(*) OVER (PARTITION BY word) AS often
    FROM named, unnest(string_to_array(name, ' ')) WITH ORDINALITY AS w (word, n)
    WHERE length(word) > 0),
block AS MATERIALIZED (
    SELECT DISTINCT id, key FROM (
        SELECT id, word AS key FROM word WHERE length(word) > 2 AND often <= {rare}
        UNION ALL
        SELECT a.id, a.word || ' ' || left(b.word, 1)
        FROM word a JOIN word b ON b.id = a.id AND b.n <> a.n
        WHERE length(a.word) > 2 AND a.often > {rare}
        UNION ALL
        SELECT id, '^' || left(word, 4) FROM word WHERE n = 1 AND length(word) > 3 AND {begins}
    ) keys),
calm AS (SELECT key FROM block GROUP BY key HAVING count(*) BETWEEN 2 AND {crowd}),
by_name AS (
    SELECT DISTINCT a.id AS one, b.id AS two
    FROM calm JOIN block a USING (key) JOIN block b USING (key) WHERE a.id < b.id AND {asked}),
scored AS (
    SELECT one, two, similarity(a.name, b.name) AS likeness FROM by_name
    JOIN named a ON a.id = one JOIN named b ON b.id = two),
alike AS (
    SELECT one, two FROM (
        SELECT one, two, least(
            row_number() OVER (PARTITION BY one ORDER BY likeness DESC, two),
            row_number() OVER (PARTITION BY two ORDER BY likeness DESC, one)) AS nth
        FROM scored WHERE likeness >= {alike}) ranked
    WHERE nth <= {nearest})
"""

# Whatever else two records share; {shared} yields (id, key).
_BY_KEY = """
shared AS MATERIALIZED ({shared}),
few AS (SELECT key FROM shared GROUP BY key HAVING count(*) BETWEEN 2 AND {rare}),
by_key AS (
    SELECT a.id AS one, b.id AS two
    FROM few JOIN shared a USING (key) JOIN shared b USING (key) WHERE a.id < b.id AND {asked})
SELECT one, two FROM alike UNION SELECT one, two FROM by_key ORDER BY one, two
"""


def _filled(statement: str, **parts: str) -> str:
    asked = "(%(all)s OR a.id = ANY(%(ids)s) OR b.id = ANY(%(ids)s))"
    limits = {"rare": RARE, "crowd": CROWD, "nearest": NEAREST, "asked": asked}
    return statement.format(**limits, **parts)


PEOPLE = (
    """
WITH mine AS MATERIALIZED (
    SELECT id, name_folded, phone FROM crm_person
    WHERE cluster_id = %(cluster)s AND archived_at IS NULL AND erased_at IS NULL
      AND merged_into_id IS NULL),
box AS MATERIALIZED (
    SELECT m.id, m.name_folded, a.id AS address, a.domain, split_part(a.key, '@', 1) AS local
    FROM mine m JOIN crm_personaddress u ON u.person_id = m.id
    JOIN crm_address a ON a.id = u.address_id AND a.key IS NOT NULL),
"""
    # Somebody without a name is called as the mailbox is.
    + _filled(
        _BY_NAME,
        alike="0.5",  # "a rossi" and "anna rossi" have 0.58
        # Given names begin alike too often.
        begins="position(' ' IN name) = 0",
        names="""
    SELECT id, name_folded AS name FROM mine WHERE name_folded <> ''
    UNION
    SELECT id, translate(local, '._-', '   ') FROM box WHERE name_folded = ''""",
    )
    + ","
    + _filled(
        _BY_KEY,
        shared="""
    SELECT id, 'address ' || address AS key FROM box
    UNION
    SELECT id, 'local ' || translate(local, '._-', '') FROM box WHERE length(local) > 5
    UNION
    SELECT id, 'phone ' || right(regexp_replace(phone, '\\D', '', 'g'), 9) FROM mine
    WHERE length(regexp_replace(phone, '\\D', '', 'g')) > 6""",
    )
)

ORGANISATIONS = (
    """
WITH mine AS MATERIALIZED (
    SELECT o.id, o.name_folded, o.domain
    FROM crm_organisation o JOIN crm_membership m ON m.organisation_id = o.id
    WHERE m.cluster_id = %(cluster)s AND m.archived_at IS NULL
      AND o.archived_at IS NULL AND o.merged_into_id IS NULL),
"""
    + _filled(
        _BY_NAME,
        alike="0.35",  # legal forms are part of it: "novamedica sl", "novamedika s l u" have 0.41
        begins="true",
        names="""
    SELECT id, name_folded AS name FROM mine
    UNION
    SELECT m.id, n.folded FROM mine m JOIN crm_organisationname n ON n.organisation_id = m.id""",
    )
    + ","
    + _filled(_BY_KEY, shared="SELECT id, 'domain ' || domain AS key FROM mine WHERE domain <> ''")
)
