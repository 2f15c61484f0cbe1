"""ufficio/: where a call is written, and where the office answers for it."""

from django.urls import path

from bando.views import clarifications, draft_parts, drafts, previews

urlpatterns = [
    path("bozze/", drafts.drafts, name="desk_drafts"),
    path("bozze/<uuid:pk>/", drafts.draft, name="desk_draft"),
    path("bozze/<uuid:pk>/parti/<path:part>/", draft_parts.part, name="desk_draft_part"),
    path("bozze/<uuid:pk>/documento.yaml", drafts.export, name="desk_draft_export"),
    path("bozze/<uuid:pk>/storia/", drafts.history, name="desk_draft_history"),
    path("bozze/<uuid:pk>/storia/<int:version>/", drafts.state, name="desk_draft_state"),
    path("bozze/<uuid:pk>/anteprima/", previews.preview, name="desk_draft_preview"),
    path("bozze/<uuid:pk>/anteprima/avviso/", previews.call, name="desk_draft_preview_call"),
    path("bozze/<uuid:pk>/anteprima/avviso.pdf", previews.pdf, name="desk_draft_preview_pdf"),
    path("bozze/<uuid:pk>/anteprima/chiarimenti/", previews.clarifications, name="desk_draft_preview_clarifications"),
    path("bozze/<uuid:pk>/anteprima/<str:area>/domande/", previews.questions, name="desk_draft_preview_questions"),
    path("avvisi/<slug:slug>/quesiti/", clarifications.desk_clarifications, name="desk_clarifications"),
    path("avvisi/<slug:slug>/quesiti/chiarimento/", clarifications.desk_clarify, name="desk_clarify"),
    path("quesiti/<uuid:pk>/", clarifications.desk_enquiry, name="desk_enquiry"),
]
