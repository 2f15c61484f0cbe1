"""Which page of the editor holds what of the document: the parts, their pages, and the way from a fault to its page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bando.editor.codes import shape_at
from bando.editor.labels import WORDS, Text
from bando.editor.references import title_of
from bando.editor.values import place
from bando.notice.checks import Path, path_text
from bando.notice.merge import ABSENT, value_at
from bando.notice.parse import Fault
from bando.notice.shapes import NOTICE, REQUIRED, Many, Shape


@dataclass(frozen=True, slots=True)
class Part:
    """``names`` are keys of the document. A part ``of`` big things has a page for the list and one for each; each of those may
    have a list ``inner`` of things with a page of their own, which comes after the keys ``ahead`` and before the others."""

    slug: str
    title: Text
    names: tuple[str, ...]
    hint: Text = ""
    of: str = ""
    inner: str = ""
    ahead: tuple[str, ...] = ()


PARTS = (
    Part(
        "avviso",
        gettext_lazy("Avviso e amministrazione"),
        (
            "id",
            "title",
            "summary",
            "purpose",
            "demonstration",
            "administration",
            "coprogramming",
            "economic_frame",
            "act",
            "legal_basis",
        ),
        gettext_lazy("Titolo, scopo, atti, norme e risorse."),
    ),
    Part("calendario", gettext_lazy("Calendario"), ("calendar",), gettext_lazy("Apertura, scadenza, domande, tappe.")),
    Part(
        "aree",
        gettext_lazy("Aree e posti"),
        ("areas",),
        gettext_lazy("Per che cosa si fa domanda, e quanti posti ci sono."),
        of="areas",
    ),
    Part(
        "partecipazione",
        gettext_lazy("Da soli o in gruppo"),
        ("participation",),
        gettext_lazy("Quali gruppi sono ammessi e quante volte un ente partecipa."),
    ),
    Part("requisiti", gettext_lazy("Requisiti"), ("requirements",), gettext_lazy("Chi può partecipare e come si accerta.")),
    Part(
        "domanda",
        gettext_lazy("Modulo di domanda"),
        ("sections",),
        gettext_lazy("Le sezioni e le domande del modulo."),
        of="sections",
        inner="questions",
    ),
    Part("allegati", gettext_lazy("Allegati"), ("attachments",), gettext_lazy("I file da caricare.")),
    Part(
        "piani",
        gettext_lazy("Piani economici"),
        ("budgets",),
        gettext_lazy("Voci di costo, contributo massimo, quote."),
        of="budgets",
    ),
    Part(
        "griglie",
        gettext_lazy("Griglie"),
        ("grids",),
        gettext_lazy("Criteri, punti, scala, arrotondamenti, parità."),
        of="grids",
        inner="criteria",
        ahead=("title", "max_points", "blocks"),
    ),
    Part(
        "verifica",
        gettext_lazy("Verifica delle domande"),
        ("formal_check",),
        gettext_lazy("In quanto tempo l'ufficio controlla, e che cosa fa prima di escludere."),
    ),
    Part("commissione", gettext_lazy("Commissione"), ("commission",), gettext_lazy("Quante persone e con quali regole.")),
    Part(
        "conclusione",
        gettext_lazy("Conflitti, graduatoria e conclusione"),
        ("conflict_rules", "publication", "replacement", "conclusion"),
        gettext_lazy("Conflitti di interessi, come si pubblica la graduatoria, posti che si liberano, fine."),
    ),
    Part("convenzione", gettext_lazy("Convenzione"), ("agreement",), gettext_lazy("Lo schema che firma chi è selezionato.")),
    Part(
        "fonti",
        gettext_lazy("Fonti e ipotesi"),
        ("sources", "assumptions"),
        gettext_lazy("Da dove vengono i fatti dell'avviso."),
    ),
)
BY_SLUG = {part.slug: part for part in PARTS}
BY_KEY = {name: part for part in PARTS for name in part.names}


@dataclass(frozen=True, slots=True)
class Page:
    """``path`` leads to the mapping that the page edits, of which it shows the keys ``names``; ``listing`` to the list whose
    items have pages of their own, if the page has one."""

    part: Part
    slug: str
    path: Path
    shape: Shape
    names: tuple[str, ...]
    listing: Path = ()

    @property
    def is_item(self) -> bool:
        return bool(self.path)

    @property
    def up(self) -> str:
        """The page of the list that this one belongs to; "" for the hub."""
        return self.slug.rpartition("/")[0]


def page_of(data: Any, slug: str) -> Page | None:
    """The page at ``aree``, ``aree/0`` or ``domanda/2/3``; None if the document has nothing there."""
    name, *steps = slug.split("/")
    part = BY_SLUG.get(name)
    places = [place(step) for step in steps]
    if part is None or None in places or len(places) > (2 if part.inner else 1 if part.of else 0):
        return None
    if not steps:
        return Page(part, slug, (), NOTICE, () if part.of else part.names, (part.of,) if part.of else ())
    path: Path = (part.of, places[0])
    if len(steps) == 2:
        path = (*path, part.inner, places[1])
    shape = shape_at(path)
    if shape is None or value_at(data, path) is ABSENT:
        return None
    names = tuple(key.name for key in shape.keys if len(steps) == 2 or key.name != part.inner)
    return Page(part, slug, path, shape, names, (*path, part.inner) if part.inner and len(steps) == 1 else ())


def slug_of(path: Path) -> str:
    """The page where the value at ``path`` is edited."""
    part = BY_KEY.get(str(path[0]), PARTS[0]) if path else PARTS[0]
    if not part.of or len(path) < 2 or path[0] != part.of:
        return part.slug
    slug = f"{part.slug}/{path[1]}"
    return f"{slug}/{path[3]}" if part.inner and len(path) > 3 and path[2] == part.inner else slug


def anchor_of(path: Path) -> str:
    """The place in that page: ``at-scale-2-label``; "" for the page as a whole."""
    part = BY_KEY.get(str(path[0]), PARTS[0]) if path else PARTS[0]
    if part.of and path and path[0] == part.of:
        path = path[4:] if part.inner and len(path) > 3 and path[2] == part.inner else path[2:]
    steps: list[str] = []
    kind: Any = shape_at(()) if not part.of else None
    kind = kind or _page_shape(part, path)
    for step in path:
        if isinstance(kind, Shape) and isinstance(step, str):
            kind = next((key.kind for key in kind.keys if key.name == step), None)
        elif isinstance(kind, Many) and isinstance(kind.of, Shape) and isinstance(step, int):
            kind = kind.of
        else:
            break
        steps.append(str(step))
    return f"at-{'-'.join(steps)}" if steps else ""


def _page_shape(part: Part, path: Path) -> Any:
    """Of the shapes with a page in this part, the one that knows the key that comes first."""
    outer = shape_at((part.of, 0))
    inner = shape_at((part.of, 0, part.inner, 0)) if part.inner else None
    first = path[0] if path else ""
    return next((shape for shape in (inner, outer) if shape and any(key.name == first for key in shape.keys)), None)


def of_page(page: Page, faults: Iterable[Fault]) -> list[Fault]:
    """The faults that this page can mend: not those of the things that have a page of their own."""
    return [fault for fault in faults if slug_of(fault.path) == page.slug]


def of_part(part: Part, faults: Iterable[Fault]) -> list[Fault]:
    return [fault for fault in faults if slug_of(fault.path).split("/")[0] == part.slug]


def is_begun(part: Part, data: Any) -> bool:
    return any(value_at(data, (name,)) not in (ABSENT, None, "", [], {}) for name in part.names)


def is_required(part: Part) -> bool:
    return any(key.name in part.names and key.default is REQUIRED for key in NOTICE.keys)


def page_title(page: Page, data: Any) -> str:
    """What the page edits: the name of the thing as far as it is written, or of the part."""
    if not page.path:
        return str(page.part.title)
    return name_of(data, page.path)


def name_of(data: Any, path: Path) -> str:
    """How an item of a list is called: its title, or "Area 2" while it has none."""
    shape = shape_at(path)
    words = WORDS.get(_key_of(path)) if shape else None
    default = (
        _("%(what)s %(number)s") % {"what": words.one, "number": path[-1] + 1}
        if words and isinstance(path[-1], int)
        else path_text(path)
    )
    return title_of(value_at(data, path), default)


def label_of(data: Any, path: Path) -> str:
    """A path in words, for the history and for what is contested: "Griglie › Qualità › Soglia sul totale"."""
    said: list[str] = []
    for length in range(1, len(path) + 1):
        here = path[:length]
        if isinstance(here[-1], int):
            if length < len(path) or isinstance(value_at(data, here), dict):
                said.append(name_of(data, here))
        elif length == 1 and here[0] in BY_KEY and BY_KEY[str(here[0])].of:
            said.append(str(BY_KEY[str(here[0])].title))
        else:
            words = WORDS.get(_key_of(here))
            said.append(str(words.label) if words else str(here[-1]))
    return " › ".join(said)


def _key_of(path: Path) -> tuple[str, str]:
    """The row of the table of labels for the key that ends ``path``, or for the list that an item is of."""
    path = path[:-1] if isinstance(path[-1], int) else path
    shape = shape_at(path[:-1])
    return (shape.title, str(path[-1])) if shape else ("", str(path[-1]))
