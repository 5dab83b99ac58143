"""The public directory: by a member's own word, and only while it is one."""

import datetime as dt

import pytest

from crm.actions import directory, organisations
from crm.actions.errors import Refused
from crm.models import AuditEntry, Membership, Organisation, User
from crm.models.search import organisations_found


def publish(organisation: Organisation, user: User | None = None) -> None:
    directory.publish(
        organisation=organisation,
        by=user,
        word="Mail of the managing director",
        agreed_on=dt.date(2026, 5, 4),
    )


def is_public(organisation: Organisation) -> bool:
    return Organisation.objects.public().filter(pk=organisation.pk).exists()


def test_a_member_stands_there_by_its_own_word(organisation: Organisation, user: User) -> None:
    publish(organisation, user)

    entry = organisation.entry
    assert is_public(organisation)
    assert (entry.word, entry.slug) == ("Mail of the managing director", "emile-vif-sas")
    act = AuditEntry.objects.get(verb="publish")
    assert (act.user, act.row_id, act.detail) == (user, organisation.pk, {})


def test_the_address_outlives_a_new_name(organisation: Organisation, user: User) -> None:
    publish(organisation)
    organisations.edit(
        organisation=organisation, by=user, version=organisation.version, legal_name="Vif & Cie"
    )
    publish(organisation)

    organisation.entry.refresh_from_db()
    assert organisation.entry.slug == "emile-vif-sas"


def test_two_of_one_name_get_two_addresses(organisation: Organisation) -> None:
    assert organisation.home_cluster
    twin = organisations.create(
        cluster=organisation.home_cluster,
        by=None,
        legal_name="Vif Holding",
        short_name="Emile Vif SAS",
    )
    publish(organisation)
    publish(twin)

    assert twin.entry.slug == "emile-vif-sas-2"


def test_withdrawn_it_is_gone_at_once(organisation: Organisation) -> None:
    publish(organisation)
    directory.withdraw(organisation=organisation, by=None)
    directory.withdraw(organisation=organisation, by=None)

    assert not is_public(organisation)
    assert AuditEntry.objects.filter(verb="withdraw").count() == 1


@pytest.mark.parametrize(
    "lapse",
    [
        {"standing": "former"},
        {"standing": "prospect"},
        {"archived_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
        {"during": (dt.date(2016, 1, 1), dt.date(2017, 1, 1))},
    ],
    ids=str,
)
def test_who_is_no_present_member_stands_there_no_longer(
    organisation: Organisation, lapse: dict[str, object]
) -> None:
    publish(organisation)
    Membership.objects.filter(organisation=organisation).update(**lapse)

    assert not is_public(organisation)
    with pytest.raises(Refused, match="present member"):
        publish(organisation)


def test_archived_it_stands_there_no_longer(organisation: Organisation) -> None:
    publish(organisation)
    organisations.archive(organisation=organisation, by=None)

    assert not is_public(organisation)


@pytest.mark.parametrize(
    ("word", "day", "words"),
    [
        (" ", dt.date(2026, 1, 1), "who of the organisation agreed"),
        ("Mail", dt.date(2126, 1, 1), "lies in the future"),
    ],
)
def test_without_a_word_nobody_stands_there(
    organisation: Organisation, word: str, day: dt.date, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        directory.publish(organisation=organisation, by=None, word=word, agreed_on=day)
    assert not is_public(organisation)


def test_describing_keeps_the_other_facts(organisation: Organisation, user: User) -> None:
    organisations.set_codes(organisation=organisation, by=user, codes=[("area", "oncology")])

    directory.describe(
        organisation=organisation,
        by=user,
        descriptions={"fr": "Des cellules", "en": " "},
        stages=["clinical"],
        markets=["japan"],
    )

    assert set(organisation.fields.values_list("vocabulary", "code")) == {
        ("area", "oncology"),
        ("stage", "clinical"),
        ("market", "japan"),
    }
    assert organisation.entry.descriptions == {"fr": "Des cellules"}
    assert not is_public(organisation)


def test_a_description_is_short(organisation: Organisation) -> None:
    with pytest.raises(Refused, match="1200 characters"):
        directory.describe(
            organisation=organisation,
            by=None,
            descriptions={"en": "x" * 1201},
            stages=[],
            markets=[],
        )


@pytest.mark.parametrize("search", ["emile", "ÉMILE", "vif sas", "emille vif"])
def test_a_name_is_found_in_spite_of_accents_and_slips(
    organisation: Organisation, search: str
) -> None:
    publish(organisation)

    assert list(organisations_found(Organisation.objects.public(), search)) == [organisation]


@pytest.mark.parametrize("search", ["zzz", "!!!", "%", "_"])
def test_nonsense_finds_nobody(organisation: Organisation, search: str) -> None:
    publish(organisation)

    assert not organisations_found(Organisation.objects.public(), search)
