import datetime as dt

import pytest

from crm.actions import alliances, clusters, network, regions
from crm.actions.errors import Refused, Stale
from crm.models import Alliance, Cluster, ContactPoint, Mission, Region, User

NEW_YEAR = dt.date(2020, 1, 1)
OPEN = (dt.date(2016, 1, 1), None)


def appoint(cluster: Cluster, name: str, since: dt.date, **more: object) -> ContactPoint:
    return network.appoint(
        cluster=cluster,
        name=name,
        email="desk@alpes.example",
        from_=since,
        by=None,
        **more,  # type: ignore[arg-type]
    )


def test_a_hand_over_ends_the_former_desk_on_the_day_the_new_one_begins(
    cluster: Cluster,
) -> None:
    former = appoint(cluster, "Odile Vif", dt.date(2016, 1, 1))
    desk = appoint(cluster, "Léo Claix", NEW_YEAR)

    former.refresh_from_db()
    assert (former.during.upper, desk.succeeds) == (NEW_YEAR, former)
    assert appoint(cluster, "Léo Claix", dt.date(2021, 1, 1)) == desk


def test_a_desk_for_one_mission_stands_beside_the_general_one(
    cluster: Cluster, mission: Mission
) -> None:
    general = appoint(cluster, "Odile Vif", NEW_YEAR)
    special = appoint(cluster, "Léo Claix", NEW_YEAR, mission=mission)

    assert set(ContactPoint.objects.valid_on(NEW_YEAR)) == {general, special}


def test_a_hand_over_on_the_first_day_or_before_a_planned_one_is_refused(
    cluster: Cluster,
) -> None:
    appoint(cluster, "Odile Vif", NEW_YEAR)

    with pytest.raises(Refused, match="that very day"):
        appoint(cluster, "Léo Claix", NEW_YEAR)
    with pytest.raises(Refused, match="appointed for a later day"):
        appoint(cluster, "Léo Claix", dt.date(2019, 1, 1))


def test_sharing_names_needs_an_arrangement(alliance: Alliance, cluster: Cluster) -> None:
    with pytest.raises(Refused, match="arrangement"):
        network.join(alliance=alliance, cluster=cluster, role="member", during=OPEN, sharing="core")


def test_an_alliance_has_one_coordinator_and_one_disclaimer_at_a_time(
    alliance: Alliance, cluster: Cluster, other_cluster: Cluster, user: User
) -> None:
    network.join(alliance=alliance, cluster=cluster, role="coordinator", during=OPEN, by=user)
    network.disclaim(alliance=alliance, texts={"en": "Co-funded"}, during=OPEN, by=user)

    with pytest.raises(Refused, match="another cluster coordinates"):
        network.join(alliance=alliance, cluster=other_cluster, role="coordinator", during=OPEN)
    with pytest.raises(Refused, match="Another disclaimer"):
        network.disclaim(alliance=alliance, texts={"en": "Not"}, during=(NEW_YEAR, None))


def test_a_used_short_name_is_refused(alliance: Alliance) -> None:
    with pytest.raises(Refused, match="“ours” is taken"):
        network.create_alliance(slug="ours", name="Theirs", status="funded", languages=["en"])


def test_an_alliance_is_changed_by_one_at_a_time(alliance: Alliance, user: User) -> None:
    alliances.edit(alliance=alliance, by=user, version=1, name="Ours, again", themes=["big data"])

    with pytest.raises(Stale, match="Somebody else changed"):
        alliances.edit(alliance=alliance, by=user, version=1, name="Mine")
    alliance.refresh_from_db()
    assert (alliance.name, alliance.themes) == ("Ours, again", ["big data"])


