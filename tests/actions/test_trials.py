"""Two subjects: who is drawn, who waits, what they get then, and what it tells."""

import datetime as dt
import hashlib
from collections import Counter
from email import message_from_bytes
from email.policy import default as modern
from zoneinfo import ZoneInfo

import pytest
from django.db.models import F
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import (
    breaker,
    campaigns,
    contents,
    desk,
    explaining,
    feedback,
    fencing,
    ledger,
    overview,
    releases,
    sending,
    sweeping,
    trials,
    trying,
)
from campaigns.actions.findings import Level
from campaigns.models import Attempt, Batch, Campaign, Delivery, Installation, Release, Trial
from campaigns.models.trials import trial_of
from crm.actions import clusters
from crm.actions.errors import IllegalTransition, Refused, Stale
from crm.models import Cluster
from tests.kit import press
from tests.kit.mailserver import MailServer
from tests.world import World

SECOND = {"en": "Osaka wants you, {given_name|friend}", "fr": "Osaka vous attend"}
Which = Delivery.Subject


@pytest.fixture(autouse=True)
def _at_once(settings: Settings) -> None:
    settings.UNDO_WINDOW = 0


@pytest.fixture
def draft(world: World) -> Campaign:
    for n in range(20):
        world.person(language="fr" if n % 4 == 0 else "en")
        if n < 10:
            world.person(world.biom)
    return world.call(release=False, start=False)


def lay(campaign: Campaign, **how: object) -> Trial:
    values = {"subjects": SECOND, "share": 10, "hours": 24, "policy": "better", **how}
    return trials.lay(campaign=campaign, by=None, **values)  # type: ignore[arg-type]


def start(world: World, campaign: Campaign, *lanes: Release, heeds_quiet: bool = False) -> Campaign:
    by = world.users["coordinator"]
    for lane in lanes:
        releases.release(release=lane, by=by)
    if not lanes:
        releases.release_all(campaign=campaign, by=by)
    campaigns.schedule(campaign=campaign, by=by, send_at=timezone.now(), heeds_quiet=heeds_quiet)
    return go_on(campaign)


def go_on(campaign: Campaign) -> Campaign:
    sweeping.tick()
    campaign.refresh_from_db()
    sending.work(campaign)
    sweeping.tidy()
    campaign.refresh_from_db()
    return campaign


def subjects(server: MailServer) -> Counter[bool]:
    """Whether each mail that arrived has the second subject."""
    found: Counter[bool] = Counter()
    for _to, raw in server.arrived:
        subject = str(message_from_bytes(raw, policy=modern)["Subject"])
        found["Osaka" in subject] += 1
    return found


def drawn(campaign: Campaign) -> Counter[int]:
    return Counter(Delivery.objects.filter(campaign=campaign).values_list("subject", flat=True))


def hours_over(campaign: Campaign, hours: int = 25) -> None:
    sweeping.tick()  # which sees that the sample has left
    trial = Trial.objects.get(campaign=campaign)
    assert trial.ends_at
    Trial.objects.update(ends_at=trial.ends_at - dt.timedelta(hours=hours))


def hours_left() -> float | None:
    """As counted by now; None: they have not begun."""
    ends = Trial.objects.get().ends_at
    return round((ends - timezone.now()) / dt.timedelta(hours=1), 1) if ends else None


def quiet_today(world: World, *among: Cluster, quiet: bool = True) -> None:
    for cluster in among:
        cluster.refresh_from_db()
        today = timezone.localtime(timezone.now(), ZoneInfo(cluster.timezone)).isoweekday()
        clusters.edit(
            cluster=cluster, by=None, version=cluster.version, quiet_days=[today] if quiet else []
        )


# --- the sample


