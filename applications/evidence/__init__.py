"""What happened, so that a judge can weigh it: the attempts of applicants (``recording``), the measures of the service
(``probing``), what can be said of both (``incidents``, ``service``), the reports of trouble and the signed dossier."""

from applications.evidence.recording import arrived_for, note, remembered

__all__ = ["arrived_for", "note", "remembered"]
