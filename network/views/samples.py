"""A sample of declarations, for everybody: as it was committed, whom it drew, and how to draw it again."""

from __future__ import annotations

import json
import shlex
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from network.models import CheckPlan, CheckScope
from network.sampling import drawn, turns
from network.transitions.checks import CANCEL_SAMPLE, CORRECT_SAMPLE
from workflow.ledger import canonical


@require_safe
def sample(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A sample as it was committed, the value, whom it drew, and how to draw it again."""
    plan = get_object_or_404(_samples().prefetch_related("steps"), pk=pk)
    stated = json.loads(plan.population)
    found = set(drawn(plan.population, plan.value)) if plan.value else set()
    order = turns(plan.population, plan.value) if plan.value else []
    context = {
        "plan": plan,
        "call": plan.call,
        "area": plan.call.notice.area(plan.area_code),
        "population": stated["population"],
        "proposals": len({identifier.rsplit("/", 2)[0] for identifier in stated["population"]}),
        "how": stated["how"],
        "drawn": [(declaration.identifier, hash_) for declaration, hash_ in order if declaration in found],
        "doubts": _doubts(plan),
        "steps": [step for step in plan.steps.all() if step.act in (CORRECT_SAMPLE.name, CANCEL_SAMPLE.name)],
        "file_name": file_name(plan),
        "command": command(plan),
    }
    return render(request, "network/checks/sample.html", context)


@require_safe
def sample_json(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Exactly the bytes whose SHA-256 was published."""
    plan = get_object_or_404(_samples(), pk=pk)
    response = HttpResponse(plan.population.encode(), "application/json")
    response["Content-Disposition"] = f'attachment; filename="{file_name(plan)}"'
    return response


@require_safe
def sample_checks_json(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is verified: whom the value drew, and apart how many declarations the office added for a doubt. Which ones is not
    published: chance says nothing about who is drawn, a doubt does, and it may be about a person (art. 10 GDPR)."""
    plan = get_object_or_404(_samples(), pk=pk)
    stated = {
        "schema": "bando/sample-checks/1",
        "call": plan.call.slug,
        "area": plan.area_code,
        "number": plan.number,
        "sample_sha256": plan.sha256,
        "value": plan.value,
        "drawn": [one.identifier for one in drawn(plan.population, plan.value)] if plan.value else [],
        "added_for_a_doubt": [{"at": at} for at in _doubts(plan)],
    }
    response = HttpResponse(canonical(stated).encode(), "application/json")
    response["Content-Disposition"] = f'attachment; filename="controlli-{plan.call.slug}-{plan.area_code}-{plan.number}.json"'
    return response


def file_name(plan: CheckPlan) -> str:
    return f"campione-{plan.call.slug}-{plan.area_code}-{plan.number}.json"


def command(plan: CheckPlan) -> str:
    """What a shell with sha256sum runs beside the file to draw the sample again; it ends by writing who is drawn, as the page
    does. The value is left to be written while nobody knows it."""
    name = shlex.quote(file_name(plan))
    value = shlex.quote(plan.value) if plan.value else "'…'"
    each = json.loads(plan.population)["rule"]["each_proposal"]
    lines = [
        "export LC_ALL=C",
        f"FILE={name}",
        f"VALORE={value}",
        'IMPRONTA=$(sha256sum "$FILE" | cut -c1-64)',
        """sed 's/.*"population":\\[\\([^]]*\\)\\].*/\\1/' "$FILE" | tr -d '"' | tr ',' '\\n' |""",
        'while read -r D || [ -n "$D" ]; do',
        """  printf '%s  %s\\n' "$(printf '%s\\n%s\\n%s' "$IMPRONTA" "$VALORE" "$D" | sha256sum | cut -c1-64)" "$D\"""",
        "done | sort > turni.txt",
    ]
    if each:
        lines += [
            """awk '{ n = $2; sub("/[0-9]+/[^/]*$", "", n) } !seen[n]++' turni.txt > prime.txt""",
            f'{{ cat prime.txt; grep -vxFf prime.txt turni.txt | head -n "$(({plan.size} - $(wc -l < prime.txt)))"; }} | sort',
        ]
    else:
        lines.append(f"head -n {plan.size} turni.txt")
    return "\n".join(lines)


def _samples() -> QuerySet[CheckPlan]:
    return CheckPlan.objects.filter(scope=CheckScope.SAMPLE).select_related("call__version")


def _doubts(plan: CheckPlan) -> list[datetime]:
    """When each declaration that the value did not draw was added."""
    return list(plan.checks.doubted().order_by("doubted_at", "pk").values_list("doubted_at", flat=True))
