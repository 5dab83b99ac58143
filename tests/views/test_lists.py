"""The lists of people and organisations: filters, columns, order, search, saved views."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.actions import organisations, people, saved_views, users
from crm.models import (
    CustomField,
    Import,
    ImportRow,
    Membership,
    Note,
    Person,
    Position,
    SavedView,
    Tag,
    User,
)
from crm.rules.queries import Leaf, tree_of
from crm.views import lists
from tests.views.conftest import SignIn, World

PEOPLE = "/people/"


@pytest.fixture
def several(world: World) -> dict[str, Person]:
    """People of the contact's cluster who differ in everything a list can ask."""
    tag = Tag.objects.create(cluster=world.lyon, name="VIP", folded="vip")
    rows = {}
    for family, language, phone in (
        ("Arvet", "fr", "+33 6 12 34 56 78"),
        ("Berger", "de", ""),
        ("Müller-Örtz", None, ""),
    ):
        rows[family] = people.create(
            cluster=world.lyon,
            by=None,
            given="Paul",
            family=family,
            language=language,
            phone=phone,
            email=f"{family[:3].lower().replace('ü', 'u')}@three.example",
        )
    soon = timezone.localdate() + dt.timedelta(days=30)
    Person.objects.filter(pk=rows["Arvet"].pk).update(
        tags=[tag.pk], owner=world.contact, paused_until=soon
    )
    Note.objects.create(cluster=world.lyon, person=rows["Berger"], text="Met at the fair")
    listed = Import.objects.create(cluster=world.lyon, file_name="a.csv", header=0, status="done")
    for number, (family, made) in enumerate((("Arvet", "po"), ("Berger", ""))):
        ImportRow.objects.create(
            of_import=listed, number=number, verdict="new", made=made, person=rows[family].pk
        )
    rows["tag"] = tag  # type: ignore[assignment]
    return rows


def names(answer: Any) -> list[str]:
    return [line.row.family for line in answer.context["listed"].lines]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"language": "de"}, ["Berger"]),
        ({"language": ["de", "none"]}, ["Berger", "Müller-Örtz"]),
        ({"language__not": ["fr", "none"]}, ["Berger"]),
        ({"phone__not_empty": "1"}, ["Arvet", "Garnier"]),
        ({"name__contains": "ortz"}, ["Müller-Örtz"]),
        ({"job__contains": "ceo"}, ["Garnier"]),
        ({"organisation__contains": "cellules"}, ["Garnier"]),
        ({"organisation__empty": "1"}, ["Arvet", "Berger", "Müller-Örtz"]),
        ({"category": "sme"}, ["Garnier"]),
        ({"area": "oncology"}, ["Garnier"]),
        ({"at_city": "Lyon"}, ["Garnier"]),
        ({"at_country": "FR", "at_region": "rhone"}, ["Garnier"]),
        ({"mailable": "yes"}, ["Garnier"]),
        ({"email__contains": "arv@"}, ["Arvet"]),
        ({"email__contains": "@three.example"}, ["Arvet", "Berger", "Müller-Örtz"]),
        ({"created__after": "2000-01-01"}, ["Arvet", "Berger", "Garnier", "Müller-Örtz"]),
        ({"created__before": "2000-01-01"}, []),
        ({"created__last": "90"}, ["Arvet", "Berger", "Garnier", "Müller-Örtz"]),
        ({"created__not_last": "90"}, []),
        ({"paused__next": "30"}, ["Arvet"]),
        ({"paused__not_next": "30"}, ["Berger", "Garnier", "Müller-Örtz"]),
        ({"paused__last": "30"}, []),
        ({"kind__not": "contact"}, []),
        ({"sort": "-name"}, ["Müller-Örtz", "Berger", "Arvet", "Garnier"]),
        ({"sort": "organisation"}, ["Garnier", "Arvet", "Berger", "Müller-Örtz"]),
        ({"sort": "job"}, ["Garnier", "Arvet", "Berger", "Müller-Örtz"]),
        ({"sort": "-job"}, ["Garnier", "Arvet", "Berger", "Müller-Örtz"]),
        ({"note__not_empty": "1"}, ["Berger"]),
        ({"note__contains": "met at"}, ["Berger"]),
        ({"note__not_contains": "met at"}, ["Arvet", "Garnier", "Müller-Örtz"]),
        ({"note__empty": "1"}, ["Arvet", "Garnier", "Müller-Örtz"]),
        ({"import__not_empty": "1"}, ["Arvet"]),
        ({"import": ["x", "9" * 30]}, []),
        ({"q": "muller"}, ["Müller-Örtz"]),
        ({"q": "ORTZ paul"}, ["Müller-Örtz"]),
        ({"q": "rhone"}, ["Garnier"]),
        ({"q": "06 12 34"}, ["Arvet"]),
        ({"q": "ber@"}, ["Berger"]),
        ({"q": "three.example"}, ["Arvet", "Berger", "Müller-Örtz"]),
        ({"q": "granier"}, ["Garnier"]),
        ({"q": "zzzzz"}, []),
    ],
    ids=str,
)
def test_a_list_shows_what_its_address_asks(
    world: World,
    as_user: SignIn,
    several: dict[str, Person],
    query: dict[str, Any],
    expected: list[str],
) -> None:
    answer = as_user(world.contact).get(PEOPLE, query)

    found = names(answer)
    assert (found if "sort" in query else sorted(found)) == expected
    assert answer.context["listed"].total == len(expected)


