"""The mark of a folder in which a rehearsal may run.

PURE: it is read by whoever makes the folder and by the settings that refuse every other, before Django is there."""

MARK = "a-rehearsal-runs-here"
"""The name of an empty file."""
