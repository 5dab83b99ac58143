"""The numbers of PostgreSQL's advisory locks, all of them: what shares one waits for the other.

A lock with two numbers has the first from here and says with the second of what it is one.
"""

# One lock each.
WITHDRAWAL_BARRIER = 7_305_101
"""Withdrawals hold it shared; a freeze takes it once none is under way."""
FIRST_RUN = 7_305_102
"""Making the first user."""
DEMO = 7_305_103
"""Loading the demo."""
LOOKING = 7_305_107
"""The process that looks at domains and links."""
REHEARSING = 7_305_108
"""The process that holds dry runs."""
TICKING = 7_305_109
"""The scheduler's tick."""
EXPORTING = 7_305_110
"""The process that writes exports."""
FOLLOWING = 7_305_111
"""The process that asks mailboxes to confirm."""
TELLING = 7_305_112
"""Freezing what tells posts: whether somebody had one is seen by the next."""
WORDINGS = 7_305_115
"""Numbering a new version of words."""
RETAINING = 7_305_116
"""The process that deletes what was kept long enough."""
FETCHING = 7_306_001
"""The process that reads the mailbox."""

# One of several, by a second number.
SENDING = 7_305
"""A place among the processes that send."""
IMPORTING = 7_305_104
"""A place among the processes that import."""
IMPORT = 7_305_105
"""An import that a process works on."""
ADDRESS_BOOK = 7_305_106
"""Writing into a cluster's address book."""
