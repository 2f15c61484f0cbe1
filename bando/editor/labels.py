"""Every key of the schema in the words of who writes a call: label, help, the choices, and what one item is called.

A test keeps the table equal to ``bando.notice.shapes``: a key without words would be a field without a label.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Words:
    """``options`` in the order in which they are offered. For a list of things, ``one`` names an item and ``add`` is the
    button; ``none`` is the box that says that there are none, where the document must say so."""

    label: Text
    help: Text = ""
    options: tuple[tuple[str, Text], ...] = ()
    one: Text = ""
    add: Text = ""
    none: Text = ""


_CODE = Words(
    _("Codice"),
    _("Un nome breve per gli indirizzi delle pagine e per i collegamenti. Se lo lasci vuoto, lo facciamo noi dal titolo."),
)
_AREAS = Words(_("Solo per queste aree"), _("Se non ne scegli, vale per tutte."))
_URL = Words(_("Indirizzo web"), _("Per esempio https://www.comune.milano.it/"))
_INTRO = _("Una o due frasi, in parole semplici.")
_CRITERION = Words(_("Criterio che serve"), _("La commissione legge la risposta accanto a questo criterio."))
_LIMIT = Words(_("Caratteri al massimo"), _("Spazi inclusi. Una pagina scritta ne ha circa 3.000."))
_DECIMALS = Words(_("Cifre dopo la virgola"), _("Da 0 a 6. Con 0 si scrivono solo numeri interi."))
_CHOICES = Words(_("Risposte possibili"), _("Almeno due."), one=_("Risposta"), add=_("Aggiungi una risposta"))
_FORMATS = tuple((name, name.upper()) for name in ("pdf", "p7m", "jpg", "png", "docx", "xlsx", "odt", "ods", "zip"))
_SIZE = Words(_("Peso massimo di ogni file"), _("Un numero intero con MB o KB, per esempio 20 MB."))
_FILES = Words(_("Quanti file al massimo"), _("Da 1 a 50."))
_SIGNED = Words(
    _("Serve la firma digitale"),
    _("In un PDF o in un file P7M. Leggiamo la firma e la mostriamo; se manca lo diciamo a chi carica, e decide l'ufficio."),
)
_WHEN = Words(_("Si chiede solo se"), _("Lascia vuoto se si chiede sempre."))
_POINTS_LIMIT = Words(_("Soglia"), _("I punti minimi. Lascia vuoto se non c'è."))
_DESCRIPTOR = Words(_("Quando si dà questo giudizio"))

_QUESTION_TYPES = (
    ("short_text", _("Testo breve")),
    ("long_text", _("Testo lungo")),
    ("number", _("Numero")),
    ("money", _("Importo in euro")),
    ("date", _("Data")),
    ("choice", _("Scelta di una risposta")),
    ("choices", _("Scelta di più risposte")),
    ("yes_no", _("Sì o no")),
    ("address", _("Indirizzo")),
    ("municipio", _("Municipio")),
    ("declaration", _("Dichiarazione")),
    ("file", _("File da caricare")),
    ("table", _("Tabella")),
)
_COLUMN_TYPES = tuple(
    (code, label) for code, label in _QUESTION_TYPES if code in {"short_text", "number", "money", "date", "choice", "yes_no"}
)
_ACT = {
    "title": Words(_("Tipo di atto"), _("Per esempio: Determinazione dirigenziale.")),
    "number": Words(_("Numero")),
    "date": Words(_("Data")),
    "url": _URL,
}

_BY_SHAPE: dict[str, dict[str, Words]] = {
    "notice": {
        "id": Words(
            _("Indirizzo dell'avviso sul sito"),
            _(
                "Lettere minuscole, cifre e trattini. Se lo lasci vuoto, lo facciamo noi dal titolo. Dopo la pubblicazione non cambia."
            ),
        ),
        "title": Words(_("Titolo dell'avviso")),
        "summary": Words(_("In breve"), _("Due o tre frasi: che cosa si cerca e chi può partecipare.")),
        "purpose": Words(
            _("Scopo e oggetto"), _("Che cosa si vuole ottenere insieme e di che cosa si occupa la co-progettazione.")
        ),
        "demonstration": Words(
            _("È un esempio?"),
            _("Se qualcosa in questo avviso è inventato, scrivi che cosa: ogni pagina lo mostra. Altrimenti lascia vuoto."),
        ),
        "administration": Words(_("Amministrazione")),
        "coprogramming": Words(_("Atto di co-programmazione"), _("L'atto da cui nasce questo avviso.")),
        "economic_frame": Words(_("Quadro economico")),
        "act": Words(_("Atto che approva l'avviso")),
        "legal_basis": Words(
            _("Norme"), _("Le leggi e gli atti su cui si fonda l'avviso."), one=_("Norma"), add=_("Aggiungi una norma")
        ),
        "calendar": Words(_("Calendario")),
        "areas": Words(_("Aree"), one=_("Area"), add=_("Aggiungi un'area")),
        "participation": Words(_("Da soli o in gruppo")),
        "formal_check": Words(_("Verifica delle domande")),
        "publication": Words(_("Pubblicazione della graduatoria")),
        "requirements": Words(
            _("Requisiti"),
            _("Ogni requisito è una riga della verifica formale. Quelli da dichiarare compaiono anche nella domanda."),
            one=_("Requisito"),
            add=_("Aggiungi un requisito"),
        ),
        "sections": Words(_("Sezioni della domanda"), one=_("Sezione"), add=_("Aggiungi una sezione")),
        "attachments": Words(
            _("Allegati"), _("I file che l'ente carica insieme alla domanda."), one=_("Allegato"), add=_("Aggiungi un allegato")
        ),
        "budgets": Words(_("Piani economici"), one=_("Piano economico"), add=_("Aggiungi un piano economico")),
        "grids": Words(_("Griglie di valutazione"), one=_("Griglia"), add=_("Aggiungi una griglia")),
        "commission": Words(_("Commissione")),
        "conflict_rules": Words(_("Conflitti di interessi"), _("Come si evitano, per chi valuta e per chi partecipa.")),
        "conclusion": Words(_("Conclusione del procedimento"), _("Come finisce, con quale atto e in quanto tempo.")),
        "replacement": Words(_("Scorrimento della graduatoria")),
        "agreement": Words(_("Schema di convenzione")),
        "sources": Words(
            _("Fonti"), _("Da dove vengono i fatti scritti in questo avviso."), one=_("Fonte"), add=_("Aggiungi una fonte")
        ),
        "assumptions": Words(
            _("Ipotesi"),
            _("Quello che nessuna fonte dice e che è stato supposto."),
            one=_("Ipotesi"),
            add=_("Aggiungi un'ipotesi"),
        ),
    },
    "administration": {
        "name": Words(_("Nome dell'amministrazione"), _("Per esempio: Comune di Milano.")),
        "office": Words(_("Ufficio")),
        "email": Words(_("E-mail")),
        "pec": Words(_("PEC")),
        "phone": Words(_("Telefono")),
        "url": _URL,
        "procedure_officer": Words(_("Responsabile del procedimento")),
    },
    "act": _ACT,
    "economic_frame": {
        "text": Words(_("Risorse"), _("Denaro, spazi e persone, e chi li mette.")),
        "total": Words(_("Totale in euro"), _("Se l'avviso dà una cifra, per esempio 650.000,00.")),
    },
    "legal_basis": {"title": Words(_("Norma o atto"), _("Per esempio: Art. 55 del D.Lgs. 117/2017.")), "url": _URL},
    "calendar": {
        "timezone": Words(_("Fuso orario")),
        "opens": Words(_("Apertura"), _("Ora di Roma. Se la lasci vuota, si può fare domanda dalla pubblicazione.")),
        "deadline": Words(_("Scadenza"), _("Ora di Roma. Una domanda arrivata un istante dopo è in ritardo.")),
        "questions_until": Words(_("Termine per le domande sull'avviso"), _("Fino a quando si possono chiedere chiarimenti.")),
        "curing_days": Words(
            _("Giorni per completare la domanda"),
            _("Per il soccorso istruttorio: da 1 a 90 giorni. Se lo lasci vuoto, sono 10."),
        ),
        "milestones": Words(
            _("Tappe dopo la scadenza"),
            _("Con le parole dell'avviso, anche senza una data precisa."),
            one=_("Tappa"),
            add=_("Aggiungi una tappa"),
        ),
    },
    "calendar.milestones": {
        "title": Words(_("Tappa"), _("Per esempio: Tavoli di co-progettazione.")),
        "when": Words(_("Quando"), _("Per esempio: settembre 2024.")),
    },
    "areas": {
        "code": _CODE,
        "title": Words(_("Titolo dell'area")),
        "description": Words(_("Descrizione")),
        "places": Words(
            _("Quanti posti"),
            _("Se lo lasci vuoto non c'è un limite: decide solo la soglia. Con i lotti lascialo vuoto."),
        ),
        "place_label": Words(_("Come si chiamano i posti"), _("Per esempio: Spazi WeMi. Se lo lasci vuoto si chiamano posti.")),
        "grid": Words(_("Griglia di valutazione")),
        "budget": Words(_("Piano economico"), _("Lascia vuoto se non si chiede un piano economico.")),
        "municipi": Words(_("Municipi"), _("Quelli in cui può stare una proposta. Se non ne scegli, non si chiede.")),
        "opens_space": Words(_("Chi è selezionato apre uno Spazio")),
        "lot_question": Words(
            _("Domanda che sceglie il lotto"),
            _("Se i posti sono divisi in lotti: una domanda obbligatoria del modulo, a scelta o con il Municipio."),
        ),
        "lots": Words(
            _("Lotti"),
            _("Ogni lotto ha i suoi posti e la sua classifica. Scrivi un lotto per ogni risposta della domanda."),
            one=_("Lotto"),
            add=_("Aggiungi un lotto"),
        ),
    },
    "areas.lots": {
        "code": Words(_("Risposta che lo sceglie")),
        "title": Words(_("Nome del lotto"), _("Per esempio: Municipio 4.")),
        "places": Words(_("Posti")),
    },
    "formal_check": {
        "days": Words(
            _("Giorni dalla scadenza per la verifica"),
            _("Da 1 a 365. Una richiesta di completare la domanda ferma il conto. Lascia vuoto se l'avviso non dà un termine."),
        ),
        "rejection_notice": Words(
            _("Prima di escludere, l'ufficio dice i motivi e aspetta osservazioni"),
            _("È il preavviso dell'art. 10-bis della L. 241/1990. Nelle procedure a graduatoria la legge non lo chiede."),
        ),
        "rejection_days": Words(_("Giorni per rispondere al preavviso"), _("Da 1 a 90. Se lo lasci vuoto, sono 10.")),
        "clock": Words(
            _("Che cosa fa il preavviso al conto dei giorni"),
            options=(("suspends", _("Lo sospende: poi riprende da dov'era")), ("interrupts", _("Lo fa ricominciare da capo"))),
        ),
        "text": Words(_("Con le parole dell'avviso")),
    },
    "publication": {
        "observations_days": Words(
            _("Giorni per le osservazioni sulla graduatoria provvisoria"),
            _("Da 1 a 90. Lascia vuoto se la prima graduatoria che si pubblica è già definitiva."),
        ),
        "members": Words(
            _("Di chi è ogni voto, nella graduatoria pubblicata"),
            options=(
                ("names", _("Con il nome del commissario")),
                ("labels", _("Con il ruolo e il numero, per esempio Commissario 2")),
                ("none", _("Non si dice: i voti sono in ordine di grandezza")),
            ),
        ),
        "text": Words(_("Con le parole dell'avviso")),
    },
    "requirements": {
        "code": _CODE,
        "title": Words(_("In poche parole")),
        "text": Words(_("Testo intero"), _("Come lo legge chi fa domanda, per esempio: Dichiaro che l'ente …")),
        "kind": Words(
            _("Chi lo accerta"),
            options=(("declaration", _("L'ente lo dichiara nella domanda")), ("check", _("Lo controlla solo l'ufficio"))),
        ),
        "source": Words(_("Norma o articolo")),
        "each_member": Words(_("In un gruppo lo dichiara ogni ente"), _("Altrimenti lo dichiara il capofila per tutti.")),
        "areas": _AREAS,
    },
    "participation": {
        "groups": Words(
            _("Gruppi ammessi"),
            _("Se non ne scegli, ogni ente partecipa da solo. Se ne scegli, aggiungi al modulo la sezione «Chi partecipa»."),
            options=(
                ("ats", _("Associazione temporanea di scopo (ATS)")),
                ("ati", _("Associazione temporanea di imprese (ATI)")),
                ("consortium", _("Consorzio")),
                ("network", _("Rete di enti")),
            ),
        ),
        "max_members": Words(
            _("Enti al massimo in un gruppo"), _("Da 2 a 100, capofila compreso. Lascia vuoto se non c'è un limite.")
        ),
        "once_per_area": Words(
            _("Un ente partecipa una sola volta in ogni area"),
            _("Da solo o in un gruppo. Una seconda domanda non parte, e la pagina dice perché."),
        ),
        "text": Words(_("Con le parole dell'avviso"), _("Per esempio che cosa firma un gruppo che si costituirà dopo.")),
    },
    "sections": {
        "code": _CODE,
        "title": Words(_("Titolo della sezione")),
        "kind": Words(
            _("Che cosa contiene"),
            options=(
                ("questions", _("Domande da compilare")),
                ("budget", _("Il piano economico dell'area")),
                ("declarations", _("Le dichiarazioni sui requisiti")),
                ("group", _("Chi partecipa: da solo o in gruppo, con le quote")),
            ),
        ),
        "intro": Words(_("Introduzione"), _INTRO),
        "questions": Words(_("Domande della sezione"), one=_("Domanda"), add=_("Aggiungi una domanda")),
        "criterion": Words(
            _("Criterio che serve il piano economico"), _("La commissione legge il piano accanto a questo criterio.")
        ),
        "areas": _AREAS,
    },
    "questions": {
        "code": _CODE,
        "label": Words(_("Domanda"), _("Come la legge chi compila.")),
        "type": Words(_("Tipo di risposta"), options=_QUESTION_TYPES),
        "hint": Words(_("Aiuto"), _INTRO),
        "required": Words(_("Bisogna rispondere")),
        "limit": _LIMIT,
        "choices": _CHOICES,
        "criterion": _CRITERION,
        "min": Words(_("Minimo"), _("Il numero, l'importo, il giorno, le risposte o le righe: il meno che si può.")),
        "max": Words(_("Massimo"), _("Il numero, l'importo, il giorno, le risposte o le righe: il più che si può.")),
        "decimals": _DECIMALS,
        "unit": Words(_("Unità di misura"), _("Per esempio: metri quadrati.")),
        "columns": Words(_("Colonne della tabella"), _("Al massimo 12."), one=_("Colonna"), add=_("Aggiungi una colonna")),
        "formats": Words(_("Formati"), options=_FORMATS),
        "max_size": _SIZE,
        "max_files": _FILES,
        "signed": _SIGNED,
        "profile": Words(
            _("Dato dell'ente da proporre"),
            _("Chi compila lo riprende dalla pagina del suo ente con un pulsante. Lascia vuoto se non serve."),
            options=(
                ("name", _("Nome")),
                ("tax_code", _("Codice fiscale")),
                ("vat_number", _("Partita IVA")),
                ("address", _("Sede")),
                ("pec", _("PEC")),
                ("phone", _("Telefono")),
            ),
        ),
        "areas": Words(_("Solo per queste aree"), _("Tra quelle della sezione. Se non ne scegli, vale per tutte.")),
        "when": _WHEN,
    },
    "choices": {"code": _CODE, "label": Words(_("Parole della risposta"))},
    "when": {
        "question": Words(
            _("Domanda che viene prima"), _("Una domanda a scelta, sì o no, una dichiarazione, o come partecipa l'ente.")
        ),
        "is": Words(_("Se la risposta è")),
    },
    "questions.columns": {
        "code": _CODE,
        "label": Words(_("Titolo della colonna")),
        "type": Words(_("Che cosa si scrive"), options=_COLUMN_TYPES),
        "required": Words(_("Bisogna scriverla in ogni riga")),
        "limit": _LIMIT,
        "decimals": _DECIMALS,
        "unit": Words(_("Unità di misura"), _("Per esempio: metri quadrati.")),
        "choices": _CHOICES,
    },
    "attachments": {
        "code": _CODE,
        "title": Words(_("Nome dell'allegato")),
        "text": Words(_("Spiegazione"), _INTRO),
        "formats": Words(_("Formati"), _("Almeno uno."), options=_FORMATS),
        "max_size": _SIZE,
        "required": Words(_("Bisogna caricarlo")),
        "max_files": _FILES,
        "signed": _SIGNED,
        "areas": _AREAS,
        "when": _WHEN,
    },
    "budgets": {
        "code": Words(
            _("Nome breve del piano"),
            _("Lettere minuscole, cifre e trattini, per esempio piano-area-1: si sceglie così nelle aree."),
        ),
        "text": Words(_("Spiegazione"), _("Si legge sopra la tabella.")),
        "items": Words(_("Voci di costo"), _("Almeno una."), one=_("Voce di costo"), add=_("Aggiungi una voce di costo")),
        "max_grant": Words(_("Contributo massimo in euro"), _("Per esempio 60.000,00. Lascia vuoto se non c'è.")),
        "min_own_share_percent": Words(_("Quota minima degli enti, in percentuale"), _("Sul costo totale, per esempio 20.")),
        "max_indirect_percent": Words(
            _("Costi indiretti al massimo, in percentuale"), _("Sul costo totale. Segna quali voci sono indirette.")
        ),
        "by_partner": Words(
            _("Ogni riga dice quale ente sostiene la spesa"), _("Serve nei gruppi: il piano si divide tra gli enti.")
        ),
        "years": Words(
            _("Anni"), _("Una riga per ogni anno, per esempio 2022, se il piano si divide per anno. Altrimenti lascia vuoto.")
        ),
        "actions": Words(
            _("Azioni"),
            _("Se il piano si divide per azione."),
            one=_("Azione"),
            add=_("Aggiungi un'azione"),
        ),
        "volunteers": Words(
            _("Ore dei volontari"),
            _(
                "Si valutano come parte di quello che mette l'ente e non si rimborsano (D.M. 72/2021). Se non servono, lascia vuoto."
            ),
        ),
    },
    "budgets.actions": {"code": _CODE, "label": Words(_("Nome dell'azione"))},
    "budgets.volunteers": {
        "hourly": Words(_("Valore di un'ora al massimo, in euro"), _("Quello del contratto collettivo, per esempio 18,50.")),
        "max_percent": Words(
            _("Percentuale massima di quello che mette l'ente"), _("Per esempio 30. Lascia vuoto se non c'è.")
        ),
        "text": Words(_("Spiegazione")),
    },
    "budgets.items": {
        "code": _CODE,
        "title": Words(_("Nome della voce")),
        "hint": Words(_("Aiuto"), _INTRO),
        "indirect": Words(_("È un costo indiretto")),
        "min_own_percent": Words(_("Quota minima dell'ente in questa voce, in percentuale"), _("Lascia vuoto se non c'è.")),
        "max_percent": Words(
            _("Al massimo, in percentuale"), _("Quanto può pesare questa voce sul costo totale. Lascia vuoto se non c'è.")
        ),
    },
    "grids": {
        "code": _CODE,
        "title": Words(_("Titolo della griglia")),
        "max_points": Words(_("Totale dei punti"), _("I gruppi di criteri devono sommare a questo totale.")),
        "scale": Words(
            _("Scala dei giudizi"),
            _("Per i criteri che si valutano con un coefficiente: che cosa vuol dire ogni coefficiente."),
            one=_("Giudizio"),
            add=_("Aggiungi un giudizio"),
            none=_("Nessun criterio ha un coefficiente: la scala non serve"),
        ),
        "blocks": Words(_("Gruppi di criteri"), _("Almeno uno."), one=_("Gruppo"), add=_("Aggiungi un gruppo")),
        "criteria": Words(_("Criteri"), one=_("Criterio"), add=_("Aggiungi un criterio")),
        "rounding": Words(
            _("Arrotondamenti"),
            _("Nell'ordine in cui avvengono. Possono cambiare chi vince: scrivi quello che dice l'avviso."),
            one=_("Arrotondamento"),
            add=_("Aggiungi un arrotondamento"),
            none=_("L'avviso non arrotonda mai"),
        ),
        "comparison": Words(
            _("Quali totali si confrontano"),
            options=(
                ("exact", _("I totali esatti, anche oltre le cifre pubblicate")),
                ("published", _("I totali come sono pubblicati")),
            ),
        ),
        "threshold": Words(_("Soglia sul totale"), none=_("Non c'è una soglia")),
        "tie_chain": Words(
            _("Se due proposte sono pari"),
            _("Che cosa si guarda, in ordine. Il sorteggio, se c'è, sta in fondo."),
            one=_("Passo"),
            add=_("Aggiungi un passo"),
        ),
        "published_digits": Words(_("Cifre dopo la virgola nei totali pubblicati"), _("Se lo lasci vuoto sono 2.")),
        "composition": Words(
            _("Come si uniscono i giudizi dei commissari"),
            options=(("mean", _("Si fa la media")), ("sum", _("Si sommano i punti di ciascuno"))),
        ),
        "rescaling": Words(
            _("Riparametrazione"),
            _("Il punteggio migliore diventa il massimo, e gli altri in proporzione. Segna a quali livelli."),
            options=(("criterion", _("Di ogni criterio")), ("block", _("Di ogni gruppo")), ("total", _("Del totale"))),
        ),
        "rescales_alone": Words(
            _("Si riparametra anche se resta una proposta sola"), _("Altrimenti una proposta sola tiene i suoi punti.")
        ),
        "marking": Words(
            _("Chi dà i voti"),
            options=(
                ("individual", _("Ogni commissario da solo, poi i voti si uniscono")),
                ("collegial", _("La commissione insieme, un voto per criterio")),
            ),
        ),
        "demonstration": Words(
            _("È una griglia di esempio?"),
            _("Scrivi la frase che lo dice: ogni pagina che mostra la griglia la mostra. Altrimenti lascia vuoto."),
        ),
    },
    "grids.scale": {
        "label": Words(_("Giudizio"), _("Per esempio: buono.")),
        "coefficient": Words(_("Coefficiente"), _("Tra 0 e 1, per esempio 0,80.")),
        "descriptor": _DESCRIPTOR,
    },
    "grids.blocks": {
        "code": _CODE,
        "title": Words(_("Titolo del gruppo")),
        "max_points": Words(_("Punti")),
        "threshold": _POINTS_LIMIT,
    },
    "grids.criteria": {
        "code": Words(
            _("Codice"),
            _("Lettere minuscole, cifre, punti e trattini. Se lo lasci vuoto, lo facciamo noi dalla lettera o dal titolo."),
        ),
        "letter": Words(_("Lettera o numero nell'atto"), _("Come la stampa l'atto, per esempio 1.A. Può mancare.")),
        "title": Words(_("Criterio"), _("Come lo scrive l'atto.")),
        "block": Words(_("Gruppo")),
        "max_points": Words(_("Punti al massimo"), _("Per una penalità scrivi 0.")),
        "guidance": Words(_("Che cosa guarda la commissione")),
        "threshold": _POINTS_LIMIT,
        "type": Words(
            _("Come si danno i punti"),
            options=(
                ("coefficient", _("Coefficiente: ogni commissario sceglie un giudizio della scala")),
                ("levels", _("Punti per giudizio: ogni giudizio vale i suoi punti")),
                ("points", _("Punti liberi: ogni commissario dà i punti fino al massimo")),
                ("pairwise", _("Confronto a coppie: ogni commissario dice quale di due proposte è migliore")),
                ("count", _("Tanti punti per ogni unità, fino al massimo")),
                ("bands", _("Fasce: i punti dipendono dalla quantità")),
                ("yes_no", _("Sì o no: tutti i punti o nessuno")),
                ("formula", _("Formula: la quantità si confronta con quelle delle altre proposte")),
                ("penalty", _("Penalità: toglie punti")),
            ),
        ),
        "levels": Words(
            _("Giudizi e punti"),
            _("Almeno due. Il migliore vale il massimo."),
            one=_("Giudizio"),
            add=_("Aggiungi un giudizio"),
        ),
        "step": Words(_("Passo"), _("La più piccola parte di punto che si può dare, per esempio 0,5. Può mancare.")),
        "per_unit": Words(_("Punti per ogni unità"), _("Per esempio 2.")),
        "unit": Words(_("Che cosa si conta o si misura"), _("Per esempio: certificati.")),
        "bands": Words(
            _("Fasce"), _("Dalla più bassa alla più alta, senza sovrapporle."), one=_("Fascia"), add=_("Aggiungi una fascia")
        ),
        "formula": Words(_("Formula")),
        "penalty": Words(_("Punti che si tolgono"), _("Per esempio 10.")),
        "pairwise": Words(
            _("Confronto a coppie"),
            _("Serve anche la scala dei giudizi: con poche proposte i commissari danno un coefficiente."),
        ),
    },
    "grids.criteria.pairwise": {
        "variant": Words(
            _("Come le preferenze diventano un coefficiente"),
            options=(
                ("sum", _("Si sommano i punti di tutti, e si divide per la somma più alta")),
                ("mean", _("Si fa la media dei coefficienti di ogni commissario, e si divide per la media più alta")),
            ),
        ),
        "halves": Words(_("Si possono dare anche i gradi intermedi"), _("Oltre a 2, 3, 4, 5 e 6 anche 2,5, 3,5, 4,5 e 5,5.")),
        "fewest": Words(
            _("Da quante proposte si confronta"), _("Da 2 a 20. Se sono meno si usa la scala. Se lo lasci vuoto sono 3.")
        ),
    },
    "grids.criteria.levels": {
        "label": Words(_("Giudizio"), _("Per esempio: buono.")),
        "points": Words(_("Punti")),
        "descriptor": _DESCRIPTOR,
    },
    "grids.criteria.bands": {
        "label": Words(_("Come la chiama l'atto"), _("Per esempio: da 2 a 3 anni.")),
        "at_least": Words(_("Da (compreso)")),
        "more_than": Words(_("Più di")),
        "at_most": Words(_("Fino a (compreso)")),
        "less_than": Words(_("Meno di")),
        "points": Words(_("Punti")),
    },
    "grids.criteria.formula": {
        "kind": Words(
            _("Tipo di formula"),
            options=(
                ("linear", _("Lineare: in proporzione alla quantità migliore")),
                ("power", _("Potenza: la proporzione elevata a un esponente")),
                ("bilinear", _("Bilineare: con un punto di cambio alla media")),
            ),
        ),
        "best": Words(_("Quale quantità vince"), options=(("higher", _("La più alta")), ("lower", _("La più bassa")))),
        "exponent": Words(_("Esponente"), _("Per esempio 0,5.")),
        "knee": Words(_("Punto di cambio"), _("Tra 0 e 1, per esempio 0,90.")),
    },
    "grids.rounding": {
        "at": Words(
            _("Che cosa si arrotonda"),
            options=(
                ("coefficient", _("Quello che dà ogni commissario")),
                ("mean", _("La media o la somma dei commissari")),
                ("product", _("I punti di ogni criterio")),
                ("total", _("Il totale")),
            ),
        ),
        "digits": Words(_("Cifre dopo la virgola"), _("Da 0 a 6.")),
        "mode": Words(
            _("Come"),
            options=(
                ("half_up", _("La metà verso l'alto (0,005 diventa 0,01)")),
                ("half_even", _("La metà verso la cifra pari")),
                ("truncate", _("Si tolgono le cifre in più")),
            ),
        ),
    },
    "grids.tie_chain": {
        "kind": Words(
            _("Che cosa si guarda"),
            options=(
                ("block", _("I punti di un gruppo")),
                ("criterion", _("I punti di un criterio")),
                ("draw", _("Sorteggio pubblico")),
            ),
        ),
        "code": Words(_("Quale gruppo o criterio")),
    },
    "commission": {
        "min_members": Words(_("Commissari, almeno"), _("Da 1 a 15. Se lo lasci vuoto sono 3.")),
        "max_members": Words(_("Commissari, al massimo"), _("Da 1 a 15. Se lo lasci vuoto sono 5.")),
        "odd": Words(_("Il numero deve essere dispari")),
        "text": Words(_("Altre regole")),
    },
    "replacement": {
        "mode": Words(
            _("Se si libera un posto"),
            options=(
                ("none", _("Nessuno scorrimento")),
                ("until_agreement", _("Entra chi segue, fino alla firma della convenzione")),
                ("for_months", _("Entra chi segue, per un certo numero di mesi")),
            ),
        ),
        "months": Words(_("Per quanti mesi dalla graduatoria")),
        "text": Words(_("Con le parole dell'avviso")),
    },
    "agreement": {
        "title": Words(_("Titolo della convenzione")),
        "preamble": Words(_("Premesse")),
        "duration_months": Words(_("Durata in mesi"), _("Da 1 a 240.")),
        "table_mode": Words(
            _("Chi siede al tavolo di co-progettazione"),
            options=(
                ("selected", _("Chi è selezionato")),
                ("eligible", _("Tutti gli idonei")),
                ("merged", _("Tutti gli idonei, in un'unica proposta")),
            ),
        ),
        "articles": Words(_("Articoli"), _("Almeno uno."), one=_("Articolo"), add=_("Aggiungi un articolo")),
    },
    "agreement.articles": {"title": Words(_("Titolo dell'articolo")), "text": Words(_("Testo dell'articolo"))},
    "sources": {
        "title": Words(_("Fonte")),
        "url": _URL,
        "facts": Words(
            _("Che cosa documenta"), _("Una riga per ogni percorso di un valore, per esempio areas[area-1].places.")
        ),
    },
    "assumptions": {
        "path": Words(_("Percorso del valore"), _("Per esempio grids[area-1].tie_chain.")),
        "text": Words(_("Che cosa è stato supposto e perché")),
    },
}

WORDS: dict[tuple[str, str], Words] = {(shape, key): words for shape, keys in _BY_SHAPE.items() for key, words in keys.items()}
"""By title of the shape and name of the key."""

DECIDES: dict[str, tuple[str, str, dict[str, tuple[str, ...]]]] = {
    "questions": (
        "type",
        "",
        {
            "limit": ("short_text", "long_text"),
            "choices": ("choice", "choices"),
            "min": ("number", "money", "date", "choices", "table"),
            "max": ("number", "money", "date", "choices", "table"),
            "decimals": ("number",),
            "unit": ("number",),
            "columns": ("table",),
            "formats": ("file",),
            "max_size": ("file",),
            "max_files": ("file",),
            "signed": ("file",),
            "profile": ("short_text", "address"),
        },
    ),
    "requirements": ("kind", "declaration", {"each_member": ("declaration",)}),
    "questions.columns": (
        "type",
        "short_text",
        {"limit": ("short_text",), "decimals": ("number",), "unit": ("number",), "choices": ("choice",)},
    ),
    "sections": ("kind", "questions", {"criterion": ("budget",)}),
    "grids.criteria": (
        "type",
        "coefficient",
        {
            "levels": ("levels",),
            "step": ("points",),
            "pairwise": ("pairwise",),
            "per_unit": ("count",),
            "unit": ("count", "bands", "formula"),
            "bands": ("bands",),
            "formula": ("formula",),
            "penalty": ("penalty",),
        },
    ),
    "grids.criteria.formula": ("kind", "", {"exponent": ("power",), "knee": ("bilinear",)}),
    "grids.tie_chain": ("kind", "", {"code": ("block", "criterion")}),
    "replacement": ("mode", "none", {"months": ("for_months",)}),
}
"""Where one key decides which others apply: that key, its default, and the values for which each of the others does."""

FREE = {
    ("questions", "min"), ("questions", "max"), ("questions", "decimals"), ("questions", "unit"), ("questions", "max_files"),
    ("questions", "signed"), ("questions", "profile"), ("requirements", "each_member"),
    ("questions.columns", "decimals"), ("questions.columns", "unit"), ("sections", "criterion"), ("grids.criteria", "step"),
}  # fmt: skip
"""Of the keys that ``DECIDES`` names, those that may be left out even where they apply."""
