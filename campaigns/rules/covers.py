"""The picture beside a public page where its address is shared: a name on the alliance's colour."""

import colorsys
import io
import textwrap
from functools import lru_cache
from importlib.resources import files

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630
"""In pixels: what shows shared addresses cuts nothing off at this measure (1.91 : 1)."""
_MARGIN = 90
_LARGEST, _SMALLEST = 112, 48
_LINES = 3
_FONT = str(files("reportlab") / "fonts" / "VeraBd.ttf")
"""With the letters of our languages, which Pillow's own does not have; PDFs bring it along."""


@lru_cache(maxsize=64)
def cover(name: str, hue: int) -> bytes:
    """A PNG; `hue` in degrees. The same name and hue give the same bytes, drawn once."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), _colour(hue, 0.24))
    drawing = ImageDraw.Draw(picture)
    drawing.rectangle((0, HEIGHT - 36, WIDTH, HEIGHT), fill=_colour(hue, 0.52))
    words, font = _fitted(drawing, name)
    drawing.multiline_text(
        (_MARGIN, HEIGHT / 2 - 18), words, font=font, fill="white", anchor="lm", spacing=18
    )
    written = io.BytesIO()
    picture.quantize(64).save(written, "PNG", optimize=True)
    return written.getvalue()


def _colour(hue: int, light: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hls_to_rgb(hue % 360 / 360, light, 0.55)
    return round(red * 255), round(green * 255), round(blue * 255)


def _fitted(drawing: ImageDraw.ImageDraw, name: str) -> tuple[str, ImageFont.FreeTypeFont]:
    """The name in as large letters as a few lines hold; what is longer still is cut off."""
    for size in range(_LARGEST, _SMALLEST - 1, -8):
        font = ImageFont.truetype(_FONT, size)
        letters = round((WIDTH - 2 * _MARGIN) / drawing.textlength("n", font=font))
        lines = textwrap.wrap(name, letters) or [""]
        wide = max(drawing.textlength(line, font=font) for line in lines)
        if len(lines) <= _LINES and wide <= WIDTH - 2 * _MARGIN:
            break
    return "\n".join(lines[:_LINES]), font
