from django.urls import path

from evaluation.views import closing, commission, drawing, observing, places, plots, preview, ranking, robustness, sessions

urlpatterns = [
    path("bozze/<uuid:pk>/anteprima/schede/", preview.sheets, name="desk_draft_preview_sheets"),
    path("bozze/<uuid:pk>/anteprima/<str:area>/scheda/", preview.sheet, name="desk_draft_preview_sheet"),
    path("avvisi/<slug:slug>/commissione/", commission.commission, name="desk_commission"),
    path("avvisi/<slug:slug>/commissione/<int:pk>/sostituzione/", commission.replace, name="desk_member_replace"),
    path("avvisi/<slug:slug>/sedute/", sessions.desk_sessions, name="desk_sessions"),
    path("avvisi/<slug:slug>/sedute/<int:number>/", sessions.desk_session, name="desk_session"),
    path("avvisi/<slug:slug>/sedute/<int:number>/verbale/", sessions.desk_minutes, name="desk_minutes"),
    path("avvisi/<slug:slug>/sedute/<int:number>/verbale.pdf", sessions.desk_minutes_pdf, name="desk_minutes_pdf"),
    path("avvisi/<slug:slug>/sedute/<int:number>/verbale-firmato/", sessions.desk_minutes_signed, name="desk_minutes_signed"),
    path("avvisi/<slug:slug>/valutazione/", closing.evaluation, name="desk_evaluation"),
    path("avvisi/<slug:slug>/grafici/", plots.desk, name="desk_plots"),
    path("avvisi/<slug:slug>/graduatoria/<str:area>/", ranking.ranking, name="desk_ranking"),
    path("avvisi/<slug:slug>/graduatoria/<str:area>/osservazioni/", observing.desk_observations, name="desk_observations"),
    path("avvisi/<slug:slug>/graduatoria/<str:area>/sorteggio/", drawing.desk, name="desk_draw"),
    path("avvisi/<slug:slug>/graduatoria/<str:area>/posti/", places.desk, name="desk_places"),
    path("avvisi/<slug:slug>/graduatoria/<str:area>/solidita/", robustness.desk, name="desk_robustness"),
]
