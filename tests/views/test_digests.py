"""What the pages show of digests, and where one says how often."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.actions import digests, following_up, freezing, sending, sweeping
from campaigns.forms import follows as forms
from campaigns.mail import links
from campaigns.models import Campaign
from crm.actions import consent
from crm.actions.errors import Refused
from crm.forms.network import present_alliance
from crm.models import Follow, Person, Subscription, Suppression, Topic
from tests import world as worlds
from tests.actions.test_digests import WORD, _topic, follower, post
from tests.kit.mailserver import MailServer
from tests.world import World

PAGES = (
    "campaigns-show", "campaigns-progress", "campaigns-check", "previews-show", "previews-body",
    "reports-show", "reports-people",
)  # fmt: skip


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def news(world: World) -> Topic:
    return _topic(world, "news", "news")


@pytest.fixture
def campaign(world: World, news: Topic) -> Campaign:
    """A digest that is being sent to a follower, and to a contact in the lane of their cluster."""
    follower(world, news)
    contact = world.person(world.biom, email="contact@sme.example", language="de")
    follower_of(contact, news)
    post(world, news, "First", ago=5, texts={"de": "Erstes"})
    post(world, news, "Second", ago=4)
    campaign = digests.write(world.alliance, "weekly", timezone.now())
    assert campaign
    freezing.start_due()
    campaign.refresh_from_db()
    return campaign


def follower_of(person: Person, topic: Topic) -> None:
    assert person.primary
    consent.opt_in(
        person=person, address=person.primary.address, topic=topic, word=WORD, frequency="weekly"
    )
    since = timezone.now() - dt.timedelta(hours=1)
    Subscription.objects.filter(person=person).update(since=since, digests_from=since)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_a_campaign_shows_a_digest(
    campaign: Campaign, as_coordinator: Client, as_other_contact: Client, name: str
) -> None:
    for client in (as_coordinator, as_other_contact):
        answer = client.get(
            reverse(f"campaigns:{name}", args=[campaign.ref]), {"address": "x@y.example"}
        )
        assert answer.status_code == 200, name


def test_its_page_says_what_it_tells_and_offers_nothing_that_it_cannot(
    world: World, campaign: Campaign, as_coordinator: Client, mail_server: MailServer
) -> None:
    page = reverse("campaigns:campaigns-show", args=[campaign.ref])
    waiting = as_coordinator.get(page).content.decode()
    assert "Weekly digest" in waiting
    assert "First · Second" in waiting
    assert "Erstes · Second" in waiting
    assert "Two subjects" not in waiting
    sending.work(campaign)
    sweeping.tidy()
    over = as_coordinator.get(page).content.decode()
    assert "Write once more" not in over
    campaign.refresh_from_db()
    with pytest.raises(Refused, match="next one"):
        following_up.draft(campaign=campaign, rule="all", by=world.users["coordinator"])


def test_each_lane_has_its_page(
    campaign: Campaign, as_coordinator: Client, as_other_contact: Client, world: World
) -> None:
    lane = campaign.releases.get(cluster=world.biom)
    assert lane.expected == 1
    page = reverse("campaigns:releases-show", args=[campaign.ref, lane.pk])
    for client in (as_coordinator, as_other_contact):
        assert client.get(page).status_code == 200


def test_the_form_asks_how_posts_shall_come(
    world: World, news: Topic, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "QUICKEST", -1)
    page = f"/public/en/follow/{world.alliance.slug}/"
    assert "once a week, together" in client.get(page).content.decode()
    said = {
        "email": "ada@home.example", "topics": [news.pk], "language": "en",
        "opened": forms.FollowForm.opened_now(),
    }  # fmt: skip
    client.post(page, said | {"frequency": "hourly"})
    assert not Follow.objects.exists()
    client.post(page, said | {"frequency": "weekly"})
    client.post(page, said)
    assert list(Follow.objects.order_by("pk").values_list("frequency", flat=True)) == ["weekly", ""]


def test_the_page_of_a_mailbox_shows_and_changes_it(
    world: World, news: Topic, client: Client, as_contact: Client
) -> None:
    ada = follower(world, news)
    assert ada.primary
    page = links.preferences(ada.primary.address_id, "en").removeprefix(links.absolute(""))
    assert 'value="weekly" id="id_frequency_2" checked' in " ".join(
        client.get(page).content.decode().split()
    ).replace(" required", "")
    said = {"do": "choose", "topics": [news.pk], "language": "en"}
    client.post(page, said)
    assert Subscription.objects.get().frequency == "weekly"
    client.post(page, said | {"frequency": "daily"})
    wish = Subscription.objects.get()
    assert (wish.frequency, wish.digests_until) == ("daily", None)
    record = as_contact.get(reverse("crm:people-show", args=[ada.pk])).content.decode()
    assert "once a day, together" in record
    client.post(page, said | {"frequency": "each"})
    assert Subscription.objects.get().digests_until


def test_a_contact_who_gets_a_topic_unasked_asks_for_it_by_choosing_a_digest(
    world: World, client: Client
) -> None:
    contact = world.person()
    assert contact.primary
    page = links.preferences(contact.primary.address_id, "en").removeprefix(links.absolute(""))
    client.post(
        page,
        {"do": "choose", "topics": [world.topic.pk], "language": "en", "frequency": "weekly"},
    )
    wish = Subscription.objects.get()
    assert (wish.person, wish.topic, wish.frequency) == (contact, world.topic, "weekly")


def test_two_topics_that_come_otherwise_stay_so_until_one_chooses(
    world: World, news: Topic, client: Client
) -> None:
    opinions = _topic(world, "opinions", "news")
    ada = follower(world, news, opinions)
    assert ada.primary
    Subscription.objects.filter(topic=opinions).update(frequency="daily")
    page = links.preferences(ada.primary.address_id, "en").removeprefix(links.absolute(""))
    assert "checked" not in client.get(page).content.decode().partition("id_frequency")[2][:900]
    client.post(page, {"do": "choose", "topics": [news.pk, opinions.pk], "language": "en"})
    found = dict(Subscription.objects.values_list("topic__slug", "frequency"))
    assert found == {"news": "weekly", "opinions": "daily"}


def test_leaving_from_a_digest_names_it_and_then_the_topics_that_were_left(
    world: World, campaign: Campaign, client: Client, mail_server: MailServer
) -> None:
    mail = campaign.deliveries.order_by("pk")[0]
    token = links.leaving_token(links.Leaving(mail.address_id, campaign.pk, world.biocat.pk, "en"))
    page = links.unsubscribe(token).removeprefix(links.absolute(""))
    assert "The digests of bioXclusters plus" in client.get(page).content.decode()
    done = client.post(page, {"List-Unsubscribe": "One-Click"}).content.decode()
    left = Topic.objects.filter(
        pk__in=Suppression.objects.filter(address=mail.address_id).values("topic")
    )
    assert left
    assert all(f"{topic}" in done for topic in left)
    mail.refresh_from_db()
    assert mail.get_state_display() == "stopped by the reader"


def test_a_coordinator_says_when_digests_leave(world: World, as_coordinator: Client) -> None:
    page = reverse("crm:alliances-edit", args=[world.alliance.slug])
    said = {k: v for k, v in present_alliance(world.alliance).items() if v is not None}
    said |= {"languages": "en fr", "name_variants": "", "themes": "", "digests_at": "07:30"}
    said |= {"digests_on": "5", "timezone": "Europe/Lisbon", "boilerplate_en": ""}
    shown = as_coordinator.get(page).content.decode()
    assert "Weekly digests leave on" in shown
    as_coordinator.post(page, said)
    world.alliance.refresh_from_db()
    assert (str(world.alliance.digests_at), world.alliance.digests_on) == ("07:30:00", 5)
    told = as_coordinator.get(reverse("crm:alliances-show", args=[world.alliance.slug]))
    assert "Friday" in told.content.decode()
