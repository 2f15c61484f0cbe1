"""What a body reads and writes about its place in a ranking."""

from django.urls import path

from evaluation.views import letters, observing

urlpatterns = [
    path("<uuid:pk>/esito/", letters.result_letter, name="result_letter"),
    path("<uuid:pk>/esito/<int:number>.pdf", letters.result_letter_pdf, name="result_letter_pdf"),
    path("<uuid:pk>/osservazioni/", observing.application_observation, name="application_observation"),
]
