"""Who gets a campaign, and who does not and why."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.db.models import F
from django.http import QueryDict
from django.utils import timezone

from campaigns.actions import audiences, campaigns, choosing, freezing, releases
from campaigns.models import (
    Audience,
    AudienceSnapshot,
    Campaign,
    ContentText,
    Delivery,
    Exclusion,
    frequency,
)
from crm.actions import consent, people, saved_views, topics
from crm.actions.errors import Refused
from crm.forms.nouns import PEOPLE
from crm.forms.tables import Table
from crm.models import (
    Address,
    CustomField,
    Import,
    LegalBasis,
    Membership,
    Person,
    Tag,
    Topic,
    User,
)
from tests.world import World

R = Exclusion.Reason


DAY = dt.timedelta(days=1)


def verdict(world: World, person: Person) -> int | None:
    """The reason why a person is left out of the mission's call as it would go out now."""
    return audiences.verdicts(world.call(start=False))[person.pk][1]


def withdraw(world: World, person: Person, scope: str, reason: str = "unsubscribed") -> None:
    assert person.primary
    consent.withdraw(
        address=person.primary.address,
        scope=scope,
        topic=world.topic if scope == "topic" else None,
        cluster=person.cluster if scope == "cluster" else None,
        alliance=world.alliance if scope == "alliance" else None,
        reason=reason,
        source="test",
    )


def archive(world: World, person: Person) -> None:
    people.archive(person=person, by=None)


def lose_address(world: World, person: Person) -> None:
    person.addresses.update(is_primary=False)


def bounce(world: World, person: Person) -> None:
    Address.objects.filter(uses__person=person).update(undeliverable_at=timezone.now())


def complain(world: World, person: Person) -> None:
    withdraw(world, person, "cluster", "complaint")


def leave_alliance(world: World, person: Person) -> None:
    withdraw(world, person, "alliance")


def leave_cluster(world: World, person: Person) -> None:
    withdraw(world, person, "cluster")


def leave_topic(world: World, person: Person) -> None:
    withdraw(world, person, "topic")


def lose_basis(world: World, person: Person) -> None:
    person.legal_bases.all().delete()


