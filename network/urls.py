from django.urls import path

from network.views import body, public

urlpatterns = [
    path("", public.spaces, name="spaces"),
    path("convenzioni/<uuid:pk>/", body.agreement, name="agreement"),
    path("convenzioni/<uuid:pk>/file/", body.agreement_file, name="agreement_file"),
    path("<slug:slug>/", public.space, name="space"),
]
