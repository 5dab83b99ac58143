from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from crm.actions import organisations
from crm.models import Organisation
from tests.views.conftest import SignIn, World

ENTERED = {
    "legal_name": "Saône Diagnostics SA",
    "kind": "company",
    "country": "FR",
    "standing": "member",
    "category": "sme",
    "areas": ["oncology"],
}


def test_a_contact_enters_an_organisation(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)

    answer = browser.post(
        reverse("crm:organisations-create"), {**ENTERED, "cluster": world.lyon.pk}, follow=True
    )

    entered = Organisation.objects.get(legal_name="Saône Diagnostics SA")
    assert entered.home_cluster == world.lyon
    assert entered.fields.get().code == "oncology"
    assert "Saône Diagnostics SA" in answer.content.decode()


def test_codes_are_said_in_the_readers_words(world: World, as_user: SignIn) -> None:
    row = organisations.create(cluster=world.lyon, by=None, legal_name="Coded")
    for vocabulary, code in (("stage", "clinical"), ("market", "japan"), ("area", "cns")):
        row.fields.create(vocabulary=vocabulary, code=code)
    world.contact.language = "fr"
    world.contact.save()

    body = as_user(world.contact).get(f"/organisations/{row.pk}/").content.decode()

    for word in ("essais cliniques", "Japon", "système nerveux central"):
        assert f'<span class="badge">{word}</span>' in body
    assert "japan" not in body


def test_nobody_enters_an_organisation_for_another_cluster(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)

    answer = browser.post(
        reverse("crm:organisations-create"), {**ENTERED, "cluster": world.munich.pk}
    )

    assert answer.status_code == 200
    assert answer.context["form"].errors["cluster"]
    assert not Organisation.objects.filter(legal_name="Saône Diagnostics SA").exists()


def test_the_same_name_twice_is_refused_in_words(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)

    answer = browser.post(
        reverse("crm:organisations-create"),
        {**ENTERED, "legal_name": "rhone cellules sas", "cluster": world.lyon.pk},
    )

    assert "already keeps" in answer.content.decode()


def test_search_forgives_accents_and_former_names(world: World, as_user: SignIn) -> None:
    organisations.edit(
        organisation=world.company, by=world.contact, version=1, legal_name="Novaxys SAS"
    )
    browser = as_user(world.contact)

    former = browser.get(reverse("crm:organisations-list"), {"q": "rhone cell"})
    nobody = browser.get(reverse("crm:organisations-list"), {"q": "zzz"})

    assert "Novaxys SAS" in former.content.decode()
    assert "No organisation fits" in nobody.content.decode()


def test_htmx_gets_the_part_that_changes(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)

    part = browser.get(reverse("crm:organisations-list"), headers={"HX-Request": "true"})

    assert "Rhône Cellules" in part.content.decode()
    assert "<html" not in part.content.decode()


def test_filters_count_and_narrow(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)

    narrowed = browser.get(reverse("crm:organisations-list"), {"category": "hospital"})
    kept = browser.get(reverse("crm:organisations-list"), {"category": "sme"})

    assert narrowed.context["listed"].total == 0
    assert kept.context["listed"].total == 1
    assert ("category", "sme") in kept.context["listed"].kept


def test_the_list_asks_at_most_twelve_questions(
    world: World, as_user: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = as_user(world.contact)

    with django_assert_max_num_queries(12):
        browser.get(reverse("crm:organisations-list"), {"q": "rhone"})


def test_a_stale_edit_is_refused_and_nothing_typed_is_lost(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)
    organisations.edit(organisation=world.company, by=world.contact, version=1, city="Villeurbanne")

    answer = browser.post(
        reverse("crm:organisations-edit", args=[world.company.pk]),
        {**ENTERED, "legal_name": "Mine", "employees": 12, "version": 1},
    )

    page = answer.content.decode()
    assert "Somebody else changed" in page
    assert 'value="Mine"' in page
    assert world.company.memberships.get().employees is None


def test_core_and_membership_change_together_and_the_history_says_so(
    world: World, as_user: SignIn
) -> None:
    browser = as_user(world.contact)

    browser.post(
        reverse("crm:organisations-edit", args=[world.company.pk]),
        {**ENTERED, "legal_name": "Novaxys SAS", "employees": 12, "version": 1},
    )

    page = browser.get(reverse("crm:organisations-show", args=[world.company.pk])).content.decode()
    assert world.company.memberships.get().employees == 12
    assert "<del>Rhône Cellules SAS</del>" in page
    assert "<ins>Novaxys SAS</ins>" in page


def test_a_coordinator_sees_the_shared_core_but_not_the_membership(
    world: World, as_user: SignIn
) -> None:
    browser = as_user(world.coordinator)

    page = browser.get(reverse("crm:organisations-show", args=[world.company.pk]))

    assert "Rhône Cellules" in page.content.decode()
    assert page.context["membership"] is None
    edit = reverse("crm:organisations-edit", args=[world.company.pk])
    assert browser.get(edit).status_code == 404


def test_archiving_asks_first_and_can_be_taken_back(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)
    archive = reverse("crm:organisations-archive", args=[world.company.pk])

    browser.get(archive)
    assert Organisation.objects.current().filter(pk=world.company.pk).exists()
    browser.post(archive)
    assert not Organisation.objects.current().filter(pk=world.company.pk).exists()
    browser.post(reverse("crm:organisations-restore", args=[world.company.pk]))
    assert Organisation.objects.current().filter(pk=world.company.pk).exists()


def test_a_stranger_finds_nothing(world: World, as_user: SignIn) -> None:
    browser = as_user(world.stranger)

    listed = browser.get(reverse("crm:organisations-list"))
    for verb in ("show", "edit", "archive", "restore"):
        url = reverse(f"crm:organisations-{verb}", args=[world.company.pk])
        assert browser.get(url).status_code == 404
    for verb in ("edit", "archive", "restore"):
        url = reverse(f"crm:organisations-{verb}", args=[world.company.pk])
        assert browser.post(url).status_code == 404

    assert "Rhône" not in listed.content.decode()
    assert Organisation.objects.current().filter(pk=world.company.pk).exists()


def test_anonymous_visitors_are_asked_to_sign_in(world: World, client: Client) -> None:
    for url in (
        reverse("crm:organisations-list"),
        reverse("crm:organisations-create"),
        reverse("crm:organisations-show", args=[world.company.pk]),
    ):
        assert client.get(url).headers["Location"].startswith(reverse("account_login"))
        assert client.post(url).headers["Location"].startswith(reverse("account_login"))
