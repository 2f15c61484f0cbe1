from django.urls import path

from evaluation.views import drawing, public

urlpatterns = [
    path("<slug:slug>/<str:area>/", public.ranking, name="ranking"),
    path("<slug:slug>/<str:area>/graduatoria.json", public.ranking_json, name="ranking_json"),
    path("<slug:slug>/<str:area>/graduatoria.csv", public.ranking_csv, name="ranking_csv"),
    path("<slug:slug>/<str:area>/graduatoria.pdf", public.ranking_pdf, name="ranking_pdf"),
    path("<slug:slug>/<str:area>/sorteggio/", drawing.public, name="draw"),
    path("<slug:slug>/<str:area>/sorteggio/<int:number>.json", drawing.commitment, name="draw_json"),
]
