"""Phone numbers: what the quick way says is what the library says, in every country's plan."""

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from crm.rules.phones import NoPhone, at_a_glance, international

HOME = ("ES", "DE", "IT", "FR", "CH", "AT", "GB", "BE", "NL", "PT", "US", "JP", "AR", "BR", "HU")


def by_the_library(text: str, country: str) -> str | None:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def examples(country: str) -> list[str]:
    kinds = (number for number in PhoneNumberType.values() if number != PhoneNumberType.UNKNOWN)
    found = [phonenumbers.example_number_for_type(country, kind) for kind in kinds]
    return [
        phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL) for number in found if number
    ]


@settings(max_examples=300)
@given(st.data())
def test_a_number_told_at_a_glance_is_what_the_library_says(data: st.DataObject) -> None:
    country = data.draw(st.sampled_from(HOME))
    digits = st.text("0123456789", min_size=3, max_size=13)
    near = st.sampled_from(examples(country)).flatmap(
        lambda said: st.builds(
            lambda place, digit: said[:place] + digit + said[place + 1 :],
            st.integers(0, len(said) - 1),
            st.sampled_from("0123456789 "),
        )
    )
    text = data.draw(st.one_of(digits, near))

    if said := at_a_glance(text, country):
        assert said == by_the_library(text, country)


@pytest.mark.parametrize("country", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_every_country_s_own_examples_are_read_as_the_library_reads_them(country: str) -> None:
    for text in examples(country):
        assert international(text, country) == by_the_library(text, country)


def test_most_numbers_of_our_regions_are_told_at_a_glance() -> None:
    for text, country, said in (
        ("931 23 45 67", "ES", "+34 931 23 45 67"),
        ("089 12345678", "DE", "+49 89 12345678"),
        ("011 1234567", "IT", "+39 011 123 4567"),
        ("04 72 00 00 00", "FR", "+33 4 72 00 00 00"),
    ):
        assert at_a_glance(text, country) == said


@pytest.mark.parametrize("text", ["", "call me", "12", "++", "0" * 40])
def test_what_nobody_could_dial_is_refused(text: str) -> None:
    with pytest.raises(NoPhone):
        international(text, "ES")