def test_tags_owners_and_own_fields_are_asked_and_shown(
    world: World, as_user: SignIn, several: dict[str, Person]
) -> None:
    field = CustomField.objects.create(
        cluster=world.lyon, noun="person", name="Badge", folded="badge", kind="text"
    )
    Person.objects.filter(pk=several["Berger"].pk).update(custom={field.key: "blue"})
    browser = as_user(world.contact)
    tag = str(several["tag"].pk)

    by_tag = browser.get(PEOPLE, {"tag": tag, "columns": f"tag,owner,custom_{field.pk}"})
    by_field = browser.get(PEOPLE, {f"custom_{field.pk}__contains": "blu"})
    by_owner = browser.get(PEOPLE, {"owner": world.contact.pk})

    assert names(by_tag) == names(by_owner) == ["Arvet"]
    assert names(by_field) == ["Berger"]
    page = by_tag.content.decode()
    assert "VIP" in page
    assert "Badge" in page


def test_a_coordinator_cannot_ask_what_stays_inside_the_cluster(
    world: World, as_user: SignIn, several: dict[str, Person]
) -> None:
    browser = as_user(world.coordinator)
    everybody = browser.get(PEOPLE).context["listed"].total

    insides: tuple[dict[str, Any], ...] = (
        {"tag": several["tag"].pk},
        {"owner": world.contact.pk},
        {"phone__contains": "+33"},
        {"email__contains": "elise"},
        {"category": "sme"},
        {"paused__empty": "1"},
        {"q": "06 12 34"},
        {"q": "three.example"},
    )
    for inside in insides:
        assert browser.get(PEOPLE, inside).context["listed"].total == 0, inside
    page = browser.get(PEOPLE, {"columns": "phone,tag,owner,email"}).content.decode()
    assert "+33" not in page
    assert "VIP" not in page
    assert browser.get(PEOPLE, {"phone__not_contains": "+33"}).context["listed"].total == everybody


def test_a_foreign_tag_finds_nobody(
    world: World, as_user: SignIn, several: dict[str, Person]
) -> None:
    foreign = Tag.objects.create(cluster=world.munich, name="Geheim", folded="geheim")
    Person.objects.filter(pk=world.foreign_person.pk).update(tags=[foreign.pk])

    answer = as_user(world.contact).get(PEOPLE, {"tag": foreign.pk})

    assert answer.context["listed"].total == 0
    assert "Geheim" not in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"created__after": "yesterday"},
        {"created__last": "yesterday"},
        {"name__last": "90"},
        {"at_employees__before": "many"},
        {"at_employees__before": "1e99"},
        {"paused": "2027-13-01"},
    ],
)
def test_what_cannot_be_asked_is_said(world: World, as_user: SignIn, query: dict[str, str]) -> None:
    page = as_user(world.contact).get(PEOPLE, query)

    assert page.status_code == 200
    assert page.context["table"].trouble
    assert page.context["listed"].total == 0


