"""Importing a cluster's own list: every row ends somewhere, and nothing but that list changes."""

import csv
import datetime as dt
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from crm.actions import consent, imports, merging_organisations
from crm.actions.errors import Refused
from crm.models import (
    Address,
    Cluster,
    Import,
    ImportRow,
    Membership,
    Organisation,
    Person,
    PersonAddress,
)
from tests.world import World

HEADER = "Company;Name;E-mail;Phone;Language;Position;City;Country\n"


def imported(
    cluster: Cluster,
    path: Path,
    text: str | bytes,
    *,
    policy: str = "fill",
    only_check: bool = False,
) -> Import:
    file = path / "list.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    found = imports.upload(
        cluster=cluster,
        by=None,
        path=file,
        file_name=file.name,
        origin="members of 2026",
        basis="member",
        policy=policy,
    )
    if only_check:
        return imports.check(of_import=found)
    return imports.run(of_import=found, by=None)


def verdicts(found: Import) -> dict[int, str]:
    return dict(found.rows.order_by("number").values_list("number", "verdict"))


def test_a_list_becomes_people_with_their_organisation_address_post_and_basis(
    world: World, tmp_path: Path
) -> None:
    found = imported(
        world.biocat,
        tmp_path,
        HEADER + "Alba Biotech SL;Dr. Anna Puig;anna@alba.example;93 123 45 67;Catalan;CEO;"
        "Barcelona;Spanien\n",
    )

    assert found.counts == {"new": 1, "unmailable": 0}
    person = Person.objects.get(addresses__address__key="anna@alba.example")
    assert (person.title, person.given, person.family) == ("Dr.", "Anna", "Puig")
    assert (person.phone, person.language, person.cluster) == (
        "+34 931 23 45 67",
        "ca",
        world.biocat,
    )
    assert person.email == "anna@alba.example"
    (post,) = person.positions.current()
    assert (post.job, post.organisation.legal_name) == ("CEO", "Alba Biotech SL")
    assert (post.organisation.city, post.organisation.country) == ("Barcelona", "ES")
    assert post.organisation.home_cluster == world.biocat
    assert Membership.objects.get(organisation=post.organisation).cluster == world.biocat
    basis = person.legal_bases.get()
    assert (basis.purpose, basis.basis) == ("missions", "member")
    assert basis.record.source == "members of 2026"
    row = found.rows.get()
    assert (row.number, row.verdict, row.person, row.made) == (2, "new", person.pk, "po")


def test_the_same_list_again_changes_nothing(world: World, tmp_path: Path) -> None:
    text = (
        HEADER + "Alba;Anna Puig;anna@alba.example;;ca;CEO;;\nAlba;Pau Vila;pau@alba.example;;;;;\n"
    )
    imported(world.biocat, tmp_path, text)
    before = (Person.objects.count(), Organisation.objects.count(), Address.objects.count())

    found = imported(world.biocat, tmp_path, text, policy="overwrite")

    assert found.counts == {"same": 2, "unmailable": 0}
    after = (Person.objects.count(), Organisation.objects.count(), Address.objects.count())
    assert after == before


@pytest.mark.parametrize(
    ("policy", "facts", "verdict"),
    [
        ("skip", ("", "CEO", ""), "same"),
        ("fill", ("+34 931 23 45 67", "CEO", "Girona"), "changed"),
        ("overwrite", ("+34 931 23 45 67", "CSO", "Girona"), "changed"),
    ],
)
def test_what_is_there_changes_as_the_policy_says(
    world: World, tmp_path: Path, policy: str, facts: tuple[str, str, str], verdict: str
) -> None:
    imported(world.biocat, tmp_path, HEADER + "Alba;Anna Puig;anna@alba.example;;;CEO;;\n")
    text = HEADER + "Alba;Anna Puig;anna@alba.example;931234567;;CSO;Girona;\n"

    found = imported(world.biocat, tmp_path, text, policy=policy)

    assert verdicts(found) == {2: verdict}
    person = Person.objects.get(addresses__address__key="anna@alba.example")
    (post,) = person.positions.current()
    assert (person.phone, post.job, post.organisation.city) == facts
    if policy == "overwrite":
        assert found.rows.get().diff == {
            "person": {"phone": ["", "+34 931 23 45 67"]},
            "post": {"job": ["CEO", "CSO"]},
            "organisation": {"city": ["", "Girona"]},
        }


