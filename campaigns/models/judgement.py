"""Who gets a campaign, and who does not and why: one statement, for the count and the freeze.

Each candidate gets the first reason that applies, in the order of `Exclusion.Reason`, or none.
A fixed rule gives each address to one lane: clusters before the alliance's own lane, the reader's
home cluster first, then the older lane; a lane keeps its addresses even while held or declined, and
those of the people it takes out, so that its word changes nothing in another lane. In the lane the
copy goes to the first at that address who may get one. Whatever became of a copy, its address gets
no second one of the same campaign; a story that is told by several may be told again where a copy
expired or was cancelled.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from campaigns.models.campaigns import Campaign
from campaigns.models.contents import ContentText
from campaigns.models.deliveries import Exclusion
from campaigns.models.followups import asked_for
from campaigns.models.frequency import lately
from campaigns.models.releases import Release, Trim
from campaigns.rules.languages import choose
from crm.models import Cluster, Participation, Person, Purpose
from crm.models.lasting import STILL
from crm.rules.texts import LANGUAGES

R = Exclusion.Reason

# A consent for one alliance was given for a topic, and is a reason for that one alone.
# Facts about a person that are only asked for as yes or no are hashed subplans, not joins: they
# need no sorting out of doubles, and cannot mislead the planner about the number of rows.
JUDGED = """
WITH stop AS MATERIALIZED (
    SELECT address_id,
           bool_or(scope = 'all' OR reason NOT IN ('unsubscribed', 'objected')) FILTER (
               WHERE scope <> 'cluster') AS everything,
           bool_or(scope = 'alliance') AS alliance,
           bool_or(scope = 'topic') AS topic,
           array_agg(cluster_id) FILTER (
               WHERE scope = 'cluster' AND reason IN ('unsubscribed', 'objected')) AS clusters,
           array_agg(cluster_id) FILTER (
               WHERE scope = 'cluster' AND reason NOT IN ('unsubscribed', 'objected')) AS barred
    FROM crm_suppression
    WHERE lifted_at IS NULL
      AND (scope = 'all' OR scope = 'cluster'
           OR (scope = 'alliance' AND alliance_id = %(alliance)s)
           OR (scope = 'topic' AND topic_id = %(topic)s))
    GROUP BY address_id),
asked AS (
    SELECT p.id, p.cluster_id, p.archived_at, p.paused_until, p.kind,
           p.language AS wished,
           CASE WHEN p.language = ANY(%(known)s) THEN p.language ELSE '' END AS wanted,
           CASE WHEN p.kind = ANY(%(of_lanes)s) THEN p.cluster_id ELSE 0 END
               AS lane_cluster{is_added}
    FROM crm_person p
    WHERE p.cluster_id = ANY(%(clusters)s) AND (p.id IN ({audience}){added})),
laned AS (
    SELECT asked.*, (%(releases)s::bigint[])[lane] AS release_id,
           (%(languages)s::text[])[array_position(
               %(language_keys)s::text[], (%(releases)s::bigint[])[lane] || ' ' || wanted)]
               AS language
    FROM (SELECT *, array_position(%(lane_clusters)s::bigint[], lane_cluster) AS lane
          FROM asked) asked),
