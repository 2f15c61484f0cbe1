"""The applicant's pages."""

from django.urls import path

from applications.sections.build import SectionForm
from applications.views import completion, copying, files, mine, people, rejection, saving, send, trouble
from applications.views.fill import FillView

urlpatterns = [
    path("", mine.my_applications, name="my_applications"),
    path("nuova/<slug:slug>/<str:area>/", mine.application_new, name="application_new"),
    path("<uuid:pk>/", mine.hub, name="application"),
    path(
        "<uuid:pk>/sezioni/<str:step>/",
        FillView.as_view(form_list=[("section", SectionForm)], url_name="application_section"),
        name="application_section",
    ),
    path("<uuid:pk>/sezioni/<str:step>/campi/", saving.autosave, name="application_autosave"),
    path("<uuid:pk>/sezioni/<str:step>/versioni/", saving.history, name="application_history"),
    path("<uuid:pk>/stato/", saving.state, name="application_state"),
    path("<uuid:pk>/allegati/", files.attachments, name="application_attachments"),
    path("<uuid:pk>/allegati/<uuid:attachment>/", files.download, name="application_attachment"),
    path("<uuid:pk>/allegati/<uuid:attachment>/elimina/", files.remove, name="application_attachment_remove"),
    path("<uuid:pk>/caricamenti/", files.upload, name="application_upload"),
    path("<uuid:pk>/caricamenti/<uuid:upload>/", files.upload_part, name="application_upload_part"),
    path("<uuid:pk>/problema/", trouble.trouble, name="application_trouble"),
    path("<uuid:pk>/copia/", copying.copy, name="application_copy"),
    path("<uuid:pk>/riparti/", copying.restart, name="application_restart"),
    path("<uuid:pk>/persone/", people.people, name="application_people"),
    path("<uuid:pk>/gruppo/", people.group, name="application_group"),
    path("<uuid:pk>/gruppo/<uuid:member>/", people.member, name="application_member"),
    path("partecipazioni/<uuid:pk>/", people.participant, name="participant"),
    path("partecipazioni/<uuid:pk>/domanda/", people.participant_application, name="participant_application"),
    path("partecipazioni/<uuid:pk>/allegati/<uuid:attachment>/", people.participant_attachment, name="participant_attachment"),
    path("<uuid:pk>/riepilogo/", send.review, name="application_review"),
    path("<uuid:pk>/invia/", send.submit, name="application_submit"),
    path("<uuid:pk>/ritira/", send.withdraw, name="application_withdraw"),
    path("<uuid:pk>/completa/<int:number>/", completion.answer, name="application_completion"),
    path("<uuid:pk>/completa/<int:number>/campi/", completion.answer_autosave, name="application_completion_autosave"),
    path("<uuid:pk>/completa/<int:number>/file/", completion.answer_file, name="application_completion_file"),
    path("<uuid:pk>/completa/<int:number>/caricamenti/", completion.answer_upload, name="application_completion_upload"),
    path(
        "<uuid:pk>/completa/<int:number>/caricamenti/<uuid:upload>/",
        completion.answer_upload_part,
        name="application_completion_upload_part",
    ),
    path("<uuid:pk>/completa/<int:number>/invia/", completion.send, name="application_completion_send"),
    path("<uuid:pk>/preavviso/<int:number>/", rejection.application_rejection, name="application_rejection"),
    path("<uuid:pk>/ricevuta/", send.receipt, name="application_receipt"),
    path("<uuid:pk>/ricevuta.pdf", send.receipt_pdf, name="application_receipt_pdf"),
    path("<uuid:pk>/ricevuta.json", send.receipt_data, name="application_receipt_data"),
]
