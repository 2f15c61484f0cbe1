"""enti/: the bodies that a person acts for."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("", views.organisations, name="organisations"),
    path("nuovo/", views.organisation_new, name="organisation_new"),
    path("<uuid:pk>/", views.organisation, name="organisation"),
    path("<uuid:pk>/persone/<int:member>/", views.membership, name="membership"),
    path("inviti/<uuid:pk>/", views.invitation_answer, name="invitation_answer"),
]
