"""Merge fields: filled once, never parsed again."""

from collections.abc import Callable

import pytest

from campaigns.rules.merge import merge, missing_fallbacks, unknown_fields


def of(**values: str) -> Callable[[str, str], str]:
    return lambda name, fallback: values.get(name) or fallback


ADA = of(given_name="Ada", organisation="Lab", cluster="Biocat", contact_point="Eva")


def test_fields_are_filled_with_what_is_known_of_the_reader() -> None:
    assert merge("Dear {given_name} of {organisation},", ADA) == "Dear Ada of Lab,"


def test_a_fallback_stands_in_for_what_is_not_known() -> None:
    assert merge("Dear {given_name|colleague},", of(given_name="")) == "Dear colleague,"
    assert merge("Dear {given_name|colleague},", ADA) == "Dear Ada,"
    assert merge("Dear {given_name}!", of()) == "Dear !"


@pytest.mark.parametrize(
    "value", ["{organisation}", "{{ 7*7 }}", "\\1", "\\g<0>", "{given_name|x}"]
)
def test_a_value_is_inserted_as_it_is(value: str) -> None:
    assert merge("Dear {given_name}", of(given_name=value, organisation="Lab")) == f"Dear {value}"


@pytest.mark.parametrize("text", ["{password}", "{}", "{ name }", "{Name}", "{name", "name}"])
def test_what_is_no_field_stays_as_written(text: str) -> None:
    assert merge(text, ADA) == text


def test_names_that_are_no_fields_are_found_before_anybody_reads_them() -> None:
    assert unknown_fields("{given_name} {firstname} {company|you}") == ["firstname", "company"]


def test_fields_that_may_be_empty_need_a_fallback() -> None:
    text = "{given_name} {organisation|your company} {cluster} {contact_point}"

    assert missing_fallbacks(text) == ["given_name"]