def test_a_share_of_each_lane_gets_either_and_all_others_wait(
    world: World, draft: Campaign, mail_server: MailServer
) -> None:
    lay(draft)

    start(world, draft)

    # 10 % of 20 and of 10 readers: two and one for either subject.
    assert drawn(draft) == {Which.DRAWN_FIRST: 3, Which.DRAWN_SECOND: 3, Which.ONLY: 24}
    assert subjects(mail_server) == {False: 3, True: 3}
    assert draft.status == Campaign.Status.SENDING
    assert ledger.read(draft).balances
    assert not sweeping.due_work()


def test_who_is_drawn_is_decided_by_a_keyed_hash_of_each_person(
    world: World, draft: Campaign, mail_server: MailServer
) -> None:
    trial = lay(draft, share=20)
    start(world, draft)

    for lane in draft.releases.exclude(cluster=None):
        mails = Delivery.objects.filter(campaign=draft, release=lane)
        people = sorted(
            (row.person_id or 0 for row in mails),
            key=lambda pk: hashlib.sha256(f"{trial.seed}:{draft.pk}:{pk}".encode()).digest(),
        )
        each = len(people) // 5
        for which, some in (
            (Which.DRAWN_FIRST, people[:each]),
            (Which.DRAWN_SECOND, people[each : 2 * each]),
            (Which.ONLY, people[2 * each :]),
        ):
            found = mails.filter(subject=which).values_list("person", flat=True)
            assert set(found) == set(some)


def test_the_rest_gets_what_a_person_chose_and_nobody_gets_both(
    world: World, draft: Campaign, mail_server: MailServer
) -> None:
    lay(draft)
    start(world, draft)

    trials.choose(campaign=draft, by=world.users["coordinator"], subject="b")
    go_on(draft)

    assert subjects(mail_server) == {False: 3, True: 27}
    assert drawn(draft)[Which.CHOSEN_SECOND] == 24
    assert draft.status == Campaign.Status.FINISHED
    assert ledger.read(draft).balances
    receivers = Counter(to for to, _raw in mail_server.arrived)
    assert set(receivers.values()) == {1}


def test_mails_that_were_to_be_spread_over_hours_are_so_after_the_choice(
    world: World, draft: Campaign, mail_server: MailServer, settings: Settings
) -> None:
    settings.SENDING_BATCH = 1
    lay(draft)
    by = world.users["coordinator"]
    releases.release_all(campaign=draft, by=by)
    now = timezone.now()
    campaigns.schedule(campaign=draft, by=by, send_at=now, spread=600, heeds_quiet=False)
    sweeping.tick()
    Batch.objects.update(not_before=F("not_before") - dt.timedelta(days=1))  # a day later

    trials.choose(campaign=draft, by=None, subject="b")

    for lane in draft.releases.exclude(cluster=None):
        rest = Delivery.objects.filter(release=lane, subject=Which.CHOSEN_SECOND)
        waiting = Batch.objects.filter(release=lane, first_id__in=rest.values("pk"))
        times = sorted(waiting.values_list("not_before", flat=True))
        assert len(times) == rest.count()
        assert abs(times[0] - timezone.now()) < dt.timedelta(minutes=1)
        # Eight of ten of a lane follow, each after as long as any of them.
        apart = dt.timedelta(minutes=600) * (len(times) - 1) / (lane.expected or 0)
        assert abs(times[-1] - times[0] - apart) < dt.timedelta(seconds=1)


def test_a_lane_signed_after_the_choice_has_no_sample(
    world: World, draft: Campaign, mail_server: MailServer
) -> None:
    lay(draft)
    start(world, draft, world.lane(draft, world.biocat))
    trials.choose(campaign=draft, by=None, subject="a")

    releases.release(release=world.lane(draft, world.biom), by=None)
    go_on(draft)

    assert drawn(draft) == {
        Which.DRAWN_FIRST: 2, Which.DRAWN_SECOND: 2, Which.CHOSEN_FIRST: 26,
    }  # fmt: skip


def test_a_lane_signed_before_it_draws_its_own(
    world: World, draft: Campaign, mail_server: MailServer
) -> None:
    lay(draft)
    start(world, draft, world.lane(draft, world.biocat))

    releases.release(release=world.lane(draft, world.biom), by=None)
    go_on(draft)

    assert drawn(draft)[Which.DRAWN_SECOND] == 3