judged AS MATERIALIZED (
    SELECT p.id AS person_id, p.cluster_id, p.release_id, p.lane_cluster,
           a.id AS address_id, p.language, p.wished{carried},
           CASE WHEN p.kind <> 'contact' THEN 'public'
                WHEN p.id IN (
                    SELECT s.person_id FROM crm_position s
                    JOIN crm_organisation o ON o.id = s.organisation_id
                    WHERE upper_inf(s.during) AND (cardinality(%(regions)s::bigint[]) = 0
                                                   OR o.region_id = ANY(%(regions)s)))
                THEN 'member' ELSE 'outside' END AS variant,
           ((p.id, p.cluster_id) IN (
               SELECT s.person_id, o.home_cluster_id FROM crm_position s
               JOIN crm_organisation o ON o.id = s.organisation_id
               WHERE upper_inf(s.during) AND o.home_cluster_id IS NOT NULL)) AS at_home,
           CASE WHEN p.archived_at IS NOT NULL THEN {archived}
                WHEN a.id IS NULL THEN {no_address}
                WHEN a.undeliverable_at IS NOT NULL THEN {undeliverable}
                WHEN stop.everything OR p.cluster_id = ANY(stop.barred) THEN {suppressed}
                WHEN stop.alliance THEN {left_alliance}
                WHEN p.cluster_id = ANY(stop.clusters) THEN {left_cluster}
                WHEN stop.topic OR p.id IN (
                    SELECT person_id FROM crm_subscription
                    WHERE topic_id = %(topic)s AND state = 'left') THEN {left_topic}
                {asked_for_only}
                {of_other_markets}
                WHEN p.id NOT IN (
                    SELECT person_id FROM crm_legalbasis
                    WHERE purpose = ANY(%(purposes)s) AND barred_by_id IS NULL
                      AND (alliance_id IS NULL OR alliance_id = %(alliance)s)
                      AND (alliance_id IS NULL OR basis <> 'consent'
                           OR %(topic)s::bigint IS NULL OR person_id IN (
                              SELECT person_id FROM crm_subscription
                              WHERE topic_id = %(topic)s AND state = 'active'))
                      AND (expires_on IS NULL OR expires_on {still} %(today)s)) THEN {no_basis}
                {told_in_digest}
                WHEN p.paused_until {still} %(today)s THEN {paused}
                {trimmed}
                WHEN a.id IN (
                    SELECT address_id FROM campaigns_delivery
                    WHERE campaign_id = ANY(%(recent)s) AND state IN (1, 2, 3, 8)
                    GROUP BY address_id HAVING count(*) >= %(too_many)s) THEN {too_often}
                WHEN p.language IS NULL THEN {no_language}
                WHEN a.id IN (
                    SELECT address_id FROM campaigns_delivery
                    WHERE campaign_id = ANY(%(same)s)
                      AND (state IN (1, 2, 3, 4, 5, 8) OR campaign_id = %(own)s))
                THEN {already}
           END AS reason
    FROM laned p
    LEFT JOIN crm_personaddress pa ON pa.person_id = p.id AND pa.is_primary
    LEFT JOIN crm_address a ON a.id = pa.address_id AND a.key IS NOT NULL
    LEFT JOIN stop ON stop.address_id = a.id
    WHERE p.release_id IS NOT NULL),
owned AS (
    SELECT judged.*,
           first_value(release_id) OVER address AS owner,
           row_number() OVER reader AS nth
    FROM judged
    WINDOW address AS (PARTITION BY address_id, {kept}
               ORDER BY {added_last}lane_cluster = 0, at_home DESC, release_id),
           reader AS (PARTITION BY address_id, reason IS NULL, release_id
               ORDER BY {added_last}at_home DESC, person_id)),
verdicts AS (
    SELECT person_id, cluster_id, release_id, address_id, language, wished, variant,
           coalesce(reason, CASE WHEN owner <> release_id THEN {another_lane}
                                 WHEN nth > 1 THEN {same_address} END) AS reason
    FROM owned)
