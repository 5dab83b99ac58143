import datetime as dt

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.actions import figures, missions, network
from crm.models import Cluster, ContactPoint, Region
from tests.views.conftest import SignIn, World


def test_the_network_shows_my_alliance_and_nobody_elses_cluster(
    world: World, as_user: SignIn
) -> None:
    page = as_user(world.contact).get(reverse("crm:network-show")).content.decode()

    assert "Bio Alliance" in page
    assert "Munich Cluster" in page
    assert "Camille Arnaud" in page
    assert "Faraway Cluster" not in page


def test_the_desk_is_handed_over_from_a_day_on(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)
    monday = timezone.localdate() + dt.timedelta(days=7)

    browser.post(
        reverse("crm:contact-points-appoint"),
        {
            "cluster": world.lyon.pk,
            "role": "general",
            "name": "Inès Marchetti",
            "email": "desk@lyon.example",
            "from_": monday.isoformat(),
        },
    )

    new = ContactPoint.objects.get(name="Inès Marchetti")
    assert new.succeeds.name == "Camille Arnaud"
    assert new.succeeds.during.upper == monday


def test_nobody_appoints_for_another_cluster(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)

    answer = browser.post(
        reverse("crm:contact-points-appoint"),
        {
            "cluster": world.munich.pk,
            "role": "general",
            "name": "Inès Marchetti",
            "email": "desk@lyon.example",
            "from_": timezone.localdate().isoformat(),
        },
    )

    assert answer.context["form"].errors["cluster"]
    assert not ContactPoint.objects.filter(name="Inès Marchetti").exists()


def test_who_keeps_no_cluster_appoints_nobody(world: World, as_user: SignIn) -> None:
    for user in (world.coordinator, world.reader):
        assert as_user(user).get(reverse("crm:contact-points-appoint")).status_code == 404


def test_visitors_sign_in(world: World, client: Client) -> None:
    for name in ("crm:network-show", "crm:contact-points-appoint"):
        assert client.get(reverse(name)).headers["Location"].startswith(reverse("account_login"))


# --- pages of their own


def test_an_alliances_page_shows_roles_texts_and_contradictions(
    world: World, as_user: SignIn
) -> None:
    for value, source in ((26, "A report"), (60, "A press release")):
        figures.state(
            by=None,
            metric="companies",
            value=value,
            source=source,
            as_of=dt.date(2016, 10, 14),
            alliance=world.alliance,
        )
    network.disclaim(alliance=world.alliance, texts={"en": "Co-funded"}, during=(None, None))

    page = (
        as_user(world.contact)
        .get(reverse("crm:alliances-show", args=[world.alliance.slug]))
        .content.decode()
    )

    for words in (
        "Lyon Cluster", "Munich Cluster", "coordinator", "Joint controllers 2026", "Co-funded",
        "A report", "A press release", "sources differ",
    ):  # fmt: skip
        assert words in page, words
    assert "Add figure" not in page


def test_its_coordinator_changes_it_and_the_page_keeps_what_was(
    world: World, as_user: SignIn
) -> None:
    browser = as_user(world.coordinator)
    edit = reverse("crm:alliances-edit", args=[world.alliance.slug])
    values = {
        "name": "Bio Alliance plus",
        "name_variants": "Bio+\nBIO\nBio+",
        "status": "funded",
        "starts": "2016-01-01",
        "ends": "2017-12-31",
        "themes": "big data",
        "languages": "fr, en",
        "accent": "teal",
        "version": "1",
    }

    page = browser.post(edit, values, follow=True).content.decode()

    world.alliance.refresh_from_db()
    assert world.alliance.name_variants == ["Bio+", "BIO"]
    assert world.alliance.languages == ["fr", "en"]
    assert world.alliance.during.upper == dt.date(2018, 1, 1)
    assert "<del>Bio Alliance</del> <ins>Bio Alliance plus</ins>" in page
    stale = browser.post(edit, values).content.decode()
    assert "Somebody else changed" in stale


def test_wrong_days_and_languages_are_said_beside_the_field(world: World, as_user: SignIn) -> None:
    answer = as_user(world.coordinator).post(
        reverse("crm:alliances-edit", args=[world.alliance.slug]),
        {"name": "X", "status": "funded", "starts": "2018-01-01", "ends": "2017-01-01",
         "languages": "fr, xx", "accent": "teal", "version": "1"},
    )  # fmt: skip

    errors = answer.context["form"].errors
    assert "before the first" in errors["ends"][0]
    assert "none of our languages" in errors["languages"][0]


def test_two_coordinators_and_overlapping_days_are_refused(world: World, as_user: SignIn) -> None:
    browser = as_user(world.coordinator)

    second = browser.post(
        reverse("crm:participations-create", args=[world.alliance.slug]),
        {"cluster": world.munich.pk, "role": "member", "starts": "2026-01-01"},
    )
    munich = world.alliance.participations.get(cluster=world.munich)
    coordinator = browser.post(
        reverse("crm:participations-edit", args=[munich.pk]), {"role": "coordinator"}
    )

    assert "takes part in that time already" in second.content.decode()
    assert "Another cluster coordinates" in coordinator.content.decode()


def test_a_cluster_decides_itself_what_it_shares(world: World, as_user: SignIn) -> None:
    munich = world.alliance.participations.get(cluster=world.munich)
    share = reverse("crm:participations-share", args=[munich.pk])

    assert as_user(world.coordinator).post(share, {"sharing": "core"}).status_code == 404
    refused = as_user(world.neighbour).post(share, {"sharing": "core"})
    assert "Name the arrangement" in refused.content.decode()
    as_user(world.neighbour).post(share, {"sharing": "core", "arrangement": "Art. 4"})

    munich.refresh_from_db()
    assert munich.sharing == "core"


