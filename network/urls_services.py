"""The catalogue, and what a citizen asks for. ``<slug:slug>/`` stays last; the words before it are in
``network.actions.catalogue.RESERVED``, so that no service takes their address."""

from django.urls import path

from network.views import accreditation, catalogue, requests

urlpatterns = [
    path("", catalogue.services, name="services"),
    path("catalogo.csv", catalogue.services_csv, name="services_csv"),
    path("catalogo.json", catalogue.services_json, name="services_json"),
    path("accreditamenti/", accreditation.accreditation_notices, name="accreditation_notices"),
    path("accreditamenti/<uuid:pk>/", accreditation.accreditation_notice, name="accreditation_notice"),
    path("enti/", catalogue.accredited, name="accredited"),
    path("enti/elenco.csv", catalogue.accredited_csv, name="accredited_csv"),
    path("enti/<uuid:pk>/", catalogue.accredited_body, name="accredited_body"),
    path("richieste/nuova/", requests.request_new, name="request_new"),
    path("richieste/<str:number>/<str:key>/", requests.request_follow, name="request_follow"),
    path("richieste/<str:number>/<str:key>/ricevuta/", requests.request_receipt, name="request_receipt"),
    path("<slug:slug>/", catalogue.service, name="service"),
]
