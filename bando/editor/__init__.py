"""The forms in which a call document is written: one engine makes all of them from the schema.

``labels`` says each key in words, ``values`` reads and shows a single value, ``references`` offers what the draft has,
``forms`` makes the form of a page and reads it back, ``parts`` says which page holds what.
"""
