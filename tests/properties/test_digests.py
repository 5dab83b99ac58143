"""Any order of publishing, announcing, changing one's mind and failing: each post is told once."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from campaigns.actions import digests, freezing
from campaigns.models import Campaign, Delivery, DigestItem, Post
from crm.actions import consent
from crm.models import Person, Topic
from tests.actions.test_digests import WORD, _topic, choose, follower, post, written
from tests.world import World

State = Delivery.State
TOLD = (State.ACCEPTED, State.UNKNOWN)
ENDS = (*TOLD, State.ACCEPTED, State.FAILED, State.EXPIRED, State.CANCELLED)

who = st.integers(0, 2)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.integers(0, 1)),
        st.tuples(st.just("announce"), st.integers(0, 9)),
        st.tuples(st.just("turn"), st.sampled_from(["daily", "weekly"])),
        st.tuples(st.just("choose"), who, st.sampled_from(["each", "daily", "weekly"])),
        st.tuples(st.just("pause"), who),
        st.tuples(st.just("go on"), who),
        st.tuples(st.just("leave"), who),
        st.tuples(st.just("come back"), who),
        st.tuples(st.just("end"), st.sampled_from(ENDS)),
    ),
    min_size=6,
    max_size=24,
)


@dataclass
class Story:
    """What happened so far, and by whose wish each post has to have been told in the end."""

    world: World
    topics: list[Topic]
    people: list[Person]
    posts: list[Post] = field(default_factory=list)
    announced: set[int] = field(default_factory=set)
    due: set[tuple[int, int]] = field(default_factory=set)
    """(person, post): it was published while they were on digests, and they never left since."""

    def play(self, steps: list[tuple[Any, ...]]) -> None:
        for name, *values in steps:
            getattr(self, name.replace(" ", "_"))(*values)
            self.nothing_is_told_twice()

    def publish(self, which: int) -> None:
        row = post(self.world, self.topics[which], f"Post {len(self.posts)}")
        self.posts.append(row)
        wishes = row.topic.subscriptions.filter(state="active").exclude(frequency="each")
        self.due |= {(pk, row.pk) for pk in wishes.values_list("person", flat=True)}

    def announce(self, which: int) -> None:
        if self.posts and (row := self.posts[which % len(self.posts)]).pk not in self.announced:
            self.announced.add(row.pk)
            written(self.world, row)
            freezing.start_due()

    def turn(self, frequency: str) -> None:
        digests.write(self.world.alliance, frequency, timezone.now())
        freezing.start_due()

    def choose(self, which: int, frequency: str) -> None:
        choose(self.people[which], frequency, paused_until=self._paused(which))

    def _paused(self, which: int) -> dt.date | None:
        self.people[which].refresh_from_db()
        return self.people[which].paused_until

    def pause(self, which: int) -> None:
        until = timezone.localdate() + dt.timedelta(days=5)
        Person.objects.filter(pk=self.people[which].pk).update(paused_until=until)

    def go_on(self, which: int) -> None:
        Person.objects.filter(pk=self.people[which].pk).update(paused_until=None)

    def leave(self, which: int) -> None:
        """The first topic; whatever of it was due is not any more."""
        person = self.people[which]
        assert person.primary
        consent.withdraw(
            address=person.primary.address, scope="topic", topic=self.topics[0],
            reason="unsubscribed", source="page",
        )  # fmt: skip
        left = {row.pk for row in self.posts if row.topic_id == self.topics[0].pk}
        self.due = {(pk, row) for pk, row in self.due if pk != person.pk or row not in left}

    def come_back(self, which: int) -> None:
        person = self.people[which]
        assert person.primary
        consent.opt_in(
            person=person, address=person.primary.address, topic=self.topics[0], word=WORD
        )

    def end(self, state: State) -> None:
        """What waits has this end."""
        Delivery.objects.filter(state=State.PENDING).update(
            state=state, generation=1, settled_at=timezone.now()
        )

    def _had(self) -> Counter[tuple[int, int]]:
        """(person, post) of mails that arrived, or may have."""
        may_have = (*TOLD, State.PENDING)
        mails = dict(Delivery.objects.filter(state__in=may_have).values_list("pk", "person"))
        items = DigestItem.objects.filter(delivery__in=[*mails])
        had = Counter(
            (person, row)
            for mail, row in items.values_list("delivery", "post")
            if (person := mails[mail or 0])
        )
        by_itself = Delivery.objects.filter(campaign__post__isnull=False, state__in=may_have)
        for person, row in by_itself.values_list("person", "campaign__post"):
            had[person or 0, row or 0] += 1
        return had

    def nothing_is_told_twice(self) -> None:
        twice = {key: n for key, n in self._had().items() if n > 1}
        assert not twice, twice

    def nothing_is_skipped(self) -> None:
        for which in range(len(self.people)):
            self.go_on(which)
        for _n in range(2):
            self.end(State.ACCEPTED)
            self.turn("daily")
            self.turn("weekly")
            self.nothing_is_told_twice()
        self.end(State.ACCEPTED)
        assert not self.due - set(self._had())
        assert not Campaign.objects.filter(kind="digest", releases__expected=None).exists()
        told = set(DigestItem.objects.values_list("delivery", flat=True))
        digested = Delivery.objects.filter(campaign__kind="digest", state=State.ACCEPTED)
        assert set(digested.values_list("pk", flat=True)) <= told, "an empty digest"


@pytest.fixture
def story(world: World, settings: Settings) -> Story:
    settings.FREQUENCY_LIMIT = 1_000
    topics = [_topic(world, "news", "news"), _topic(world, "opinions", "news")]
    people = [follower(world, *topics, frequency=each) for each in ("each", "daily", "weekly")]
    return Story(world, topics, people)


def test_whatever_happens_each_post_is_told_once(story: Story) -> None:
    @settings(
        max_examples=40,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(STEPS)
    def play(steps: list[tuple[Any, ...]]) -> None:
        with transaction.atomic():
            told = Story(story.world, story.topics, story.people)
            told.play(steps)
            told.nothing_is_skipped()
            transaction.set_rollback(True)

    play()
