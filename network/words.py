"""Days, holidays, and what people find in a Spazio, in words."""

from django.utils.translation import gettext_lazy, gettext_noop

DAY_NAMES = {
    1: gettext_lazy("Lunedì"),
    2: gettext_lazy("Martedì"),
    3: gettext_lazy("Mercoledì"),
    4: gettext_lazy("Giovedì"),
    5: gettext_lazy("Venerdì"),
    6: gettext_lazy("Sabato"),
    7: gettext_lazy("Domenica"),
}

HOLIDAYS = frozenset(
    {
        gettext_noop("Capodanno"),
        gettext_noop("Epifania"),
        gettext_noop("Lunedì dell'Angelo"),
        gettext_noop("Festa della Liberazione"),
        gettext_noop("Festa del lavoro"),
        gettext_noop("Festa della Repubblica"),
        gettext_noop("Ferragosto"),
        gettext_noop("San Francesco"),
        gettext_noop("Ognissanti"),
        gettext_noop("Sant'Ambrogio"),
        gettext_noop("Immacolata"),
        gettext_noop("Natale"),
        gettext_noop("Santo Stefano"),
    }
)
"""The names of ``network.holidays``, which a Spazio keeps when it says that it is shut: to be read in the language of the page."""

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