def test_a_first_look_says_the_same_and_writes_nothing(world: World, tmp_path: Path) -> None:
    before = (Person.objects.count(), Organisation.objects.count(), Address.objects.count())

    found = imported(
        world.biocat, tmp_path, HEADER + "Alba;Anna;anna@alba.example;;;;;\n", only_check=True
    )

    assert (found.status, found.counts) == ("checked", {"new": 1, "unmailable": 0})
    after = (Person.objects.count(), Organisation.objects.count(), Address.objects.count())
    assert after == before


def test_every_row_ends_with_a_verdict_its_number_and_a_reason(
    world: World, tmp_path: Path
) -> None:
    known = world.person(given="Pau", family="Vila", email="pau@old.example")
    assert known.positions.current()
    organisation = known.positions.get().organisation.legal_name
    found = imported(
        world.biocat,
        tmp_path,
        HEADER
        + "Alba;Anna;anna@alba.example;;;;;\n"
        + "\n"
        + "Alba;Anna Puig;ANNA@alba.example;;;;;\n"
        + "Alba;Bad;not an address;;;;;\n"
        + ";;;931234567;;;;\n"
        + f"{organisation};Pau Vila;pau@new.example;;;;;\n"
        + "Other;Zoe Quite;pau@old.example;;;;;\n"
        + "Alone SA;;;;;;;\n",
    )

    rows = {row.number: row for row in found.rows.all()}
    assert {n: row.verdict for n, row in rows.items()} == {
        2: "new", 4: "duplicate", 5: "error", 6: "error", 7: "duplicate", 8: "duplicate", 9: "new",
    }  # fmt: skip
    assert rows[4].reason == "The same as row 2."
    assert "is not an e-mail address" in rows[5].reason
    assert "Add a name or an address" in rows[6].reason
    assert rows[7].reason == "Your contact Pau Vila has the same name and another address."
    assert rows[8].reason == "Your contact Pau Vila uses this address under another name."
    assert not Organisation.objects.filter(legal_name="Other").exists()
    assert Organisation.objects.get(legal_name="Alone SA").home_cluster == world.biocat


def test_namesakes_whom_the_book_tells_apart_are_not_one_in_a_list(
    world: World, tmp_path: Path
) -> None:
    pau = world.person(given="Pau", family="Vila", email="pau@old.example")
    organisation = pau.positions.get().organisation.legal_name
    other = world.person(given="Pau", family="Vila", email="p.vila@old.example")
    other.positions.update(organisation=pau.positions.get().organisation)

    found = imported(
        world.biocat,
        tmp_path,
        HEADER
        + f"{organisation};Pau Vila;pau@old.example;;;;;\n"
        + f"{organisation};Pau Vila;p.vila@old.example;;;;;\n"
        + f"{organisation};Pau Vila;PAU@old.example;;;;;\n",
    )

    assert verdicts(found) == {2: "same", 3: "same", 4: "duplicate"}


def test_thousands_of_one_name_are_told_apart_in_a_moment(world: World, tmp_path: Path) -> None:
    def of_year(year: int) -> str:
        rows = (f"Firm {year}.{n};Anna Puig;a@{n}.{year}.example;;;;;\n" for n in range(1_500))
        return HEADER + "".join(rows)

    imported(world.biocat, tmp_path, of_year(2025))
    with connection.cursor() as cursor:  # asked for one by one they took twenty seconds
        cursor.execute("SET LOCAL statement_timeout = '8s'")

    found = imported(world.biocat, tmp_path, of_year(2026))

    assert found.counts == {"new": 1_500, "unmailable": 0}


def test_a_row_finds_its_person_by_name_and_organisation_or_domain(
    world: World, tmp_path: Path
) -> None:
    imported(
        world.biocat,
        tmp_path,
        f"{HEADER}Alba;Anna Puig;anna@alba.example;;;;;\n;Joan Vila;joan@vila.example;;;;;\n",
    )

    found = imported(
        world.biocat,
        tmp_path,
        f"{HEADER}Alba;Anna Puig;;;;CEO;;\nBoreal;Anna Puig;;;;;;\n;Joan Vila;j@vila.example;;;;;\n"
        ";Joan Vila;;;;;;\n;Joan Vila;j@else.example;;;;;\n",
    )

    assert verdicts(found) == {
        2: "changed", 3: "new", 4: "duplicate", 5: "duplicate", 6: "new",
    }  # fmt: skip


