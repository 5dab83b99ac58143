"""How long pages take: `python -m bench.list_pages`, in DATABASE_URL with invented people.

Prints one line of JSON: for each kind of user and each page the milliseconds to its answer, the
least of them that this process itself computed, and its questions. A round asks every page once, so
that whatever else the machine does for some seconds does not fall on all rounds of one page.

Where others share the machine its pace is by turns half as fast for minutes. A small computation
before and after each page tells the pace then; `quiet` is the time that the page would have taken
at the quickest pace seen in the run.
"""

import gc
import json
import statistics
import time
from collections import defaultdict
from http import HTTPStatus
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402  what follows needs the line above
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from crm.actions import users  # noqa: E402
from crm.models import Alliance, Cluster, Note, User  # noqa: E402

ROUNDS = 5
STEPS = 40_000
"""Of the small computation: some 3 ms."""
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGES = (
    "/people/", "/people/?page=100", "/people/?language=fr", "/people/?language__not=fr",
    "/people/?mailable=yes", "/people/?mailable=no", "/people/?category=large",
    "/people/?standing=member&area=oncology", "/people/?at_region=bavaria", "/people/?sort=-name",
    "/people/?sort=organisation", "/people/?sort=organisation&page=100", "/people/?sort=language",
    "/people/?sort=created", "/people/?sort=job", "/people/?sort=-job&page=100",
    "/people/?at_employees__before=500", "/people/?import__not_empty=1",
    "/people/?note__contains=mission", "/people/?q=mar", "/people/?q=granier", "/people/?q=jean.1@",
    "/people/?q=load-biom.example", "/people/?q=alp", "/organisations/",
    "/organisations/?page=100", "/organisations/?category=large", "/organisations/?area=oncology",
    "/organisations/?sort=-city", "/organisations/?sort=category&page=50",
    "/organisations/?sort=-standing", "/organisations/?sort=-employees",
    "/organisations/?import__not_empty=1", "/organisations/?note__contains=mission",
    "/organisations/?q=alp", "/organisations/?q=aplin",
    "/duplicates/people/", "/duplicates/organisations/", "/vocabulary/", "/network/",
    "/network/alliances/bioxclusters-plus/", "/network/clusters/lyonbiopole/", "/",
)  # fmt: skip
DIRECTORY = "/public/en/directory/"
VISITED = (
    DIRECTORY, f"{DIRECTORY}?page=400", f"{DIRECTORY}?area=oncology", f"{DIRECTORY}?region=bavaria",
    f"{DIRECTORY}?q=tramuntana", f"{DIRECTORY}?q=tramontuna",
)  # fmt: skip
# What the invented rows do not tell apart by themselves. Numbers go round the clusters, so that
# facts are dealt out by something else.
VARIED = """
INSERT INTO crm_organisation (legal_name, short_name, name_folded, kind, website, domain, city,
    country, region_id, home_cluster_id, public_profile, version)
SELECT legal_name || ' ' || n, '', name_folded || ' ' || n, kind, '', '', city,
    country, region_id, home_cluster_id, false, 1
FROM crm_organisation, generate_series(1, 2) AS n;
INSERT INTO crm_membership (organisation_id, cluster_id, standing, category)
SELECT id, home_cluster_id, 'member', 'sme' FROM crm_organisation
WHERE home_cluster_id IS NOT NULL ON CONFLICT DO NOTHING;
UPDATE crm_membership SET
    standing = CASE WHEN abs(hashint8(id)) % 11 = 0 THEN 'prospect' ELSE 'member' END,
    category = (ARRAY['sme','sme','sme','large','midcap','research'])[1 + abs(hashint8(id)) % 6];
INSERT INTO crm_organisationfield (organisation_id, vocabulary, code)
SELECT id, 'area',
    (ARRAY['oncology','cns','cardiovascular','personalised'])[1 + abs(hashint8(id)) % 4]
FROM crm_organisation ON CONFLICT DO NOTHING;
UPDATE crm_organisation SET public_profile = true WHERE home_cluster_id IS NOT NULL;
INSERT INTO crm_directoryentry (organisation_id, slug, descriptions, word)
SELECT id, 'company-' || id, jsonb_build_object('en', repeat('We make medicines. ', 9)), 'Director'
FROM crm_organisation WHERE public_profile ON CONFLICT DO NOTHING;
UPDATE crm_person SET paused_until = now()::date + 30 WHERE abs(hashint8(id)) % 90 = 7;
DELETE FROM crm_legalbasis WHERE abs(hashint8(person_id)) % 40 = 3;
UPDATE crm_address SET undeliverable_at = now() WHERE abs(hashint8(id)) % 60 = 1;
UPDATE crm_person SET archived_at = now() WHERE abs(hashint8(id)) % 100 = 9;
INSERT INTO crm_duplicate (cluster_id, noun, first, second, score, reasons, state, found_at)
SELECT cluster_id, 'person', id, next, 60 + id % 40, '{like_name,phone}', 'open', now()
FROM (SELECT cluster_id, id, lead(id) OVER (PARTITION BY cluster_id ORDER BY id) AS next,
    row_number() OVER (PARTITION BY cluster_id ORDER BY id) AS nth FROM crm_person) AS pairs
WHERE nth % 2 = 0 AND nth < 10000 AND next IS NOT NULL;
INSERT INTO crm_duplicate (cluster_id, noun, first, second, score, reasons, state, found_at)
SELECT cluster_id, 'organisation', id, next, 60 + id % 40, '{like_name}', 'open', now()
FROM (SELECT cluster_id, organisation_id AS id,
    lead(organisation_id) OVER (PARTITION BY cluster_id ORDER BY organisation_id) AS next,
    row_number() OVER (PARTITION BY cluster_id ORDER BY organisation_id) AS nth
    FROM crm_membership) AS pairs
WHERE nth % 2 = 0 AND nth < 10000 AND next IS NOT NULL;
UPDATE crm_membership SET employees = abs(hashint8(id)) % 900 WHERE abs(hashint8(id)) % 5 > 0;
INSERT INTO crm_importrow (of_import_id, number, verdict, reason, person, made, unmailable)
SELECT 1, row_number() OVER (), 'new', '', p.id, 'p', false
FROM crm_person p JOIN crm_cluster c ON c.id = p.cluster_id WHERE c.slug = 'lyonbiopole';
INSERT INTO crm_importrow (of_import_id, number, verdict, reason, person, made, unmailable)
SELECT 2, row_number() OVER (), 'same', '', p.id, '', false FROM crm_person p;
INSERT INTO crm_note (cluster_id, person_id, text, at)
SELECT cluster_id, id, 'Asked about the mission to Japan.', now()
FROM crm_person WHERE abs(hashint8(id)) % 5 = 1;
INSERT INTO crm_note (cluster_id, membership_id, text, at)
SELECT cluster_id, id, 'Asked about the mission to Japan.', now()
FROM crm_membership WHERE abs(hashint8(id)) % 5 = 1;
INSERT INTO crm_note (cluster_id, person_id, text, at)
SELECT cluster_id, id, 'Called about the mission.', now() - n * '1 h'::interval
FROM (SELECT p.id, p.cluster_id FROM crm_person p JOIN crm_cluster c ON c.id = p.cluster_id
    WHERE c.slug = 'lyonbiopole' ORDER BY p.id DESC LIMIT 1) AS person, generate_series(1, 1000) n;
"""


