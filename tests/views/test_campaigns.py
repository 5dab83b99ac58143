"""Campaign pages: from the mission's page to a schedule, and everybody's part of the report."""

import datetime as dt
import re

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import campaigns, choosing, freezing, sending
from campaigns.actions.choosing import Asked
from campaigns.models import Campaign, Delivery, Letter
from crm.actions import tags
from crm.models import AuditEntry
from tests import world as worlds
from tests.conftest import signed_in
from tests.kit.buttons import press
from tests.kit.mailserver import MailServer
from tests.views.test_texts import posted
from tests.world import World

S = Campaign.Status
PASSWORD = "a quiet morning in Lyon"


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def draft(world: World) -> Campaign:
    world.person(given="Ona", family="Vidal")
    world.person(world.biom, given="Lena", family="Geheimwort")
    return world.call(release=False, start=False)


def url(campaign: Campaign, page: str = "") -> str:
    return f"/campaigns/{campaign.ref}/{page}"


def content(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return str(response.content.decode())


# --- announcing


def test_a_coordinator_announces_a_mission_and_sees_who_will_get_it(
    world: World, as_coordinator: Client
) -> None:
    world.person()
    world.person(basis=None)

    assert "Nothing is sent yet" in content(as_coordinator, "/missions/japan-next/announce/")
    response = as_coordinator.post(
        "/missions/japan-next/announce/", {"alliance": world.alliance.pk}, follow=True
    )

    page = response.content.decode()
    assert Campaign.objects.get().status == S.DRAFT
    assert "no legal basis" in page
    assert "waits for signature" in page


def test_looking_at_the_announcing_page_drafts_nothing(as_coordinator: Client) -> None:
    as_coordinator.get("/missions/japan-next/announce/")
    as_coordinator.get("/events/matchmaking-next/invite/")

    assert not Campaign.objects.exists()


def test_announcing_twice_leads_to_the_same_campaign(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    response = as_coordinator.post(
        "/missions/japan-next/announce/", {"alliance": world.alliance.pk}
    )

    assert response["Location"] == url(draft)
    assert Campaign.objects.count() == 1


def test_an_invitation_is_drafted_from_the_event(world: World, as_coordinator: Client) -> None:
    as_coordinator.post("/events/matchmaking-next/invite/", {"alliance": world.alliance.pk})

    assert Campaign.objects.get().kind == Campaign.Kind.EVENT_INVITATION


def test_only_coordinators_announce(as_contact: Client, as_stranger: Client) -> None:
    for client in (as_contact, as_stranger):
        assert client.get("/missions/japan-next/announce/").status_code == 404
        assert client.post("/missions/japan-next/announce/").status_code == 404
    assert not Campaign.objects.exists()


def test_a_mission_without_a_programme_is_refused_in_a_sentence(
    world: World, as_coordinator: Client
) -> None:
    world.mission.programme_versions.all().delete()

    response = as_coordinator.post(
        "/missions/japan-next/announce/", {"alliance": world.alliance.pk}
    )

    assert "has no published programme" in response.content.decode()
    assert not Campaign.objects.exists()


# --- who sees what

PAGES = ("", "progress/", "preview/", "preview/body/", "check/", "people/")
EDITORS_PAGES = ("text/en/", "schedule/", "cancel/")


@pytest.mark.parametrize("page", PAGES + EDITORS_PAGES)
def test_another_alliance_finds_no_page_of_the_campaign(
    as_stranger: Client, draft: Campaign, page: str
) -> None:
    assert as_stranger.get(url(draft, page)).status_code == 404


@pytest.mark.parametrize("page", PAGES + EDITORS_PAGES)
def test_nobody_sees_a_campaign_without_signing_in(
    client: Client, draft: Campaign, page: str
) -> None:
    assert client.get(url(draft, page))["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("page", EDITORS_PAGES)
def test_a_regional_contact_neither_writes_nor_sends(
    as_contact: Client, draft: Campaign, page: str
) -> None:
    assert as_contact.get(url(draft, page)).status_code == 404
    assert as_contact.post(url(draft, page)).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_everybody_of_the_alliance_may_look(
    world: World, as_contact: Client, as_admin: Client, draft: Campaign, page: str
) -> None:
    for client in (as_contact, as_admin, signed_in(world.users["reader"])):
        assert client.get(url(draft, page)).status_code == 200


def test_a_reader_is_offered_no_button(world: World, draft: Campaign) -> None:
    page = content(signed_in(world.users["reader"]), url(draft))

    assert 'action="/campaigns/' not in page


def test_a_contact_sees_the_own_lane_wholly_and_of_the_others_the_state(
    world: World, as_contact: Client, draft: Campaign
) -> None:
    world.person(world.biom, basis=None)
    mine, foreign = world.lane(draft, world.biocat), world.lane(draft, world.biom)

    page = content(as_contact, url(draft))

    assert f"/lanes/{mine.pk}/" in page
    assert f"/lanes/{foreign.pk}/" not in page
    assert "no legal basis" not in page
    assert "BioM" in page
    assert "readers in Catalonia" in page
    assert "readers in Bavaria" not in page


def test_names_are_shown_where_a_cluster_shares_and_counted_where_not(
    as_coordinator: Client, as_other_contact: Client, draft: Campaign
) -> None:
    page = content(as_coordinator, url(draft, "people/"))
    assert "Ona Vidal" in page
    assert "Geheimwort" not in page
    assert "1 person" in page

    page = content(as_other_contact, url(draft, "people/"))
    assert "Geheimwort" in page
    assert "Vidal" not in page


def test_the_report_is_filtered_by_state_lane_and_reason(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    world.person(given="Pau", family="Ferrer", basis=None)
    lane = world.lane(draft, world.biocat)

    page = content(as_coordinator, url(draft, "people/?state=left-out"))
    assert "Ferrer" in page
    assert "Vidal" not in page
    page = content(as_coordinator, url(draft, f"people/?lane={lane.pk}&state=would-get-it"))
    assert "Vidal" in page
    assert "Ferrer" not in page
    page = content(as_coordinator, url(draft, "people/?reason=8"))
    assert "left out: no legal basis" in page


def test_that_an_address_stands_in_another_list_stays_hidden(
    world: World, as_coordinator: Client, as_other_contact: Client, draft: Campaign
) -> None:
    world.person(world.biocat, email="both@shared.example")
    world.person(world.biom, email="both@shared.example")

    for client in (as_coordinator, as_other_contact):
        for page in ("", "people/?state=left-out"):
            assert "another lane" not in content(client, url(draft, page))


def test_explain_answers_about_ones_own_people_only(
    world: World, as_contact: Client, as_coordinator: Client
) -> None:
    mine = world.person(email="mine@sme.example")
    world.person(world.biom, email="theirs@sme.example")
    campaign = world.call()

    assert "Delivery" in content(as_contact, url(campaign, f"explain/?address={mine.email}"))
    page = content(as_contact, url(campaign, "explain/?address=theirs@sme.example"))
    assert "Nobody with this address is known" in page
    assert "is not an e-mail address" in content(as_contact, url(campaign, "explain/?address=xx"))
    assert as_coordinator.get(url(campaign, "explain/")).status_code == 404


def test_explain_says_in_words_which_conditions_somebody_does_not_fit(
    world: World, draft: Campaign, as_contact: Client
) -> None:
    """A tag of another cluster has no name for a contact, whose people cannot have it."""
    world.person(email="mine@sme.example", language="de")
    theirs = tags.create(cluster=world.biom, name="Geheimtag", by=None)
    french = {"f": "language", "op": "in", "v": ["fr"]}
    tagged = {"f": "tag", "op": "in", "v": [str(theirs.pk)]}
    choosing.choose(
        campaign=draft,
        by=world.users["admin"],
        asked=Asked("some", {"all": [french, tagged]}),
    )

    page = content(as_contact, url(draft, "explain/?address=mine@sme.example"))

    assert "this does not hold: Language: French." in page
    assert "Tags: something you do not see." in page
    assert "Geheimtag" not in page


# --- sending


def test_now_is_in_ten_minutes_until_which_it_is_taken_back(
    as_coordinator: Client, draft: Campaign, mail_server: MailServer
) -> None:
    press(as_coordinator, url(draft), url(draft, "release-all/"))
    asked = as_coordinator.get(url(draft, "schedule/")).content.decode()
    assert "for 10 minutes it can still be taken back" in asked
    assert "checked" not in asked

    page = as_coordinator.post(url(draft, "schedule/"), {"when": "now", "zone": "UTC"}, follow=True)

    draft.refresh_from_db()
    assert draft.send_at is not None
    left = draft.send_at - timezone.now()
    assert dt.timedelta(minutes=9, seconds=30) < left <= dt.timedelta(minutes=10)
    assert "Leaves in 9 minutes" in page.content.decode()
    assert freezing.start_due() == []
    press(as_coordinator, url(draft), url(draft, "unschedule/"))
    Campaign.objects.filter(pk=draft.pk).update(send_at=timezone.now())
    assert freezing.start_due() == []


def test_after_the_ten_minutes_the_released_lanes_leave(
    as_coordinator: Client, draft: Campaign, mail_server: MailServer
) -> None:
    press(as_coordinator, url(draft), url(draft, "release-all/"))
    as_coordinator.post(url(draft, "schedule/"), {"when": "now", "zone": "UTC"})

    ten_minutes_later = F("send_at") - dt.timedelta(minutes=10, seconds=1)
    Campaign.objects.filter(pk=draft.pk).update(send_at=ten_minutes_later)

    assert freezing.start_due() == [draft]
    late = as_coordinator.post(url(draft, "unschedule/"), follow=True).content.decode()
    assert "that step is not possible now" in late


def test_whoever_wants_no_window_leaves_at_once(
    as_coordinator: Client, draft: Campaign, mail_server: MailServer, settings: Settings
) -> None:
    settings.UNDO_WINDOW = 0
    press(as_coordinator, url(draft), url(draft, "release-all/"))

    as_coordinator.post(url(draft, "schedule/"), {"when": "now", "zone": "UTC"})

    draft.refresh_from_db()
    assert draft.send_at is not None
    assert draft.send_at <= timezone.now()


def test_a_changed_time_begins_with_the_one_that_was_said(
    as_coordinator: Client, draft: Campaign, mail_server: MailServer
) -> None:
    press(as_coordinator, url(draft), url(draft, "release-all/"))
    day = timezone.localdate() + dt.timedelta(days=30)
    said = {"when": "later", "at": f"{day}T09:00", "zone": "Asia/Tokyo"}
    as_coordinator.post(url(draft, "schedule/"), said)

    again = as_coordinator.get(url(draft, "schedule/")).content.decode()

    assert f'value="{day}T09:00"' in again
    assert re.search(r'value="later"[^>]*checked', again)
    assert "Asia/Tokyo" in again


def test_a_time_is_on_the_clocks_of_the_named_place(
    as_coordinator: Client, draft: Campaign, mail_server: MailServer
) -> None:
    press(as_coordinator, url(draft), url(draft, "release-all/"))
    day = timezone.localdate() + dt.timedelta(days=30)

    as_coordinator.post(
        url(draft, "schedule/"), {"when": "later", "at": f"{day}T09:00", "zone": "Asia/Tokyo"}
    )

    draft.refresh_from_db()
    assert draft.send_at == dt.datetime.combine(day, dt.time(0), dt.UTC)
    assert draft.timezone == "Asia/Tokyo"


def test_who_lets_many_mails_leave_signs_in_once_more_and_types_their_number(
    world: World, client: Client, draft: Campaign, mail_server: MailServer, settings: Settings
) -> None:
    settings.SEND_CONFIRM = 1
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    user = world.users["coordinator"]
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    press(client, url(draft), url(draft, "release-all/"))

    asked = client.get(url(draft, "schedule/"))
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
    back = client.post(asked["Location"], {"password": PASSWORD})
    wrong = client.post(url(draft, "schedule/"), {"when": "now", "zone": "UTC", "count": 3})
    assert back["Location"] == url(draft, "schedule/")
    assert "2 mails would leave." in wrong.content.decode()

    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    sent = client.post(url(draft, "schedule/"), {"when": "now", "zone": "UTC", "count": 2})
    draft.refresh_from_db()
    assert draft.status == S.DRAFT

    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
    client.post(sent["Location"], {"password": PASSWORD})  # what was pressed is done then
    draft.refresh_from_db()
    assert draft.status == S.SCHEDULED


def test_without_a_second_factor_nobody_sends_where_the_rules_ask_for_one(
    as_coordinator: Client, draft: Campaign, mail_server: MailServer, settings: Settings
) -> None:
    settings.SEND_SECOND_FACTOR = True
    press(as_coordinator, url(draft), url(draft, "release-all/"))

    answer = as_coordinator.post(url(draft, "schedule/"), {"when": "now", "zone": "UTC"})

    draft.refresh_from_db()
    assert "Set up a second factor" in answer.content.decode()
    assert draft.status == S.DRAFT


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"zone": "Europe/Paris"}, "Say when: now, or at a time."),
        ({"when": "later", "zone": "Europe/Paris"}, "Write the day and the hour"),
        ({"when": "later", "at": "2020-01-01T09:00", "zone": "Europe/Paris"}, "lies in the past"),
        ({"when": "later", "at": "2099-01-01T09:00", "zone": "Mars/Base"}, "is not a time zone"),
        ({"when": "later", "at": "2099-01-01T09:00", "zone": ""}, "Say on whose clocks"),
    ],
)
def test_a_time_that_cannot_be_is_refused(
    as_coordinator: Client,
    draft: Campaign,
    mail_server: MailServer,
    data: dict[str, str],
    sentence: str,
) -> None:
    press(as_coordinator, url(draft), url(draft, "release-all/"))

    response = as_coordinator.post(url(draft, "schedule/"), data)

    draft.refresh_from_db()
    assert sentence in response.content.decode()
    assert draft.status == S.DRAFT