def pause(world: World, person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(
        paused_until=timezone.localdate() + dt.timedelta(days=9)
    )


def be_written_to_often(world: World, person: Person) -> None:
    for n in range(4):
        earlier = Campaign.objects.create(
            ref=f"earlier-{n}-{person.pk}",
            kind=Campaign.Kind.MISSION_CALL,
            alliance=world.alliance,
            audience=choosing.standard_audience(world.alliance, world.topic),
            status=Campaign.Status.FINISHED,
            started_at=timezone.now() - dt.timedelta(days=n),
        )
        deliver(earlier, person)


def read_no_ready_language(world: World, person: Person) -> None:
    campaign = world.call(start=False)
    campaign.texts.update(ready=False)
    text = campaign.texts.get(language="en")
    ContentText.objects.create(
        campaign=campaign, language="it", subject="Ciao", blocks=text.blocks, ready=True
    )


def have_the_story_already(world: World, person: Person) -> None:
    twin = Campaign.objects.create(
        ref=f"twin-{person.pk}",
        kind=Campaign.Kind.MISSION_CALL,
        alliance=world.other_alliance,
        audience=choosing.standard_audience(world.alliance, world.topic),
        same_as=f"mission:{world.mission.pk}:call",
        status=Campaign.Status.FINISHED,
    )
    deliver(twin, person)


def deliver(campaign: Campaign, person: Person, state: int = Delivery.State.ACCEPTED) -> None:
    assert person.primary
    Delivery.objects.create(
        campaign=campaign,
        person=person,
        address=person.primary.address,
        language="en",
        state=state,
    )


Act = Callable[[World, Person], None]
IN_ORDER: list[tuple[Act, int]] = [
    (archive, R.ARCHIVED),
    (lose_address, R.NO_ADDRESS),
    (bounce, R.UNDELIVERABLE),
    (complain, R.SUPPRESSED),
    (leave_alliance, R.LEFT_ALLIANCE),
    (leave_cluster, R.LEFT_CLUSTER),
    (leave_topic, R.LEFT_TOPIC),
    (lose_basis, R.NO_BASIS),
    (pause, R.PAUSED),
    (be_written_to_often, R.TOO_OFTEN),
    (read_no_ready_language, R.NO_LANGUAGE),
    (have_the_story_already, R.ALREADY_WRITTEN),
]


def name_of(value: object) -> str:
    return getattr(value, "__name__", "") or getattr(value, "name", str(value))


def test_a_contact_of_a_member_sme_gets_it(world: World) -> None:
    assert verdict(world, world.person()) is None


@pytest.mark.parametrize(("act", "reason"), IN_ORDER, ids=name_of)
def test_each_reason_keeps_a_reader_out_by_itself(world: World, act: Act, reason: int) -> None:
    person, other = world.person(), world.person(language="it")

    act(world, person)

    assert verdict(world, person) == reason
    assert verdict(world, other) is None


@pytest.mark.parametrize(
    ("first", "second"),
    list(pairwise(IN_ORDER)),
    ids=lambda pair: name_of(pair[0]),
)
def test_of_two_reasons_the_one_to_mend_first_counts(
    world: World, first: tuple[Act, int], second: tuple[Act, int]
) -> None:
    person = world.person()

    second[0](world, person)
    first[0](world, person)

    assert verdict(world, person) == first[1]


def test_people_outside_the_question_are_no_candidates(world: World) -> None:
    large = world.organisation(world.biocat, category="large")
    prospect = world.organisation(world.biocat, standing="prospect")
    strangers = [
        world.person(organisation=large),
        world.person(organisation=prospect),
        world.person(world.biowin),
    ]

    asked = audiences.verdicts(world.call(start=False))

    assert not {stranger.pk for stranger in strangers} & set(asked)


@pytest.mark.parametrize("side", ["include", "exclude"])
def test_a_question_that_nobody_can_fit_finds_nobody(world: World, side: str) -> None:
    everybody = {"f": "kind", "op": "in", "v": ["contact"]}
    nobody = {"f": "owner", "op": "in", "v": ["gone"]}
    person = world.person()
    call = world.call(start=False)
    assert call.audience
    call.audience.include, call.audience.exclude = everybody, None
    setattr(call.audience, side, nobody)

    found = audiences.verdicts(call)

    assert (person.pk in found) == (side == "exclude")
    lanes, named = audiences.count_with_some(call, Person.objects.none(), most=5)
    assert named == {}
    assert lanes == audiences.count(call)[0]


def test_erased_and_merged_people_are_no_candidates(world: World) -> None:
    erased, merged, kept = world.person(), world.person(), world.person()
    Person.objects.filter(pk=erased.pk).update(erased_at=timezone.now())
    Person.objects.filter(pk=merged.pk).update(merged_into=kept)

    assert set(audiences.verdicts(world.call(start=False))) == {kept.pk}


@pytest.mark.parametrize(
    ("scope", "reason", "expected"),
    [
        ("all", "unsubscribed", R.SUPPRESSED),
        ("all", "hard_bounce", R.SUPPRESSED),
        ("alliance", "complaint", R.SUPPRESSED),
        ("cluster", "manual", R.SUPPRESSED),
        ("cluster", "objected", R.LEFT_CLUSTER),
        ("alliance", "objected", R.LEFT_ALLIANCE),
    ],
)
def test_a_suppression_in_scope_keeps_a_reader_out(
    world: World, scope: str, reason: str, expected: int
) -> None:
    person = world.person()

    withdraw(world, person, scope, reason)

    assert verdict(world, person) == expected


def test_a_suppression_elsewhere_keeps_nobody_out(world: World) -> None:
    person = world.person()
    assert person.primary
    news = Topic.objects.create(
        slug="news", alliance=world.alliance, controller=world.biocat, purpose="news", names={}
    )
    for scope in (
        {"scope": "topic", "topic": news},
        {"scope": "cluster", "cluster": world.biom},
        {"scope": "alliance", "alliance": world.other_alliance},
    ):
        consent.withdraw(
            address=person.primary.address,
            reason="unsubscribed",
            source="test",
            **scope,  # type: ignore[arg-type]
        )

    assert verdict(world, person) is None


def test_a_lifted_suppression_keeps_nobody_out(world: World) -> None:
    person = world.person()
    withdraw(world, person, "all")
    assert person.primary
    person.primary.address.suppressions.update(lifted_at=timezone.now())

    assert verdict(world, person) is None


def test_leaving_one_cluster_leaves_the_twin_of_the_other_alone(world: World) -> None:
    here = world.person(world.biocat, email="twin@sme.example")
    there = world.person(world.biom, email="twin@sme.example")
    withdraw(world, here, "cluster")

    asked = audiences.verdicts(world.call(start=False))

    assert asked[here.pk][1] == R.LEFT_CLUSTER
    assert asked[there.pk][1] is None


def test_a_basis_for_another_purpose_or_alliance_or_time_is_none(world: World) -> None:
    news, elsewhere, expired, own = (world.person() for _ in range(4))
    LegalBasis.objects.filter(person=news).update(purpose="news")
    LegalBasis.objects.filter(person=elsewhere).update(alliance=world.other_alliance)
    LegalBasis.objects.filter(person=expired).update(expires_on=timezone.localdate() - DAY)
    LegalBasis.objects.filter(person=own).update(
        alliance=world.alliance, expires_on=timezone.localdate()
    )

    asked = audiences.verdicts(world.call(start=False))

    assert [asked[person.pk][1] for person in (news, elsewhere, expired)] == [R.NO_BASIS] * 3
    assert asked[own.pk][1] is None


def test_the_day_that_is_named_is_the_last_of_a_pause(world: World) -> None:
    over, lasts = world.person(), world.person()
    today = timezone.localdate()
    Person.objects.filter(pk=over.pk).update(paused_until=today - DAY)
    Person.objects.filter(pk=lasts.pk).update(paused_until=today)

    asked = audiences.verdicts(world.call(start=False))

    assert asked[over.pk][1] is None
    assert asked[lasts.pk][1] == R.PAUSED
    found = Person.objects.with_obstacle(today).in_bulk([over.pk, lasts.pk])
    assert [vars(found[row.pk])["obstacle"] for row in (over, lasts)] == ["", "paused"]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_pause_ends_at_midnight_of_this_place(world: World, zone: str) -> None:
    """It is another day than in Greenwich in one of them at any hour."""
    with timezone.override(zone):
        over, lasts = world.person(), world.person()
        today = timezone.localdate()
        Person.objects.filter(pk=over.pk).update(paused_until=today - DAY)
        Person.objects.filter(pk=lasts.pk).update(paused_until=today)

        asked = audiences.verdicts(world.call(start=False))

    assert asked[over.pk][1] is None
    assert asked[lasts.pk][1] == R.PAUSED


def test_three_mailings_a_week_or_four_a_while_ago_are_not_too_often(
    world: World, settings: object
) -> None:
    person, long_ago = world.person(), world.person()
    be_written_to_often(world, person)
    be_written_to_often(world, long_ago)
    Delivery.objects.filter(person=person).order_by("pk").first().delete()
    Campaign.objects.filter(ref__endswith=f"-{long_ago.pk}").update(
        started_at=timezone.now() - dt.timedelta(days=8)
    )

    asked = audiences.verdicts(world.call(start=False))

    assert asked[person.pk][1] is None
    assert asked[long_ago.pk][1] is None


def test_whoever_was_written_to_often_is_counted_by_the_day_on_which_that_ends(
    world: World,
) -> None:
    """The fourth newest of their mailings was three days ago: in four days three are left."""
    first, second, later = (world.person() for _n in range(3))
    for person in (first, second, later):
        be_written_to_often(world, person)
    Campaign.objects.filter(ref=f"earlier-3-{later.pk}").update(
        started_at=timezone.now() - dt.timedelta(days=2)
    )
    campaign = world.call(release=False, start=False)
    today = timezone.localdate()

    lanes, total = audiences.count(campaign)

    days = {today + dt.timedelta(days=4): 2, today + dt.timedelta(days=5): 1}
    assert total.again == days
    assert {lane.release.name: lane.again for lane in lanes if lane.again} == {"Biocat": days}
    assert frequency.again(campaign, [first.pk, later.pk]) == {
        first.pk: today + dt.timedelta(days=4),
        later.pk: today + dt.timedelta(days=5),
    }


def test_the_guard_ends_on_the_day_that_it_says(world: World) -> None:
    person = world.person()
    be_written_to_often(world, person)
    campaign = world.call(release=False, start=False)
    (day,) = audiences.count(campaign)[1].again
    until = dt.timedelta(days=(day - timezone.localdate()).days)

    Campaign.objects.filter(ref__startswith="earlier-").update(started_at=F("started_at") - until)

    _lanes, total = audiences.count(campaign)
    assert (total.expected, total.again) == (1, {})
    assert frequency.again(campaign, [person.pk]) == {}


@pytest.mark.parametrize("state", [Delivery.State.CANCELLED, Delivery.State.EXPIRED])
def test_a_mail_that_never_came_is_no_mail(world: World, state: int) -> None:
    person = world.person()
    have_the_story_already(world, person)
    Delivery.objects.update(state=state)

    assert verdict(world, person) is None


def test_an_undecided_mail_of_the_same_story_counts_as_received(world: World) -> None:
    person = world.person()
    have_the_story_already(world, person)
    Delivery.objects.update(state=Delivery.State.UNKNOWN)

    assert verdict(world, person) == R.ALREADY_WRITTEN


def test_one_address_in_two_clusters_gets_one_copy_from_its_home(world: World) -> None:
    of_biom = world.organisation(world.biom)
    visitor = world.person(world.biocat, email="twin@sme.example")
    visitor.positions.update(organisation=of_biom)
    at_home = world.person(world.biom, email="TWIN@sme.example", organisation=of_biom)
    membership = of_biom.memberships.get()
    membership.pk, membership.cluster = None, world.biocat
    membership._state.adding = True
    membership.save()

    asked = audiences.verdicts(world.call(start=False))

    assert asked[at_home.pk][1] is None
    assert asked[visitor.pk][1] == R.IN_ANOTHER_LANE


def test_two_people_behind_one_address_get_one_copy(world: World) -> None:
    first = world.person(email="office@sme.example")
    second = world.person(email="office@sme.example", allow_shared=True)

    asked = audiences.verdicts(world.call(start=False))

    assert asked[first.pk][1] is None
    assert asked[second.pk][1] == R.SAME_ADDRESS


def test_a_contact_who_also_follows_hears_from_the_own_cluster(world: World) -> None:
    contact = world.person(world.biom, email="twin@sme.example")
    follower = world.follower(email="twin@sme.example")

    asked = audiences.verdicts(world.call(start=False))

    assert asked[contact.pk][1] is None
    assert asked[follower.pk][1] == R.IN_ANOTHER_LANE


def test_a_twin_who_cannot_be_written_to_takes_no_place(world: World) -> None:
    paused = world.person(world.biocat, email="twin@sme.example")
    other = world.person(world.biom, email="twin@sme.example")
    pause(world, paused)

    asked = audiences.verdicts(world.call(start=False))

    assert asked[paused.pk][1] == R.PAUSED
    assert asked[other.pk][1] is None


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("fr", "fr"),
        ("en", "en"),
        ("it", "en"),
        (None, "en"),
        ("pt", "en"),
        ("nl", "en"),
        ("sv", "en"),
    ],
)
def test_a_reader_of_a_missing_language_gets_the_clusters_next_one(
    world: World, wanted: str | None, given: str
) -> None:
    person = world.person(world.biom)
    Person.objects.filter(pk=person.pk).update(language=wanted)

    world.call()

    assert Delivery.objects.get(person=person).language == given


