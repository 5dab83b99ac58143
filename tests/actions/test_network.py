import datetime as dt

import pytest

from crm.actions import network
from crm.actions.errors import Refused
from crm.models import Alliance, Cluster, ContactPoint, Mission, User

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
