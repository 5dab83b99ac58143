"""How large a logo stands at the head of mails and pages."""

WIDEST, HIGHEST = 200, 44  # pixels


def fitted(width: int, height: int) -> tuple[int, int]:
    """Its size within these bounds, in its own proportions; one that is small stays so."""
    scale = min(1.0, WIDEST / width, HIGHEST / height)
    return max(1, round(width * scale)), max(1, round(height * scale))
