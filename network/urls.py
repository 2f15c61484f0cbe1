from django.urls import path

from network.views import directory

urlpatterns = [
    path("", directory.spaces, name="spaces"),
    path("dati/", directory.spaces_data, name="spaces_data"),
    path("spazi.geojson", directory.spaces_geojson, name="spaces_geojson"),
    path("spazi.csv", directory.spaces_csv, name="spaces_csv"),
    path("<slug:slug>/", directory.space, name="space"),
]
