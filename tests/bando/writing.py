"""Somebody who writes a call with the pages alone: only what a page has can be filled in, and only its buttons pressed."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

VOID = {"input", "br", "hr", "img", "use", "meta", "link"}


class Page(HTMLParser):
    """The form of the editor in a page: what a browser would send, and what can be pressed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.fields: dict[str, list[str]] = {}
        self.choices: dict[str, list[str]] = {}
        self.kinds: dict[str, str] = {}
        self.buttons: list[tuple[str, str]] = []
        self._inside = False
        self._select = self._area = ""
        self._text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = "data-unsaved" in given
        if not self._inside:
            return
        name, value = given.get("name", ""), given.get("value", "")
        match tag:
            case "input" if given.get("type") in {"checkbox", "radio"}:
                self.kinds[name] = given["type"]
                self.choices.setdefault(name, []).append(value)
                if "checked" in given:
                    self.fields.setdefault(name, []).append(value)
            case "input":
                self.kinds.setdefault(name, given.get("type", "text"))
                self.fields.setdefault(name, []).append(value)
            case "select":
                self._select = name
                self.kinds[name] = "select"
            case "option":
                self.choices.setdefault(self._select, []).append(value)
                if "selected" in given:
                    self.fields[self._select] = [value]
            case "textarea":
                self._area, self._text = name, ""
                self.kinds[name] = "textarea"
            case "button":
                self.buttons.append((name, value))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select" and self._select:
            self.fields.setdefault(self._select, [""])
            self._select = ""
        elif tag == "textarea" and self._area:
            self.fields[self._area] = [self._text.removeprefix("\n")]
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text += data


class Writer:
    """One person with one browser, in front of one draft."""

    def __init__(self, client: Client, draft: Any) -> None:
        self.client, self.draft = client, draft
        self.response: Any = None
        self.page = Page("")
        self.url = ""

    def open(self, part: str) -> Writer:
        self.url = reverse("desk_draft_part", args=[self.draft.pk, part])
        return self._show(self.client.get(self.url))

    def fill(self, **values: Any) -> Writer:
        """Names of fields with ``_`` for each dash; a list for boxes."""
        return self.write({name.replace("__", "-"): value for name, value in values.items()})

    def write(self, values: dict[str, Any]) -> Writer:
        for name, value in values.items():
            wanted = [str(item) for item in value] if isinstance(value, list) else [str(value)]
            assert name in self.page.kinds, (name, sorted(self.page.kinds))
            if name in self.page.choices:
                assert set(wanted) <= set(self.page.choices[name]), (name, wanted, self.page.choices[name])
            marker = [""] if self.page.kinds[name] == "checkbox" and "" in self.page.fields.get(name, []) else []
            self.page.fields[name] = marker + wanted
        return self

    def press(self, value: str, name: str = "do") -> Writer:
        assert (name, value) in self.page.buttons, (name, value, self.page.buttons)
        return self._show(self.client.post(self.url, {**self.page.fields, name: [value]}))

    @property
    def data(self) -> Any:
        self.draft.refresh_from_db()
        return self.draft.data

    def _show(self, response: Any) -> Writer:
        if response.status_code == 302:
            self.url = response.headers["Location"].partition("?")[0].partition("#")[0]
            response = self.client.get(response.headers["Location"].partition("#")[0])
        self.response = response
        assert response.status_code in {200, 409}, response.status_code
        self.page = Page(response.content.decode())
        return self
