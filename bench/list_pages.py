"""How long list pages take: `python -m bench.list_pages`, in DATABASE_URL with invented people.

Prints one line of JSON: for each kind of user and each page its milliseconds and its questions.
"""

import json
import statistics
import time
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402  what follows needs the line above
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from crm.actions import users  # noqa: E402
from crm.models import Alliance, Cluster, User  # noqa: E402

ROUNDS = 5
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGES = (
    "/people/", "/people/?page=100", "/people/?language=fr", "/people/?language__not=fr",
    "/people/?mailable=yes", "/people/?mailable=no", "/people/?category=large",
    "/people/?standing=member&area=oncology", "/people/?at_region=bavaria", "/people/?sort=-name",
    "/people/?sort=organisation", "/people/?sort=organisation&page=100", "/people/?sort=language",
    "/people/?sort=created", "/people/?q=mar", "/people/?q=granier", "/people/?q=jean.1@",
    "/people/?q=load-biom.example", "/people/?q=alp", "/organisations/",
    "/organisations/?page=100", "/organisations/?category=large", "/organisations/?area=oncology",
    "/organisations/?sort=-city", "/organisations/?q=alp", "/organisations/?q=aplin",
)  # fmt: skip
# What the invented rows do not tell apart by themselves.
VARIED = """
UPDATE crm_membership SET
    standing = CASE WHEN id % 11 = 0 THEN 'prospect' ELSE 'member' END,
    category = (ARRAY['sme','sme','sme','large','midcap','research'])[1 + id % 6];
INSERT INTO crm_organisationfield (organisation_id, vocabulary, code)
SELECT id, 'area', (ARRAY['oncology','cns','cardiovascular','personalised'])[1 + id % 4]
FROM crm_organisation ON CONFLICT DO NOTHING;
UPDATE crm_person SET paused_until = now()::date + 30 WHERE id % 90 = 7;
DELETE FROM crm_legalbasis WHERE person_id % 40 = 3;
UPDATE crm_address SET undeliverable_at = now() WHERE id % 60 = 1;
UPDATE crm_person SET archived_at = now() WHERE id % 100 = 9;
"""


def main() -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.DEBUG = False
    with connection.cursor() as cursor:
        cursor.execute(VARIED)
        cursor.execute("VACUUM ANALYZE")
    found: dict[str, dict[str, dict[str, float]]] = {}
    for user in _readers():
        client = Client()
        client.force_login(user, BACKEND)
        found[user.name] = {page: _measured(client, page) for page in PAGES}
    print(json.dumps(found))


def _readers() -> list[User]:
    scopes: tuple[tuple[str, dict[str, Any]], ...] = (
        ("contact", {"cluster": Cluster.objects.get(slug="lyonbiopole")}),
        ("coordinator", {"alliance": Alliance.objects.get(slug="bioxclusters-plus")}),
        ("admin", {}),
    )
    readers = []
    for role, scope in scopes:
        user = users.create(email=f"{role}@lists.example", name=role)
        users.grant(user=user, role=role, **scope)
        readers.append(user)
    return readers


def _measured(client: Client, page: str) -> dict[str, float]:
    client.get(page)
    times = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        client.get(page)
        times.append((time.perf_counter() - began) * 1000)
    with CaptureQueriesContext(connection) as asked:
        client.get(page)
    return {"ms": round(statistics.median(times), 1), "least": round(min(times), 1),
            "questions": len(asked)}  # fmt: skip


if __name__ == "__main__":
    main()
