"""What a row brings to somebody who is there: further mailboxes, or an organisation that is new.

It is part of the difference that the row is shown with.
"""

from django.db import connection

from crm.models.imports import Import

MORE = "SELECT EXISTS (SELECT FROM staged_address)"
# The same choice as that of writing: of several rows the first, and nobody's first mailbox.
MAILBOXES = """
UPDATE judged j SET verdict = 'changed', diff = coalesce(j.diff, '{}') || jsonb_build_object(
    'mailbox', jsonb_build_object('email', jsonb_build_array(NULL, a.emails)))
FROM (
    SELECT n, string_agg(email, ', ' ORDER BY email COLLATE "C") AS emails
    FROM (
        SELECT DISTINCT ON (m.hmac) j.n, j.made_person, m.email
        FROM staged_address m JOIN judged j USING (n) LEFT JOIN crm_address a ON a.hmac = m.hmac
        WHERE j.person IS NOT NULL AND (j.made_person OR j.verdict IN ('changed', 'same'))
          AND a.erased_at IS NULL
          AND NOT EXISTS (
            SELECT FROM crm_personaddress u WHERE u.address_id = a.id
              AND (SELECT p.cluster_id FROM crm_person p WHERE p.id = u.person_id) = %(cluster)s)
          AND NOT EXISTS (
            SELECT FROM staged s JOIN judged f USING (n) WHERE s.hmac = m.hmac AND f.made_person)
        ORDER BY m.hmac, j.n) added
    WHERE NOT made_person GROUP BY n) a
WHERE j.n = a.n
"""
ORGANISATIONS = """
UPDATE judged j SET verdict = 'changed', diff = coalesce(j.diff, '{}') || jsonb_build_object(
    'organisation', jsonb_build_object('legal_name', jsonb_build_array(NULL, o.legal_name)))
FROM judged_organisation o
WHERE o.id = j.organisation AND j.made_organisation AND NOT j.moves
  AND j.verdict IN ('changed', 'same')
"""


def judge(of_import: Import) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ORGANISATIONS)
        cursor.execute(MORE)
        if of_import.policy != Import.Policy.SKIP and cursor.fetchone() == (True,):
            cursor.execute("ANALYZE staged_address")
            cursor.execute(MAILBOXES, {"cluster": of_import.cluster_id})
