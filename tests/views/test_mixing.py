"""A mail is in one language: what of it would not be is told before it leaves."""

import re

import pytest
from django.test import Client

from campaigns.actions import checks, contents, overview, releases, trials
from campaigns.models import Campaign
from crm.actions import alliances, clusters, missions
from tests import world as worlds
from tests.kit.buttons import press
from tests.kit.mailserver import MailServer
from tests.views.test_campaigns import content, url
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def draft(world: World, mail_server: MailServer) -> Campaign:
    """For an English and a French reader of Biocat, a German one of BioM."""
    world.person(language="en")
    world.person(language="fr")
    world.person(world.biom, language="de")
    return world.call(release=False, start=False)


def says(browser: Client, campaign: Campaign, sentence: str, badge: str, link: str = "") -> None:
    """The check says a sentence, how bad it is, and where it is mended."""
    page = content(browser, url(campaign, "check/"))
    (found,) = [line for line in re.findall(r"<li.*?</li>", page, re.S) if sentence in line]
    assert badge in found
    assert f'href="{link}"' in found if link else "href" not in found


def schedule(browser: Client, campaign: Campaign) -> str:
    answer = browser.post(url(campaign, "schedule/"), {"when": "now", "zone": "UTC"})
    campaign.refresh_from_db()
    return answer.content.decode()


def test_all_is_well_where_everything_is_there_in_its_language(
    as_coordinator: Client, draft: Campaign
) -> None:
    says(as_coordinator, draft, "Every mail is in one language.", "in order")


def test_a_title_that_only_english_has_is_told_and_marked_and_stops_nothing(
    world: World, as_coordinator: Client, mail_server: MailServer
) -> None:
    world.person(language="fr")
    world.person(language="en")
    item = {"day": world.mission.during.lower, "part": "day", "kind": "fair"}
    missions.publish_programme(
        mission=world.mission,
        label="final",
        by=None,
        items=[
            {**item, "titles": {"en": "BIO Osaka <Expo>"}},
            {**item, "titles": {"en": "The way home", "fr": "Le retour"}},
        ],
    )
    draft = world.call(start=False)

    sentence = (
        "In French (1 reader), 1 text of “Japan mission” stays in another language: "
        "“BIO Osaka &lt;Expo&gt;” (EN)."
    )
    says(as_coordinator, draft, sentence, "to mend", "/missions/japan-next/")
    body = url(draft, "preview/body/?language=")
    assert '<span lang="en">BIO Osaka &lt;Expo&gt;</span>' in content(as_coordinator, body + "fr")
    assert "<span lang" not in content(as_coordinator, body + "en")
    editor = content(as_coordinator, url(draft, "text/fr/"))
    assert '<span lang="en">BIO Osaka &lt;Expo&gt;</span>' in editor
    assert '<span class="badge wait">in English</span>' in editor
    assert "1 untranslated" in editor
    assert ">in English<" not in content(as_coordinator, url(draft, "text/en/"))
    schedule(as_coordinator, draft)
    assert draft.status == Campaign.Status.SCHEDULED


def test_a_title_is_taken_in_the_alliances_order(world: World, as_coordinator: Client) -> None:
    """English first is only this alliance's habit."""
    alliances.edit(
        alliance=world.alliance, by=None, version=world.alliance.version, languages=["de", "en"]
    )
    world.alliance.refresh_from_db()
    day = world.mission.during.lower
    titles = {"en": "The way home", "de": "Rückreise"}
    missions.publish_programme(
        mission=world.mission,
        label="final",
        by=None,
        items=[{"day": day, "part": "day", "kind": "arrival", "titles": titles}],
    )

    draft = world.call(release=False, start=False)

    mail = content(as_coordinator, url(draft, "preview/body/?language=fr"))
    assert '<span lang="de">Rückreise</span>' in mail