"""

# Only of a topic that nobody gets who did not ask for it; journalists get a release unasked.
ASKED_FOR_ONLY = """WHEN p.kind <> ALL(%(unasked)s) AND p.id NOT IN (
                    SELECT person_id FROM crm_subscription
                    WHERE topic_id = %(topic)s AND state = 'active') THEN {reason}"""

# A mailbox's wishes for the topic hold for all that comes to it, from whatever list.
_WISHES = """SELECT u.address_id FROM crm_subscription s
                    JOIN crm_person q ON q.id = s.person_id
                     AND q.archived_at IS NULL AND q.merged_into_id IS NULL
                    JOIN crm_personaddress u ON u.person_id = q.id AND u.is_primary
                    WHERE s.topic_id = %(topic)s AND s.state = 'active'"""

# Only of what concerns a market: who follows the topic for the sake of others alone.
OF_OTHER_MARKETS = f"""WHEN a.id IN (
                    {_WISHES}
                    GROUP BY u.address_id
                    HAVING NOT bool_or(s.markets = '{{{{}}}}' OR s.markets @> (
                        SELECT ARRAY[k.slug] FROM crm_mission m
                        JOIN crm_market k ON k.id = m.market_id
                        WHERE m.id = %(about)s))) THEN {{reason}}"""

# Only of a post's own announcement: who is told posts together in each list that tells them, and
# whose mailbox had it so, under whatever name. What may have been told in a copy of the database
# names no mailbox: it stands against all that the reader has.
TOLD_IN_DIGEST = f"""WHEN p.id IN (
                    SELECT person_id FROM crm_subscription
                    WHERE topic_id = %(topic)s AND state = 'active' AND frequency <> 'each')
                  OR a.id IN (
                    {_WISHES}
                      AND NOT EXISTS (SELECT FROM stop x WHERE x.address_id = u.address_id
                                       AND q.cluster_id = ANY(x.clusters || x.barred))
                    GROUP BY u.address_id HAVING bool_and(s.frequency <> 'each'))
                  OR a.id IN (
                    SELECT d.address_id FROM campaigns_digestitem i
                    JOIN campaigns_delivery d ON d.id = i.delivery
                    WHERE i.post_id = %(post)s AND d.state NOT IN (4, 5, 6, 7))
                  OR a.id IN (
                    SELECT u.address_id FROM campaigns_digestitem i
                    JOIN crm_person q ON q.id = i.person_id
                    JOIN crm_personaddress u ON u.person_id = coalesce(q.merged_into_id, q.id)
                    WHERE i.post_id = %(post)s AND i.delivery IS NULL) THEN {{reason}}"""

# Only asked where somebody was taken out. A merged person's word goes on with the kept record.
TRIMMED = """WHEN (p.id, p.release_id) IN (
                    SELECT coalesce(q.merged_into_id, t.person_id), t.release_id
                    FROM campaigns_trim t JOIN crm_person q ON q.id = t.person_id
                    WHERE t.release_id = ANY(%(releases)s) AND NOT t.added) THEN {reason}"""

# Only asked where a region added somebody of its own: they are asked for, and judged as all others.
# Of one mailbox in several lanes they come last, and take nobody from another lane.
ADDED = """ OR p.erased_at IS NULL AND (p.id, p.cluster_id) IN (
                    SELECT coalesce(q.merged_into_id, t.person_id), r.cluster_id
                    FROM campaigns_trim t JOIN crm_person q ON q.id = t.person_id
                    JOIN campaigns_release r ON r.id = t.release_id
                    WHERE t.release_id = ANY(%(releases)s) AND t.added)"""


@dataclass(frozen=True)
class Judgement:
    """The statement's WITH clause, ending in `verdicts`, and its parameters."""

    sql: str
    params: dict[str, Any]


def language_table(
    campaign: Campaign, releases: list[Release], ready: set[str]
) -> list[tuple[int, str, str]]:
    """(release, wanted language or "", language given) for every pair that has one."""
    assert campaign.alliance
    own_order = campaign.alliance.languages
    table = []
    for release in releases:
        cluster_order = release.cluster.languages if release.cluster else own_order
        for wanted in ("", *LANGUAGES):
            chosen = choose(wanted or None, (cluster_order, own_order), ready)
            if chosen:
                table.append((release.pk, wanted, chosen))
    return table


def ready_languages(campaign: Campaign) -> set[str]:
    """Languages a reader can get: of the pinned version, else of the draft's ready texts."""
    if campaign.content_version:
        return set(campaign.content_version.texts.values_list("language", flat=True))
    return set(
        ContentText.objects.filter(campaign=campaign, ready=True).values_list("language", flat=True)
    )


