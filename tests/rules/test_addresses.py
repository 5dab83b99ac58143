"""What is an e-mail address, and which two are one mailbox."""

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from crm.rules.addresses import InvalidAddress, is_reserved, keyed, normalise


@pytest.mark.parametrize(
    "twin",
    ["Ada@Lab.example", "ADA@LAB.EXAMPLE", "  ada@lab.example ", "ada@LAB.example"],
)
def test_spelling_does_not_make_another_mailbox(twin: str) -> None:
    assert normalise(twin).key == normalise("ada@lab.example").key


def test_a_domain_with_umlauts_and_its_ascii_form_are_one_mailbox() -> None:
    written = normalise("info@bücher.example")

    twin = normalise("info@xn--bcher-kva.example")

    assert written.key == twin.key == "info@xn--bcher-kva.example"
    assert written.domain == "xn--bcher-kva.example"


@pytest.mark.parametrize("other", ["a.da@lab.example", "ada+news@lab.example"])
def test_dots_and_plus_signs_stay_other_mailboxes(other: str) -> None:
    assert normalise(other).key != normalise("ada@lab.example").key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "ada@",
        "@lab.example",
        "ada@lab..example",
        "ada@lab.example\r\nBcc: eve@evil.example",
        "ada@lab.example, eve@evil.example",
        "Ada <ada@lab.example>",
        "ada@lab .example",
        "a\x00da@lab.example",
        f"{'a' * 300}@lab.example",
    ],
)
def test_what_is_no_address_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(InvalidAddress, match="is not an e-mail address"):
        normalise(text)


def test_what_the_reader_wrote_is_kept_for_the_envelope() -> None:
    assert normalise("Ada.Byron@Lab.example").written == "Ada.Byron@lab.example"


def test_a_keyed_hash_tells_nothing_without_the_key() -> None:
    one, other = keyed("ada@lab.example", b"one"), keyed("ada@lab.example", b"other")

    assert len(one) == 32
    assert one != other
    assert one == keyed("ada@lab.example", b"one")


def test_only_reserved_domains_are_nobodys_home() -> None:
    assert is_reserved("sme.example")
    assert is_reserved("example.org")
    assert not is_reserved("example.eu")
    assert not is_reserved("notexample")
    assert not is_reserved("my-example.com")


LETTERS = "abzAZ019._+-@ "


@given(
    st.one_of(
        st.text(LETTERS, max_size=30),
        st.builds(
            "{}@{}.{}".format,
            st.text("abZ019._+-", min_size=1, max_size=70)
            | st.sampled_from(["INFO", "Sales", "Www"]),
            st.text("abZ0.-", min_size=1, max_size=70),
            st.sampled_from(["example", "test", "local", "onion", "COM", "c", "x2", "Arpa"]),
        ),
    )
)
@example("a@xn--a.example")
@example("a@ab--cd.example")
@example(f"{'a' * 65}@lab.example")
@example(f"a@{'b' * 64}.example")
@example(f"a@{'b' * 63}.{'c' * 63}.{'d' * 63}.{'e' * 60}.example")
@example("ada@lab.example\n")
def test_what_is_told_at_a_glance_is_what_the_library_says(text: str) -> None:
    try:
        checked = validate_email(text.strip(), check_deliverability=False, test_environment=True)
        said = (f"{checked.local_part}@{checked.domain}", checked.ascii_domain.lower())
    except EmailNotValidError:
        said = None

    try:
        found = normalise(text)
        told = (found.written, found.domain)
    except InvalidAddress:
        told = None

    assert told == said
