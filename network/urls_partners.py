"""What partners, and who works with them, see of the network."""

from django.urls import path

from network.views import agreements, support

urlpatterns = [
    path("accompagnamento/", support.support, name="support"),
    path("accompagnamento/spazi/<uuid:pk>/", support.support_space, name="support_space"),
    path("accompagnamento/servizi/", support.service_links, name="service_links"),
    path("accompagnamento/servizi/<int:pk>/", support.service_links, name="service_link"),
    path("incontri/nuovo/", support.meeting_new, name="meeting_new"),
    path("incontri/<uuid:pk>/", support.meeting, name="meeting"),
    path("incontri/<uuid:pk>/calendario.ics", support.meeting_calendar, name="meeting_calendar"),
    path("convenzioni/<uuid:pk>/", agreements.agreement, name="agreement"),
    path("convenzioni/<uuid:pk>/file/", agreements.agreement_file, name="agreement_file"),
]
