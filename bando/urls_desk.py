"""ufficio/: where a call is written, and where the office answers for it."""

from django.urls import path

from bando.views import clarifications

urlpatterns = [
    path("avvisi/<slug:slug>/quesiti/", clarifications.desk_clarifications, name="desk_clarifications"),
    path("avvisi/<slug:slug>/quesiti/chiarimento/", clarifications.desk_clarify, name="desk_clarify"),
    path("quesiti/<uuid:pk>/", clarifications.desk_enquiry, name="desk_enquiry"),
]
