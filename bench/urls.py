"""The project's site, and the floors."""

from django.urls import path

from bando.urls import urlpatterns as project
from bench import floors

urlpatterns = [
    path("floor/insert/<uuid:pk>/", floors.one_insert, name="floor_insert"),
    path("floor/form/<uuid:pk>/<str:step>/", floors.one_form, name="floor_form"),
    path("floor/state/<uuid:pk>/", floors.one_state, name="floor_state"),
    path("floor/upload/", floors.bare_upload, name="floor_upload"),
    path("floor/drawn/<str:name>/", floors.drawn, name="floor_drawn"),
    *project,
]