def test_nonsense_in_the_address_is_ignored(world: World, as_user: SignIn) -> None:
    for query in (
        {"password": "x"}, {"sort": "password"}, {"columns": "password"}, {"page": "x"},
        {"language__like": "x"}, {"view": "x"}, {"tag": "x"}, {"owner": "9" * 30}, {"q": "\x00"},
    ):  # fmt: skip
        assert as_user(world.contact).get(PEOPLE, query).status_code == 200, query


def test_the_counts_beside_the_list_are_those_of_its_filters(
    world: World, as_user: SignIn, several: dict[str, Person]
) -> None:
    answer = as_user(world.contact).get(PEOPLE, {"language": "fr"})

    groups = {group.label: group.chips for group in answer.context["listed"].groups}
    assert answer.context["listed"].total == 2
    assert {chip.label: chip.count for chip in groups["Language"]} == {
        "German": 1,
        "no language": 1,
    }


def test_the_form_leads_to_the_filters_own_address(
    world: World, as_user: SignIn, several: dict[str, Person]
) -> None:
    browser = as_user(world.contact)

    answer = browser.get(PEOPLE, {"ask": "mailable", "value": "mailable"})
    assert answer.headers["Location"] == f"{PEOPLE}?mailable=yes"
    answer = browser.get(PEOPLE, {"ask": "created", "how": "after", "value": "01/11/2026"})
    assert answer.headers["Location"] == f"{PEOPLE}?created__after=2026-11-01"
    answer = browser.get(PEOPLE, {"ask": "created", "how": "last", "value": "90"})
    assert answer.headers["Location"] == f"{PEOPLE}?created__last=90"
    page = browser.get(PEOPLE, {"created__not_last": "1"}).content.decode()
    assert "Added on: not in the last 1 day" in page
    answer = browser.get(PEOPLE, {"ask": "language", "how": "not", "value": "germ"})

    assert answer.headers["Location"] == "/people/?language__not=de"


def test_a_heading_orders_and_says_so(world: World, as_user: SignIn) -> None:
    page = as_user(world.contact).get(PEOPLE, {"sort": "-name"}).content.decode()

    assert 'aria-sort="descending"' in page
    assert 'href="?sort=name"' in page


def test_a_view_brings_its_list_back(
    world: World, as_user: SignIn, several: dict[str, Person]
) -> None:
    browser = as_user(world.contact)

    browser.post("/views/people/new/?language=de&columns=phone&sort=-name", {"name": "Germans"})

    view = SavedView.objects.get()
    assert view.conditions == {"all": [{"f": "language", "op": "in", "v": ["de"]}]}
    shown = browser.get(PEOPLE, {"view": view.pk})
    assert names(shown) == ["Berger"]
    assert [q.name for q in shown.context["table"].columns] == ["name", "phone"]
    assert "Germans" in shown.content.decode()
    without = browser.get(PEOPLE + shown.context["listed"].on[0].url)
    assert len(names(without)) == 4
    assert without.context["table"].view.name == "Germans"


def test_a_default_view_opens_first(
    world: World, as_user: SignIn, several: dict[str, Person]
) -> None:
    browser = as_user(world.contact)
    tree = {"all": [{"f": "language", "op": "in", "v": ["de"]}]}
    saved_views.create(by=world.contact, noun="person", name="A", conditions=tree, is_default=True)
    saved_views.create(by=world.contact, noun="person", name="B", conditions={}, is_default=False)

    assert names(browser.get(PEOPLE)) == ["Berger"]
    assert len(names(browser.get(PEOPLE, {"all": "1"}))) == 4


def test_a_private_view_is_only_mine_and_a_shared_one_my_clusters(
    world: World, as_user: SignIn, several: dict[str, Person]
) -> None:
    mine = saved_views.create(by=world.contact, noun="person", name="Mine", conditions={})
    ours = saved_views.create(
        by=world.contact, noun="person", name="Ours", conditions={}, cluster=world.lyon
    )

    reader = as_user(world.reader).get(PEOPLE).content.decode()
    assert "Ours" in reader
    assert "Mine" not in reader
    for user in (world.reader, world.neighbour, world.admin):
        for view in (mine, ours):
            for verb in ("edit", "remove"):
                url = reverse(f"crm:saved-views-{verb}", args=[view.pk])
                assert as_user(user).get(url).status_code == 404
                assert as_user(user).post(url, {"name": "X"}).status_code == 404
    neighbour = as_user(world.neighbour).get(PEOPLE, {"view": ours.pk}).content.decode()
    assert "Ours" not in neighbour


