"""Logos of the demo's alliances, drawn here: a sign of as many dots as clusters, and the name."""

import io
import math

from PIL import Image, ImageDraw, ImageFont

from campaigns.actions import logos
from campaigns.mail.compose import COLOURS
from crm.models import Alliance, User

HIGH, ROOM = 88, 8  # pixels, twice as many as are shown
INK = "#1d2430"


def load(by: User) -> None:
    for alliance in Alliance.objects.filter(slug__in=("bioxclusters-plus", "magia")):
        drawn = draw(alliance.name, alliance.clusters.count(), COLOURS[alliance.accent])
        logos.bring(alliance=alliance, by=by, says=alliance.name, file=("logo.png", drawn))


def draw(name: str, dots: int, colour: str) -> bytes:
    """A PNG that one sees through where nothing is drawn."""
    font = ImageFont.load_default(size=38)
    wide = HIGH + ROOM + math.ceil(font.getlength(name)) + ROOM
    sheet = Image.new("RGBA", (wide, HIGH), (255, 255, 255, 0))
    pen = ImageDraw.Draw(sheet)
    middle = HIGH / 2
    places = [_on_a_ring(middle, nth / dots) for nth in range(dots)]
    for x, y in places:
        pen.line((middle, middle, x, y), fill=colour, width=5)
    for x, y in (*places, (middle, middle)):
        pen.ellipse((x - 11, y - 11, x + 11, y + 11), fill=colour)
    pen.text((HIGH + ROOM, middle), name, font=font, fill=INK, anchor="lm")
    written = io.BytesIO()
    sheet.save(written, "PNG")
    return written.getvalue()


def _on_a_ring(middle: float, share: float) -> tuple[float, float]:
    """From the top on, clockwise."""
    turned = 2 * math.pi * share
    out = middle - 13
    return middle + out * math.sin(turned), middle - out * math.cos(turned)