def judge(campaign: Campaign) -> Judgement:
    """The judgement over all lanes of a campaign as things stand in the database now.

    Raises InvalidCondition where the saved audience cannot be asked.
    """
    assert campaign.alliance
    releases = list(campaign.releases.select_related("cluster").order_by("pk"))
    audience, named = ids_of(asked_for(campaign), "audience")
    table = language_table(campaign, releases, ready_languages(campaign))
    same = {campaign.pk}
    if campaign.same_as:
        same |= set(Campaign.objects.filter(same_as=campaign.same_as).values_list("pk", flat=True))
    mission = campaign.mission
    of_lanes = Trim.objects.filter(release__in=[release.pk for release in releases])
    words = set(of_lanes.values_list("added", flat=True).distinct())
    trims, added = False in words, True in words
    taken_out = f"reason = {R.TRIMMED.value}"
    by_wish = campaign.topic is not None and campaign.topic.by_subscription_only
    about = campaign.mission_id or (campaign.post.mission_id if campaign.post else None)
    sql = JUDGED.format(
        asked_for_only=ASKED_FOR_ONLY.format(reason=R.NOT_SUBSCRIBED.value) if by_wish else "",
        of_other_markets=(
            OF_OTHER_MARKETS.format(reason=R.OTHER_MARKETS.value)
            if about and campaign.topic
            else ""
        ),
        told_in_digest=(
            TOLD_IN_DIGEST.format(reason=R.IN_DIGEST.value) if campaign.post_id else ""
        ),
        trimmed=TRIMMED.format(reason=R.TRIMMED.value) if trims else "",
        kept=f"(reason IS NULL OR {taken_out})" if trims else "reason IS NULL",
        audience=audience,
        added=ADDED if added else "",
        is_added=f", p.id NOT IN ({audience}) AS added" if added else "",
        carried=", p.added" if added else "",
        added_last="added, " if added else "",
        still=STILL,
        archived=R.ARCHIVED.value,
        no_address=R.NO_ADDRESS.value,
        undeliverable=R.UNDELIVERABLE.value,
        suppressed=R.SUPPRESSED.value,
        left_alliance=R.LEFT_ALLIANCE.value,
        left_cluster=R.LEFT_CLUSTER.value,
        left_topic=R.LEFT_TOPIC.value,
        no_basis=R.NO_BASIS.value,
        paused=R.PAUSED.value,
        too_often=R.TOO_OFTEN.value,
        no_language=R.NO_LANGUAGE.value,
        already=R.ALREADY_WRITTEN.value,
        same_address=R.SAME_ADDRESS.value,
        another_lane=R.IN_ANOTHER_LANE.value,
    )
    params = {
        **named,
        "releases": [release.pk for release in releases],
        "lane_clusters": [release.cluster_id or 0 for release in releases],
        "language_keys": [f"{release} {wanted}" for release, wanted, _chosen in table],
        "languages": [chosen for _release, _wanted, chosen in table],
        "known": list(LANGUAGES),
        "clusters": list(clusters_of(campaign).values_list("pk", flat=True)),
        "alliance": campaign.alliance_id,
        "topic": campaign.topic_id,
        "purposes": Purpose.values if campaign.is_digest else [campaign.purpose],
        "post": campaign.post_id,
        "about": about,
        "today": timezone.localdate(),
        "recent": list(lately(campaign).values_list("pk", flat=True)),
        "too_many": settings.FREQUENCY_LIMIT,
        "days": settings.FREQUENCY_DAYS,
        "zone": timezone.get_current_timezone_name(),
        "same": sorted(same),
        "own": campaign.pk,
        "of_lanes": list(campaign.of_lanes),
        "unasked": [Person.Kind.MEDIA.value] if campaign.is_for_press else [],
        "regions": list(mission.eligible_regions.values_list("pk", flat=True)) if mission else [],
    }
    return Judgement(sql, params)


def ids_of(people: QuerySet[Person], called: str) -> tuple[str, dict[str, Any]]:
    """The statement that gives these people's ids, to stand in another one: its SQL, its values.

    Where it is clear before asking that nobody fits, it is a statement that finds nobody.
    """
    query = people.order_by().values("pk").query
    sql, values = query.get_compiler(people.db, elide_empty=False).as_sql()
    named = {f"{called}_{n}": value for n, value in enumerate(values)}
    sql = sql.replace("%%", "%").replace("%s", "\x00")
    for name in named:
        sql = sql.replace("\x00", f"%({name})s", 1)
    return sql, named


def clusters_of(campaign: Campaign) -> QuerySet[Cluster]:
    """Clusters that take part in the campaign's alliance today."""
    partaking = Participation.objects.valid_on(timezone.localdate()).filter(
        alliance=campaign.alliance_id
    )
    return Cluster.objects.filter(pk__in=partaking.values("cluster_id"))