def test_a_view_is_renamed_shared_and_deleted(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)
    view = saved_views.create(by=world.contact, noun="organisation", name="Old", conditions={})
    saved_views.create(by=world.contact, noun="organisation", name="Taken", conditions={})
    edit = reverse("crm:saved-views-edit", args=[view.pk])

    taken = browser.post(edit, {"name": "Taken"})
    foreign = browser.post(edit, {"name": "New", "cluster": world.munich.pk})
    browser.post(edit, {"name": "New", "cluster": world.lyon.pk, "is_default": "on"})

    assert "already" in taken.content.decode()
    assert foreign.context["form"].errors["cluster"]
    view.refresh_from_db()
    assert (view.name, view.cluster, view.is_default) == ("New", world.lyon, True)
    browser.post(reverse("crm:saved-views-remove", args=[view.pk]))
    assert not SavedView.objects.filter(pk=view.pk).exists()


def test_a_changed_view_is_saved_in_place(
    world: World, as_user: SignIn, several: dict[str, Person]
) -> None:
    browser = as_user(world.contact)
    tree = {"all": [{"f": "language", "op": "in", "v": ["de"]}]}
    view = saved_views.create(
        by=world.contact, noun="person", name="Some", conditions=tree, cluster=world.lyon
    )
    as_saved = browser.get(PEOPLE, {"view": view.pk})
    assert "like this" not in as_saved.content.decode()
    changed = f"?view={view.pk}&all=1&language=fr&sort=-name&columns=phone"
    page = browser.get(PEOPLE + changed).content.decode()
    assert "Save “Some” like this" in page
    assert "Save as a new view" in page
    assert "like this" not in as_user(world.reader).get(PEOPLE + changed).content.decode()

    url = reverse("crm:saved-views-overwrite", args=[view.pk])
    browser = as_user(world.contact)
    response = browser.post(url + changed + "&q=gar", follow=True)

    assert "saved as you see it" in response.content.decode()
    assert "is not kept" in response.content.decode()
    view.refresh_from_db()
    assert view.conditions == {"all": [{"f": "language", "op": "in", "v": ["fr"]}]}
    assert (view.sort, view.columns) == ("-name", ["name", "phone"])
    assert as_user(world.reader).post(url + changed).status_code == 404
    as_user(world.contact).post(url + "?custom_999=x")  # asks for what there is not
    view.refresh_from_db()
    assert view.sort == "-name"


def test_whose_maker_has_left_a_contact_of_its_cluster_looks_after_the_view(
    world: World, as_user: SignIn
) -> None:
    left = users.create(email="gone@liaison.example", name="Gone")
    users.grant(user=left, role="contact", cluster=world.lyon)
    view, alone = (
        saved_views.create(by=left, noun="person", name=name, conditions={}, cluster=cluster)
        for name, cluster in (("Ours", world.lyon), ("Alone", None))
    )
    edit = reverse("crm:saved-views-edit", args=[view.pk])
    assert as_user(world.contact).get(edit).status_code == 404
    left.is_active = False
    left.save()

    assert as_user(world.reader).get(edit).status_code == 404
    assert as_user(world.neighbour).get(edit).status_code == 404
    other = reverse("crm:saved-views-edit", args=[alone.pk])
    assert as_user(world.contact).get(other).status_code == 404
    as_user(world.contact).post(edit, {"name": "Still ours", "cluster": world.lyon.pk})
    view.refresh_from_db()
    assert (view.name, view.user) == ("Still ours", world.contact)


def test_people_of_one_list_are_asked_for_by_its_name(
    world: World, as_user: SignIn, several: dict[str, Person]
) -> None:
    listed = Import.objects.get()
    browser = as_user(world.contact)
    assert names(browser.get(PEOPLE, {"import": listed.pk})) == ["Arvet"]
    asked = browser.get(PEOPLE, {"ask": "import", "value": "a.csv"})
    assert asked.headers["Location"] == f"{PEOPLE}?import={listed.pk}"
    # Nobody else may ask for it, nor reads its name.
    for user in (world.coordinator, world.neighbour):
        answer = as_user(user).get(PEOPLE, {"import": listed.pk})
        assert names(answer) == []
        assert "a.csv" not in answer.content.decode()


