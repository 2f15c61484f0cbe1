"""The site, as a map."""

from django.conf import settings
from django.urls import include, path

from bando import gallery
from bando.views import health, public

urlpatterns = [
    path("", public.home, name="home"),
    path("salute/", health.health, name="health"),
    path("avvisi/", include("bando.urls_calls")),
    path("avvisi/", include("applications.urls_public")),
    path("lingua/", include("django.conf.urls.i18n")),
    path("accesso/", include("accounts.urls_access")),
    path("enti/", include("accounts.urls")),
    path("domande/", include("applications.urls")),
    path("domande/", include("evaluation.urls_body")),
    path("domande/", include("evaluation.urls_results")),
    path("ufficio/", include("bando.urls_desk")),
    path("ufficio/", include("applications.urls_desk")),
    path("ufficio/", include("evaluation.urls_desk")),
    path("ufficio/", include("network.urls_desk")),
    path("ufficio/", include("rehearsal.urls_desk")),
    path("valutazioni/", include("evaluation.urls")),
    path("graduatorie/", include("evaluation.urls_public")),
    path("rete/", include("network.urls_partners")),
    path("spazi/", include("network.urls")),
    path("servizi/", include("network.urls_services")),
    path("verifica/", include("bando.urls_verify")),
    path("pagine/", include("bando.urls_pages")),
]
if settings.DEBUG:
    urlpatterns.append(path("componenti/", gallery.gallery, name="gallery"))
