from django.urls import path

from network.views import office

urlpatterns = [
    path("domande/<uuid:pk>/convenzione/", office.agreement, name="desk_agreement"),
    path("spazi/", office.spaces, name="desk_spaces"),
    path("spazi/<uuid:pk>/", office.space, name="desk_space"),
]