def test_jobs_and_memberships_order_a_list_over_its_pages(world: World, as_user: SignIn) -> None:
    """Whoever has none comes last, both ways, and every page goes on where the last one ended."""
    browser = as_user(world.contact)
    company: dict[str, Any] = {"cluster": world.lyon, "by": None}
    for n, (employees, category, standing) in enumerate(
        ((7, "sme", "guest"), (None, "founder", "member"), (900, "large", "prospect"))
    ):
        organisations.create(
            legal_name=f"Org {n}", employees=employees, category=category, standing=standing,
            **company,
        )  # fmt: skip
    for n, job in enumerate(("CTO", "", "Analyst")):
        person = people.create(given="Jo", family=f"Job {n}", **company)
        Position.objects.create(
            person=person, organisation=world.company, job=job, during=(dt.date(2020, 1, 1), None)
        )
    Membership.objects.filter(organisation=world.company).update(
        employees=40, category="midcap", standing="former"
    )
    # How a neighbour keeps it changes nothing.
    Membership.objects.create(
        organisation=world.company, cluster=world.munich, employees=1, category="founder"
    )

    def order(of: str, sort: str) -> list[str]:
        lines = browser.get(f"/{of}/", {"sort": sort}).context["listed"].lines
        return [str(line.row).split()[-1] for line in lines]

    assert order("people", "job")[:3] == ["2", "Garnier", "0"]
    assert order("people", "-job")[:3] == ["0", "Garnier", "2"]
    assert order("people", "job")[3] == order("people", "-job")[3] == "1"
    assert order("organisations", "employees") == ["0", "SAS", "2", "1"]
    assert order("organisations", "-employees") == ["2", "SAS", "0", "1"]
    assert order("organisations", "category") == ["1", "2", "0", "SAS"]
    assert order("organisations", "-standing") == ["0", "SAS", "2", "1"]
    coordinator = as_user(world.coordinator).get("/organisations/", {"sort": "employees"})
    assert coordinator.context["table"].sort == ""


@pytest.mark.parametrize("narrowed", ["", "&q=order"])
def test_the_other_way_is_the_same_list_from_its_end(
    world: World, as_user: SignIn, narrowed: str
) -> None:
    """Of one day by name; who reads in the language of their cluster comes after all others."""
    for given, language, day in (
        ("Bea", "it", 2), ("Cleo", "de", 1), ("Anna", "it", 2), ("Dana", None, 3)
    ):  # fmt: skip
        person = people.create(
            cluster=world.lyon, by=None, given=given, family="Order", language=language
        )
        Person.objects.filter(pk=person.pk).update(
            created_at=dt.datetime(2020, 1, day, tzinfo=dt.UTC)
        )
    browser = as_user(world.contact)

    def asked(sort: str) -> list[str]:
        lines = browser.get(f"{PEOPLE}?sort={sort}{narrowed}").context["listed"].lines
        return [line.row.given for line in lines if line.row.family == "Order"]

    assert asked("language") == ["Cleo", "Anna", "Bea", "Dana"]
    assert asked("-language") == ["Dana", "Bea", "Anna", "Cleo"]
    assert asked("-created") == ["Dana", "Anna", "Bea", "Cleo"]
    assert asked("created") == ["Cleo", "Bea", "Anna", "Dana"]