def test_a_footer_that_is_not_there_in_its_readers_language_stops_a_signed_lane(
    world: World, as_coordinator: Client, as_contact: Client, draft: Campaign
) -> None:
    clusters.edit(
        cluster=world.biocat, by=None, version=world.biocat.version, footer={"en": "Biocat, Inc."}
    )
    sentence = (
        "Biocat: the footer of Biocat is not written in French; "
        "1 reader would get it in English. Write it on its page."
    )
    page = "/network/clusters/biocat/"
    says(as_coordinator, draft, sentence, "to mend", page)
    press(as_coordinator, url(draft), url(draft, "release-all/"))
    says(as_coordinator, draft, sentence, "stops it", page)
    says(as_contact, draft, sentence, "stops it", page)

    assert sentence in schedule(as_coordinator, draft)
    assert draft.status == Campaign.Status.DRAFT
    body = url(draft, f"preview/body/?lane={world.lane(draft, world.biocat).pk}&language=fr")
    assert re.search('<p lang="en"[^>]*>Biocat, Inc.</p>', content(as_coordinator, body))

    world.biocat.refresh_from_db()
    footer = {"en": "Biocat, Inc.", "fr": "Biocat, association"}
    clusters.edit(cluster=world.biocat, by=None, version=world.biocat.version, footer=footer)
    schedule(as_coordinator, draft)
    assert draft.status == Campaign.Status.SCHEDULED


