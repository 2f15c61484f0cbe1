"""What partners, and who works with them, see of the network."""

from django.urls import path

from network.views import accreditation, agreements, checks, quotes, reports, request_desk, services, support, tables

urlpatterns = [
    path("controlli/", checks.mine, name="checks"),
    path("controlli/<uuid:pk>/", checks.check, name="check"),
    path("controlli/<uuid:pk>/risposte/<int:number>/", checks.check_file, name="check_file"),
    path("campioni/<uuid:pk>/", checks.sample, name="sample"),
    path("campioni/<uuid:pk>/campione.json", checks.sample_json, name="sample_json"),
    path("accompagnamento/", support.support, name="support"),
    path("accompagnamento/spazi/<uuid:pk>/", support.support_space, name="support_space"),
    path("accompagnamento/servizi/", support.service_links, name="service_links"),
    path("accompagnamento/servizi/<int:pk>/", support.service_links, name="service_link"),
    path("incontri/nuovo/", support.meeting_new, name="meeting_new"),
    path("incontri/<uuid:pk>/", support.meeting, name="meeting"),
    path("incontri/<uuid:pk>/calendario.ics", support.meeting_calendar, name="meeting_calendar"),
    path("richieste/", request_desk.requests, name="requests"),
    path("richieste/nuova/", request_desk.request_enter, name="request_enter"),
    path("richieste/<uuid:pk>/", request_desk.request, name="request"),
    path("richieste/<uuid:pk>/ricevuta/", request_desk.request_slip, name="request_slip"),
    path("richieste/<uuid:pk>/preventivo/", quotes.quote_new, name="quote_new"),
    path("preventivi/<uuid:pk>/", quotes.quote, name="quote"),
    path("rendiconti/", reports.my_reports, name="my_reports"),
    path("rendiconti/<uuid:space>/<int:term>/", reports.report, name="report"),
    path("tavoli/", tables.tables, name="tables"),
    path("tavoli/<uuid:pk>/", tables.table, name="table"),
    path("tavoli/<uuid:pk>/incontri/<int:number>/", tables.table_session, name="table_session"),
    path("tavoli/<uuid:pk>/incontri/<int:number>/verbale/", tables.table_minutes_pdf, name="table_minutes_pdf"),
    path("tavoli/<uuid:pk>/incontri/<int:number>/firma/", tables.table_minutes_sign, name="table_minutes_sign"),
    path("tavoli/<uuid:pk>/pubblico/", tables.public_table, name="public_table"),
    path("tavoli/<uuid:pk>/pubblico/incontri/<int:number>/", tables.public_table_minutes, name="public_table_minutes"),
    path("convenzioni/<uuid:pk>/", agreements.agreement, name="agreement"),
    path("convenzioni/<uuid:pk>/file/", agreements.agreement_file, name="agreement_file"),
    path("accreditamenti/", accreditation.accreditations, name="accreditations"),
    path("accreditamenti/<uuid:pk>/", accreditation.accreditation, name="accreditation"),
    path("accreditamenti/<uuid:pk>/file/<int:file>/", accreditation.accreditation_file, name="accreditation_file"),
    path("servizi/", services.my_services, name="my_services"),
    path("servizi/nuovo/", services.my_service_new, name="my_service_new"),
    path("servizi/<uuid:pk>/", services.my_service, name="my_service"),
]
