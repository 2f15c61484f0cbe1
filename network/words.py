"""Days, holidays, and what people find in a Spazio, in words."""

from django.utils.translation import gettext_lazy

DAY_NAMES = {
    1: gettext_lazy("Lunedì"),
    2: gettext_lazy("Martedì"),
    3: gettext_lazy("Mercoledì"),
    4: gettext_lazy("Giovedì"),
    5: gettext_lazy("Venerdì"),
    6: gettext_lazy("Sabato"),
    7: gettext_lazy("Domenica"),
}

HOLIDAYS = {
    "Capodanno": gettext_lazy("Capodanno"),
    "Epifania": gettext_lazy("Epifania"),
    "Lunedì dell'Angelo": gettext_lazy("Lunedì dell'Angelo"),
    "Festa della Liberazione": gettext_lazy("Festa della Liberazione"),
    "Festa del lavoro": gettext_lazy("Festa del lavoro"),
    "Festa della Repubblica": gettext_lazy("Festa della Repubblica"),
    "Ferragosto": gettext_lazy("Ferragosto"),
    "San Francesco": gettext_lazy("San Francesco"),
    "Ognissanti": gettext_lazy("Ognissanti"),
    "Sant'Ambrogio": gettext_lazy("Sant'Ambrogio"),
    "Immacolata": gettext_lazy("Immacolata"),
    "Natale": gettext_lazy("Natale"),
    "Santo Stefano": gettext_lazy("Santo Stefano"),
}
"""The names of ``network.holidays``, which a Spazio keeps when it says that it is shut, in the language of the page."""

FUNCTIONS = {
    "listening": gettext_lazy("Ascolto"),
    "information": gettext_lazy("Informazione e orientamento ai servizi"),
    "grants": gettext_lazy("Aiuto con le domande di contributo"),
    "internet": gettext_lazy("Postazione internet con un operatore"),
    "digital": gettext_lazy("Pratiche digitali"),
    "jobs": gettext_lazy("Aiuto nella ricerca di lavoro"),
    "domestic_work": gettext_lazy("Incontro tra famiglie e lavoratori domestici"),
    "shared_services": gettext_lazy("Attivazione di servizi condivisi"),
    "community": gettext_lazy("Reti ed eventi di quartiere"),
}

TASK_KINDS = {
    "place": gettext_lazy("Luogo"),
    "accessibility": gettext_lazy("Accessibilità"),
    "staff": gettext_lazy("Personale"),
    "training": gettext_lazy("Formazione"),
    "equipment": gettext_lazy("Dotazioni"),
    "hours": gettext_lazy("Orari"),
    "data_protection": gettext_lazy("Protezione dei dati"),
    "opening": gettext_lazy("Apertura"),
    "other": gettext_lazy("Altro"),
}
