from django.urls import path

from evaluation.views import places

urlpatterns = [
    path("<uuid:pk>/rinuncia/", places.renunciation, name="application_renounce"),
]