def test_a_language_that_is_not_ready_is_nobodys(world: World) -> None:
    person = world.person(language="fr")
    campaign = world.call(release=False, start=False)
    campaign.texts.filter(language="fr").update(ready=False)

    world.call()

    assert Delivery.objects.get(person=person).language == "en"


def test_readers_are_members_outsiders_or_the_public(world: World) -> None:
    abroad = world.organisation(world.biocat, region=world.biowin.region)
    nowhere = world.organisation(world.biocat, region=None)
    inside, outside, unknown = (
        world.person(),
        world.person(organisation=abroad),
        world.person(organisation=nowhere),
    )
    follower = world.follower()

    world.call()

    variants = dict(Delivery.objects.values_list("person", "variant"))
    assert variants == {
        inside.pk: "member",
        outside.pk: "outside",
        unknown.pk: "outside",
        follower.pk: "public",
    }


def test_what_is_counted_is_what_is_written(world: World) -> None:
    readers = [
        world.person(cluster, language=language)
        for cluster in (world.biocat, world.biom)
        for language in ("en", "fr", "it")
    ]
    follower = world.follower()
    for act, _reason in IN_ORDER:
        if act is not read_no_ready_language:
            act(world, world.person())
    world.person(world.biom, email=readers[0].email)
    campaign = world.call(start=False)

    lanes, total = audiences.count(campaign)
    world.call()

    for lane in lanes:
        assert lane.release
        written = Delivery.objects.filter(release=lane.release)
        left_out = Exclusion.objects.filter(release=lane.release)
        lane.release.refresh_from_db()
        assert lane.expected == written.count() == lane.release.expected
        assert lane.excluded == Counter(left_out.values_list("reason", flat=True))
        assert lane.languages == Counter(written.values_list("language", flat=True))
        assert lane.excluded.total() == left_out.count() == lane.release.excluded
        assert lane.candidates == lane.expected + lane.excluded.total()
    assert total.expected == len(readers) + 1
    assert total.candidates == Person.objects.count()
    assert follower.pk in Delivery.objects.values_list("person", flat=True)