def test_the_canary_is_as_large_as_without_a_trial(
    world: World,
    draft: Campaign,
    mail_server: MailServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.CANARY_ABOVE, settings.CANARY_HOLD, settings.SENDING_BATCH = 20, 600, 1
    monkeypatch.setattr(breaker, "JUDGED_FROM", 5)
    lay(draft)

    start(world, draft)  # of thirty readers six are drawn

    assert draft.canary
    assert len(mail_server.arrived) == 5


def test_where_regions_are_so_small_that_nobody_is_drawn_the_rest_waits_all_the_same(
    world: World, mail_server: MailServer, settings: Settings
) -> None:
    settings.CANARY_ABOVE, settings.CANARY_HOLD = 2, 600
    for _n in range(4):
        world.person()
    draft = world.call(release=False, start=False)
    lay(draft, share=5)

    start(world, draft)
    assert mail_server.arrived == []
    trials.choose(campaign=draft, by=None, subject="b")
    go_on(draft)

    assert subjects(mail_server) == {True: 4}


def test_without_a_trial_nobody_is_drawn(world: World, mail_server: MailServer) -> None:
    world.person()
    campaign = go_on(world.call())

    assert drawn(campaign) == {Which.ONLY: 1}
    assert campaign.status == Campaign.Status.FINISHED


# --- the choice


def answer(campaign: Campaign, which: int, count: int) -> None:
    mails = Delivery.objects.filter(campaign=campaign, subject=which)
    for mail in mails.select_related("person", "campaign")[:count]:
        feedback.answered(delivery=mail, value="interested")


def test_the_better_one_goes_on_where_the_difference_is_no_chance(
    world: World, draft: Campaign, mail_server: MailServer
) -> None:
    lay(draft, share=40)
    start(world, draft)
    answer(draft, Which.DRAWN_SECOND, 10)
    assert trials.compare(draft).difference.is_distinguishable

    sweeping.tick()
    assert not trial_of(draft).chosen
    hours_over(draft)
    go_on(draft)

    assert Trial.objects.get().chosen == "b"
    assert Trial.objects.get().chosen_by is None
    assert draft.status == Campaign.Status.FINISHED


def test_where_nobody_can_tell_the_first_goes_on(
    world: World, draft: Campaign, mail_server: MailServer
) -> None:
    lay(draft)
    start(world, draft)
    answer(draft, Which.DRAWN_SECOND, 1)
    hours_over(draft)

    go_on(draft)

    assert Trial.objects.get().chosen == "a"


def test_what_was_set_beforehand_holds_whatever_came_of_it(
    world: World, draft: Campaign, mail_server: MailServer
) -> None:
    lay(draft, policy="b")
    start(world, draft)
    answer(draft, Which.DRAWN_FIRST, 3)
    hours_over(draft)

    go_on(draft)

    assert Trial.objects.get().chosen == "b"


def test_nothing_is_chosen_while_the_campaign_is_paused(
    world: World, draft: Campaign, mail_server: MailServer
) -> None:
    lay(draft)
    start(world, draft)
    hours_over(draft)
    campaigns.pause(campaign=draft, by=world.users["coordinator"])

    sweeping.tick()

    assert not Trial.objects.get().chosen


# --- the hours


def test_the_hours_begin_when_the_last_of_the_sample_has_left(
    world: World, draft: Campaign, mail_server: MailServer
) -> None:
    lay(draft)
    quiet_today(world, world.biom)
    start(world, draft, heeds_quiet=True)
    sweeping.tick()
    assert drawn(draft)[Which.DRAWN_FIRST] == 3
    assert hours_left() is None

    quiet_today(world, world.biom, quiet=False)
    go_on(draft)
    sweeping.tick()

    assert hours_left() == 24


def test_a_pause_does_not_count(world: World, draft: Campaign, mail_server: MailServer) -> None:
    by = world.users["coordinator"]
    lay(draft)
    start(world, draft)
    sweeping.tick()
    campaigns.pause(campaign=draft, by=by)
    paused_at = timezone.now() - dt.timedelta(hours=5)
    Campaign.objects.filter(pk=draft.pk).update(paused_at=paused_at)
    draft.refresh_from_db()

    campaigns.resume(campaign=draft, by=by)

    assert hours_left() == 29


def test_a_time_in_which_every_region_sleeps_does_not_count(
    world: World, draft: Campaign, mail_server: MailServer
) -> None:
    lay(draft)
    start(world, draft, heeds_quiet=True)
    sweeping.tick()
    assert hours_left() == 24

    quiet_today(world, world.biom)
    for _second in range(2):
        sweeping.tick()
    assert hours_left() == 24  # the others are awake

    quiet_today(world, world.biocat)
    for _second in range(3):
        sweeping.tick()
    until = min(lane.sleeps_until for lane in draft.releases.all() if lane.sleeps_until)
    asleep = (until - timezone.now()) / dt.timedelta(hours=1)
    assert hours_left() == pytest.approx(24 + asleep, abs=0.1)

    quiet_today(world, world.biom, world.biocat, quiet=False)
    for _second in range(2):
        sweeping.tick()
    assert hours_left() == 24


def test_news_that_asks_nothing_is_judged_by_who_left(
    world: World, mail_server: MailServer
) -> None:
    topic = press.news(world)
    for _n in range(10):
        press.reader_of(world, topic)
    campaign = press.written(world, Campaign.Kind.ANNOUNCEMENT, topic)
    lay(campaign, share=40)
    start(world, campaign)
    for mail in Delivery.objects.filter(campaign=campaign, subject=Which.DRAWN_FIRST):
        feedback.unsubscribed(
            address=mail.address, campaign=campaign, cluster=world.biocat, source="page"
        )

    found = trials.compare(campaign)

    assert found.measure == "left"
    assert (found.first.left, found.second.left) == (4, 0)
    assert found.better == "b"


def test_the_first_word_counts(world: World, draft: Campaign, mail_server: MailServer) -> None:
    lay(draft)
    with pytest.raises(IllegalTransition, match="Nothing of it waits"):
        trials.choose(campaign=draft, by=None, subject="a")
    start(world, draft)
    with pytest.raises(Refused, match="one of the two"):
        trials.choose(campaign=draft, by=None, subject="c")
    trials.choose(campaign=draft, by=None, subject="a")

    with pytest.raises(IllegalTransition, match="was chosen before"):
        trials.choose(campaign=draft, by=None, subject="b")

    assert Trial.objects.get().chosen == "a"


def test_cancelling_ends_the_waiting(
    world: World, draft: Campaign, mail_server: MailServer
) -> None:
    lay(draft)
    start(world, draft)

    campaigns.cancel(campaign=draft, by=world.users["coordinator"])
    draft.refresh_from_db()

    assert ledger.read(draft).balances
    assert ledger.read(draft).total.left == 0
    with pytest.raises(IllegalTransition):
        trials.choose(campaign=draft, by=None, subject="a")


@pytest.mark.parametrize("chosen_first", [True, False])
def test_what_waited_in_a_copy_of_the_database_gets_what_is_chosen(
    world: World, draft: Campaign, mail_server: MailServer, chosen_first: bool
) -> None:
    lay(draft)
    start(world, draft)
    Installation.objects.update(fenced_at=timezone.now(), fenced_why="An older copy.")
    fencing.confirm(by=None)

    def choose() -> None:
        trials.choose(campaign=draft, by=None, subject="b")

    def send_again() -> None:
        tries = Attempt.objects.all()
        assert len(desk.send_again(tries=tries, by=world.users["coordinator"]).again) == 24
        go_on(draft)

    for step in (choose, send_again) if chosen_first else (send_again, choose):
        assert len(mail_server.arrived) == 6
        step()
    go_on(draft)

    assert subjects(mail_server) == {False: 3, True: 27}
    assert draft.status == Campaign.Status.FINISHED


# --- signing and checking


def test_a_signature_is_for_both_subjects(world: World, draft: Campaign) -> None:
    lay(draft)
    releases.release_all(campaign=draft, by=world.users["coordinator"])
    assert draft.releases.filter(status="released").exists()

    lay(draft)  # the same once more changes nothing
    assert draft.releases.filter(status="released").exists()
    before = contents.digest(draft)

    lay(draft, subjects={**SECOND, "en": "Another one"})
    assert not draft.releases.filter(status="released").exists()
    assert contents.digest(draft) != before

    trials.drop(campaign=draft, by=world.users["coordinator"])
    assert trial_of(draft) is None


def test_who_looked_at_another_share_has_not_signed_this_one(world: World, draft: Campaign) -> None:
    lay(draft, share=10)
    lane = world.lane(draft, world.biocat)
    seen = releases.seen_in(Campaign.objects.get(pk=draft.pk), [lane])

    lay(draft, share=40)

    with pytest.raises(Stale):
        releases.release(release=lane, by=world.users["contact_biocat"], seen=seen)


def test_what_is_signed_no_longer_changes(
    world: World, draft: Campaign, mail_server: MailServer
) -> None:
    lay(draft)
    start(world, draft)

    with pytest.raises(IllegalTransition, match="already being sent"):
        lay(draft, subjects={"en": "Another one"})
    with pytest.raises(IllegalTransition, match="already being sent"):
        trials.drop(campaign=draft, by=world.users["coordinator"])


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"subjects": {}}, "at least one language"),
        ({"share": 50}, "less than or equal to 40"),
        ({"hours": 0}, "greater than or equal to 1"),
        ({"policy": "coin"}, "not a valid choice"),
    ],
)
def test_an_impossible_trial_is_refused(
    draft: Campaign, how: dict[str, object], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        lay(draft, **how)
    assert not Trial.objects.exists()


def said(campaign: Campaign, level: Level) -> str:
    found = trying.findings(overview.read(Campaign.objects.get(pk=campaign.pk)))
    return " ".join(each.sentence for each in found if each.level == level)


def test_a_language_without_a_second_subject_stops_it(draft: Campaign) -> None:
    lay(draft, subjects={"en": "Osaka, {nickname}"})

    assert "not written in French" in said(draft, Level.BLOCK)
    assert "uses {nickname}" in said(draft, Level.BLOCK)

    lay(draft, subjects={**SECOND, "en": draft.texts.get(language="en").subject})
    assert "In English both subjects say the same" in said(draft, Level.BLOCK)


def test_what_so_few_readers_can_tell_is_said_beforehand(draft: Campaign) -> None:
    lay(draft, share=20)

    assert "About 6 readers get either subject" in said(draft, Level.WARN)
    assert "cannot be told from chance" in said(draft, Level.WARN)


def test_each_mail_tells_which_subject_it_had(
    world: World, draft: Campaign, mail_server: MailServer
) -> None:
    lay(draft)
    start(world, draft)
    mail = Delivery.objects.filter(campaign=draft, subject=Which.DRAWN_SECOND).first()
    assert mail

    told = explaining.explain(text=str(mail.address.email), campaign=draft)

    assert "the second subject, by the draw" in " ".join(told)


def test_the_sample_is_told_as_it_will_be_drawn(world: World, draft: Campaign) -> None:
    """Lane by lane: a tenth of 24 and of 14 is two and one, and not a tenth of 38."""
    for _n in range(4):
        world.person()
        world.person(world.biom)
    lay(draft)

    told = said(draft, Level.WARN)

    start(world, draft)
    drawn = Delivery.objects.filter(campaign=draft, subject=Which.DRAWN_FIRST).count()
    assert f"About {drawn} readers get either subject" in told
    assert drawn == 3
    assert [trying.drawn(1, 40), trying.drawn(5, 10), trying.drawn(0, 10)] == [0, 1, 0]
