"""What holds of the rules whatever is fed to them."""

from quopri import decodestring
from typing import Any

import pytest
from django.core.exceptions import EmptyResultSet
from hypothesis import assume, example, given
from hypothesis import strategies as st

from campaigns.models.conditions import people_in
from campaigns.rules.blocks import InvalidBlock, check
from campaigns.rules.languages import choose
from campaigns.rules.lines import one_line
from campaigns.rules.merge import merge
from campaigns.rules.pacing import LONGEST_WAIT, backoff
from campaigns.rules.quoting import inserted, quoted
from crm.models.questions.people import PEOPLE
from crm.rules.addresses import InvalidAddress, normalise
from crm.rules.conditions import InvalidCondition
from crm.rules.names import fold
from crm.rules.texts import LANGUAGES

LABELS = st.from_regex(r"[a-z0-9äöüéñ]([a-z0-9äöüéñ-]{0,10}[a-z0-9äöüéñ])?", fullmatch=True)
LOCALS = st.from_regex(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~äöüßÉŁİŉ-]{1,20}", fullmatch=True)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)
TREES = st.recursive(
    st.fixed_dictionaries(
        {
            "f": st.sampled_from([*PEOPLE, "password"]) | JSON,
            "op": st.just("in") | JSON,
            "v": st.lists(st.text(max_size=5), max_size=3) | JSON,
        }
    )
    | JSON,
    lambda inner: (
        st.fixed_dictionaries({"all": st.lists(inner, max_size=3)})
        | st.fixed_dictionaries({"any": st.lists(inner, max_size=3)})
        | st.fixed_dictionaries({"not": inner})
    ),
    max_leaves=10,
)


@given(LOCALS, LABELS)
def test_an_address_key_is_its_own_key(local: str, label: str) -> None:
    try:
        key = normalise(f"{local}@{label}.example").key
    except InvalidAddress:
        assume(False)

    assert normalise(key).key == key


@given(LOCALS, LABELS)
def test_case_and_idna_twins_share_a_key(local: str, label: str) -> None:
    try:
        address = normalise(f"{local}@{label}.example")
    except InvalidAddress:
        assume(False)

    local_part, _at, domain = address.written.rpartition("@")

    assert normalise(f"{local_part}@{domain.upper()}").key == address.key
    assert normalise(f"{local_part}@{address.domain}").key == address.key
    assert normalise(f"{local_part.swapcase()}@{domain}").key == address.key


@given(st.text())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        address = normalise(text)
    except InvalidAddress:
        return

    assert "\n" not in address.written
    assert address.key.count("@") == 1
    assert address.domain.isascii()


@given(st.text())
@example("™")
@example("Ǽ")
@example("İ")
def test_folding_twice_is_folding_once(text: str) -> None:
    folded = fold(text)

    assert fold(folded) == folded
    assert fold(text.upper()) == fold(text.lower().upper())
    assert folded == folded.strip()
    assert "  " not in folded


@given(
    text=st.lists(
        st.sampled_from(["{name}", "{given_name|friend}", "{organisation}", "Dear ", "{", "}"]),
        max_size=6,
    ).map("".join),
    value=st.text(alphabet="{}|abc_namegivorst ", min_size=1, max_size=20),
)
def test_a_value_is_never_parsed_again(text: str, value: str) -> None:
    merged = merge(text, lambda _name, fallback: value or fallback)
    marked = merge(text, lambda _name, _fallback: "\x00")

    assert merged == marked.replace("\x00", value)


@given(st.text())
@example("a \x1b")
@example("==??")
def test_one_line_is_one_line_and_stays_it(text: str) -> None:
    line = one_line(text)

    assert one_line(line) == line == line.strip()
    assert len(line.splitlines()) <= 1
    assert "=?" not in line


@given(
    st.text(
        alphabet=st.sampled_from("a=. \té🧬\n")
        | st.characters(codec="utf-8", exclude_characters="\r")
    )
)
@example(".")
@example("a" * 75 + "." * 80)
@example("é" * 40 + " ")
def test_quoted_text_reads_back_on_short_lines_without_leading_dots(text: str) -> None:
    code = quoted(text)

    assert decodestring(code).decode() == text.replace("\n", "\r\n")
    assert decodestring(b"before=\r\n" + inserted(text) + b"after").decode() == (
        f"before{text}after".replace("\n", "\r\n")
    )
    for line in (*code.split(b"\r\n"), *inserted(text).split(b"\r\n")):
        assert len(line) <= 76
        assert not line.startswith(b".")
        assert not line.endswith((b" ", b"\t"))


@given(TREES, st.none() | TREES)
def test_a_condition_tree_becomes_a_question_or_is_refused(include: Any, exclude: Any) -> None:
    try:
        people_in(include, exclude).query.sql_with_params()
    except (InvalidCondition, EmptyResultSet):
        return


@pytest.mark.django_db
@given(TREES, st.none() | TREES)
def test_what_was_not_refused_the_database_can_answer(include: Any, exclude: Any) -> None:
    try:
        question = people_in(include, exclude)
    except InvalidCondition:
        return

    assert list(question) == []


@given(st.lists(st.dictionaries(st.sampled_from(["kind", "text", "readers"]), JSON)))
def test_blocks_are_fine_or_refused(blocks: list[dict[str, Any]]) -> None:
    try:
        check(blocks)
    except InvalidBlock:
        return


@given(
    wanted=st.none() | st.sampled_from(["pt", "nl", "sv", *LANGUAGES]),
    cluster=st.lists(st.sampled_from(LANGUAGES), unique=True),
    alliance=st.lists(st.sampled_from(LANGUAGES), unique=True),
    ready=st.sets(st.sampled_from(LANGUAGES)),
)
def test_a_reader_gets_a_ready_language_and_their_own_before_any_other(
    wanted: str | None, cluster: list[str], alliance: list[str], ready: set[str]
) -> None:
    language = choose(wanted, (cluster, alliance), ready)

    if wanted in ready:
        assert language == wanted
    elif language is None:
        assert not ready & {*cluster, *alliance}
    else:
        earlier = [*cluster, *alliance][: [*cluster, *alliance].index(language)]
        assert language in ready
        assert not ready & set(earlier)


@given(st.integers(0, 10_000), st.integers(1, 7200))
def test_waits_only_grow(tries: int, first: int) -> None:
    assert 0 < backoff(tries, first) <= backoff(tries + 1, first) <= LONGEST_WAIT
