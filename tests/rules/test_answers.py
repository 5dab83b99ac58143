import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.rules.answers import BadAnswer, Question, normal, read

KINDS = ("text", "number", "date", "yes_no", "choice")


@pytest.mark.parametrize(
    ("kind", "said", "kept"),
    [
        ("text", "  ISO 13485 ", "ISO 13485"),
        ("number", "12", 12),
        ("number", "3,5", 3.5),
        ("number", "1 200", 1200),
        ("number", "-4.0", -4),
        ("date", "2027-05-31", "2027-05-31"),
        ("yes_no", "yes", True),
        ("yes_no", False, False),
        ("choice", "gold", "gold"),
    ],
)
def test_an_answer_is_kept_in_one_form(kind: str, said: object, kept: object) -> None:
    assert normal(kind, said, ("gold", "silver")) == kept


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("said", [None, "", "  "])
def test_nothing_written_is_no_answer(kind: str, said: object) -> None:
    assert normal(kind, said) is None


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("text", "x" * 501),
        ("text", "a\x00b"),
        ("number", "twelve"),
        ("number", "NaN"),
        ("number", "Infinity"),
        ("number", "1e13"),
        ("number", "0.00001"),
        ("date", "31/05/2027"),
        ("date", "2027-02-30"),
        ("yes_no", "perhaps"),
        ("choice", "bronze"),
    ],
)
def test_what_is_not_of_the_kind_is_refused(kind: str, said: str) -> None:
    with pytest.raises(BadAnswer):
        normal(kind, said, ("gold", "silver"))


@given(st.sampled_from(KINDS), st.one_of(st.text(), st.integers(), st.floats(), st.booleans()))
def test_whatever_is_kept_stays_as_it_is(kind: str, said: object) -> None:
    try:
        kept = normal(kind, said, ("gold",))
    except BadAnswer:
        return
    assert normal(kind, kept, ("gold",)) == kept
    assert json.loads(json.dumps(kept)) == kept


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("1.234.567", 1_234_567),
        ("1,234,567", 1_234_567),
        ("1'234", 1_234),
        ("3,5", 3.5),
        ("12", 12),
    ],
)
def test_a_list_writes_thousands_in_several_ways(said: str, meant: float) -> None:
    assert read(Question("Booths", "person", "number"), said) == meant


@pytest.mark.parametrize("said", ["1.234", "1,234", "-12.500"])
def test_a_number_that_means_two_things_is_not_guessed(said: str) -> None:
    with pytest.raises(BadAnswer, match="Write a number, like 1234"):
        read(Question("Booths", "person", "number"), said)
