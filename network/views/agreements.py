"""The agreement, for the body that signs it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from documents.responses import serve
from network.models import Agreement


def _agreement(request: HttpRequest, pk: Any) -> Agreement:
    rows = Agreement.objects.visible_to(request.user).select_related(
        "application__call__version", "application__organisation", "document"
    )
    return get_object_or_404(rows, pk=pk)


@login_required
def agreement(request: HttpRequest, pk: Any) -> HttpResponse:
    row = _agreement(request, pk)
    return render(
        request,
        "network/agreement.html",
        {"agreement": row, "draft": row.application.call.notice.agreement, "steps": row.steps.select_related("by")},
    )


@login_required
def agreement_file(request: HttpRequest, pk: Any) -> FileResponse:
    row = _agreement(request, pk)
    if row.document is None:
        raise Http404
    return serve(row.document)
