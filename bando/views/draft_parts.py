"""One page of the editor: what was typed is read, put together with what others saved meanwhile, and shown with what is left."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import officials_only
from bando import drafting
from bando.editor import parts, points
from bando.editor.codes import coded, renamed, shape_at, uncoded
from bando.editor.forms import Act, Group, Node, PageForm, Rows, act_of, build, done, read
from bando.editor.labels import WORDS, Text
from bando.editor.parts import PARTS, Page
from bando.editor.references import things, title_of
from bando.editor.sentences import faults_in_words
from bando.editor.values import code_from
from bando.editor.words import told
from bando.models import DraftEdit, NoticeDraft
from bando.notice.checks import Path
from bando.notice.merge import ABSENT, Origins, Prefer, replaced, value_at
from bando.notice.parse import Fault
from bando.typed import whole_number
from bando.views.drafts import checklist_of, draft_of
from workflow.transition import Refused

LONG = 4
"""A page with so many sections or lines begins with the way to each."""


@officials_only
def part(request: HttpRequest, pk: str, part: str) -> HttpResponse:
    """One page of the editor. Saving never refuses: a half-written part is saved, and says what is left."""
    row = draft_of(request, pk)
    if request.method == "POST":
        return _saved(request, row, part)
    page = parts.page_of(row.data, part)
    if page is None:
        raise Http404
    return _page(request, row, page, row.data)


def _saved(request: HttpRequest, row: NoticeDraft, slug: str) -> HttpResponse:
    if undone := request.POST.get("undo"):
        return _undone(request, row, slug, undone)
    base = get_object_or_404(row.edits, version=whole_number(request.POST.get("version", "")))
    page = parts.page_of(base.data, slug)
    if page is None:
        raise Http404
    typed = read(base.data, page.path, page.shape, page.names, request.POST)
    mine, origins, focus = replaced(base.data, page.path, typed.value), typed.origins, page.path
    button = request.POST.get("do", "")
    act = act_of(button, page.path)
    if button == "another" and page.is_item:
        act = Act("add", page.path[:-1])
    if act is not None:
        act = _allowed(act, page)
        mine = coded(mine, page.path, page.names)
        mine, origins, focus = done(mine, act, origins, _put(mine, act))
    mine = coded(mine, focus if act and act.verb == "copy" else page.path, _names(page, act, focus))
    mine = renamed(base.data, mine, page.path, origins)
    prefer = Prefer(request.POST["keep"]) if request.POST.get("keep") in set(Prefer) else None
    who = {"by": request.user, "at": request.arrived_at}
    seen = whole_number(request.POST.get("seen", "")) or 0
    try:
        saved = drafting.write(
            row, mine, shown=base.version, path=page.path or (page.part.slug,), origins=origins, prefer=prefer, seen=seen, **who
        )
    except drafting.Contested as contested:
        return _contested(request, row, page, mine, origins, base, contested, button)
    except Refused as refused:
        return _page(request, row, page, mine, shown=base.version, origins=origins, reasons=refused.reasons, status=409)
    if saved.version and saved.version > base.version + 1:
        messages.info(request, _("Nel frattempo altri hanno cambiato la bozza: le loro modifiche e le tue ci sono tutte."))
    return _onward(request, saved, page, mine, act, focus, button)


def _names(page: Page, act: Act | None, focus: Path) -> tuple[str, ...]:
    if act and act.verb == "copy":
        shape = shape_at(focus)
        return tuple(key.name for key in shape.keys) if shape else ()
    return page.names


def _allowed(act: Act, page: Page) -> Act:
    """Only lists of this page, and only keys that the schema does not know."""
    where = act.path if act.verb == "add" else act.path[:-1]
    if act.verb == "drop":
        shape = shape_at(where)
        if shape is None or any(key.name == act.path[-1] for key in shape.keys) or act.path[-1] == "schema":
            raise Http404
    elif act.verb == "clear":
        if shape_at(act.path) is None or isinstance(act.path[-1], int):
            raise Http404
    elif shape_at((*where, 0)) is None or (act.verb != "add" and not isinstance(act.path[-1], int)):
        raise Http404
    return act


def _put(mine: dict[str, Any], act: Act) -> Any:
    """What is added: a copy, or an item that begins as the one before it, or with the only choice there is, where that saves
    typing."""
    if act.verb == "copy":
        thing, shape = value_at(mine, act.path), shape_at(act.path)
        if not isinstance(thing, dict) or shape is None:
            raise Http404
        made = uncoded(thing, shape)
        for name in ("title", "label"):
            if isinstance(made.get(name), str):
                made[name] = f"{made[name]} (copia)"
        return made
    if act.verb == "add" and act.path[0] == "grids" and act.path[-1] == "criteria":
        before = value_at(mine, act.path)
        last = before[-1] if isinstance(before, list) and before and isinstance(before[-1], dict) else {}
        alone = _only("block", value_at(mine, (*act.path[:2], "blocks")))
        return alone | {name: last[name] for name in ("block", "type") if name in last}
    if act == Act("add", ("areas",)):
        return _only("grid", value_at(mine, ("grids",))) or ABSENT
    if act == Act("add", ("budgets",)):  # it has no title to make a code of
        return {"code": code_from("piano", {str(budget.get("code")) for budget in things(mine, "budgets")})}
    return ABSENT


def _only(name: str, choices: Any) -> dict[str, str]:
    """The choice for ``name`` where there is one alone."""
    match choices:
        case [{"code": str(code)}]:
            return {name: code}
    return {}


def _onward(
    request: HttpRequest, saved: drafting.Saved, page: Page, mine: Any, act: Act | None, focus: Path, button: str
) -> HttpResponseRedirect:
    """Where one goes on after saving: near what was just done."""
    row = saved.draft
    here = saved.path if page.path else ()
    slug = page.part.slug if here is None else parts.slug_of(here) if here else page.slug
    if (
        act
        and act.verb in {"add", "copy"}
        and parts.slug_of(focus) != parts.slug_of((*page.path, "x") if page.path else (page.part.slug,))
    ):
        there = drafting.follow(mine, row.data, focus)  # a thing with a page of its own
        if there:
            return redirect("desk_draft_part", pk=row.pk, part=parts.slug_of(there))
    url = reverse("desk_draft_part", args=[row.pk, slug])
    if act:
        name = "-".join(map(str, focus[len(page.path) :]))
        query = f"?tolto={saved.version}" if act.verb == "remove" and saved.version else ""
        return redirect(f"{url}{query}#at-{name}" if name else f"{url}{query}")
    if button.startswith("refresh:"):
        return redirect(f"{url}#at-{button.partition(':')[2]}")
    if button == "next":
        if page.up:
            messages.success(request, _("Salvato: «%(title)s».") % {"title": parts.page_title(page, mine)})
            return redirect("desk_draft_part", pk=row.pk, part=slug.rpartition("/")[0] or page.part.slug)
        following = PARTS[PARTS.index(page.part) + 1 :]
        messages.success(request, _("Salvato: «%(title)s».") % {"title": page.part.title})
        if following:
            return redirect("desk_draft_part", pk=row.pk, part=following[0].slug)
        return redirect("desk_draft", pk=row.pk)
    messages.success(request, _("Salvato.") if saved.version else _("Non c'era niente di nuovo da salvare."))
    return redirect(f"{url}?salvato")


def _undone(request: HttpRequest, row: NoticeDraft, slug: str, text: str) -> HttpResponse:
    version = whole_number(text) or 0
    if version < 2 or not row.edits.filter(version=version).exists():
        raise Http404
    try:
        drafting.undo(row, version, by=request.user, at=request.arrived_at)
        messages.success(request, _("Abbiamo rimesso quello che era stato tolto."))
    except drafting.Contested:
        messages.error(
            request,
            _("Nel frattempo lo stesso punto è cambiato ancora: riprendi quello che ti serve dalla storia della bozza."),
        )
    except Refused as refused:
        messages.error(request, " ".join(refused.reasons))
    row.refresh_from_db()
    while slug and parts.page_of(row.data, slug) is None:
        slug = slug.rpartition("/")[0]
    return redirect("desk_draft_part", pk=row.pk, part=slug)


def _contested(
    request: HttpRequest,
    row: NoticeDraft,
    page: Page,
    mine: Any,
    origins: Origins,
    base: DraftEdit,
    contested: drafting.Contested,
    button: str,
) -> HttpResponse:
    """Both versions side by side; what was typed is in the fields, and is not saved until one chooses."""
    theirs = contested.draft
    conflict = {
        "by": theirs.changed_by,
        "at": theirs.changed_at,
        "seen": theirs.version,
        "contests": [told(mine, contest) for contest in contested.contests],
        # What a button did to things that this page does not hold is done again when one has chosen.
        "again": button if page.listing and button.partition(":")[0].startswith(str(page.listing[-1])) else "",
    }
    return _page(request, row, page, mine, shown=base.version, origins=origins, conflict=conflict, status=409)


def _page(
    request: HttpRequest,
    row: NoticeDraft,
    page: Page,
    data: Any,
    *,
    shown: int = 0,
    origins: Origins | None = None,
    conflict: dict[str, Any] | None = None,
    reasons: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    if parts.page_of(data, page.slug) is None:
        data, shown, origins = row.edits.get(version=shown).data, shown, None
    faults = faults_in_words(data)
    own = parts.of_page(page, faults)
    # Nobody is told that a page just begun is not finished.
    if page.is_item:
        thing = value_at(data, page.path)
        is_new = isinstance(thing, dict) and not set(thing) - {"block", "type", "code", "grid"}
    else:
        is_new = not page.listing and not parts.is_begun(page.part, data) and request.method == "GET"
    form = build(data, page.path, page.shape, page.names, faults=() if is_new else own, origins=origins)
    ahead, behind = _around(page, form.nodes)
    form = PageForm([*ahead, *behind], form.loose)
    listing = _listing(data, page, faults)
    errors = form.errors()
    context = {
        "draft": row,
        "page": page,
        "title": parts.page_title(page, data),
        "form": form,
        "ahead": ahead,
        "behind": behind,
        "index": _index(data, ahead, listing, behind),
        "errors": errors,
        "has_errors": bool(errors) or conflict is not None,
        "is_just_saved": "salvato" in request.GET,
        "removed": whole_number(request.GET.get("tolto", "")),
        "version": shown or row.version,
        "conflict": conflict,
        "reasons": reasons or ([against] if (against := drafting.against_writing(row)) else []),
        "listing": listing,
        "missing": [] if is_new else _missing(row, page, data),
        "sums": _sums(data, page),
        "served": _served(data, page),
        "steps": _steps(row, page, data),
        "number": PARTS.index(page.part) + 1,
        "count": len(PARTS),
        "add": _add(page),
        "back": reverse("desk_draft_part", args=[row.pk, page.up]) if page.up else reverse("desk_draft", args=[row.pk]),
    }
    return render(request, "bando/drafts/part.html", context, status=status)


def _around(page: Page, nodes: list[Node]) -> tuple[list[Node], list[Node]]:
    """What stands before and after the list of the things that have pages of their own: of a grid the criteria come with the
    groups, before the scale and the rules."""
    if not page.is_item or not page.listing or not page.part.ahead:
        return nodes, []
    by_name = {str(node.path[-1]): node for node in nodes}
    return (
        [by_name[name] for name in page.part.ahead],
        [node for name, node in by_name.items() if name not in page.part.ahead],
    )


def _index(data: Any, ahead: list[Node], listing: dict[str, Any] | None, behind: list[Node]) -> list[dict[str, str]]:
    """The way to what a long page holds: its sections, or the lines of its one list. Nothing for a short page."""
    if len(ahead) == 1 and isinstance(ahead[0], Group):
        ahead = ahead[0].nodes
    sections = [_entry(node.name, node.label) for node in ahead if isinstance(node, Group | Rows) and node.is_shown]
    sections += [_entry(listing["name"], listing["words"].label)] if listing else []
    sections += [_entry(node.name, node.label) for node in behind if isinstance(node, Group | Rows) and node.is_shown]
    lines = [
        _entry(row.name, f"{row.number}. {title_of(value_at(data, row.path), row.title)}")
        for node in ahead
        if isinstance(node, Rows)
        for row in node.rows
    ]
    found = sections if len(sections) > 1 else lines
    return found if len(found) >= LONG else []


def _entry(name: str, label: Text) -> dict[str, str]:
    return {"id": f"at-{name}", "label": str(label)}


def _missing(row: NoticeDraft, page: Page, data: Any) -> list[dict[str, Any]]:
    """What the call must still say and this page can mend; what is a fault of the page is told there."""
    return [
        entry for entry in checklist_of(row, data) if not entry["item"].done and parts.slug_of(entry["item"].path) == page.slug
    ]


def _listing(data: Any, page: Page, faults: list[Fault]) -> dict[str, Any] | None:
    """The things of this page that have pages of their own."""
    if not page.listing:
        return None
    owner = shape_at(page.listing[:-1])
    items = value_at(data, page.listing)
    if (
        page.part.slug == "domanda"
        and page.is_item
        and value_at(data, (*page.path, "kind")) in {"budget", "declarations"}
        and not items
    ):
        return None
    rows = []
    for index, item in enumerate(items if isinstance(items, list) else []):
        path = (*page.listing, index)
        slug = parts.slug_of(path)
        left = [fault for fault in faults if fault.path[: len(path)] == path]
        rows.append(
            {
                "name": f"{page.listing[-1]}-{index}",
                "number": index + 1,
                "title": parts.name_of(data, path),
                "slug": slug,
                "left": len(left),
                "note": _note(path, item),
                "warning": _warning(data, path, item),
                "is_first": index == 0,
                "is_last": index == len(items) - 1,
            }
        )
    own = [str(fault.sentence) for fault in faults if fault.path == page.listing]
    return {"name": page.listing[-1], "words": WORDS[owner.title, str(page.listing[-1])], "rows": rows, "errors": own}


def _note(path: Path, item: Any) -> str:
    """What one sees of a thing in its list, beside its title."""
    if not isinstance(item, dict):
        return ""
    match path:
        case ("areas", _):
            return (
                ngettext("%(n)s posto", "%(n)s posti", item["places"]) % {"n": item["places"]}
                if isinstance(item.get("places"), int)
                else ""
            )
        case ("sections", _):
            asked = len(item["questions"]) if isinstance(item.get("questions"), list) else 0
            options = dict(WORDS["sections", "kind"].options)
            kind = item.get("kind", "questions")
            return (
                ngettext("%(n)s domanda nel modulo", "%(n)s domande nel modulo", asked) % {"n": asked}
                if kind == "questions"
                else str(options.get(kind, ""))
            )
        case ("sections", _, "questions", _):
            return str(dict(WORDS["questions", "type"].options).get(item.get("type"), ""))
        case ("grids", _):
            asked = len(item["criteria"]) if isinstance(item.get("criteria"), list) else 0
            return ngettext("%(n)s criterio", "%(n)s criteri", asked) % {"n": asked}
        case ("grids", _, "criteria", _):
            return _("%(points)s punti") % {"points": str(item["max_points"]).replace(".", ",")} if "max_points" in item else ""
    return ""


def _warning(data: Any, path: Path, item: Any) -> str:
    if (
        path[0] == "grids"
        and len(path) == 4
        and isinstance(item, dict)
        and item.get("code")
        and not points.served(data, item["code"])
    ):
        return _("Nessuna domanda serve questo criterio.")
    return ""


def _sums(data: Any, page: Page) -> list[points.Sum]:
    match page.path:
        case ("grids", grid):
            return points.of_grid(data, grid)
        case ("grids", grid, "criteria", criterion):
            return points.of_criterion(data, grid, criterion)
    return []


def _served(data: Any, page: Page) -> dict[str, Any] | None:
    if page.path[:1] == ("grids",) and len(page.path) == 4:
        code = value_at(data, (*page.path, "code"))
        return {"questions": points.served(data, code)} if isinstance(code, str) else None
    return None


def _add(page: Page) -> str:
    """What the button says that goes on with another thing of the same list: "aggiungi un criterio"."""
    if not page.is_item:
        return ""
    words = str(WORDS[shape_at(page.path[:-2]).title, str(page.path[-2])].add)
    return f"{words[:1].lower()}{words[1:]}"


def _steps(row: NoticeDraft, page: Page, data: Any) -> list[dict[str, str]]:
    """The way from the part down to this page, for the breadcrumb."""
    steps = [{"label": str(page.part.title), "url": reverse("desk_draft_part", args=[row.pk, page.part.slug])}]
    if len(page.path) == 4:
        outer = page.path[:2]
        steps.append(
            {"label": parts.name_of(data, outer), "url": reverse("desk_draft_part", args=[row.pk, parts.slug_of(outer)])}
        )
    return steps if page.path else []
