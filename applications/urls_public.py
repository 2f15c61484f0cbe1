"""What everybody reads of the applications of a call."""

from django.urls import path

from applications.views import admissions

urlpatterns = [
    path("<slug:slug>/ammissioni/<str:area>/", admissions.admissions, name="admissions"),
    path("<slug:slug>/ammissioni/<str:area>/ammissioni.json", admissions.admissions_json, name="admissions_json"),
    path("<slug:slug>/ammissioni/<str:area>/ammissioni.csv", admissions.admissions_csv, name="admissions_csv"),
]