def test_who_left_stays_out_of_mailings_and_who_was_erased_stays_out_altogether(
    world: World, tmp_path: Path
) -> None:
    gone = world.person(email="gone@sme.example")
    assert gone.primary
    consent.withdraw(
        address=gone.primary.address, scope="cluster", cluster=world.biocat, reason="unsubscribed",
        source="test",
    )  # fmt: skip
    erased = Address.objects.get(pk=world.person(email="erased@sme.example").primary.address.pk)
    Address.objects.filter(pk=erased.pk).update(
        email=None, key=None, erased_at="2026-01-01T00:00:00Z"
    )
    people = Person.objects.count()

    found = imported(
        world.biocat,
        tmp_path,
        HEADER + "A;Erased;erased@sme.example;;;;;\nB;;gone@sme.example;;;;;\n",
    )

    assert verdicts(found) == {2: "error", 3: "changed"} or verdicts(found) == {
        2: "error",
        3: "same",
    }
    assert found.counts["unmailable"] == 2
    assert Person.objects.count() == people
    assert gone.legal_bases.count() == 1
    assert gone.primary.address.suppressions.filter(lifted_at=None).exists()


def test_another_clusters_records_are_neither_matched_nor_changed_nor_told_of(
    world: World, tmp_path: Path
) -> None:
    other = world.person(world.biom, given="Kanari", family="Wort", email="kanari@other.example")
    theirs = other.positions.get().organisation

    found = imported(
        world.biocat,
        tmp_path,
        HEADER + f"{theirs.legal_name};Anna Puig;kanari@other.example;;fr;CEO;Paris;FR\n",
        policy="overwrite",
    )

    assert verdicts(found) == {2: "new"}
    other.refresh_from_db()
    theirs.refresh_from_db()
    assert (other.given, other.language, theirs.city) != ("Anna", "fr", "Paris")
    assert other.positions.get().organisation == theirs
    assert PersonAddress.objects.filter(address__key="kanari@other.example").count() == 2
    assert Organisation.objects.filter(legal_name=theirs.legal_name).count() == 2


def test_a_list_of_the_real_world_is_read(world: World, tmp_path: Path) -> None:
    """cp1252, two header rows, a title in the name, three addresses in a cell, a phone as float."""
    text = (
        "Liste des adhérents;;;;\n"
        "Entreprise;;Contact;;\n"
        "Nom;Ville;Nom;E-mail;Téléphone\n"
        "Müller Santé SAS;Genève;Dr. Zoé Müller;zoe@muller.example, z.m@muller.example / bad@@;"
        "33478123456.0\n"
    ).encode("cp1252")

    found = imported(world.biocat, tmp_path, text)

    assert (found.encoding, found.separator, found.header) == ("cp1252", ";", 2)
    person = Person.objects.get(addresses__address__key="zoe@muller.example")
    assert (person.title, person.given, person.family) == ("Dr.", "Zoé", "Müller")
    assert person.positions.get().organisation.city == "Genève"
    assert person.addresses.count() == 2
    row = found.rows.get()
    assert (row.number, row.verdict) == (4, "new")
    assert "bad@@" in row.reason


