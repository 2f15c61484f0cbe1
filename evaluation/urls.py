from django.urls import path

from evaluation.views import member

urlpatterns = [
    path("", member.my_evaluations, name="my_evaluations"),
    path("avvisi/<slug:slug>/", member.sheets, name="sheets"),
    path("avvisi/<slug:slug>/dichiarazioni/", member.declarations, name="declarations"),
    path("schede/<uuid:pk>/", member.sheet, name="sheet"),
    path("schede/<uuid:pk>/allegati/<uuid:attachment>/", member.attachment, name="evaluation_attachment"),
]
