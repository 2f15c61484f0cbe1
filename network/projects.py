"""Reading a project of the table: by which rules it is judged, what was proposed, what a version costs and touches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from applications.budget import Outcome, thawed
from applications.sections.budget_words import told
from bando.notice.document import Area, Budget, Notice, Section, SectionKind
from network.differences import Amount, Change, changes, new_to_all, touched
from network.models import Project, ProjectSource, ProjectVersion
from network.unitary import proposals_in, summed

Answers = Mapping[str, Any]


def sources_of(project: Project) -> list[ProjectSource]:
    """The proposals that flow into it, the one that leads first. No query when they were prefetched
    (``Project.objects.with_sources``)."""
    return list(project.sources.all())


def is_unitary(project: Project) -> bool:
    """Did several proposals become this one?"""
    return len(sources_of(project)) > 1


def notice_of(project: Project) -> Notice:
    """The document that the proposal which leads answered."""
    return sources_of(project)[0].submission.call_version.notice


def area_of(project: Project) -> Area:
    return notice_of(project).area(project.table.area_code)


def sections_of(project: Project) -> tuple[Section, ...]:
    return notice_of(project).sections_for(project.table.area_code)


def budget_section(project: Project) -> tuple[Section, Budget] | None:
    """None where the call asks for no budget."""
    budget = notice_of(project).budget_for(project.table.area_code)
    section = next((section for section in sections_of(project) if section.kind is SectionKind.BUDGET), None)
    return (section, budget) if section and budget else None


def proposed(project: Project) -> dict[str, Answers]:
    """What each proposal said when the project began, by its number; the one that leads first."""
    return {source.application.number: source.submission.answers for source in sources_of(project)}


def beginning(proposals: Mapping[str, Answers], budget: str) -> Answers:
    """What the table starts from: the answers of the proposal that leads, which is the first, and the sum of all budgets.
    ``budget`` is the code of the section of the budget, "" without one."""
    all_answers = list(proposals.values())
    budgets = [answers[budget] for answers in all_answers if answers.get(budget)]
    return {**all_answers[0], budget: summed(budgets)} if len(budgets) > 1 else all_answers[0]


def first_answers(project: Project) -> Answers:
    found = budget_section(project)
    return beginning(proposed(project), found[0].code if found else "")


def answers_of(version: ProjectVersion, number: str = "") -> Answers:
    """What a version says, in the shape of the answers of an application. Of a version that keeps several proposals apart, what
    the proposal ``number`` said; of the one that leads if it says none of them."""
    apart = proposals_in(version.answers)
    if not apart:
        return version.answers
    return apart.get(number) or apart[sources_of(version.project)[0].application.number]


def outcome_of(project: Project, answers: Answers) -> Outcome | None:
    """The budget of these answers, judged by the call; None where the call asks for none."""
    found = budget_section(project)
    if found is None:
        return None
    section, budget = found
    return thawed(budget, answers.get(section.code, {}))


def said_until(versions: Sequence[ProjectVersion]) -> dict[int, str]:
    """For minutes, by key of a version that a table agreed on: what was written of it and of those before it that the table had not
    agreed on, and why what was scored may change. In Italian, without translation: minutes are an act. One query, none for
    no version. ``versions`` have their project and its table."""
    if not versions:
        return {}
    rows = ProjectVersion.objects.filter(project__in={version.project_id for version in versions}).select_related("agreed")
    history = list(rows.order_by("number"))
    found = {}
    for version in versions:
        table = version.project.table
        titles = {c.code: f"{c.letter} {c.title}".strip() for c in table.call.notice.grid_for(table.area_code).criteria}
        before = [row for row in history if row.project_id == version.project_id and row.number < version.number]
        agreed = max((row.number for row in before if hasattr(row, "agreed")), default=-1)
        mine = [*(row for row in before if row.number > agreed), version]
        found[version.pk] = "\n".join(line for row in mine for line in _said(row, titles))
    return found


def _said(version: ProjectVersion, titles: Mapping[str, str]) -> Iterator[str]:
    if version.note:
        yield version.note
    if version.touches_reason:
        names = ", ".join(titles[code] for code in version.touches if code in titles)
        said = {"names": names, "reason": version.touches_reason}
        yield _("Cambia quello che è stato valutato (%(names)s): %(reason)s") % said if names else version.touches_reason


@dataclass(frozen=True, slots=True)
class Weight:
    """What a new version changes of the one before. ``touches`` are the codes of the criteria whose points it could move,
    ``grant`` the grant of all proposals together and that of the version (None without a budget), ``problems`` the rules of the
    call on the budget that it does not keep, in words."""

    changes: tuple[Change, ...]
    touches: tuple[str, ...]
    grant: Amount | None
    problems: tuple[str, ...]

    @property
    def grows(self) -> bool:
        """Does it ask for more than what was selected?"""
        return self.grant is not None and self.grant.change > 0


def weigh(project: Project, before: Answers, after: Answers) -> Weight:
    grid = notice_of(project).grid_for(project.table.area_code)
    # To go back to the sum of the budgets is nothing new either.
    sections, given = sections_of(project), [*proposed(project).values(), first_answers(project)]
    made = changes(sections, before, after)
    outcome = outcome_of(project, after)
    was = [found for answers in proposed(project).values() if (found := outcome_of(project, answers))]
    return Weight(
        made,
        touched(grid, sections, new_to_all(made, given)),
        Amount(sum(found.grant for found in was), outcome.grant) if outcome else None,
        tuple(told(check) for check in outcome.checks if not check.passed) if outcome else (),
    )
