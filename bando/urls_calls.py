from django.urls import path

from bando.views import public

urlpatterns = [
    path("<slug:slug>/", public.call, name="call"),
    path("<slug:slug>/domande/<str:area>/", public.questions, name="call_questions"),
    path("<slug:slug>/documento.<str:ext>", public.document, name="call_document"),
]