def test_a_declined_lane_keeps_its_readers(world: World) -> None:
    here = world.person(world.biom, email="twin@sme.example")
    there = world.follower(email="twin@sme.example")
    campaign = world.call(release=False, start=False)
    releases.decline(
        release=world.lane(campaign, world.biom), by=world.users["contact_biom"], note="no"
    )

    world.call()

    assert not Delivery.objects.exists()
    assert Exclusion.objects.get(person=there).reason == R.IN_ANOTHER_LANE
    assert not Exclusion.objects.filter(person=here).exists()


def test_a_late_lane_mails_only_those_who_have_no_copy(world: World) -> None:
    early = world.person(world.biom, email="twin@sme.example")
    campaign = world.call(release=False, start=False)
    coordinator = world.users["coordinator"]
    releases.hold(release=world.lane(campaign, world.biocat), by=coordinator, note="")
    world.call()
    twin = world.person(world.biocat, email="twin@sme.example")
    late = world.person(world.biocat)

    releases.release(release=world.lane(campaign, world.biocat), by=coordinator)
    freezing.start_due()

    assert set(Delivery.objects.values_list("person", flat=True)) == {early.pk, late.pk}
    assert Exclusion.objects.get(person=twin).reason == R.ALREADY_WRITTEN


def asks(name: str, *values: str, operator: str = "in") -> dict[str, Any]:
    return {"all": [{"f": name, "op": operator, "v": list(values)}]}


