"""The site, as a map."""

from django.conf import settings
from django.urls import include, path

from bando import gallery
from bando.views import public

urlpatterns = [
    path("", public.home, name="home"),
    path("avvisi/", include("bando.urls_calls")),
    path("lingua/", include("django.conf.urls.i18n")),
    path("accesso/", include("accounts.urls_access")),
    path("enti/", include("accounts.urls")),
    path("domande/", include("applications.urls")),
    path("ufficio/", include("bando.urls_desk")),
    path("ufficio/", include("applications.urls_desk")),
    path("ufficio/", include("evaluation.urls_desk")),
    path("ufficio/", include("network.urls_desk")),
    path("ufficio/", include("rehearsal.urls_desk")),
    path("valutazioni/", include("evaluation.urls")),
    path("graduatorie/", include("evaluation.urls_public")),
    path("spazi/", include("network.urls")),
    path("pagine/", include("bando.urls_pages")),
]
if settings.DEBUG:
    urlpatterns.append(path("componenti/", gallery.gallery, name="gallery"))
