from django.urls import path

from evaluation.views import collegial, comparing, composition, member, review, robustness, sessions, sheet

urlpatterns = [
    path("", member.my_evaluations, name="my_evaluations"),
    path("sessione/", sheet.session, name="evaluation_session"),
    path("avvisi/<slug:slug>/", member.sheets, name="sheets"),
    path("avvisi/<slug:slug>/dichiarazioni/", member.declarations, name="declarations"),
    path("avvisi/<slug:slug>/<str:area>/criteri/<str:code>/", review.by_criterion, name="criterion_review"),
    path("avvisi/<slug:slug>/<str:area>/confronti/<str:criterion>/", comparing.comparison, name="comparison"),
    path("avvisi/<slug:slug>/<str:area>/composizione/", composition.composition, name="composition"),
    path("avvisi/<slug:slug>/schede-della-commissione/", collegial.collegial, name="collegial"),
    path("avvisi/<slug:slug>/sedute/", sessions.commission_sessions, name="commission_sessions"),
    path("avvisi/<slug:slug>/sedute/<int:number>/", sessions.commission_session, name="commission_session"),
    path("avvisi/<slug:slug>/sedute/<int:number>/verbale/", sessions.commission_minutes, name="commission_minutes"),
    path("avvisi/<slug:slug>/sedute/<int:number>/verbale.pdf", sessions.commission_minutes_pdf, name="commission_minutes_pdf"),
    path(
        "avvisi/<slug:slug>/sedute/<int:number>/verbale-firmato/",
        sessions.commission_minutes_signed,
        name="commission_minutes_signed",
    ),
    path("schede/<uuid:pk>/", sheet.sheet, name="sheet"),
    path("schede/<uuid:pk>/salva/", sheet.autosave, name="sheet_autosave"),
    path("schede/<uuid:pk>/storia/", sheet.history, name="sheet_history"),
    path("schede/<uuid:pk>/allegati/<uuid:attachment>/", sheet.attachment, name="evaluation_attachment"),
    path("avvisi/<slug:slug>/<str:area>/solidita/", robustness.member, name="commission_robustness"),
]
