"""The recipients of a benchmark: `python -m bench.data --recipients N`, into DATABASE_URL.

The demo's records bring the mission; its few people are archived, so that exactly the invented
ones receive its call. With `--exclusions` some of them are kept out for each reason there is.
"""

import argparse

import django

django.setup()

from django.conf import settings  # noqa: E402  what follows needs the line above
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from campaigns.actions.campaigns import standard_audience  # noqa: E402
from campaigns.demo import fixture  # noqa: E402
from campaigns.demo.open_mission import SLUG  # noqa: E402
from campaigns.models import Campaign  # noqa: E402
from crm.models import Mission, Person, Purpose, Topic  # noqa: E402

# Every reason takes one person of fifty, so that the judgement has all of them to weigh.
EXCLUSIONS = """
CREATE TEMP TABLE chosen AS
SELECT p.id AS person, pa.address_id AS address, p.cluster_id AS cluster,
       row_number() OVER (ORDER BY p.id) %% 50 AS turn
FROM crm_person p JOIN crm_personaddress pa ON pa.person_id = p.id AND pa.is_primary
WHERE p.archived_at IS NULL;
INSERT INTO crm_suppression (address_id, scope, cluster_id, alliance_id, topic_id, reason,
                             created_at)
SELECT address, k.scope, CASE k.scope WHEN 'cluster' THEN cluster END,
       CASE k.scope WHEN 'alliance' THEN %(alliance)s END,
       CASE k.scope WHEN 'topic' THEN %(topic)s END, k.reason, now()
FROM chosen JOIN (VALUES (1, 'all', 'objected'), (2, 'alliance', 'unsubscribed'),
    (3, 'cluster', 'unsubscribed'), (4, 'topic', 'unsubscribed')) AS k (turn, scope, reason)
USING (turn);
INSERT INTO crm_subscription (person_id, topic_id, state, since, left_at)
SELECT person, %(topic)s, 'left', now(), now() FROM chosen WHERE chosen.turn = 5;
DELETE FROM crm_legalbasis b USING chosen WHERE b.person_id = chosen.person AND chosen.turn = 6;
UPDATE crm_person p SET paused_until = now()::date + 30 FROM chosen
WHERE p.id = chosen.person AND chosen.turn = 7;
UPDATE crm_person p SET archived_at = now() FROM chosen
WHERE p.id = chosen.person AND chosen.turn = 8;
UPDATE crm_address a SET undeliverable_at = now(), undeliverable_why = '5.1.1' FROM chosen
WHERE a.id = chosen.address AND chosen.turn = 9;
DELETE FROM crm_personaddress pa USING chosen
WHERE pa.person_id = chosen.person AND chosen.turn = 10;
UPDATE crm_personaddress pa SET address_id = other.address
FROM chosen, chosen other
WHERE pa.person_id = chosen.person AND chosen.turn = 11 AND other.person = chosen.person + 3;
"""
BUSY = """
INSERT INTO campaigns_delivery (campaign_id, address_id, person_id, occasion, language, variant,
    state, generation, deferred_n, reply)
SELECT %(campaign)s, address, person, %(occasion)s, 'en', 'member', 3, 1, 0, '' FROM chosen
WHERE turn = %(turn)s
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.data")
    parser.add_argument("--recipients", type=int, required=True)
    parser.add_argument("--exclusions", action="store_true")
    options = parser.parse_args()
    load(options.recipients, exclusions=options.exclusions)


def load(recipients: int, *, exclusions: bool) -> None:
    call_command("load_demo", verbosity=0)
    Person.objects.filter(archived_at=None).update(archived_at=timezone.now())
    fixture.load(people=recipients, organisations=max(100, recipients // 10))
    if exclusions:
        _exclude()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _exclude() -> None:
    """Somebody for every reason, two in a hundred each."""
    mission = Mission.objects.get(slug=SLUG)
    alliance = mission.alliances.get()
    topic = Topic.objects.filter(alliance=alliance, purpose=Purpose.MISSIONS).first()
    assert topic is not None
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(EXCLUSIONS, {"alliance": alliance.pk, "topic": topic.pk})
        for number in range(settings.FREQUENCY_LIMIT + 1):
            earlier = Campaign.objects.create(
                ref=f"bench-earlier-{number}",
                kind=Campaign.Kind.MISSION_CALL,
                same_as=f"mission:{mission.pk}:call" if number == 0 else f"bench:{number}",
                alliance=alliance,
                topic=topic,
                audience=standard_audience(alliance, topic),
                status=Campaign.Status.CANCELLED if number == 0 else Campaign.Status.FINISHED,
                started_at=timezone.now(),
                send_at=timezone.now(),
            )
            turn = 12 if number == 0 else 13  # already written; written to too often
            cursor.execute(BUSY, {"campaign": earlier.pk, "occasion": "", "turn": turn})


if __name__ == "__main__":
    main()
