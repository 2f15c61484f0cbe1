"""What partners, and who works with them, see of the network."""

from django.urls import path

from network.views import agreements

urlpatterns = [
    path("convenzioni/<uuid:pk>/", agreements.agreement, name="agreement"),
    path("convenzioni/<uuid:pk>/file/", agreements.agreement_file, name="agreement_file"),
]
