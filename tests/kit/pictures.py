"""Pictures as people bring them."""

import io
from typing import Any

from PIL import Image


def picture(kind: str = "PNG", size: tuple[int, int] = (640, 320), **more: Any) -> bytes:
    """A picture of one colour; `mode` and `colour` may be said, the rest goes to the writer."""
    mode, colour = more.pop("mode", "RGB"), more.pop("colour", "#336699")
    written = io.BytesIO()
    Image.new(mode, size, colour).save(written, kind, **more)
    return written.getvalue()
