"""Many rows at once: only mine, counted before, and undone as they were."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from crm.actions import bulk, consent, people, tags
from crm.actions.errors import Refused
from crm.models import BulkAct, LegalBasis, Membership, Person, Subscription, Tag, Topic, User
from tests.kit.races import under_way
from tests.views.conftest import SignIn, World

PEOPLE = "/bulk/people/"


@pytest.fixture
def tag(world: World) -> Tag:
    return Tag.objects.create(cluster=world.lyon, name="VIP", folded="vip")


@pytest.fixture
def topic(world: World) -> Topic:
    return Topic.objects.create(
        slug="calls", alliance=world.alliance, controller=world.lyon, purpose="missions", names={}
    )


@pytest.fixture
def others(world: World) -> list[Person]:
    """Two more people of the contact's own cluster."""
    return [
        people.create(cluster=world.lyon, by=None, given="Paul", family=family, language="fr")
        for family in ("Arvet", "Berger")
    ]


def tables(*names: str) -> dict[str, list[Any]]:
    """Every row of the tables, without the version that only counts changes."""
    found = {}
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"SELECT to_jsonb(t) - 'version' - 'id' FROM {name} t ORDER BY t.id")
            found[name] = cursor.fetchall()
    return found


def do(browser: Client, ids: list[int], act: str, value: str = "", **more: Any) -> Any:
    query = "&".join([f"act={act}", *(f"ids={pk}" for pk in ids)])
    return browser.post(f"{PEOPLE}?{query}", {"value": value, "expected": len(ids)} | more)


def test_the_page_says_how_many_and_whom_and_changes_nothing(
    world: World, as_user: SignIn, others: list[Person], tag: Tag
) -> None:
    browser = as_user(world.contact)

    page = browser.get(f"{PEOPLE}?act=tag&ids={others[0].pk}&ids={others[1].pk}").content.decode()

    assert "2 people" in page
    assert "Paul Arvet" in page
    assert not BulkAct.objects.exists()


def test_a_tag_is_added_and_taken_back(
    world: World, as_user: SignIn, others: list[Person], tag: Tag
) -> None:
    browser = as_user(world.contact)
    before = tables("crm_person")

    answer = do(browser, [row.pk for row in others], "tag", str(tag.pk))

    assert Person.objects.filter(tags__contains=[tag.pk]).count() == 2
    entry = BulkAct.objects.get()
    assert answer.headers["Location"] == reverse("crm:bulk-show", args=[entry.pk])
    assert "Undo" in browser.get(answer.headers["Location"]).content.decode()
    browser.post(reverse("crm:bulk-undo", args=[entry.pk]))
    assert tables("crm_person") == before


def test_foreign_ids_are_neither_counted_nor_touched(
    world: World, as_user: SignIn, others: list[Person], tag: Tag
) -> None:
    browser = as_user(world.contact)
    ids = [others[0].pk, world.foreign_person.pk, 999_999]

    page = browser.get(f"{PEOPLE}?act=language&" + "&".join(f"ids={pk}" for pk in ids))
    wrong = do(browser, ids, "language", "it")
    right = do(browser, ids, "language", "it", expected=1)

    assert "1 person" in page.content.decode()
    assert "Geheimwort" not in page.content.decode()
    assert "changed meanwhile" in wrong.content.decode()
    assert right.status_code == 302
    assert list(Person.objects.filter(language="it")) == [others[0]]
    assert BulkAct.objects.get().count == 1


def test_only_foreign_ids_are_refused(world: World, tag: Tag) -> None:
    with pytest.raises(Refused):
        bulk.apply(
            noun="person", ids=[world.foreign_person.pk], act="archive", value="", by=world.contact
        )


def test_a_foreign_tag_or_colleague_is_no_choice(world: World, others: list[Person]) -> None:
    foreign = Tag.objects.create(cluster=world.munich, name="X", folded="x")
    ids = [row.pk for row in others]

    with pytest.raises(Refused):
        bulk.apply(noun="person", ids=ids, act="tag", value=str(foreign.pk), by=world.contact)
    with pytest.raises(Refused):
        bulk.apply(
            noun="person", ids=ids, act="owner", value=str(world.neighbour.pk), by=world.contact
        )


def test_all_that_fit_means_the_list_as_it_is_filtered(
    world: World, as_user: SignIn, others: list[Person]
) -> None:
    browser = as_user(world.contact)

    page = browser.get(f"{PEOPLE}?act=archive&all_rows=1&q=paul").content.decode()
    browser.post(f"{PEOPLE}?act=archive&all_rows=1&q=paul", {"expected": 2})

    assert "2 people" in page
    assert Person.objects.filter(archived_at__isnull=False).count() == 2


