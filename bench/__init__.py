"""What the work of Bando costs, beside a floor: the least that could be done for the same result, in the same run.

``bin/bench`` prints one line for each measure. Each module of ``MEASURES`` is one measure: a ``Size`` (``FULL`` and
``SMALL``) and ``run(size, rounds)``, which yields its lines. What they share:

- ``clock``: processor time and memory, of this process and of PostgreSQL;
- ``rounds``: work and floor one after the other, again and again, and the line that comes of it;
- ``visitor``: a browser without a network; ``floors``: the least pages, beside the project's own in ``urls``;
- ``data``: people, calls, proposals and marks, in bulk; ``apart``: a function in a process of its own.

Seconds are of processor time and never of a clock on the wall: the machine may be busy with something else.
"""

MEASURES = (
    "section",
    "upload",
    "editor",
    "public",
    "amendment",
    "applications",
    "ranking",
    "methods",
    "published",
    "marking",
    "network",
    "pdf",
    "sign_in",
)
"""In the order in which they run and are printed."""
