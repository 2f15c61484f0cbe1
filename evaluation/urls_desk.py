from django.urls import path

from evaluation.views import office

urlpatterns = [
    path("avvisi/<slug:slug>/commissione/", office.commission, name="desk_commission"),
    path("avvisi/<slug:slug>/valutazione/", office.evaluation, name="desk_evaluation"),
    path("avvisi/<slug:slug>/graduatoria/<str:area>/", office.ranking, name="desk_ranking"),
]