@pytest.mark.parametrize(("act", "value"), [("language", "it"), ("owner", ""), ("archive", "")])
def test_undo_leaves_the_tables_as_before(
    world: World, others: list[Person], act: str, value: str
) -> None:
    Person.objects.filter(pk=others[0].pk).update(owner=world.contact)
    before = tables("crm_person", "crm_membership", "crm_organisation")

    entry = bulk.apply(
        noun="person", ids=[row.pk for row in others], act=act, value=value, by=world.contact
    )
    changed = tables("crm_person", "crm_membership", "crm_organisation")
    bulk.undo(entry=entry, by=world.contact)

    assert changed != before
    assert tables("crm_person", "crm_membership", "crm_organisation") == before


def test_undo_leaves_alone_what_somebody_changed_since(world: World, others: list[Person]) -> None:
    entry = bulk.apply(
        noun="person",
        ids=[row.pk for row in others],
        act="language",
        value="it",
        by=world.contact,
    )
    Person.objects.filter(pk=others[0].pk).update(language="es")

    undone = bulk.undo(entry=entry, by=world.contact)

    assert undone.kept == [others[0].pk]
    assert set(Person.objects.filter(pk__in=[r.pk for r in others]).values_list("language")) == {
        ("es",),
        ("fr",),
    }
    with pytest.raises(Refused):
        bulk.undo(entry=undone, by=world.contact)


def test_only_who_has_a_basis_and_never_left_is_subscribed(
    world: World, others: list[Person], topic: Topic
) -> None:
    left, unfounded = others
    record = world.person.legal_bases.get(purpose="missions").record
    for person in (left,):
        LegalBasis.objects.create(
            person=person, purpose="missions", basis="member", since="2026-01-01", record=record
        )
    Subscription.objects.create(
        person=left,
        topic=topic,
        state="left",
        since="2026-01-01T00:00Z",
        left_at="2026-02-01T00:00Z",
    )
    before = tables("crm_subscription", "crm_legalbasis", "crm_suppression")

    entry = bulk.apply(
        noun="person",
        ids=[world.person.pk, left.pk, unfounded.pk],
        act="subscribe",
        value="calls",
        by=world.contact,
    )

    assert list(Subscription.objects.filter(state="active").values_list("person", flat=True)) == [
        world.person.pk
    ]
    assert entry.skipped == {"left": 1, "no_basis": 1}
    bulk.undo(entry=entry, by=world.contact)
    assert tables("crm_subscription", "crm_legalbasis", "crm_suppression") == before


def test_leaving_is_taken_back_but_for_who_left_again(
    world: World, others: list[Person], topic: Topic
) -> None:
    Subscription.objects.create(
        person=world.person, topic=topic, state="active", since="2026-01-01T00:00Z"
    )
    before = tables("crm_subscription")

    entry = bulk.apply(
        noun="person",
        ids=[world.person.pk, others[0].pk],
        act="leave",
        value="calls",
        by=world.contact,
    )

    assert Subscription.objects.filter(state="left").count() == 2
    bulk.undo(entry=entry, by=world.contact)
    assert tables("crm_subscription") == before


def test_organisations_are_tagged_as_my_cluster_keeps_them(world: World, tag: Tag) -> None:
    Membership.objects.create(organisation=world.company, cluster=world.munich)
    before = tables("crm_membership", "crm_organisation")

    entry = bulk.apply(
        noun="organisation",
        ids=[world.company.pk, world.foreign_company.pk],
        act="tag",
        value=str(tag.pk),
        by=world.contact,
    )

    assert Membership.objects.get(tags__contains=[tag.pk]).cluster == world.lyon
    bulk.undo(entry=entry, by=world.contact)
    assert tables("crm_membership", "crm_organisation") == before


def test_somebody_elses_act_is_not_there(
    world: World, as_user: SignIn, others: list[Person]
) -> None:
    entry = bulk.apply(noun="person", ids=[others[0].pk], act="archive", value="", by=world.contact)
    browser = as_user(world.neighbour)

    assert browser.get(reverse("crm:bulk-show", args=[entry.pk])).status_code == 404
    assert browser.post(reverse("crm:bulk-undo", args=[entry.pk])).status_code == 404


def test_a_reader_changes_nothing(world: World, as_user: SignIn) -> None:
    assert as_user(world.reader).get(PEOPLE).status_code == 404


# --- nobody's consent is raised


def in_bulk(act: str, by: User, *rows: Person, value: str = "calls") -> BulkAct:
    return bulk.apply(noun="person", ids=[row.pk for row in rows], act=act, value=value, by=by)


def last_proof(person: Person) -> str:
    return person.consent_records.order_by("-pk").values_list("act", flat=True)[0]


