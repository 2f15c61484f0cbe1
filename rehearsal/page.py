"""What a person can do with a page: its forms with what is already in them, and the sentences that it says.

PURE: standard library only. A rehearsal fills what a page offers and nothing else, as a browser would: a question that a
page does not ask can't be answered, and a hidden field that it carries comes back as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "path", "use"}
)


@dataclass
class Field:
    """An input of a form. ``kind``: text, hidden, checkbox, radio, select, textarea, file. ``options``: the values that may
    be chosen, in the order of the page; ``value``: what is there or chosen now, one text or several."""

    name: str
    kind: str
    value: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    """``buttons`` are (name, value) of what may be pressed; a button without a name is not here."""

    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def data(self) -> dict[str, list[str]]:
        """What goes back when nothing is touched."""
        return {name: list(found.value) for name, found in self.fields.items() if found.kind != "file" and found.value}

    def has_button(self, name: str) -> bool:
        return any(button == name for button, _value in self.buttons)


@dataclass
class Page:
    """``errors``: the sentences with which a page refuses, each once; ``wrong``: the names of the inputs marked as wrong."""

    title: str = ""
    forms: list[Form] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)

    def form_with(self, name: str) -> Form | None:
        """The first form that has a field or a button of this name."""
        return next((form for form in self.forms if name in form.fields or form.has_button(name)), None)


def read(html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._form: Form | None = None
        self._open: list[tuple[str, str]] = []  # (tag, what its text is for)
        self._text: list[str] = []
        self._select: Field | None = None
        self._area: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        match tag:
            case "form":
                self._form = Form(given.get("action", ""), given.get("method", "get").lower())
                self.page.forms.append(self._form)
            case "input":
                self._input(given)
            case "button":
                if self._form is not None and given.get("name"):
                    self._form.buttons.append((given["name"], given.get("value", "")))
            case "select":
                self._select = self._field(given, "select")
            case "option":
                self._option(given)
            case "textarea":
                self._area = self._field(given, "textarea")
            case "a":
                self.page.links.append(given.get("href", ""))
        if tag not in _VOID:
            use = _use(tag, given.get("class", "").split(), self._inside())
            self._open.append((tag, use))
            if use:
                self._text = []

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "select":
            self._close_select()
        if tag == "textarea" and self._area is not None:
            # A browser leaves out the line break that follows the opening tag; Django writes one there.
            self._area.value = ["".join(self._area.value).removeprefix("\r\n").removeprefix("\n")]
            self._area = None
        while self._open:
            opened, use = self._open.pop()
            if opened == tag:
                self._say(use)
                break

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value.append(data)
        elif self._inside():
            self._text.append(data)

    def _inside(self) -> str:
        return next((use for _tag, use in reversed(self._open) if use), "")

    def _say(self, use: str) -> None:
        words = " ".join("".join(self._text).split())
        if use == "title":
            self.page.title = words
        elif use == "error" and words and words not in self.page.errors:
            self.page.errors.append(words)
        if use:
            self._text = []

    def _field(self, given: dict[str, str], kind: str) -> Field | None:
        name = given.get("name", "")
        if self._form is None or not name or "disabled" in given:
            return None
        if given.get("aria-invalid") == "true":
            self.page.wrong.add(name)
        return self._form.fields.setdefault(name, Field(name, kind))

    def _input(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in {"submit", "image"}:
            if self._form is not None and given.get("name"):
                self._form.buttons.append((given["name"], given.get("value", "")))
            return
        made = self._field(given, kind if kind in {"hidden", "checkbox", "radio", "file"} else "text")
        if made is None:
            return
        value = given.get("value", "on" if kind in {"checkbox", "radio"} else "")
        if kind in {"checkbox", "radio"}:
            made.options.append(value)
            if "checked" in given:
                made.value.append(value)
        elif kind != "file":
            made.value.append(value)

    def _option(self, given: dict[str, str]) -> None:
        if self._select is not None:
            self._select.options.append(given.get("value", ""))
            if "selected" in given:
                self._select.value.append(given.get("value", ""))

    def _close_select(self) -> None:
        if self._select is not None and not self._select.value:
            self._select.value = self._select.options[:1]
        self._select = None


def _use(tag: str, classes: list[str], inside: str) -> str:
    """What the text of an element is for: the title of the page, or a sentence that refuses."""
    if tag == "h1":
        return "title"
    if "invalid-feedback" in classes or "is-unmet" in classes or ("alert-body" in classes and inside == "alert"):
        return "error"
    if "alert-danger" in classes:
        return "alert"
    if tag == "li" and inside == "summary":
        return "error"
    return "summary" if "bando-summary" in classes else ""


def shortened(text: Any, most: int = 300) -> str:
    """One line of a text, for a report."""
    words = " ".join(str(text).split())
    return words if len(words) <= most else words[: most - 1] + "…"