def audience(world: World, include: dict[str, Any], exclude: Any = None) -> Audience:
    return Audience.objects.create(
        ref="asked", alliance=world.alliance, name="Asked", include=include, exclude=exclude
    )


def drafted(world: World, by: User | None, saved: Audience) -> Campaign:
    return campaigns.announce(mission=world.mission, by=by, audience=saved)


@pytest.mark.parametrize("name", ["at_tag", "at_employees", "standing", "category"])
def test_a_clusters_word_on_an_organisation_chooses_only_its_own_people(
    world: World, name: str
) -> None:
    """Two clusters keep one organisation and know its people; one of them says more of it."""
    shared = world.organisation(world.biocat, category="sme", standing="member")
    Membership.objects.create(
        organisation=shared, cluster=world.biom, category="large", standing="prospect"
    )
    tag = Tag.objects.create(cluster=world.biocat, name="VIP", folded="vip")
    shared.memberships.filter(cluster=world.biocat).update(tags=[tag.pk], employees=7)
    here = world.person(world.biocat, organisation=shared)
    world.person(world.biom, organisation=shared)
    value = {"at_tag": str(tag.pk), "at_employees": "7", "standing": "member", "category": "sme"}

    asked = audiences.verdicts(drafted(world, None, audience(world, asks(name, value[name]))))

    assert set(asked) == {here.pk}