def test_an_opt_out_after_a_mistake_outlives_the_mistakes_undoing(
    world: World, others: list[Person], topic: Topic
) -> None:
    anna, paul = others
    consent.subscribe(person=anna, topic=topic, source="form")
    consent.subscribe(person=paul, topic=topic, source="form")
    mistake = in_bulk("leave", world.contact, anna, paul)
    proofs = anna.consent_records.count()

    wish = in_bulk("leave", world.contact, anna)
    undone = bulk.undo(entry=mistake, by=world.contact)

    assert wish.skipped == {"same": 1}
    assert anna.consent_records.count() == proofs + 1
    assert anna.subscriptions.get().state == "left"
    assert undone.kept == [anna.pk]
    assert paul.subscriptions.get().state == "active"


def test_who_left_the_whole_cluster_is_neither_subscribed_nor_brought_back(
    world: World, topic: Topic
) -> None:
    def leave_all() -> None:
        assert world.person.primary
        consent.withdraw(
            address=world.person.primary.address,
            scope="cluster",
            cluster=world.lyon,
            reason="unsubscribed",
            source="a call",
        )

    Subscription.objects.create(
        person=world.person, topic=topic, state="active", since="2026-01-01T00:00Z"
    )
    mistake = in_bulk("leave", world.contact, world.person)
    leave_all()

    assert bulk.undo(entry=mistake, by=world.contact).kept == [world.person.pk]
    assert world.person.subscriptions.get().state == "left"
    world.person.subscriptions.all().delete()
    assert in_bulk("subscribe", world.contact, world.person).skipped == {"left": 1}


def test_leaving_another_cluster_keeps_nobody_from_a_topic(world: World, topic: Topic) -> None:
    assert world.person.primary
    consent.withdraw(
        address=world.person.primary.address,
        scope="cluster",
        cluster=world.munich,
        reason="unsubscribed",
        source="a call",
    )

    assert in_bulk("subscribe", world.contact, world.person).count == 1


def test_who_is_brought_back_has_a_proof_of_it(
    world: World, others: list[Person], topic: Topic
) -> None:
    consent.subscribe(person=others[0], topic=topic, source="form")
    mistake = in_bulk("leave", world.contact, others[0])
    assert last_proof(others[0]) == "withdrawn"

    bulk.undo(entry=mistake, by=world.contact)

    assert last_proof(others[0]) == "recorded"


# --- tags and cores


def test_who_has_as_many_tags_as_one_may_have_gets_no_more(
    world: World, as_user: SignIn, others: list[Person], tag: Tag
) -> None:
    full = list(range(1_000, 1_000 + tags.MOST_ON_ONE))
    Person.objects.filter(pk=others[0].pk).update(tags=full)

    entry = in_bulk("tag", world.contact, *others, value=str(tag.pk))

    assert entry.skipped == {"full": 1}
    assert list(entry.before) == [others[1].pk]
    page = as_user(world.contact).get(reverse("crm:bulk-show", args=[entry.pk]))
    assert "1 row has as many tags as one may have." in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_tag_that_is_being_removed_is_put_on_nobody(
    world: World, others: list[Person], tag: Tag
) -> None:
    with under_way(lambda: tags.remove(tag=tag, by=None)), pytest.raises(Refused):
        in_bulk("tag", world.contact, *others, value=str(tag.pk))

    assert not Person.objects.exclude(tags=[]).exists()


def test_who_only_reads_now_restores_no_core(world: World) -> None:
    entry = bulk.apply(
        noun="organisation", ids=[world.company.pk], act="archive", value="", by=world.contact
    )
    world.contact.grants.update(role="reader")
    reader = User.objects.get(pk=world.contact.pk)

    undone = bulk.undo(entry=entry, by=reader)

    world.company.refresh_from_db()
    assert world.company.archived_at is not None
    assert undone.kept == [world.company.pk]


def test_fewer_leave_at_once_than_are_changed_otherwise(
    world: World, as_user: SignIn, others: list[Person], topic: Topic, monkeypatch: Any
) -> None:
    monkeypatch.setattr(bulk, "MOST_LEAVING", 1)
    ids = [person.pk for person in others]
    with pytest.raises(Refused, match="at most 1 can be changed"):
        bulk.apply(noun="person", ids=ids, act="leave", value=topic.slug, by=world.contact)
    assert not Subscription.objects.exists()
    page = as_user(world.contact).get(f"{PEOPLE}?act=leave&ids={ids[0]}&ids={ids[1]}")
    assert "More than 1 rows fit" in page.content.decode()
    bulk.apply(noun="person", ids=ids, act="archive", value="", by=world.contact)
    monkeypatch.setattr(bulk, "MOST", 1)
    with pytest.raises(Refused):
        bulk.apply(noun="person", ids=ids, act="archive", value="", by=world.contact)
