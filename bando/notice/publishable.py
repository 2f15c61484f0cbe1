"""What a call document that holds together must still say before it is published.

PURE: standard library only. ``parse`` refuses what can't work; here is what would work and would still be wrong.
"""

from __future__ import annotations

from bando.notice.canonical import to_data
from bando.notice.completeness import Weight, checklist
from bando.notice.document import Notice
from bando.notice.parse import Fault


def publishable_faults(notice: Notice) -> tuple[Fault, ...]:
    """Empty for a notice that may be published: the items of the checklist that block and are not done."""
    return tuple(
        Fault(item.path, item.sentence) for item in checklist(to_data(notice)) if item.weight is Weight.BLOCKS and not item.done
    )