@pytest.mark.parametrize(
    "tree",
    [
        asks("email", "reader", operator="contains"),
        asks("phone", operator="empty"),
        asks("owner", "none"),
        asks("tag", operator="empty"),
        asks("tag", "none"),
        asks("at_employees", "7"),
        asks("created", "2020-01-01", operator="after"),
        {"any": [{"not": asks("email", "x", operator="contains")}, asks("kind", "contact")]},
    ],
    ids=str,
)
def test_what_stays_inside_a_cluster_is_not_asked_by_who_does_not_read_it(
    world: World, tree: dict[str, Any]
) -> None:
    world.person()
    everybody = asks("kind", "contact")
    for include, exclude in ((tree, None), (everybody, tree)):
        saved = audience(world, include, exclude)
        for user in ("coordinator", "contact_biocat"):
            with pytest.raises(Refused, match="only inside a cluster"):
                drafted(world, world.users[user], saved)
        assert not Campaign.objects.exists()
        saved.delete()

    assert drafted(world, world.users["admin"], audience(world, tree)).audience


def test_what_stays_inside_a_cluster_is_asked_by_who_reads_it(world: World) -> None:
    wanted = world.person(email="wanted@sme.example")
    world.person(world.biom, email="wanted@other.example")
    here = {"f": "cluster", "op": "in", "v": ["biocat"]}
    email = {"f": "email", "op": "contains", "v": ["wanted"]}

    drawn = drafted(world, world.users["contact_biocat"], audience(world, {"all": [here, email]}))

    assert set(audiences.verdicts(drawn)) == {wanted.pk}


def test_a_tag_and_an_own_field_are_asked_by_their_cluster_alone(world: World) -> None:
    tag = Tag.objects.create(cluster=world.biocat, name="VIP", folded="vip")
    field = CustomField.objects.create(
        cluster=world.biocat, noun="person", name="Badge", folded="badge", kind="text"
    )
    listed = Import.objects.create(cluster=world.biocat, file_name="a", header=0, status="done")
    for tree in (
        asks("tag", str(tag.pk)),
        asks(f"custom_{field.pk}", "blue"),
        asks("import", str(listed.pk)),
    ):
        saved = audience(world, tree)
        for user in ("coordinator", "contact_biom"):
            with pytest.raises(Refused):
                drafted(world, world.users[user], saved)
        campaign = drafted(world, world.users["contact_biocat"], saved)
        assert campaign.audience == saved
        campaigns.cancel(campaign=campaign, by=world.users["coordinator"])
        Audience.objects.filter(pk=saved.pk).update(ref=f"asked-{saved.pk}")


def test_nonsense_is_refused_with_a_sentence(world: World) -> None:
    trees: tuple[dict[str, Any], ...] = ({}, asks("password", "x"), {"any": []})
    for tree in trees:
        saved = audience(world, tree)
        with pytest.raises(Refused):
            drafted(world, world.users["admin"], saved)
        saved.delete()