def test_whoever_holds_two_posts_stands_once_where_the_first_one_puts_them(
    world: World, as_user: SignIn
) -> None:
    company: dict[str, Any] = {"cluster": world.lyon, "by": None}
    abel, bert, mira, zoe = (
        organisations.create(legal_name=name, **company) for name in ("Abel", "Bert", "Mira", "Zoe")
    )
    jo, kim, lou = (
        people.create(given="Sam", family=name, **company) for name in ("Jo", "Kim", "Lou")
    )
    then = {"during": (dt.date(2020, 1, 1), None)}
    first = Position.objects.create(person=jo, organisation=zoe, job="Chair", **then)
    second = Position.objects.create(person=jo, organisation=abel, job="Adviser", **then)
    Position.objects.create(person=kim, organisation=mira, job="Buyer", **then)
    Position.objects.create(person=lou, organisation=bert, **then)

    def order(sort: str, user: User = world.contact) -> list[str]:
        lines = as_user(user).get(PEOPLE, {"sort": sort}).context["listed"].lines
        return [name for line in lines if (name := line.row.family) in ("Jo", "Kim", "Lou")]

    for user in (world.contact, world.coordinator, world.admin):
        assert order("organisation", user) == ["Lou", "Kim", "Jo"]
        assert order("-organisation", user) == ["Jo", "Kim", "Lou"]
    assert order("job") == ["Kim", "Jo", "Lou"]  # who has none comes last

    Position.objects.filter(pk=first.pk).update(during=(dt.date(2020, 1, 1), dt.date(2021, 1, 1)))
    assert order("organisation") == ["Jo", "Lou", "Kim"]
    assert order("job") == ["Jo", "Kim", "Lou"]

    Position.objects.filter(pk=first.pk).update(during=(dt.date(2020, 1, 1), None))
    assert order("organisation") == ["Lou", "Kim", "Jo"]
    Position.objects.filter(pk=first.pk).update(job="")
    assert order("job") == ["Jo", "Kim", "Lou"]  # the second one tells theirs

    # Whoever takes over a post stands where their own puts them.
    Position.objects.filter(pk=second.pk).update(person=kim)
    assert order("organisation") == ["Lou", "Kim", "Jo"]
    Position.objects.filter(person=kim, organisation=mira).delete()
    assert order("organisation") == ["Kim", "Lou", "Jo"]


def test_an_organisation_of_two_clusters_stands_once_where_its_home_puts_it(
    world: World, as_user: SignIn
) -> None:
    company: dict[str, Any] = {"cluster": world.lyon, "by": None}
    shared = organisations.create(legal_name="Shared", employees=500, **company)
    organisations.create(legal_name="Alone", employees=90, **company)
    theirs = Membership.objects.create(organisation=shared, cluster=world.munich, employees=3)

    def order(sort: str) -> list[str]:
        lines = as_user(world.admin).get("/organisations/", {"sort": sort}).context["listed"].lines
        return [name for line in lines if (name := str(line.row)) in ("Shared", "Alone")]

    assert order("employees") == ["Alone", "Shared"]
    # Where its home keeps it no more, or says nothing, the others' word counts.
    ours = Membership.objects.filter(organisation=shared, cluster=world.lyon)
    ours.update(employees=None)
    assert order("employees") == ["Shared", "Alone"]
    ours.update(employees=500, archived_at=timezone.now())
    assert order("employees") == ["Shared", "Alone"]
    Membership.objects.filter(pk=theirs.pk).update(archived_at=timezone.now())
    assert order("employees") == ["Alone", "Shared"]  # nobody's word: last


def test_organisations_are_asked_for_by_notes_and_lists(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)
    ours, theirs = (
        Membership.objects.get_or_create(organisation=world.company, cluster=cluster)[0]
        for cluster in (world.lyon, world.munich)
    )
    Note.objects.create(cluster=world.lyon, membership=ours, text="Likes trains")
    Note.objects.create(cluster=world.munich, membership=theirs, text="Likes planes")
    listed = Import.objects.create(cluster=world.munich, file_name="b", header=0, status="done")
    ImportRow.objects.create(
        of_import=listed, number=1, verdict="new", made="o", organisation=world.company.pk
    )

    def total(**query: Any) -> int:
        return int(browser.get("/organisations/", query).context["listed"].total)

    assert total(note__contains="trains") == total(note__not_empty="1") == 1
    assert total(note__contains="planes") == 0
    assert total(**{"import": listed.pk}) == total(import__not_empty="1") == 0


def test_organisations_are_asked_by_what_my_cluster_says(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)
    Membership.objects.filter(organisation=world.company).update(employees=40)
    Membership.objects.create(
        organisation=world.company, cluster=world.munich, category="large", employees=9
    )

    def total(**query: str) -> int:
        found: int = browser.get("/organisations/", query).context["listed"].total
        return found

    assert total(category="sme") == total(employees__after="30") == 1
    assert total(category="large") == total(employees__before="10") == 0
    assert total(country="FR", area="oncology") == 1
    assert total(city__contains="lyo") == 1
    assert total(q="cellules") == total(q="celules") == 1