def test_the_language_that_readers_would_get_instead_is_the_alliances_first(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    alliances.edit(
        alliance=world.alliance, by=None, version=world.alliance.version, languages=["de", "en"]
    )
    footer = {"en": "Biocat, Inc.", "de": "Biocat e. V."}
    clusters.edit(cluster=world.biocat, by=None, version=world.biocat.version, footer=footer)

    says(
        as_coordinator,
        draft,
        "Biocat: the footer of Biocat is not written in French; "
        "1 reader would get it in German. Write it on its page.",
        "to mend",
        "/network/clusters/biocat/",
    )
    body = url(draft, f"preview/body/?lane={world.lane(draft, world.biocat).pk}&language=fr")
    assert re.search('<p lang="de"[^>]*>Biocat e. V.</p>', content(as_coordinator, body))


def test_another_regions_footer_is_none_of_a_contacts_business(
    world: World, as_other_contact: Client, draft: Campaign
) -> None:
    clusters.edit(
        cluster=world.biocat, by=None, version=world.biocat.version, footer={"en": "Biocat, Inc."}
    )

    page = content(as_other_contact, url(draft, "check/"))

    assert "footer of Biocat" not in page
    assert "Every mail is in one language." in page


def test_a_region_that_has_not_signed_keeps_no_other_waiting(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    clusters.edit(
        cluster=world.biocat, by=None, version=world.biocat.version, footer={"en": "Biocat, Inc."}
    )
    seen = overview.read(draft)
    (own,) = [lane for lane in seen.lanes if lane.release == world.lane(draft, world.biocat)]
    assert [finding.about for finding in checks.against(seen, own)] == ["footer"]
    lane = world.lane(draft, world.biom)
    releases.release(release=lane, by=world.users["contact_biom"])

    schedule(as_coordinator, draft)

    assert draft.status == Campaign.Status.SCHEDULED


def test_followers_read_the_footer_of_the_coordinating_cluster(
    world: World, as_coordinator: Client, mail_server: MailServer
) -> None:
    world.follower(world.biom, language="fr")
    clusters.edit(
        cluster=world.biocat, by=None, version=world.biocat.version, footer={"en": "Biocat, Inc."}
    )
    draft = world.call(start=False)

    assert "the footer of Biocat is not written in French" in schedule(as_coordinator, draft)
    assert draft.status == Campaign.Status.DRAFT


def test_a_disclaimer_that_is_not_there_in_a_language_stops_it(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    (disclaimer,) = world.alliance.disclaimers.all()
    alliances.change_disclaimer(
        disclaimer=disclaimer, by=None, texts={"en": "Co-funded"}, during=(worlds.LONG_AGO, None)
    )
    press(as_coordinator, url(draft), url(draft, "release-all/"))

    sentence = (
        "What every mail of bioXclusters plus says is not written in French; "
        "1 reader would get it in English."
    )
    page = "/network/alliances/bioxclusters-plus/"
    says(as_coordinator, draft, sentence, "stops it", page)
    assert sentence in schedule(as_coordinator, draft)
    assert draft.status == Campaign.Status.DRAFT
    body = url(draft, "preview/body/?language=fr")
    assert re.search('<p class="last" lang="en"[^>]*>Co-funded</p>', content(as_coordinator, body))


def test_an_introduction_that_some_readers_do_not_get_is_told(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biocat)
    by = world.users["contact_biocat"]
    releases.introduce(release=lane, by=by, texts={"en": "See you in Barcelona."})

    sentence = (
        "Biocat: the introduction is written in English and not in French; "
        "1 reader gets the mail without it."
    )
    page = f"/campaigns/{draft.ref}/lanes/{lane.pk}/introduce/"
    says(as_coordinator, draft, sentence, "to mend", page)
    french = content(as_coordinator, url(draft, f"preview/body/?lane={lane.pk}&language=fr"))
    assert "See you in Barcelona." not in french
    assert "Un mot de" not in french


def test_a_text_that_was_copied_and_not_translated_is_told(
    as_coordinator: Client, draft: Campaign
) -> None:
    english, french = (draft.texts.get(language=language) for language in ("en", "fr"))
    lead = next(block for block in english.blocks if block["kind"] == "text")
    lead["text"] = "Join the delegation that goes to Osaka."
    blocks = [{**block, "text": lead["text"]} if block["id"] == lead["id"] else block
              for block in french.blocks]  # fmt: skip
    for text, its in ((english, english.blocks), (french, blocks)):
        contents.edit(
            campaign=draft, language=text.language, subject="Come to Osaka with us",
            preheader="Twelve firms go there", blocks=its, ready=True,
        )  # fmt: skip

    sentence = "In French, 3 texts say the same as in English."
    says(as_coordinator, draft, sentence, "to mend", url(draft, "text/fr/"))
    editor = content(as_coordinator, url(draft, "text/fr/"))
    assert "3 untranslated" in editor
    assert "Subject: as in English, not translated yet." in editor
    assert "Preview line: as in English, not translated yet." in editor
    assert '<span class="badge wait">as in English</span>' in editor
    assert "as in French" not in content(as_coordinator, url(draft, "text/en/"))


def test_a_public_page_says_what_is_not_in_its_language(world: World, client: Client) -> None:
    """German is one of the six; nobody wrote anything in it."""
    page = content(client, "/public/de/missions/japan-next/")

    assert '<h1 lang="en">Japan mission</h1>' in page
    assert '<p lang="en">Join the delegation.</p>' in page
    assert '<span lang="en">Arrival in Osaka</span>' in page
    assert '<span lang="en">Free of charge</span>' in page
    assert "lang=" not in content(client, "/public/fr/missions/japan-next/").split("<main")[1]


def test_a_second_subject_that_nobody_translated_is_told(
    as_coordinator: Client, draft: Campaign
) -> None:
    same = "Osaka is waiting for you and your company"
    trials.lay(
        campaign=draft, by=None, subjects={"en": same, "fr": same}, share=10, hours=24, policy="a"
    )

    sentence = "In French, 1 text says the same as in English."
    says(as_coordinator, draft, sentence, "to mend", url(draft, "text/fr/"))
    editor = content(as_coordinator, url(draft, "text/fr/"))
    assert "Second subject: as in English, not translated yet." in editor


def test_an_introduction_for_which_the_text_has_no_place_is_told_where_it_is_written(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biocat)
    by = world.users["contact_biocat"]
    text = draft.texts.get(language="en")
    contents.edit(
        campaign=draft, language="en", subject=text.subject, preheader=text.preheader,
        blocks=[block for block in text.blocks if block["kind"] != "introduction"], ready=True,
    )  # fmt: skip
    words = {"en": "See you in Barcelona.", "fr": "À Barcelone."}

    writing = content(as_coordinator, url(draft, f"lanes/{lane.pk}/introduce/"))
    releases.introduce(release=lane, by=by, texts=words)

    assert "has no place for an introduction in these languages: English." in writing
    sentence = (
        "Biocat: the text in English has no place for its introduction; "
        "1 reader gets the mail without it. Add a block for it to the text."
    )
    says(as_coordinator, draft, sentence, "to mend", url(draft, "text/en/"))
    assert "the text in French has no place" not in content(as_coordinator, url(draft, "check/"))


def test_of_a_text_that_is_being_sent_nobody_is_asked_to_add_a_block(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    for text in draft.texts.all():
        contents.edit(
            campaign=draft, language=text.language, subject=text.subject,
            preheader=text.preheader, ready=True,
            blocks=[block for block in text.blocks if block["kind"] != "introduction"],
        )  # fmt: skip
    late = world.lane(draft, world.biom)
    releases.hold(release=late, by=world.users["contact_biom"], note="")
    world.call()
    releases.introduce(release=late, by=world.users["contact_biom"], texts={"en": "Hello"})

    draft.refresh_from_db()
    page = content(as_coordinator, url(draft, "check/"))

    assert "has no place for its introduction; 1 reader gets the mail without it." in page
    assert "Add a block for it" not in page