def test_nothing_is_scheduled_while_no_lane_is_released(
    as_coordinator: Client, draft: Campaign, mail_server: MailServer
) -> None:
    response = as_coordinator.post(url(draft, "schedule/"), {"when": "now", "zone": "UTC"})

    draft.refresh_from_db()
    assert "No lane is released yet" in response.content.decode()
    assert draft.status == S.DRAFT


def test_what_stops_a_campaign_is_said_instead_of_a_button(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    press(as_coordinator, url(draft), url(draft, "release-all/"))
    world.mission.programme_versions.all().delete()

    response = as_coordinator.post(url(draft, "schedule/"), {"when": "now", "zone": "UTC"})

    draft.refresh_from_db()
    assert "has no published programme" in response.content.decode()
    assert draft.status == S.DRAFT


def test_a_schedule_can_be_taken_back_until_it_starts(
    world: World, as_coordinator: Client, draft: Campaign, mail_server: MailServer
) -> None:
    press(as_coordinator, url(draft), url(draft, "release-all/"))
    as_coordinator.post(url(draft, "schedule/"), {"when": "now", "zone": "UTC"})

    as_coordinator.post(url(draft, "unschedule/"))
    draft.refresh_from_db()
    assert draft.status == S.DRAFT

    started = world.call()
    page = as_coordinator.post(url(started, "unschedule/"), follow=True).content.decode()
    assert "that step is not possible now" in page


UNTAKEN = "no worker has taken them yet"


@pytest.mark.parametrize(("seconds", "said"), [(5, False), (20, True)])
def test_a_campaign_that_is_due_and_that_nobody_takes_says_so(
    as_coordinator: Client,
    draft: Campaign,
    mail_server: MailServer,
    seconds: int,
    said: bool,
) -> None:
    """Fault 4: Redis stopped, so that no worker hears of it."""
    press(as_coordinator, url(draft), url(draft, "release-all/"))
    as_coordinator.post(url(draft, "schedule/"), {"when": "now", "zone": "UTC"})
    Campaign.objects.update(send_at=timezone.now() - dt.timedelta(seconds=seconds))

    assert (UNTAKEN in content(as_coordinator, url(draft))) is said


@pytest.mark.parametrize(
    ("campaign_is", "batch_is", "said"),
    [
        ({}, {}, True),
        ({}, {"lease_until": timezone.now() + dt.timedelta(hours=1)}, False),
        ({"trouble": "The mail server does not answer."}, {}, False),
        ({"canary": True}, {}, False),
        ({"canary": True}, {"canary": True}, True),
        ({"canary": True, "canary_ends_at": timezone.now() - dt.timedelta(hours=1)}, {}, True),
    ],
)
def test_mails_that_wait_for_something_else_do_not_ask_for_a_worker(
    world: World,
    as_coordinator: Client,
    campaign_is: dict[str, object],
    batch_is: dict[str, object],
    said: bool,
) -> None:
    world.person()
    campaign = world.call()
    Campaign.objects.update(**campaign_is)
    campaign.batches.update(not_before=timezone.now() - dt.timedelta(minutes=1), **batch_is)

    assert (UNTAKEN in content(as_coordinator, url(campaign))) is said


def test_a_text_changed_after_the_schedule_waits_for_new_signatures(
    world: World,
    as_coordinator: Client,
    draft: Campaign,
    mail_server: MailServer,
    settings: Settings,
) -> None:
    settings.UNDO_WINDOW = 0
    press(as_coordinator, url(draft), url(draft, "release-all/"))
    as_coordinator.post(url(draft, "schedule/"), {"when": "now", "zone": "UTC"})
    as_coordinator.post(url(draft, "text/en/"), posted(draft, subject="Come with us"))

    freezing.start_due()
    draft.refresh_from_db()
    assert draft.status == S.SCHEDULED
    assert "no lane is signed" in content(as_coordinator, url(draft))

    press(as_coordinator, url(draft), url(draft, "release-all/"))
    freezing.start_due()
    draft.refresh_from_db()
    sending.work(draft)
    assert draft.content_version is not None
    assert len(mail_server.arrived) == 2


def test_pause_resume_and_cancel(
    world: World, as_coordinator: Client, mail_server: MailServer
) -> None:
    for _n in range(3):
        world.person()
    campaign = world.call()

    for page, status in (("pause/", S.PAUSED), ("resume/", S.SENDING), ("cancel/", S.CANCELLED)):
        as_coordinator.post(url(campaign, page))
        campaign.refresh_from_db()
        assert campaign.status == status

    assert not sending.work(campaign).sent
    assert Delivery.objects.filter(campaign=campaign, state=Delivery.State.CANCELLED).count() == 3


def test_looking_at_the_cancel_page_cancels_nothing(
    as_coordinator: Client, draft: Campaign
) -> None:
    as_coordinator.get(url(draft, "cancel/"))

    draft.refresh_from_db()
    assert draft.status == S.DRAFT


@pytest.mark.parametrize(
    "page", ["release-all/", "unschedule/", "pause/", "resume/", "cancel/", "proof/", "schedule/"]
)
def test_every_act_refuses_strangers_contacts_and_anonymous(
    client: Client, as_stranger: Client, draft: Campaign, page: str
) -> None:
    assert client.post(url(draft, page))["Location"].startswith("/accounts/login/")
    assert as_stranger.post(url(draft, page)).status_code == 404
    draft.refresh_from_db()
    assert draft.status == S.DRAFT


@pytest.mark.parametrize("page", ["release-all/", "unschedule/", "pause/", "go-on/", "proof/"])
def test_acts_answer_to_post_only(as_coordinator: Client, draft: Campaign, page: str) -> None:
    assert as_coordinator.get(url(draft, page)).status_code == 405


def test_progress_asks_again_while_sending_and_renews_the_page_at_the_end(
    world: World, as_coordinator: Client, mail_server: MailServer
) -> None:
    world.person()
    campaign = world.call()

    response = as_coordinator.get(url(campaign, "progress/?status=sending"))
    assert 'hx-trigger="every' in response.content.decode()
    assert "HX-Refresh" not in response

    campaigns.pause(campaign=campaign, by=None)
    response = as_coordinator.get(url(campaign, "progress/?status=sending"))
    assert response["HX-Refresh"] == "true"
    assert 'hx-trigger="every' not in response.content.decode()


def test_the_numbers_on_the_page_add_up(
    world: World, as_coordinator: Client, mail_server: MailServer
) -> None:
    world.person()
    world.person(email="bounce1@sme.example")
    world.person(email="cut1@sme.example")
    campaign = world.call()
    sending.work(campaign)

    page = re.sub(r"\s+", " ", content(as_coordinator, url(campaign)))

    for number, word in ((1, "accepted"), (1, "failed"), (1, "undecided"), (0, "left")):
        assert f"<b>{number}</b> {word}" in page
    assert "= 3" in page
    assert f"/campaigns/desk/?campaign={campaign.ref}" in page
    assert "undecided" in content(as_coordinator, url(campaign, "people/?state=unknown"))


def test_the_people_page_counts_what_came_back_and_finds_it(
    as_coordinator: Client, as_other_contact: Client, world: World
) -> None:
    for name in ("full", "spam", "fine"):
        world.person(email=f"{name}@sme.example", given=name.title())
    campaign = world.call()
    now = timezone.now()
    sent = Delivery.objects.filter(campaign=campaign)
    sent.update(state=Delivery.State.ACCEPTED, generation=1, delivered_at=now)
    sent.filter(address__email="full@sme.example").update(bounced_at=now, bounce_class=2)
    sent.filter(address__email="spam@sme.example").update(complained_at=now)

    page = content(as_coordinator, url(campaign, "people/"))
    for words in ("3 delivered", "1 bounced", "1 marked as spam"):
        assert words in page
    bounced = content(as_coordinator, url(campaign, "people/?state=bounced"))

    assert "Full" in bounced
    assert "Fine" not in bounced
    assert "Came back" not in content(as_other_contact, url(campaign, "people/"))


def test_a_list_page_costs_a_fixed_number_of_queries(
    world: World, as_coordinator: Client, draft: Campaign, django_assert_max_num_queries: object
) -> None:
    campaigns.invite(event=world.event, by=None)

    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert "draft" in content(as_coordinator, "/campaigns/")


def test_a_proof_is_written_down(
    as_coordinator: Client, draft: Campaign, mail_server: MailServer
) -> None:
    as_coordinator.post(url(draft, "proof/"))

    assert Letter.objects.count() == 1
    assert AuditEntry.objects.filter(verb="proofed", row_id=draft.pk).exists()
