"""How long things of guidance may take."""

import datetime as dt

REMINDED_AFTER = dt.timedelta(days=3)
ANSWERED_WITHIN = dt.timedelta(days=7)
PLACE_KEPT_FOR = dt.timedelta(days=3)
TALK_RUNS_FOR = dt.timedelta(days=30)
"""A single talk, or one before choosing, is held within this; then it counts as over."""
A_YEAR = dt.timedelta(days=365)
QUIET_AFTER, NOTICE_OF = dt.timedelta(days=90), dt.timedelta(days=14)
"""A pair of whom nothing was seen for so long is told, and ends by itself so long afterwards."""