@pytest.mark.parametrize(
    ("origin", "basis", "said"),
    [("", "member", "where the list comes from"), ("fair", "", "on which legal basis")],
)
def test_without_origin_and_basis_nothing_is_imported(
    world: World, tmp_path: Path, origin: str, basis: str, said: str
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(HEADER + "A;B;b@a.example;;;;;\n")
    found = imports.upload(
        cluster=world.biocat, by=None, path=file, file_name="list.csv", origin=origin, basis=basis
    )

    with pytest.raises(Refused, match=said):
        imports.run(of_import=found, by=None)

    assert not ImportRow.objects.exists()


def test_the_command_imports_and_writes_what_was_rejected(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, errors = tmp_path / "list.csv", tmp_path / "errors.csv"
    file.write_text(HEADER + "Alba;Anna;anna@alba.example;;;;;\nAlba;Bad;nowhere;;;;;\n")
    options = {"cluster": "biocat", "origin": "fair", "basis": "member"}

    call_command("import_people", file, dry_run=True, **options)
    assert not Person.objects.exists()
    call_command("import_people", file, errors=errors, **options)

    line = "new=1 changed=0 same=0 duplicate=0 error=1 unmailable=0"
    first, told, second, told_again = capsys.readouterr().out.splitlines()
    assert (told, told_again) == (line, line)
    assert first.startswith("Import ")
    assert second.startswith("Import ")
    assert Person.objects.get().email == "anna@alba.example"
    with errors.open(newline="") as written:
        _header, row = csv.reader(written)
    assert row[:2] == ["3", "error"]
    assert "“nowhere” is not an e-mail address" in row[2]
    assert row[3:6] == ["Alba", "Bad", "nowhere"]


@pytest.mark.parametrize(
    ("file", "cluster", "said"),
    [
        ("nowhere.csv", "biocat", "There is no file"),
        ("list.csv", "nobody", "There is no cluster “nobody”. There are: "),
        ("empty.csv", "biocat", "The file is empty"),
    ],
)
def test_the_command_refuses_with_a_sentence(
    world: World, tmp_path: Path, file: str, cluster: str, said: str
) -> None:
    (tmp_path / "list.csv").write_text(HEADER)
    (tmp_path / "empty.csv").touch()

    with pytest.raises(CommandError, match=said):
        call_command(
            "import_people", tmp_path / file, cluster=cluster, origin="fair", basis="member"
        )

    assert not Import.objects.exists()


def test_a_post_that_ends_some_day_to_come_stays_as_it_is(world: World, tmp_path: Path) -> None:
    person = world.person(given="Pau", family="Vila", email="pau@old.example")
    post = person.positions.get()
    today = timezone.localdate()
    post.during = (today - dt.timedelta(days=9), today + dt.timedelta(days=9))
    post.save()

    found = imported(
        world.biocat,
        tmp_path,
        HEADER + f"{post.organisation.legal_name};Pau Vila;pau@old.example;;;CSO;;\n",
        policy="overwrite",
    )

    assert verdicts(found) == {2: "same"}
    assert person.positions.get().during.upper == today + dt.timedelta(days=9)


def test_words_for_a_member_and_regions_by_name_are_understood(
    world: World, tmp_path: Path
) -> None:
    found = imported(
        world.biocat,
        tmp_path,
        "Société;Adhésion;Région;Fonction;Nom\nAlba;Membre;Catalonia;;\nNova;oui;Atlantis;;\n"
        ";;;CEO;Anna Puig\n",
    )

    assert Membership.objects.get(organisation__legal_name="Alba").standing == "member"
    reasons = dict(found.rows.values_list("number", "reason"))
    assert reasons[3].startswith("“Atlantis” is no region we know. Write one of: ")
    assert "bavaria, catalonia" in reasons[3]
    assert reasons[4] == "No organisation is named, so the job was left out."


def test_what_was_merged_while_a_list_was_read_is_where_its_people_go(
    world: World, tmp_path: Path
) -> None:
    keep = world.organisation(world.biocat, legal_name="Alba Therapeutics SL")
    drop = world.organisation(world.biocat, legal_name="Alba Bio SL")
    last = world.organisation(world.biocat, legal_name="Alba Group SL")
    file = tmp_path / "list.csv"
    file.write_text("Company;Name;Employees\nAlba Bio SL;Anna Puig;12\n")
    found = imports.upload(
        cluster=world.biocat, by=None, path=file, file_name=file.name, policy="overwrite",
        origin="members", basis="member",
    )  # fmt: skip

    def meanwhile(phase: str, _number: int) -> None:
        if phase == Import.Phase.COMPARING:
            for stays, goes in ((keep, drop), (last, keep)):
                merging_organisations.merge(keep=stays, drop=goes, cluster=world.biocat, by=None)

    imports.run(of_import=found, by=None, tell=meanwhile)

    person = Person.objects.get(family="Puig")
    assert person.positions.get().organisation == last
    assert Membership.objects.get(organisation=last).employees == 12
    assert found.rows.get().organisation == last.pk