def test_a_clusters_page_knows_who_answers_now_later_and_before(
    world: World, as_user: SignIn
) -> None:
    later = timezone.localdate() + dt.timedelta(days=7)
    network.appoint(
        cluster=world.lyon, name="Inès Marchetti", email="i@lyon.example", from_=later, by=None
    )

    answer = as_user(world.contact).get(reverse("crm:clusters-show", args=["lyon"]))

    assert [desk.name for desk in answer.context["present"]] == ["Camille Arnaud"]
    assert [desk.name for desk in answer.context["coming"]] == ["Inès Marchetti"]
    assert "after Camille Arnaud" in answer.content.decode()


def test_a_cluster_is_changed_by_its_contact(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)
    edit = reverse("crm:clusters-edit", args=["lyon"])
    form = browser.get(edit).context["form"]
    values = {
        name: form[name].value() or ""
        for name in form.fields
        if name not in ("footer", "languages")
    } | {"languages": "fr, en", "footer_fr": "Pied de page", "postal_address": ""}

    missing = browser.post(edit, values)
    assert missing.context["form"].errors["postal_address"]
    page = browser.post(
        edit,
        {**values, "postal_address": "2 Rue\nLyon", "quiet_from": "20:00", "quiet_until": "07:00",
         "quiet_days": ["6", "7"]},
        follow=True,
    ).content.decode()  # fmt: skip

    world.lyon.refresh_from_db()
    assert (world.lyon.footer, world.lyon.version) == ({"fr": "Pied de page"}, 2)
    assert world.lyon.quiet_days == [6, 7]
    assert "quiet on Saturday, Sunday" in page
    assert "2 Rue" in page
    assert "Pied de page" in page


def test_figures_and_labels_are_entered_where_they_belong(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)
    browser.post(
        reverse("crm:figures-create", kwargs={"cluster": "lyon"}),
        {"metric": "Member companies", "qualifier": "about", "value": "70",
         "as_of": "2026-01-01", "source": "Website"},
    )  # fmt: skip
    browser.post(
        reverse("crm:labels-create", args=["lyon"]),
        {"name": "Gold Label", "issuer": "ESCA", "year": "2015"},
    )

    page = browser.get(reverse("crm:clusters-show", args=["lyon"])).content.decode()
    for words in ("Member companies", "about 70", "Website", "Gold Label 2015", "ESCA"):
        assert words in page, words
    label = world.lyon.labels.get()
    browser.post(reverse("crm:labels-remove", args=["lyon", label.pk]))
    assert not world.lyon.labels.exists()


def test_an_administrator_enters_regions_clusters_and_alliances(
    world: World, as_user: SignIn
) -> None:
    browser = as_user(world.admin)
    region = {"names_en": "Wallonia", "slug": "wallonia", "country": "BE", "codes": "BE3"}
    assert browser.post(reverse("crm:regions-create"), region).status_code == 302
    assert "is taken" in browser.post(reverse("crm:regions-create"), region).content.decode()
    browser.post(
        reverse("crm:regions-edit", args=["wallonia"]), {**region, "codes": "", "version": "1"}
    )
    wallonia = Region.objects.get(slug="wallonia")
    assert wallonia.codes == []
    assert "BE3" in browser.get(reverse("crm:regions-show", args=["wallonia"])).content.decode()

    cluster = {
        "slug": "biowin", "name": "Biowin", "region": wallonia.pk, "languages": "fr",
        "timezone": "Europe/Brussels", "from_name": "Biowin", "from_address": "m@biowin.example",
        "reply_to": "r@biowin.example", "postal_address": "Gosselies",
        "data_protection_contact": "d@biowin.example",
    }  # fmt: skip
    browser.post(reverse("crm:clusters-create"), cluster)
    browser.post(
        reverse("crm:alliances-create"),
        {"slug": "magia", "name": "MAGIA", "status": "planned", "languages": "en",
         "accent": "rose"},
    )  # fmt: skip
    answer = browser.post(
        reverse("crm:participations-create", args=["magia"]),
        {"cluster": Cluster.objects.get(slug="biowin").pk, "role": "coordinator"},
        follow=True,
    )
    assert "Biowin" in answer.content.decode()
    assert "Biowin" not in as_user(world.contact).get(reverse("crm:regions-list")).content.decode()


def test_a_desk_for_a_mission_of_another_alliance_is_not_told(
    world: World, as_user: SignIn
) -> None:
    other = network.create_alliance(slug="o", name="Other", status="funded", languages=["en"])
    network.join(alliance=other, cluster=world.munich, role="member", during=(None, None))
    mission = missions.create(
        by=None, slug="hidden", alliances=[other], lead_cluster=world.munich, market=world.market,
        names={"en": "Hidden mission"}, leads={}, terms={}, status="open",
        during=(dt.date(2027, 1, 1), dt.date(2027, 1, 4)),
    )  # fmt: skip
    network.appoint(
        cluster=world.munich, mission=mission, name="Hidden desk", email="h@m.example", by=None
    )

    page = as_user(world.contact).get(reverse("crm:clusters-show", args=["munich"]))

    assert "Hidden" not in page.content.decode()
    assert "Hidden" not in as_user(world.contact).get(reverse("crm:network-show")).content.decode()
