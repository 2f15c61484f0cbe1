from django.urls import path
from django.views.decorators.http import conditional_page

from bando.feeds import CallFeed, CallsFeed
from bando.views import amendments, clarifications, following, public

urlpatterns = [
    path("novita.atom", conditional_page(CallsFeed()), name="calls_feed"),
    path("<slug:slug>/", public.call, name="call"),
    path("<slug:slug>/domande/<str:area>/", public.questions, name="call_questions"),
    path("<slug:slug>/documento.<str:ext>", public.document, name="call_document"),
    path("<slug:slug>/modifiche/<int:number>/", amendments.amendment, name="call_amendment"),
    path("<slug:slug>/modifiche/<int:number>/atto/", amendments.amendment_file, name="call_amendment_file"),
    path("<slug:slug>/chiarimenti/", clarifications.clarifications, name="call_clarifications"),
    path("<slug:slug>/segui/", following.call_follow, name="call_follow"),
    path("<slug:slug>/scadenze.ics", following.call_calendar, name="call_calendar"),
    path("<slug:slug>/novita.atom", conditional_page(CallFeed()), name="call_feed"),
]
