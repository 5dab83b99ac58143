"""Who gets a campaign, and who does not and why: one statement, for the count and the freeze.

Each candidate gets the first reason that applies, in the order of `Exclusion.Reason`, or none.
A fixed rule gives each address to one lane: clusters before the alliance's own lane, the reader's
home cluster first, then the older lane; a lane keeps its addresses even while held or declined.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone

from campaigns.models.campaigns import Campaign
from campaigns.models.conditions import people_in
from campaigns.models.contents import ContentText
from campaigns.models.deliveries import Exclusion
from campaigns.models.releases import Release
from campaigns.rules.languages import choose
from crm.models import Cluster, Participation
from crm.rules.texts import LANGUAGES

R = Exclusion.Reason

JUDGED = """
WITH lanes (release_id, lane_cluster) AS (
    SELECT * FROM unnest(%(releases)s::bigint[], %(lane_clusters)s::bigint[])),
languages (release_id, wanted, language) AS (
    SELECT * FROM unnest(%(l_releases)s::bigint[], %(l_wanted)s::text[], %(l_chosen)s::text[])),
stop AS MATERIALIZED (
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
busy AS MATERIALIZED (
    SELECT address_id FROM campaigns_delivery
    WHERE campaign_id = ANY(%(recent)s) AND state IN (1, 2, 3, 8)
    GROUP BY address_id HAVING count(*) >= %(too_many)s),
written AS MATERIALIZED (
    SELECT DISTINCT address_id FROM campaigns_delivery
    WHERE campaign_id = ANY(%(same)s) AND state IN (1, 2, 3, 4, 5, 8)),
lawful AS MATERIALIZED (
    SELECT DISTINCT person_id FROM crm_legalbasis
    WHERE purpose = %(purpose)s AND (alliance_id IS NULL OR alliance_id = %(alliance)s)
      AND (expires_on IS NULL OR expires_on > %(today)s)),
inside AS MATERIALIZED (
    SELECT DISTINCT s.person_id FROM crm_position s
    JOIN crm_organisation o ON o.id = s.organisation_id
    WHERE upper_inf(s.during)
      AND (cardinality(%(regions)s::bigint[]) = 0 OR o.region_id = ANY(%(regions)s))),
home AS MATERIALIZED (
    SELECT DISTINCT s.person_id, o.home_cluster_id FROM crm_position s
    JOIN crm_organisation o ON o.id = s.organisation_id WHERE upper_inf(s.during)),
judged AS (
    SELECT p.id AS person_id, p.cluster_id, lanes.release_id, lanes.lane_cluster,
           a.id AS address_id, l.language,
           CASE WHEN p.kind <> 'contact' THEN 'public'
                WHEN inside.person_id IS NOT NULL THEN 'member' ELSE 'outside' END AS variant,
           home.person_id IS NOT NULL AS at_home,
           CASE WHEN p.archived_at IS NOT NULL THEN {archived}
                WHEN a.id IS NULL THEN {no_address}
                WHEN a.undeliverable_at IS NOT NULL THEN {undeliverable}
                WHEN stop.everything OR p.cluster_id = ANY(stop.barred) THEN {suppressed}
                WHEN stop.alliance THEN {left_alliance}
                WHEN p.cluster_id = ANY(stop.clusters) THEN {left_cluster}
                WHEN stop.topic OR gone.person_id IS NOT NULL THEN {left_topic}
                WHEN lawful.person_id IS NULL THEN {no_basis}
                WHEN p.paused_until > %(today)s THEN {paused}
                WHEN busy.address_id IS NOT NULL THEN {too_often}
                WHEN l.language IS NULL THEN {no_language}
                WHEN written.address_id IS NOT NULL THEN {already}
           END AS reason
    FROM crm_person p
    JOIN lanes ON lanes.lane_cluster = CASE WHEN p.kind = 'contact' THEN p.cluster_id ELSE 0 END
    LEFT JOIN crm_personaddress pa ON pa.person_id = p.id AND pa.is_primary
    LEFT JOIN crm_address a ON a.id = pa.address_id AND a.key IS NOT NULL
    LEFT JOIN stop ON stop.address_id = a.id
    LEFT JOIN busy ON busy.address_id = a.id
    LEFT JOIN written ON written.address_id = a.id
    LEFT JOIN lawful ON lawful.person_id = p.id
    LEFT JOIN inside ON inside.person_id = p.id
    LEFT JOIN home ON home.person_id = p.id AND home.home_cluster_id = p.cluster_id
    LEFT JOIN crm_subscription gone
           ON gone.person_id = p.id AND gone.topic_id = %(topic)s AND gone.state = 'left'
    LEFT JOIN languages l ON l.release_id = lanes.release_id AND l.wanted = CASE
        WHEN p.language = ANY(%(known)s) THEN p.language ELSE '' END
    WHERE p.cluster_id = ANY(%(clusters)s) AND p.id IN ({audience})),
owned AS (
    SELECT judged.*,
           CASE WHEN reason IS NULL THEN row_number() OVER address END AS nth,
           CASE WHEN reason IS NULL THEN first_value(release_id) OVER address END AS owner
    FROM judged
    WINDOW address AS (PARTITION BY address_id, reason IS NULL
        ORDER BY lane_cluster = 0, at_home DESC, release_id, person_id)),
verdicts AS (
    SELECT person_id, cluster_id, release_id, address_id, language, variant,
           coalesce(reason, CASE WHEN nth = 1 THEN NULL
                                 WHEN owner = release_id THEN {same_address}
                                 ELSE {another_lane} END) AS reason
    FROM owned)
"""


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
    assert campaign.audience
    assert campaign.alliance
    now = timezone.now()
    releases = list(campaign.releases.select_related("cluster").order_by("pk"))
    people = people_in(campaign.audience.include, campaign.audience.exclude).values("pk")
    audience, audience_params = people.query.sql_with_params()
    named = {f"audience_{n}": value for n, value in enumerate(audience_params)}
    audience = audience.replace("%%", "%").replace("%s", "\x00")
    for name in named:
        audience = audience.replace("\x00", f"%({name})s", 1)
    table = language_table(campaign, releases, ready_languages(campaign))
    recent = Campaign.objects.filter(
        started_at__gt=now - dt.timedelta(days=settings.FREQUENCY_DAYS)
    ).exclude(kind=Campaign.Kind.LETTER)
    same = {campaign.pk}
    if campaign.same_as:
        same |= set(Campaign.objects.filter(same_as=campaign.same_as).values_list("pk", flat=True))
    mission = campaign.mission
    sql = JUDGED.format(
        audience=audience,
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
        "l_releases": [row[0] for row in table],
        "l_wanted": [row[1] for row in table],
        "l_chosen": [row[2] for row in table],
        "known": list(LANGUAGES),
        "clusters": list(clusters_of(campaign).values_list("pk", flat=True)),
        "alliance": campaign.alliance_id,
        "topic": campaign.topic_id,
        "purpose": campaign.purpose,
        "today": now.date(),
        "recent": list(recent.exclude(pk=campaign.pk).values_list("pk", flat=True)),
        "too_many": settings.FREQUENCY_LIMIT,
        "same": sorted(same),
        "regions": list(mission.eligible_regions.values_list("pk", flat=True)) if mission else [],
    }
    return Judgement(sql, params)


def clusters_of(campaign: Campaign) -> "Any":
    """Clusters that take part in the campaign's alliance today."""
    partaking = Participation.objects.valid_on(timezone.localdate()).filter(
        alliance=campaign.alliance_id
    )
    return Cluster.objects.filter(pk__in=partaking.values("cluster_id"))
