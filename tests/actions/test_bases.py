"""The matrix of countries says which reasons to write count, wherever somebody is judged."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from campaigns.actions import audiences
from campaigns.models import Exclusion
from crm.actions import bases, consent, imports, organisations, people
from crm.actions.errors import Refused
from crm.models import BasisRule, LegalBasis, Person
from tests.world import World


def decide(**said: Any) -> BasisRule:
    facts: dict[str, Any] = {
        "country": "ES", "purpose": "missions", "basis": "member", "recipient": "company",
        "allowed": False, "law": "A law of Spain", "since": timezone.localdate(), "by": None,
    }  # fmt: skip
    return bases.decide(**facts | said)


def counts(person: Person) -> bool:
    return LegalBasis.objects.allowed().filter(person=person, purpose="missions").exists()


def obstacle(person: Person) -> str:
    (row,) = Person.objects.with_obstacle(timezone.localdate()).filter(pk=person.pk)
    return str(vars(row)["obstacle"])


@pytest.mark.parametrize("country", ["DE", "ES", "IT"])
def test_interest_is_no_reason_between_businesses_in_strict_countries(
    world: World, country: str
) -> None:
    company = world.organisation(world.biocat, country=country)

    with pytest.raises(Refused, match="no reason to write about missions and events") as refused:
        world.person(organisation=company, basis="legitimate-interest")

    assert "Choose another reason" in str(refused.value)
    assert not Person.objects.filter(positions__organisation=company).exists()


def test_in_france_people_at_companies_may_be_written_to_until_they_object(world: World) -> None:
    company = world.organisation(world.biocat, country="FR")

    person = world.person(organisation=company, basis="legitimate-interest")

    assert counts(person)
    assert obstacle(person) == ""


def test_where_no_company_says_otherwise_the_regions_country_counts(world: World) -> None:
    with pytest.raises(Refused, match="Spain"):
        people.create(
            cluster=world.biocat, by=None, email="a@post.example", basis="legitimate-interest",
            source="fair",
        )  # fmt: skip


def test_a_journalist_may_be_written_to_for_an_editors_interest(world: World) -> None:
    journalist = world.person(
        world.biom, kind="media", organisation=None, basis="legitimate-interest"
    )

    assert LegalBasis.objects.allowed().filter(person=journalist, purpose="press").exists()


def test_a_new_rule_holds_for_everybody_at_once_and_its_end_as_well(world: World) -> None:
    spanish, german = world.person(world.biocat), world.person(world.biom)

    decide()
    assert (counts(spanish), counts(german)) == (False, True)
    assert obstacle(spanish) == "no_basis"

    decide(allowed=True, law="Another law")
    assert (counts(spanish), counts(german)) == (True, True)
    assert obstacle(spanish) == ""


def test_the_count_of_a_campaign_says_no_basis_of_whom_the_country_bars(world: World) -> None:
    barred, reached = world.person(world.biocat), world.person(world.biom)
    decide()
    campaign = world.call(release=False, start=False)

    verdicts = audiences.verdicts(campaign)

    assert verdicts[barred.pk][1] == Exclusion.Reason.NO_BASIS
    assert verdicts[reached.pk][1] is None


def test_who_moves_to_another_country_takes_its_rules(world: World) -> None:
    person = world.person(world.biocat)
    decide(country="DE")
    assert counts(person)

    german = world.organisation(world.biocat, country="DE")
    people.move(person=person, organisation=german, job="CEO", by=None)
    assert not counts(person)

    organisations.edit(organisation=german, by=None, version=german.version, country="FR")
    assert counts(person)


def test_in_two_countries_both_have_to_allow_it(world: World) -> None:
    decide(country="DE")
    person = world.person(world.biocat)
    german = world.organisation(world.biocat, country="DE")
    person.positions.create(organisation=german, job="Advisor", during=(dt.date(2026, 1, 1), None))

    bases.judge([person.pk])

    assert not counts(person)


def test_a_countrys_own_rule_goes_before_the_one_for_everywhere_else(world: World) -> None:
    person = world.person(world.biocat)
    decide(country="", law="A directive")
    assert not counts(person)

    decide(country="ES", allowed=True)

    assert counts(person)


def test_a_rule_of_tomorrow_holds_from_tomorrow(world: World) -> None:
    person = world.person(world.biocat)

    decide(since=timezone.localdate() + dt.timedelta(days=1))

    assert counts(person)


def test_a_consent_that_comes_later_counts_where_interest_did_not(world: World) -> None:
    person = world.person(basis=None, source="")
    consent.record_basis(
        person=person, purpose="missions", basis="legitimate-interest", source="fair"
    )
    assert not counts(person)

    consent.record_basis(person=person, purpose="missions", basis="consent", source="form")

    assert counts(person)


def test_a_list_comes_in_and_says_how_many_reasons_do_not_count(
    world: World, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(
        "Company;Name;E-mail;Country\n"
        "Alba SL;Anna Puig;anna@alba.example;ES\n"
        "Lys SA;Zoé Gières;zoe@lys.example;FR\n"
    )
    found = imports.upload(
        cluster=world.biocat, by=None, path=file, file_name=file.name, origin="fair",
        basis="legitimate-interest",
    )  # fmt: skip

    imports.run(of_import=found, by=None)

    spanish, french = Person.objects.order_by("addresses__address__key")
    assert (counts(spanish), counts(french)) == (False, True)
    assert found.counts["barred"] == 1


def test_what_a_rule_said_before_stays_to_be_read(world: World) -> None:
    first = decide(since=dt.date(2026, 1, 1))
    second = decide(since=dt.date(2026, 6, 1), allowed=True)

    first.refresh_from_db()
    assert (first.during.lower, first.during.upper) == (dt.date(2026, 1, 1), dt.date(2026, 6, 1))
    assert second.during.lower == dt.date(2026, 6, 1)
    with pytest.raises(Refused, match="began on"):
        decide(since=dt.date(2026, 5, 1))


def test_a_rule_without_a_source_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="Say where the law has it"):
        decide(law=" ")