def test_a_saved_view_is_an_audience_as_it_is(world: World) -> None:
    """The people are those of the list, and their tree is the view's, unchanged."""
    by = world.users["contact_biocat"]
    tag = Tag.objects.create(cluster=world.biocat, name="VIP", folded="vip")
    french, german = world.person(language="fr"), world.person(language="de")
    Person.objects.filter(pk__in=[french.pk, german.pk]).update(tags=[tag.pk])
    world.person(language="fr")
    conditions = {
        "all": [
            {"f": "tag", "op": "in", "v": [str(tag.pk)]},
            {"not": {"f": "language", "op": "in", "v": ["de"]}},
        ]
    }
    view = saved_views.create(by=by, noun="person", name="VIPs", conditions=conditions)
    saved = audience(world, view.conditions)
    shown = Table(PEOPLE, by, QueryDict(f"view={view.pk}"))

    asked = audiences.verdicts(drafted(world, by, saved))

    saved.refresh_from_db()
    assert saved.include == view.conditions == conditions
    assert set(asked) == set(shown.rows.values_list("pk", flat=True)) == {french.pk}


# --- since the signature


def test_a_signature_remembers_whom_the_lane_asked_for(world: World) -> None:
    stays, goes, moves = world.person(), world.person(), world.person()
    lane = world.lane(world.call(release=False, start=False), world.biocat)
    assert audiences.since(lane) is None
    releases.release(release=lane, by=None)
    same = audiences.since(lane)
    assert same
    assert (same.added, same.left) == ({}, {})

    comes = world.person()
    archive(world, goes)
    pause(world, moves)

    found = audiences.since(lane)

    assert found
    assert found.added == {comes.pk: None}
    assert found.left.keys() == {goes.pk, moves.pk}
    assert found.left[moves.pk] == R.PAUSED
    assert stays.pk not in found.left


def test_what_stood_against_somebody_is_told_once_it_is_gone(world: World) -> None:
    person = world.person()
    Person.objects.filter(pk=person.pk).update(
        paused_until=timezone.localdate() + dt.timedelta(days=9)
    )
    lane = world.lane(world.call(release=False, start=False), world.biocat)
    releases.release(release=lane, by=None)

    Person.objects.filter(pk=person.pk).update(paused_until=None)

    found = audiences.since(lane)
    assert found
    assert found.added == {person.pk: R.PAUSED}


def test_a_frozen_lane_is_compared_by_its_rows(world: World) -> None:
    stays, goes = world.person(), world.person()
    draft = world.call(start=False)
    archive(world, goes)
    campaign = world.call()
    world.person()

    found = audiences.since(world.lane(campaign, world.biocat))

    assert draft == campaign
    assert found
    assert found.added == {}
    assert [*found.left] == [goes.pk]
    assert stays.pk not in found.left


def test_signing_all_lanes_remembers_each_of_them_for_good(world: World) -> None:
    world.person()
    draft = world.call(start=False)

    kept = AudienceSnapshot.objects.filter(release__campaign=draft)

    assert kept.count() == draft.releases.count()
    assert sorted(len(row.people) for row in kept) == [0, 0, 1]
    with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
        kept.update(people=[])


def test_who_asked_for_one_topic_gets_no_other_of_the_same_purpose(world: World) -> None:
    """A consent is for what was ticked: a contact without another reason gets that alone."""
    events = topics.create(
        slug="more-events", names={"en": "Events"}, purpose="missions", controller=world.biocat,
        by=None, alliance=world.alliance, public=True,
    )  # fmt: skip
    asked, both, consenting = (
        world.person(basis=None, source=""),
        world.person(basis=None, source=""),
        world.person(basis="consent"),
    )
    word = consent.Word(wording="Yes, please.", language="en", source="follow form")
    for person, wanted in ((asked, [events]), (both, [events, world.topic])):
        assert person.primary
        for topic in wanted:
            consent.opt_in(person=person, address=person.primary.address, topic=topic, word=word)

    assert verdict(world, asked) == R.NO_BASIS
    assert verdict(world, both) is None
    assert verdict(world, consenting) is None