def main() -> None:
    made_ready()
    gc.collect()
    gc.freeze()  # as gunicorn does
    known = Note.objects.values_list("person", flat=True).latest("pk")
    asked = [("anybody", Client(), page) for page in VISITED]
    for user in readers():
        client = Client()
        client.force_login(user, BACKEND)
        pages = (*PAGES, *([f"/people/{known}/"] if user.name != "coordinator" else []))
        asked += [(user.name, client, page) for page in pages]
    print(json.dumps(_measured([each for each in asked if _is_there(*each[1:])])))


def made_ready() -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.DEBUG = False
    with connection.cursor() as cursor:
        cursor.execute(VARIED)
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")  # what loading has yet to write is not a page's


def readers() -> list[User]:
    scopes: tuple[tuple[str, dict[str, Any]], ...] = (
        ("contact", {"cluster": Cluster.objects.get(slug="lyonbiopole")}),
        ("coordinator", {"alliance": Alliance.objects.get(slug="bioxclusters-plus")}),
        ("admin", {}),
    )
    found = []
    for role, scope in scopes:
        user = users.create(email=f"{role}@lists.example", name=role)
        users.grant(user=user, role=role, **scope)
        found.append(user)
    return found


def _is_there(client: Client, page: str) -> bool:
    status = client.get(page).status_code
    if status not in (HTTPStatus.OK, HTTPStatus.NOT_FOUND):
        raise SystemExit(f"{page} answers {status}.")
    return status == HTTPStatus.OK  # a coordinator has no tags of their own


def _measured(asked: list[tuple[str, Client, str]]) -> dict[str, dict[str, dict[str, float]]]:
    times: dict[tuple[str, str], list[float]] = defaultdict(list)
    paces: dict[tuple[str, str], list[float]] = defaultdict(list)
    cpu: dict[tuple[str, str], list[float]] = defaultdict(list)
    before = _pace()
    for _round in range(ROUNDS):
        for who, client, page in asked:
            began, used = time.perf_counter(), time.process_time()
            client.get(page)
            times[who, page].append((time.perf_counter() - began) * 1000)
            cpu[who, page].append((time.process_time() - used) * 1000)
            after = _pace()
            paces[who, page].append((before + after) / 2)
            before = after
    quickest = min(min(each) for each in paces.values())
    found: dict[str, dict[str, dict[str, float]]] = defaultdict(dict)
    for who, client, page in asked:
        with CaptureQueriesContext(connection) as questions:
            client.get(page)
        measured = list(zip(times[who, page], paces[who, page], strict=True))
        found[who][page] = {
            "ms": round(statistics.median(times[who, page]), 1),
            "quiet": round(statistics.median(ms * quickest / pace for ms, pace in measured), 1),
            "least": round(min(times[who, page]), 1),
            "cpu": round(min(cpu[who, page]), 1),
            "questions": len(questions),
        }
    return found


def _pace() -> float:
    """Seconds for the small computation."""
    began = time.perf_counter()
    total = 0
    for number in range(STEPS):
        total += number * number % 7
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
