from django.urls import path

from network.views import accreditation, agreement_desk, checks, dashboard, reports, request_desk, services, spaces, tables

urlpatterns = [
    path("avvisi/<slug:slug>/controlli/<str:area>/", checks.desk, name="desk_checks"),
    path("controlli/<uuid:pk>/", checks.desk_check, name="desk_check"),
    path("controlli/<uuid:pk>/file/", checks.desk_check_file, name="desk_check_file"),
    path("controlli/<uuid:pk>/risposte/<int:number>/", checks.desk_check_file, name="desk_check_file"),
    path("domande/<uuid:pk>/convenzione/", agreement_desk.agreement, name="desk_agreement"),
    path("richieste/tempi/", request_desk.desk_request_times, name="desk_request_times"),
    path("rete/", dashboard.desk_network, name="desk_network"),
    path("rendiconti/", reports.desk_reports, name="desk_reports"),
    path("rendiconti/rendiconti.csv", dashboard.desk_reports_csv, name="desk_reports_csv"),
    path("rendiconti/<uuid:pk>/", reports.desk_report, name="desk_report"),
    path("avvisi/<slug:slug>/tavolo/<str:area>/", tables.desk_table, name="desk_table"),
    path("avvisi/<slug:slug>/tavolo/<str:area>/incontri/<int:number>/", tables.desk_table_session, name="desk_table_session"),
    path(
        "avvisi/<slug:slug>/tavolo/<str:area>/incontri/<int:number>/verbale/",
        tables.desk_table_minutes,
        name="desk_table_minutes",
    ),
    path(
        "avvisi/<slug:slug>/tavolo/<str:area>/incontri/<int:number>/verbale/pdf/",
        tables.desk_table_minutes_pdf,
        name="desk_table_minutes_pdf",
    ),
    path(
        "avvisi/<slug:slug>/tavolo/<str:area>/incontri/<int:number>/verbale/firmato/<int:pk>/",
        tables.desk_table_minutes_signed,
        name="desk_table_minutes_signed",
    ),
    path("spazi/", spaces.spaces, name="desk_spaces"),
    path("spazi/<uuid:pk>/", spaces.space, name="desk_space"),
    path("accreditamenti/", accreditation.desk_accreditation_notices, name="desk_accreditation_notices"),
    path("accreditamenti/<uuid:pk>/", accreditation.desk_accreditation_notice, name="desk_accreditation_notice"),
    path("accreditamenti/richieste/<uuid:pk>/", accreditation.desk_accreditation, name="desk_accreditation"),
    path(
        "accreditamenti/richieste/<uuid:pk>/file/<int:file>/",
        accreditation.desk_accreditation_file,
        name="desk_accreditation_file",
    ),
    path("servizi/", services.desk_services, name="desk_services"),
    path("servizi/sinonimi/", services.desk_synonyms, name="desk_synonyms"),
    path("servizi/ricerche/", services.desk_misses, name="desk_misses"),
]
