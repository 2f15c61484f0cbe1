"""ufficio/prove/: a call run from end to end before anybody sees it."""

from django.urls import path

from rehearsal import views

urlpatterns = [
    path("prove/", views.rehearsals, name="desk_rehearsals"),
    path("prove/<uuid:pk>/", views.rehearsal, name="desk_rehearsal"),
]
