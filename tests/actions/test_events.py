import datetime as dt

import pytest

from crm.actions import events, missions
from crm.actions.errors import Refused
from crm.models import Alliance, Cluster, Event, User

TWO = dt.datetime(2030, 5, 7, 14, tzinfo=dt.UTC)
SIX = dt.datetime(2030, 5, 7, 18, tzinfo=dt.UTC)


@pytest.fixture
def event(alliance: Alliance, cluster: Cluster, user: User) -> Event:
    return events.create(
        by=user,
        slug="matchmaking",
        alliances=[alliance],
        lead_cluster=cluster,
        names={"en": "Matchmaking"},
        leads={},
        starts_at=TWO,
        ends_at=SIX,
        answer_mode="rsvp",
        status="open",
    )


def test_a_changed_event_tells_calendars_an_unchanged_one_does_not(
    event: Event, user: User
) -> None:
    assert events.edit(event=event, by=user, version=event.version, city="").sequence == 0

    assert events.edit(event=event, by=user, version=event.version, city="Lyon").sequence == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ends_at": TWO}, "must end after it starts"),
        ({"timezone": "Lyon"}, "not a time zone"),
        ({"names": {}}, "name in at least one language"),
        ({"alliances": []}, "Choose the alliance"),
        ({"mode": "by-post"}, "Mode: "),
    ],
)
def test_an_impossible_event_is_refused(
    event: Event, user: User, change: dict[str, object], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        events.edit(event=event, by=user, version=event.version, **change)


def test_an_event_has_a_programme_too(event: Event, user: User) -> None:
    item = {
        "day": TWO.date(), "part": "hours", "starts": dt.time(14), "kind": "talk",
        "titles": {"en": "Welcome"},
    }  # fmt: skip
    version = missions.publish_programme(event=event, items=[item], label="final", by=user)

    assert event.programme == version


def test_archiving_twice_is_as_once_and_can_be_taken_back(event: Event, user: User) -> None:
    for _time in range(2):
        events.archive(event=event, by=user)
    assert not Event.objects.public().exists()

    events.restore(event=event, by=user)
    assert Event.objects.public().exists()