def test_roles_that_overlap_are_refused_when_they_change(
    alliance: Alliance, cluster: Cluster, other_cluster: Cluster
) -> None:
    network.join(alliance=alliance, cluster=cluster, role="coordinator", during=OPEN)
    second = network.join(alliance=alliance, cluster=other_cluster, role="member", during=OPEN)
    earlier = network.join(
        alliance=alliance,
        cluster=other_cluster,
        role="member",
        during=(dt.date(2010, 1, 1), dt.date(2011, 1, 1)),
    )

    with pytest.raises(Refused, match="Another cluster coordinates"):
        alliances.change_participation(
            participation=second, by=None, role="coordinator", during=OPEN
        )
    with pytest.raises(Refused, match="takes part in that time already"):
        alliances.change_participation(
            participation=earlier, by=None, role="member", during=(dt.date(2010, 1, 1), None)
        )
    ended = alliances.change_participation(
        participation=second, by=None, role="member", during=(OPEN[0], NEW_YEAR)
    )
    assert (ended.during.lower, ended.during.upper) == (OPEN[0], NEW_YEAR)


def test_a_cluster_shares_more_than_counts_only_with_a_ground(
    alliance: Alliance, cluster: Cluster
) -> None:
    row = network.join(alliance=alliance, cluster=cluster, role="member", during=OPEN)

    with pytest.raises(Refused, match="arrangement"):
        alliances.share(participation=row, by=None, sharing="core", arrangement=" ")
    shared = alliances.share(participation=row, by=None, sharing="core", arrangement="Art. 4")
    assert (shared.sharing, shared.arrangement) == ("core", "Art. 4")


def test_a_clusters_facts_are_refused_where_they_are_wrong(cluster: Cluster) -> None:
    for wrong, words in (
        ({"postal_address": ""}, "Postal address: "),
        ({"reply_to": "nobody"}, "(?i)reply-to address"),
        ({"timezone": "Europe/Lyon"}, "not a time zone"),
        ({"quiet_from": dt.time(20)}, "beginning and an end"),
        ({"quiet_from": dt.time(20), "quiet_until": dt.time(20)}, "all day"),
        ({"quiet_days": [1, 8]}, "seven days"),
        ({"quiet_days": [7, 6, 5, 4, 3, 2, 1]}, "every day"),
    ):
        with pytest.raises(Refused, match=f"(?i){words}"):
            clusters.edit(cluster=cluster, by=None, version=1, **wrong)
    assert clusters.edit(cluster=cluster, by=None, version=1, run_by="Alpes SpA").version == 2


def test_quiet_days_are_said_once_each_and_in_their_order(cluster: Cluster) -> None:
    kept = clusters.edit(cluster=cluster, by=None, version=1, quiet_days=[7, 6, 7])

    assert kept.keeps_quiet
    assert Cluster.objects.get(pk=kept.pk).quiet_days == [6, 7]


def test_a_label_has_its_year_and_stands_there_once(cluster: Cluster) -> None:
    clusters.award(cluster=cluster, by=None, name="ESCA Gold Label", issuer="ESCA", year=2015)

    with pytest.raises(Refused, match="stands there already"):
        clusters.award(cluster=cluster, by=None, name="ESCA Gold Label", year=2015)
    with pytest.raises(Refused, match="this year"):
        clusters.award(cluster=cluster, by=None, name="ESCA Gold Label", year=2999)


def test_a_disclaimer_is_ended_before_the_next(alliance: Alliance) -> None:
    first = network.disclaim(alliance=alliance, texts={"en": "Co-funded"}, during=OPEN)
    alliances.change_disclaimer(
        disclaimer=first, by=None, texts=first.texts, during=(OPEN[0], NEW_YEAR)
    )
    second = network.disclaim(alliance=alliance, texts={"en": "Not"}, during=(NEW_YEAR, None))

    with pytest.raises(Refused, match="Another disclaimer"):
        alliances.change_disclaimer(
            disclaimer=second, by=None, texts=second.texts, during=(OPEN[0], None)
        )


def test_a_region_keeps_a_name(region: Region) -> None:
    with pytest.raises(Refused, match="at least one language"):
        regions.edit(region=region, by=None, version=1, names={}, country="FR", codes=[])
    changed = regions.edit(
        region=region, by=None, version=1, names={"fr": "Dauphiné"}, country="FR", codes=["38"]
    )
    assert (changed.names, changed.version) == ({"fr": "Dauphiné"}, 2)
