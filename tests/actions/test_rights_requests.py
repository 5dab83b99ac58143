"""The requests desk: a month for each request, three at most, and an answer that is kept."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from crm.actions import notes, people, rights_requests
from crm.actions.errors import IllegalTransition, Refused
from crm.models import AuditEntry, Cluster, ConsentRecord, Person, RightsRequest, Suppression, User
from crm.models.scope import Scope
from crm.rules.dates import months_later


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_at: dt.date(2026, 2, 10))


def asked(cluster: Cluster, day: dt.date = dt.date(2026, 1, 31), **said: object) -> RightsRequest:
    told: dict[str, object] = {"kind": "access", "name": "Somebody", "by": None, **said}
    return rights_requests.record(cluster=cluster, received_on=day, **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2026-01-15", 1, "2026-02-15"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2026-12-31", 12, "2027-12-31"),
    ],
)
def test_months_are_counted_to_the_same_day_or_the_last_one(
    day: str, months: int, then: str
) -> None:
    assert months_later(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(then)


def test_a_request_has_a_month_from_the_day_it_came(cluster: Cluster, user: User) -> None:
    row = asked(cluster, by=user)
    assert row.due_on == dt.date(2026, 2, 28)
    assert row.days_left == 18
    entry = AuditEntry.objects.get(noun="rightsrequest")
    assert (entry.verb, entry.user, entry.cluster) == ("record", user, cluster)


def test_it_is_about_who_alone_has_the_mailbox(cluster: Cluster, person: Person) -> None:
    assert asked(cluster, email="Zoe@vif.example").person == person
    people.create(cluster=cluster, by=None, given="Ana", email=person.email, allow_shared=True)
    row = asked(cluster, email=person.email)
    assert row.person is None
    assert rights_requests.candidates(row).count() == 2


def test_another_clusters_person_is_neither_found_nor_linked(
    cluster: Cluster, other_cluster: Cluster, person: Person
) -> None:
    row = asked(other_cluster, email=person.email, name="Zoé Gières")
    assert row.person is None
    assert not rights_requests.candidates(row).exists()
    with pytest.raises(Refused, match="different clusters"):
        rights_requests.link(request=row, person=person, by=None)


def test_a_name_is_enough_to_find_somebody(cluster: Cluster, person: Person) -> None:
    row = asked(cluster, name="zoe gieres")
    assert list(rights_requests.candidates(row)) == [person]
    rights_requests.link(request=row, person=person, by=None)
    row.refresh_from_db()
    assert row.person == person


def test_it_is_extended_once_by_two_months_with_a_reason(cluster: Cluster) -> None:
    row = asked(cluster)
    with pytest.raises(Refused, match="reason"):
        rights_requests.extend(request=row, why=" ", by=None)
    row = rights_requests.extend(request=row, why="many files", by=None)
    assert row.due_on == dt.date(2026, 4, 30)
    with pytest.raises(Refused, match="extended already"):
        rights_requests.extend(request=row, why="more files", by=None)


def test_after_the_first_month_it_is_not_extended(cluster: Cluster) -> None:
    row = asked(cluster, dt.date(2025, 12, 1))
    assert row.days_left < 0
    with pytest.raises(Refused, match="month is over"):
        rights_requests.extend(request=row, why="many files", by=None)


def test_an_answer_is_kept_and_given_once(cluster: Cluster) -> None:
    row = asked(cluster)
    with pytest.raises(Refused, match="proof"):
        rights_requests.answer(request=row, done=True, answer="", by=None)
    row = rights_requests.answer(request=row, done=False, answer="not you", by=None)
    assert (row.state, row.answered_on) == ("declined", dt.date(2026, 2, 10))
    acts: list[Callable[[], object]] = [
        lambda: rights_requests.answer(request=row, done=True, answer="again", by=None),
        lambda: rights_requests.extend(request=row, why="x", by=None),
        lambda: rights_requests.carry_out(request=row, by=None),
    ]
    for act in acts:
        with pytest.raises(IllegalTransition, match="answered already"):
            act()


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"day": dt.date(2026, 2, 11)}, "after today"),
        ({"name": " "}, "who asks"),
        ({"email": "nobody"}, "@-sign"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    cluster: Cluster, said: dict[str, object], refused: str
) -> None:
    with pytest.raises(Refused, match=refused):
        asked(cluster, **said)  # type: ignore[arg-type]


def test_only_a_request_for_it_about_somebody_erases(cluster: Cluster, person: Person) -> None:
    with pytest.raises(Refused, match="something else"):
        rights_requests.carry_out(request=asked(cluster, person=person), by=None)
    with pytest.raises(Refused, match="whose record"):
        rights_requests.carry_out(request=asked(cluster, kind="erasure"), by=None)
    rights_requests.carry_out(request=asked(cluster, kind="erasure", person=person), by=None)
    with pytest.raises(Refused, match="was erased"):
        asked(cluster, person=Person.objects.get(pk=person.pk))


def test_the_preview_counts_what_goes_and_what_a_person_has_to_look_at(
    cluster: Cluster, other_cluster: Cluster, person: Person, user: User
) -> None:
    other = people.create(cluster=cluster, by=None, given="Ana")
    notes.add(person=person, text="likes tea", by=user)
    notes.add(person=other, text="works with Zoé Gières", by=user)
    stranger = people.create(cluster=other_cluster, by=None, given="Ada")
    notes.add(person=stranger, text="knows Gières", by=None)
    found = rights_requests.preview(person)
    assert (found.names, found.mailboxes) == (["Zoé Gières"], ["zoe@vif.example"])
    assert (found.notes, found.posts, found.mentions) == (1, 1, 1)


def test_a_desk_sees_its_own_clusters_requests(
    cluster: Cluster, other_cluster: Cluster, user: User
) -> None:
    ours = asked(cluster)
    asked(other_cluster)
    user.scope = Scope(clusters=frozenset([cluster.pk]), contact_for=frozenset([cluster.pk]))
    assert list(RightsRequest.objects.visible_to(user)) == [ours]
    assert list(RightsRequest.objects.editable_by(user)) == [ours]


def test_what_is_near_its_end_presses(cluster: Cluster) -> None:
    near = asked(cluster, dt.date(2026, 1, 17))
    asked(cluster)
    over = asked(cluster, dt.date(2025, 12, 1))
    done = asked(cluster, dt.date(2026, 1, 12))
    rights_requests.answer(request=done, done=True, answer="sent", by=None)
    assert set(RightsRequest.objects.pressing(timezone.localdate())) == {near, over}


def test_an_objection_that_is_done_stops_every_mail_of_the_cluster(
    cluster: Cluster, other_cluster: Cluster, person: Person, user: User
) -> None:
    row = asked(cluster, kind="objection", person=person)
    rights_requests.answer(request=row, done=True, answer="stopped", by=user)

    stop = Suppression.objects.standing().get()
    assert (stop.scope, stop.cluster, stop.reason) == ("cluster", cluster, "objected")
    assert stop.address.email == person.email
    proof = ConsentRecord.objects.get(act="objected")
    assert (proof.person, proof.cluster, proof.by) == (person, cluster, user)
    judged = Person.objects.with_obstacle(dt.date(2026, 2, 10)).get(pk=person.pk)
    assert vars(judged)["obstacle"] == "objected"


def test_an_objection_that_is_declined_stops_nothing(cluster: Cluster, person: Person) -> None:
    row = asked(cluster, kind="objection", person=person)
    rights_requests.answer(request=row, done=False, answer="not you", by=None)
    assert not Suppression.objects.exists()


def test_an_objection_is_somebody_s_before_it_is_done(cluster: Cluster, person: Person) -> None:
    row = asked(cluster, kind="objection", name="zoe gieres")
    with pytest.raises(Refused, match="whose record"):
        rights_requests.answer(request=row, done=True, answer="stopped", by=None)
    assert RightsRequest.objects.get(pk=row.pk).is_open
    rights_requests.link(request=row, person=person, by=None)
    rights_requests.answer(request=row, done=True, answer="stopped", by=None)
    assert Suppression.objects.get().address.email == person.email


def test_whoever_objects_and_stands_in_no_list_is_kept_out_of_later_ones(cluster: Cluster) -> None:
    row = asked(cluster, kind="objection", email="ada@later.example")
    rights_requests.answer(request=row, done=True, answer="stopped", by=None)
    late = people.create(cluster=cluster, by=None, given="Ada", email="ada@later.example")
    judged = Person.objects.with_obstacle(dt.date(2026, 2, 10)).get(pk=late.pk)
    assert vars(judged)["obstacle"] == "objected"


def test_an_objection_without_a_mailbox_holds_for_the_one_that_comes_later(
    cluster: Cluster,
) -> None:
    ana = people.create(cluster=cluster, by=None, given="Ana")
    row = asked(cluster, kind="objection", person=ana)
    rights_requests.answer(request=row, done=True, answer="stopped", by=None)
    assert not Suppression.objects.exists()
    people.change_address(person=ana, email="ana@later.example", by=None)
    assert Suppression.objects.standing().get().reason == "objected"