def test_a_coordinator_learns_nothing_of_a_kind_that_the_record_withholds(
    world: World, as_user: SignIn, several: dict[str, Person]
) -> None:
    Person.objects.filter(pk=several["Berger"].pk).update(kind="follower", phone="+49 1")
    browser = as_user(world.coordinator)

    page = browser.get(PEOPLE, {"columns": "kind"})

    assert "Kind" not in {group.label for group in page.context["listed"].groups}
    assert "kind" not in {question.name for question in page.context["table"].columns}
    assert browser.get(PEOPLE, {"kind": "follower"}).context["listed"].total == 0
    for sort in ("-kind", "-phone", "created", "-owner"):
        assert not browser.get(PEOPLE, {"sort": sort}).context["table"].sort


def test_who_reads_some_whole_learns_no_kind_of_the_others(
    world: World, as_user: SignIn, several: dict[str, Person]
) -> None:
    """A contact of Munich who also coordinates: Lyon shares, and keeps its kinds to itself."""
    users.grant(user=world.coordinator, role="contact", cluster=world.munich)
    Person.objects.filter(pk=several["Berger"].pk).update(kind="follower", phone="+99")
    browser = as_user(world.coordinator)

    listed = browser.get(PEOPLE).context["listed"]
    by_phone = browser.get(PEOPLE, {"sort": "phone"})

    counts = {
        chip.count for group in listed.groups for chip in group.chips if group.label == "Kind"
    }
    assert counts == {None}
    assert names(by_phone) == ["Geheimwort", "Garnier", "Arvet", "Berger", "Müller-Örtz"]
    assert names(browser.get(PEOPLE, {"kind": "follower"})) == []


@pytest.mark.parametrize("default", [True, False])
def test_a_view_that_asks_for_a_lost_field_shows_nobody_and_says_why(
    world: World, as_user: SignIn, several: dict[str, Person], default: bool
) -> None:
    field = CustomField.objects.create(
        cluster=world.lyon, noun="person", name="Badge", folded="badge", kind="text"
    )
    tree = tree_of([Leaf(f"custom_{field.pk}", "in", ("blue",)), Leaf("language", "in", ("fr",))])
    view = saved_views.create(
        by=world.contact, noun="person", name="Blue", conditions=tree, is_default=default
    )
    CustomField.objects.filter(pk=field.pk).update(archived_at=timezone.now())
    browser = as_user(world.contact)

    opened: dict[str, Any] = {} if default else {"view": view.pk}
    for query in (opened, {f"custom_{field.pk}": "blue"}):
        page = browser.get(PEOPLE, query)
        assert page.status_code == 200
        assert page.context["listed"].total == 0
        assert "archived, or that you do not read" in page.content.decode()
        sent = {"of": "people", **query}
        assert "Nothing to export" in browser.get("/exports/new/", sent).content.decode()


@pytest.mark.parametrize(
    "tree", [{"any": [{"f": "language", "op": "in", "v": ["fr"]}]}, {"all": ["x"]}, {"all": [{}]}]
)
def test_a_view_that_no_list_can_show_shows_nobody(
    world: World, as_user: SignIn, tree: dict[str, Any]
) -> None:
    SavedView.objects.create(user=world.contact, noun="person", name="Odd", conditions=tree)

    page = as_user(world.contact).get(PEOPLE, {"view": SavedView.objects.get().pk})

    assert page.context["listed"].total == 0
    assert "a list cannot show" in page.content.decode()


def test_the_next_page_of_a_default_view_is_of_that_view(
    world: World, as_user: SignIn, several: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGE", 1)
    tree = tree_of([Leaf("language", "in", ("de", "none"))])
    saved_views.create(by=world.contact, noun="person", name="A", conditions=tree, is_default=True)
    browser = as_user(world.contact)

    pages = [browser.get(PEOPLE, query) for query in ({}, {"page": "2"})]

    assert [names(page) for page in pages] == [["Berger"], ["Müller-Örtz"]]
    assert pages[1].context["listed"].total == 2
