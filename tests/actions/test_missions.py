import datetime as dt
from pathlib import Path

import pytest
from django.test import override_settings

from campaigns.demo.documents import pdf
from crm.actions import missions
from crm.actions.errors import Refused
from crm.models import Alliance, Cluster, Market, Mission, User

DAY = dt.date(2016, 10, 9)
NOON = dt.datetime(2016, 7, 15, 12, tzinfo=dt.UTC)
ARRIVAL = {"day": DAY, "part": "day", "kind": "arrival", "titles": {"en": "Arrival"}}


def test_a_used_short_name_and_dates_in_the_wrong_order_are_refused(
    mission: Mission, alliance: Alliance, cluster: Cluster, market: Market, user: User
) -> None:
    with pytest.raises(Refused, match="“japan” is taken"):
        missions.create(
            by=user, slug="japan", alliances=[alliance], lead_cluster=cluster, market=market,
            names={"en": "x"}, leads={}, terms={}, during=(DAY, dt.date(2016, 10, 15)),
        )  # fmt: skip
    with pytest.raises(Refused, match="must end"):
        missions.edit(mission=mission, by=user, version=mission.version, during=(DAY, DAY))
    with pytest.raises(Refused, match="Choose the alliance"):
        missions.edit(mission=mission, by=user, version=mission.version, alliances=[])
    with pytest.raises(Refused, match="name in at least one language"):
        missions.edit(mission=mission, by=user, version=mission.version, names={"en": ""})


def test_a_mission_is_edited_archived_and_restored(mission: Mission, user: User) -> None:
    missions.edit(
        mission=mission, by=user, version=mission.version, status="open", names={"en": "Japan 2016"}
    )
    missions.archive(mission=mission, by=user)
    assert not Mission.objects.public().exists()

    missions.restore(mission=mission, by=user)
    assert str(Mission.objects.public().get()) == "Japan 2016"


def test_an_entry_keeps_its_identity_over_the_versions_of_a_programme(
    mission: Mission, user: User
) -> None:
    first = missions.publish_programme(
        mission=mission, items=[ARRIVAL], label="provisional", by=user
    )
    uid = first.items.get().item_uid
    second = missions.publish_programme(
        mission=mission, items=[ARRIVAL | {"uid": uid, "city": "Osaka"}], label="final", by=user
    )

    assert (second.n, second.items.get().item_uid, mission.programme) == (2, uid, second)
    assert first.items.get().city == ""


@pytest.mark.parametrize(
    "items",
    [
        [],
        [ARRIVAL | {"part": "hours"}],
        [ARRIVAL | {"titles": {}}],
        [ARRIVAL | {"kind": "nap"}],
        [ARRIVAL | {"uid": "6b1c9a5e-36a5-4b5c-8d3f-0d9a3f6a2c11"}] * 2,
    ],
)
def test_a_programme_that_nobody_could_follow_is_refused_whole(
    mission: Mission, user: User, items: list[dict[str, object]]
) -> None:
    with pytest.raises(Refused):
        missions.publish_programme(mission=mission, items=items, label="final", by=user)

    assert not mission.programme_versions.exists()


def test_a_changed_deadline_tells_calendars_an_unchanged_one_does_not(
    mission: Mission, user: User
) -> None:
    facts = {"things": {"en": "Profile"}, "timezone": "Europe/Paris"}
    deadline = missions.set_deadline(mission=mission, by=user, at=NOON, **facts)  # type: ignore[arg-type]
    same = missions.set_deadline(mission=mission, by=user, deadline=deadline, at=NOON, **facts)  # type: ignore[arg-type]
    moved = missions.set_deadline(
        mission=mission,
        by=user,
        deadline=deadline,
        at=NOON + dt.timedelta(days=1),
        **facts,  # type: ignore[arg-type]
    )

    assert (same.sequence, moved.sequence, moved.calendar_uid) == (0, 1, deadline.calendar_uid)
    missions.remove_deadline(deadline=moved, by=user)
    assert not mission.deadlines.exists()


def test_a_deadline_needs_a_time_zone_that_exists(mission: Mission, user: User) -> None:
    with pytest.raises(Refused, match="Europe/Paris"):
        missions.set_deadline(
            mission=mission, by=user, things={"en": "Profile"}, at=NOON, timezone="Lyon"
        )


def test_the_external_route_is_one_and_the_latest(mission: Mission, user: User) -> None:
    for organiser in ("EU-Japan Centre", "EU-Japan Centre, Tokyo"):
        missions.set_external_route(
            mission=mission, by=user, organiser=organiser, texts={"en": "Apply there."},
            url="https://www.eu-japan.example/", at=NOON, timezone="Asia/Tokyo",
        )  # fmt: skip

    mission.refresh_from_db()
    assert mission.external_route.organiser == "EU-Japan Centre, Tokyo"


def test_only_a_pdf_is_attached(mission: Mission, user: User, tmp_path: Path) -> None:
    content = pdf("Hotels", ("One (1) near the station",))
    facts = {"titles": {"en": "Hotels"}, "language": "en"}
    with pytest.raises(Refused, match=r"“a\.exe” is not a PDF"):
        missions.attach_document(mission=mission, by=user, file=("a.exe", b"MZ"), **facts)  # type: ignore[arg-type]

    with override_settings(MEDIA_ROOT=tmp_path):
        document = missions.attach_document(
            mission=mission,
            by=user,
            file=("../a.pdf", content),
            **facts,  # type: ignore[arg-type]
        )
        with document.file.open() as kept:
            assert kept.read() == content
        assert Path(document.file.path) == tmp_path / "documents" / "a.pdf"


def test_saving_a_mission_unchanged_makes_no_version(mission: Mission, user: User) -> None:
    mission.refresh_from_db()
    fields = {
        "names": mission.names,
        "during": (mission.during.lower, mission.during.upper),
        "alliances": mission.alliances.all(),
    }

    saved = missions.edit(mission=mission, by=user, version=1, **fields)

    assert saved.version == 1
    assert missions.edit(mission=mission, by=user, version=1, names={"en": "Other"}).version == 2
