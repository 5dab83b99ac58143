"""What somebody brings becomes a picture for a mail, or a reason why not."""

import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from campaigns.rules.pictures import LARGEST, Unfit, picture
from tests.kit.pictures import picture as brought


def test_a_small_picture_keeps_its_size_and_a_wide_one_becomes_as_wide_as_a_mail_needs() -> None:
    assert picture(brought(size=(300, 200)))[1:] == ("png", 300, 200)
    assert picture(brought("JPEG", (4000, 3000)))[1:] == ("jpg", 1200, 900)
    assert picture(brought("PNG", (5000, 1)))[1:] == ("png", 1200, 1)


@pytest.mark.parametrize(
    ("kind", "mode", "ending"),
    [
        ("JPEG", "RGB", "jpg"),
        ("JPEG", "CMYK", "jpg"),
        ("JPEG", "L", "jpg"),
        ("PNG", "RGBA", "png"),
        ("PNG", "P", "png"),
        ("PNG", "1", "png"),
        ("PNG", "I;16", "png"),
        ("GIF", "P", "png"),
        ("WEBP", "RGB", "jpg"),
        ("WEBP", "RGBA", "png"),
    ],
)
def test_every_kind_comes_out_as_one_that_mail_programs_show(
    kind: str, mode: str, ending: str
) -> None:
    colour = {"RGB": "#336699", "RGBA": (10, 20, 30, 100), "CMYK": (9, 9, 9, 9)}.get(mode, 1)

    made = picture(brought(kind, mode=mode, colour=colour))

    assert made.ending == ending
    opened = Image.open(io.BytesIO(made.content))
    assert opened.format == {"jpg": "JPEG", "png": "PNG"}[ending]
    assert opened.size == (made.width, made.height) == (640, 320)


def test_of_sixteen_bits_the_upper_ones_are_shown() -> None:
    made = picture(brought(mode="I;16", colour=0x8000))

    assert Image.open(io.BytesIO(made.content)).getpixel((0, 0)) == (128, 128, 128)


def test_nothing_but_pixels_is_left_and_they_stand_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = "Secret: taken at home"
    original = brought("JPEG", (400, 100), exif=exif, comment=b"Secret comment")

    made = picture(original)

    assert b"Secret" in original
    assert b"Secret" not in made.content
    assert b"Exif" not in made.content
    assert (made.width, made.height) == (100, 400)


def test_of_a_moving_picture_the_first_is_kept() -> None:
    written = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:])

    opened = Image.open(io.BytesIO(picture(written.getvalue()).content))

    assert getattr(opened, "n_frames", 1) == 1
    assert opened.convert("RGB").getpixel((1, 1)) == (255, 0, 0)


def test_the_same_picture_comes_out_the_same() -> None:
    assert picture(brought()) == picture(brought())


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "unknown"),
        (b"hello", "unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawn"),
        (b"\xef\xbb\xbf  <?xml version='1.0'?><svg/>", "drawn"),
        (b"%PDF-1.4\n", "unknown"),
        (brought()[:200], "broken"),
        (brought("JPEG")[:-600], "broken"),
        (b"x" * (LARGEST + 1), "large"),
        (brought(size=(8000, 5001), mode="1", colour=0), "pixels"),
        (brought(size=(14000, 14000), mode="1", colour=0), "pixels"),
        (brought("TIFF"), "unknown"),
        (brought("BMP"), "unknown"),
    ],
)
def test_what_is_no_picture_for_a_mail_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(Unfit) as refused:
        picture(content)

    assert refused.value.why == why


def test_a_bomb_of_pixels_is_refused_before_it_unfolds() -> None:
    bomb = brought(size=(13000, 13000), mode="1", colour=0)
    began = time.process_time()

    with pytest.raises(Unfit):
        picture(bomb)

    assert time.process_time() - began < 0.5


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_damaged_pictures_are_refused_and_break_nothing(data: st.DataObject) -> None:
    original = brought(data.draw(st.sampled_from(["PNG", "JPEG", "GIF", "WEBP"])), (20, 20))
    at = data.draw(st.integers(0, len(original) - 1))
    damaged = original[:at] + data.draw(st.binary(max_size=8)) + original[at + 4 :]

    try:
        made = picture(damaged)
    except Unfit:
        return
    assert made.width <= 1200
