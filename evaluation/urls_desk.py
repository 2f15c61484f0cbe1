from django.urls import path

from evaluation.views import closing, commission, drawing, places, preview, ranking

urlpatterns = [
    path("bozze/<uuid:pk>/anteprima/schede/", preview.sheets, name="desk_draft_preview_sheets"),
    path("bozze/<uuid:pk>/anteprima/<str:area>/scheda/", preview.sheet, name="desk_draft_preview_sheet"),
    path("avvisi/<slug:slug>/commissione/", commission.commission, name="desk_commission"),
    path("avvisi/<slug:slug>/valutazione/", closing.evaluation, name="desk_evaluation"),
    path("avvisi/<slug:slug>/graduatoria/<str:area>/", ranking.ranking, name="desk_ranking"),
    path("avvisi/<slug:slug>/graduatoria/<str:area>/sorteggio/", drawing.desk, name="desk_draw"),
    path("avvisi/<slug:slug>/graduatoria/<str:area>/posti/", places.desk, name="desk_places"),
]
