from django.urls import path

from evaluation.views import drawing, public, robustness, sessions, verifying

urlpatterns = [
    path("verifica/", verifying.ranking_check, name="ranking_check"),
    path("verifica/verify_ranking.py", verifying.ranking_verifier, name="ranking_verifier"),
    path("<slug:slug>/<str:area>/verifica/", verifying.ranking_check, name="ranking_check"),
    path("<slug:slug>/sedute/<int:number>/verbale/", sessions.public_minutes, name="public_minutes"),
    path("<slug:slug>/sedute/<int:number>/verbale.pdf", sessions.public_minutes_pdf, name="public_minutes_pdf"),
    path("<slug:slug>/<str:area>/", public.ranking, name="ranking"),
    path("<slug:slug>/<str:area>/graduatoria.json", public.ranking_json, name="ranking_json"),
    path("<slug:slug>/<str:area>/graduatoria.csv", public.ranking_csv, name="ranking_csv"),
    path("<slug:slug>/<str:area>/graduatoria.ods", public.ranking_ods, name="ranking_ods"),
    path("<slug:slug>/<str:area>/graduatoria.pdf", public.ranking_pdf, name="ranking_pdf"),
    path("<slug:slug>/<str:area>/versioni/<int:number>/", public.ranking, name="ranking_version"),
    path("<slug:slug>/<str:area>/versioni/<int:number>/graduatoria.json", public.ranking_json, name="ranking_version_json"),
    path("<slug:slug>/<str:area>/versioni/<int:number>/graduatoria.csv", public.ranking_csv, name="ranking_version_csv"),
    path("<slug:slug>/<str:area>/versioni/<int:number>/graduatoria.ods", public.ranking_ods, name="ranking_version_ods"),
    path("<slug:slug>/<str:area>/versioni/<int:number>/graduatoria.pdf", public.ranking_pdf, name="ranking_version_pdf"),
    path("<slug:slug>/<str:area>/sorteggio/", drawing.public, name="draw"),
    path("<slug:slug>/<str:area>/sorteggio/<int:number>.json", drawing.commitment, name="draw_json"),
    path("<slug:slug>/<str:area>/solidita/", robustness.public, name="ranking_robustness"),
    path("<slug:slug>/<str:area>/solidita.json", robustness.public_json, name="ranking_robustness_json"),
]
