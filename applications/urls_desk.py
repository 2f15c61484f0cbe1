"""The office's desk, from the list of the calls to the admission of an application."""

from django.urls import path

from applications.views import admissions, amendments, check, completion, desk, evidence, pausing, preview, rejection

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("avvisi/<slug:slug>/", desk.call, name="desk_call"),
    path("avvisi/<slug:slug>/modifiche/", amendments.desk_amendments, name="desk_amendments"),
    path("avvisi/<slug:slug>/modifiche/<str:kind>/", amendments.desk_amend, name="desk_amend"),
    path("avvisi/<slug:slug>/domande/", desk.applications, name="desk_applications"),
    path("avvisi/<slug:slug>/ammissioni/<str:area>/", admissions.desk_admissions, name="desk_admissions"),
    path("avvisi/<slug:slug>/scadenza/", evidence.desk_evidence, name="desk_evidence"),
    path("avvisi/<slug:slug>/scadenza/dossier/", evidence.desk_dossier, name="desk_dossier"),
    path("dossier/<uuid:pk>/", evidence.desk_dossier_file, name="desk_dossier_file"),
    path("bozze/<uuid:pk>/anteprima/<str:area>/domanda/", preview.hub, name="desk_draft_preview_hub"),
    path("bozze/<uuid:pk>/anteprima/<str:area>/allegati/", preview.attachments, name="desk_draft_preview_attachments"),
    path("bozze/<uuid:pk>/anteprima/<str:area>/riepilogo/", preview.review, name="desk_draft_preview_review"),
    path("bozze/<uuid:pk>/anteprima/<str:area>/sezioni/<str:section>/", preview.section, name="desk_draft_preview_section"),
    path("domande/<uuid:pk>/", check.application, name="desk_application"),
    path("domande/<uuid:pk>/completamento/", completion.ask, name="desk_completion_new"),
    path("domande/<uuid:pk>/completamento/<int:number>/ritira/", completion.take_back, name="desk_completion_take_back"),
    path("domande/<uuid:pk>/completamento/<int:number>/termine/", pausing.pause, name="desk_pause"),
    path("domande/<uuid:pk>/preavviso/", rejection.desk_rejection, name="desk_rejection"),
    path("domande/<uuid:pk>/dossier/", evidence.desk_application_dossier, name="desk_application_dossier"),
    path("domande/<uuid:pk>/allegati/<uuid:attachment>/", desk.attachment, name="desk_attachment"),
]
