from django.urls import path

from network.views import agreement_desk, spaces

urlpatterns = [
    path("domande/<uuid:pk>/convenzione/", agreement_desk.agreement, name="desk_agreement"),
    path("spazi/", spaces.spaces, name="desk_spaces"),
    path("spazi/<uuid:pk>/", spaces.space, name="desk_space"),
]
