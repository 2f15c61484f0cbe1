from django.urls import path

from network.views import directory

urlpatterns = [
    path("", directory.spaces, name="spaces"),
    path("<slug:slug>/", directory.space, name="space"),
]
