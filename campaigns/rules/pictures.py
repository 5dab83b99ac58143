"""A picture that somebody brings, as the picture that a mail shows."""

import io
import warnings
from typing import NamedTuple

from PIL import Image, ImageOps

LARGEST = 10 * 1024 * 1024  # bytes that are read
MOST_PIXELS = 40_000_000  # a small file may unfold to gigabytes
WIDEST = 1200  # twice the width of a mail, for dense screens
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_QUALITY = 85
_SEE_THROUGH = ("RGBA", "LA", "PA", "La", "RGBa")


class Unfit(ValueError):
    """Not a picture for a mail; `why` is one of `large`, `drawn`, `unknown`, `pixels`, `broken`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Picture(NamedTuple):
    """Made anew from its pixels: nothing else of the file is left, such as where it was taken."""

    content: bytes
    ending: str
    width: int
    height: int


def picture(content: bytes, *, widest: int = WIDEST) -> Picture:
    """The picture, no wider than a mail needs; of a moving one the first. Raises Unfit."""
    if len(content) > LARGEST:
        raise Unfit("large")
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<svg", b"<?xml", b"<!doctype svg")):
        raise Unfit("drawn")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of many pixels: counted here
            opened = Image.open(io.BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise Unfit("pixels") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise Unfit("unknown") from error
    if opened.width * opened.height > MOST_PIXELS:
        raise Unfit("pixels")
    try:
        return _made_anew(opened, widest)
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, MemoryError) as error:
        raise Unfit("broken") from error


def _made_anew(opened: Image.Image, widest: int) -> Picture:
    was_photo = opened.format == "JPEG"
    if was_photo:
        opened.draft("RGB", (widest, widest))  # decodes no more than is needed
    opened.seek(0)
    see_through = opened.mode in _SEE_THROUGH or "transparency" in opened.info
    ImageOps.exif_transpose(opened, in_place=True)
    shown: Image.Image = opened
    if shown.mode.startswith("I"):  # 16 bits a pixel
        shown = shown.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    shown = shown.convert("RGBA" if see_through else "RGB")
    if see_through and shown.getchannel("A").getextrema() == (255, 255):
        shown = shown.convert("RGB")
    if shown.width > widest:
        height = max(1, round(shown.height * widest / shown.width))
        shown = shown.resize((widest, height), Image.Resampling.LANCZOS)
    clean = Image.new(shown.mode, shown.size)
    clean.paste(shown)
    flat = opened.format in ("PNG", "GIF") or shown.mode == "RGBA"
    written = io.BytesIO()
    if flat:
        clean.save(written, "PNG", optimize=True)
    else:
        clean.save(written, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return Picture(written.getvalue(), "png" if flat else "jpg", *clean.size)
