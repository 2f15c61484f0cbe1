"""What the folder of components promises to whoever builds pages on it."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
COMPONENTS = sorted(path for path in (TEMPLATES / "components").glob("*.html") if not path.name.startswith("_"))
CSS = (ROOT / "static/css/bando.css").read_text()


def test_every_component_writes_its_variables_at_the_top_and_in_the_page_of_components():
    page = (ROOT / "docs/components.md").read_text()
    assert [p.stem for p in COMPONENTS if "{% comment %}" not in p.read_text()] == []
    assert [p.stem for p in COMPONENTS if p.stem != "gallery" and f"`{p.stem}`" not in page] == []


def test_every_icon_that_a_template_asks_for_is_drawn():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/icons/sprite.svg").read_text()))
    asked = {
        (str(path.relative_to(TEMPLATES)), name)
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r'{% icon "([^"]+)"', path.read_text())
    }
    assert {(path, name) for path, name in asked if name not in drawn} == set()
    assert len({name for _path, name in asked}) > 10


def test_no_template_has_a_style_or_a_script_of_its_own():
    # What the Content-Security-Policy refuses: it would be silently lost.
    inline = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=[\"']|href=[\"']javascript:", re.IGNORECASE)
    pages = [path for path in TEMPLATES.rglob("*.html") if "email" not in path.parts]
    assert [str(path.relative_to(TEMPLATES)) for path in pages if inline.search(path.read_text())] == []


def test_the_style_sheet_is_small_and_asks_nobody_else_for_anything():
    assert re.findall(r'url\((?!["\']?\.\./)[^)]{0,40}', CSS) == []
    assert "@import" not in CSS
    assert len(gzip.compress(CSS.encode())) < 60_000
    assert re.findall(r"--bootstrap-italia-version: ?[\"']([\d.]+)", CSS) == ["2.18.3"]


@pytest.mark.parametrize("css", ["bando.css", "pdf.css"])
def test_every_file_that_a_style_sheet_names_is_carried(css):
    folder = ROOT / "static/css"
    named = set(re.findall(r"url\([\"']?([^\"')]+)", (folder / css).read_text()))
    assert {name for name in named if not (folder / name).is_file()} == set()
    assert len(named) >= 6


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "500.html"])
def test_a_page_of_last_resort_needs_no_context(name):
    # Django renders these three without the request: a context processor they waited for would be one more error.
    assert "<h1>" in render_to_string(name)


def test_the_gallery_shows_every_component():
    from_templates = (TEMPLATES / "components/gallery.html").read_text()
    frame = {"header", "footer", "skiplinks", "ribbon", "language", "logo", "messages", "gallery"}  # around every page
    inside = {"task_status", "when", "counter"}  # drawn by others
    shown = set(re.findall(r"components/(\w+)\.html", from_templates))
    assert {p.stem for p in COMPONENTS} - shown == frame | inside
