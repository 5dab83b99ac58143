"""Reading other people's tables: what file it is, how it is written, where its header stands.

Nothing here trusts the file. What is too large, too wide or not a table is refused with a
sentence before it is opened; what is only written strangely is read within bounds.
"""

from crm.rules.sheets.errors import UnreadableFile
from crm.rules.sheets.layout import Layout, guess_layout, layout_at
from crm.rules.sheets.reading import Sheet, open_sheets
from crm.rules.sheets.stacking import Part, stack

__all__ = [
    "Layout",
    "Part",
    "Sheet",
    "UnreadableFile",
    "guess_layout",
    "layout_at",
    "open_sheets",
    "stack",
]
