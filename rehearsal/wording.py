"""A report in words: what was found, what to do about it, and the whole on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bando.templatetags.bando_ui import filesize_it
from evaluation.ranking import Outcome
from rehearsal.bodies import Persona
from rehearsal.report import Finding, Level, Report

LEVELS = {
    Level.BROKEN: gettext_lazy("Guasto"),
    Level.LOOK: gettext_lazy("Da guardare"),
    Level.NOTE: gettext_lazy("Informazione"),
}

PHASES = {
    "prepare": gettext_lazy("Prepariamo un posto a parte"),
    "applicants": gettext_lazy("Gli enti compilano e inviano"),
    "receipts": gettext_lazy("Ricevute"),
    "check": gettext_lazy("Verifica formale"),
    "rejections": gettext_lazy("Rigetti dopo il preavviso"),
    "outcomes": gettext_lazy("Lettere dopo la verifica"),
    "commission": gettext_lazy("Nomina della commissione"),
    "declarations": gettext_lazy("Dichiarazioni sui conflitti"),
    "sheets": gettext_lazy("Schede dei commissari"),
    "ranking": gettext_lazy("Graduatorie"),
    "letters": gettext_lazy("Lettere dopo la graduatoria"),
    "agreements": gettext_lazy("Convenzioni"),
    "public": gettext_lazy("Pagine pubbliche"),
}

PERSONAS = {
    "": gettext_lazy("nessuno in particolare"),
    Persona.ORDINARY: gettext_lazy("ente come tanti"),
    Persona.EXACT: gettext_lazy("invia all'ultimo istante"),
    Persona.LATE: gettext_lazy("invia un microsecondo dopo la scadenza"),
    Persona.OVER_LIMIT: gettext_lazy("scrive un carattere di troppo"),
    Persona.OUT_OF_BOUNDS: gettext_lazy("scrive numeri, date e scelte fuori dai limiti"),
    Persona.EDGE_FILES: gettext_lazy("carica file grandi quanto il massimo"),
    Persona.WRONG_FILES: gettext_lazy("carica file vuoti o di un altro tipo"),
    Persona.STRANGE: gettext_lazy("scrive in alfabeti e accenti di ogni tipo"),
    Persona.SHORT_SHARE: gettext_lazy("mette un centesimo in meno della quota minima"),
    Persona.OVER_CAP: gettext_lazy("chiede un centesimo più del contributo massimo"),
    Persona.OVER_INDIRECT: gettext_lazy("mette un centesimo di troppo nei costi indiretti"),
    Persona.MINIMUM: gettext_lazy("risponde solo a quello che è obbligatorio"),
    Persona.GROUP: gettext_lazy("partecipa in un gruppo"),
    Persona.LONG_TEXTS: gettext_lazy("scrive testi lunghi quanto il limite"),
    Persona.CHANGED: gettext_lazy("cambia la domanda dopo l'invio e non la reinvia"),
    Persona.RESENT: gettext_lazy("invia, cambia e invia di nuovo"),
    Persona.DOUBLE_CLICK: gettext_lazy("preme due volte «Invia»"),
    Persona.WITHDRAWN: gettext_lazy("ritira la domanda e la rifà"),
    Persona.GONE: gettext_lazy("ritira la domanda"),
    Persona.TWO_AREAS: gettext_lazy("partecipa a due aree"),
    Persona.INCOMPLETE: gettext_lazy("non finisce la domanda"),
    Persona.NEVER_SENT: gettext_lazy("completa la domanda e non la invia"),
    "office": gettext_lazy("ufficio"),
    "commission": gettext_lazy("commissione"),
    "selected": gettext_lazy("ente selezionato"),
    "rejected": gettext_lazy("ente con un preavviso di rigetto"),
    "citizen": gettext_lazy("cittadino"),
}

WRONG = {
    "one_over_limit": gettext_lazy("un testo con un carattere in più del limite"),
    "over_maximum": gettext_lazy("un numero sopra il massimo"),
    "under_minimum": gettext_lazy("un numero sotto il minimo"),
    "not_a_number": gettext_lazy("parole al posto di un numero"),
    "one_cent_over": gettext_lazy("un importo di un centesimo sopra il massimo"),
    "day_after": gettext_lazy("un giorno dopo l'ultimo possibile"),
    "not_a_day": gettext_lazy("un giorno che non esiste"),
    "one_choice_too_few": gettext_lazy("una scelta in meno del minimo"),
    "one_choice_too_many": gettext_lazy("una scelta in più del massimo"),
    "no_choice": gettext_lazy("nessuna scelta dove è obbligatoria"),
    "declaration_missing": gettext_lazy("una dichiarazione senza spunta"),
    "budget_over_cap": gettext_lazy("un centesimo più del contributo massimo"),
    "budget_short_share": gettext_lazy("un centesimo meno della quota minima dell'ente"),
    "budget_over_indirect": gettext_lazy("un centesimo di troppo nei costi indiretti"),
    "file_empty": gettext_lazy("un file vuoto"),
    "file_disguised": gettext_lazy("un file di un altro tipo con l'estensione giusta"),
    "file_one_byte_over": gettext_lazy("un file di un byte più grande del massimo"),
    "late": gettext_lazy("un invio dopo la scadenza"),
    "check_not_finished": gettext_lazy("un'ammissione senza tutti gli esiti"),
    "commission_too_small": gettext_lazy("una commissione con meno persone di quelle richieste"),
    "sheet_not_finished": gettext_lazy("una scheda conclusa senza tutti i punteggi"),
    "act_not_stated": gettext_lazy("una pubblicazione senza atto"),
    "nothing_observed": gettext_lazy("osservazioni vuote su un preavviso di rigetto"),
    "pairs_not_finished": gettext_lazy("un confronto concluso senza tutte le coppie"),
    "drawn_too_early": gettext_lazy("un sorteggio prima che il valore sia pubblico"),
}

OUTCOMES = {
    Outcome.SELECTED: gettext_lazy("Selezionate"),
    Outcome.WAITING: gettext_lazy("In attesa di un posto"),
    Outcome.TIE_PENDING: gettext_lazy("A pari merito sull'ultimo posto"),
    Outcome.BELOW_THRESHOLD: gettext_lazy("Sotto la soglia"),
}

COUNTS = {
    "requests": gettext_lazy("Pagine richieste"),
    "applications": gettext_lazy("Domande cominciate"),
    "submissions": gettext_lazy("Invii accettati"),
    "refusals": gettext_lazy("Errori fatti apposta e rifiutati"),
    "files": gettext_lazy("File caricati"),
    "duties": gettext_lazy("Lavori fatti dopo gli atti"),
    "letters": gettext_lazy("E-mail scritte (nessuna spedita)"),
    "conflicts": gettext_lazy("Conflitti di interessi dichiarati"),
    "sheets": gettext_lazy("Schede concluse"),
    "notices": gettext_lazy("Preavvisi di rigetto"),
    "comparisons": gettext_lazy("Confronti a coppie conclusi"),
    "collegial": gettext_lazy("Schede della commissione intera"),
    "draws": gettext_lazy("Sorteggi"),
    "rankings": gettext_lazy("Graduatorie pubblicate"),
    "agreements": gettext_lazy("Convenzioni preparate"),
    "published_files": gettext_lazy("File di graduatoria aperti"),
}

PAGES = {
    "organisation_new": gettext_lazy("registra il tuo ente"),
    "my_applications": gettext_lazy("le mie domande"),
    "application_new": gettext_lazy("nuova domanda"),
    "application": gettext_lazy("la domanda"),
    "application_section": gettext_lazy("una sezione della domanda"),
    "application_attachments": gettext_lazy("allegati"),
    "application_review": gettext_lazy("controlla e invia"),
    "application_submit": gettext_lazy("invio della domanda"),
    "application_withdraw": gettext_lazy("ritira la domanda"),
    "application_receipt": gettext_lazy("ricevuta"),
    "desk": gettext_lazy("scrivania"),
    "desk_call": gettext_lazy("l'avviso, per l'ufficio"),
    "desk_applications": gettext_lazy("elenco delle domande"),
    "desk_application": gettext_lazy("verifica di una domanda"),
    "desk_attachment": gettext_lazy("un allegato, per l'ufficio"),
    "desk_commission": gettext_lazy("commissione"),
    "desk_evaluation": gettext_lazy("valutazione"),
    "desk_ranking": gettext_lazy("graduatoria, per l'ufficio"),
    "desk_rejection": gettext_lazy("preavviso di rigetto, per l'ufficio"),
    "application_rejection": gettext_lazy("preavviso di rigetto, per l'ente"),
    "desk_draw": gettext_lazy("sorteggio, per l'ufficio"),
    "comparison": gettext_lazy("confronto a coppie"),
    "collegial": gettext_lazy("schede della commissione"),
    "desk_agreement": gettext_lazy("convenzione, per l'ufficio"),
    "my_evaluations": gettext_lazy("le mie valutazioni"),
    "declarations": gettext_lazy("dichiarazioni sui conflitti"),
    "sheets": gettext_lazy("le schede da valutare"),
    "sheet": gettext_lazy("scheda di valutazione"),
    "evaluation_attachment": gettext_lazy("un allegato, per la commissione"),
    "agreement": gettext_lazy("convenzione, per l'ente"),
    "home": gettext_lazy("pagina iniziale"),
    "call": gettext_lazy("pagina pubblica dell'avviso"),
    "call_questions": gettext_lazy("tutte le domande del modulo"),
    "call_document": gettext_lazy("documento dell'avviso"),
    "ranking": gettext_lazy("graduatoria pubblica"),
    "ranking_json": gettext_lazy("graduatoria in JSON"),
    "ranking_csv": gettext_lazy("graduatoria in CSV"),
    "ranking_pdf": gettext_lazy("graduatoria in PDF"),
}

DUTIES = {
    "applications.receipt": gettext_lazy("PDF della ricevuta"),
    "applications.receipt_mail": gettext_lazy("e-mail con la ricevuta"),
    "applications.outcome_mail": gettext_lazy("lettera dopo la verifica"),
    "evaluation.ranking_pdf": gettext_lazy("PDF della graduatoria"),
    "evaluation.result_letters": gettext_lazy("elenco delle lettere da scrivere"),
    "evaluation.result_letter": gettext_lazy("lettera con il risultato"),
    "applications.rejection_mail": gettext_lazy("lettera sul preavviso di rigetto"),
    "evaluation.robustness": gettext_lazy("solidità della graduatoria"),
}

PAPERS = {"receipt": gettext_lazy("Ricevute"), "ranking": gettext_lazy("Graduatorie")}

_TECHNICAL = gettext_lazy("È un difetto del programma: manda questo rapporto a chi lo mantiene.")
_ASK_THE_CALL = gettext_lazy(
    "Rileggi la domanda nell'avviso: il limite scritto lì non viene rispettato. Segnalalo a chi mantiene il programma."
)

# A sentence for what happened and one for what to do. The names in brackets are facts of the finding.
_SENTENCES: dict[str, tuple[Any, Any]] = {
    "crashed": (gettext_lazy("La pagina «{page}» si è rotta: {error}"), _TECHNICAL),
    "status": (gettext_lazy("La pagina «{page}» ha risposto {status} invece di aprirsi."), _TECHNICAL),
    "refused": (
        gettext_lazy("La pagina «{page}» ha rifiutato quello che doveva accettare: {sentence}"),
        gettext_lazy(
            "Controlla se l'avviso chiede due cose che non stanno insieme. Se è giusto, segnalalo a chi mantiene il programma."
        ),
    ),
    "not_refused": (gettext_lazy("La pagina «{page}» ha accettato quello che doveva rifiutare: {wrong}."), _ASK_THE_CALL),
    "slip_let_through": (gettext_lazy("La pagina «{page}» non ha segnato come errore: {wrong}."), _ASK_THE_CALL),
    "typed_text_lost": (
        gettext_lazy("Dopo un errore la pagina «{page}» ha perso quello che era scritto in «{question}»."),
        _TECHNICAL,
    ),
    "no_button": (gettext_lazy("Nella pagina «{page}» manca il pulsante «{button}»."), _TECHNICAL),
    "no_form": (gettext_lazy("Nella pagina «{page}» non c'è niente da compilare. {sentence}"), _TECHNICAL),
    "not_on_the_page": (gettext_lazy("La domanda «{question}» non compare nella sua sezione."), _TECHNICAL),
    "no_place_for_the_file": (gettext_lazy("Nella pagina degli allegati non c'è posto per «{rule}»."), _TECHNICAL),
    "unknown_format": (
        gettext_lazy("Nessuno ha potuto caricare «{rule}»: la prova non sa fare file {formats}."),
        gettext_lazy("Prova a mano un file di questo tipo prima di pubblicare."),
    ),
    "cannot_start": (gettext_lazy("Non si può cominciare una domanda: {sentence}"), _TECHNICAL),
    "cannot_send": (
        gettext_lazy("Una domanda completa non si può inviare: {sentence}"),
        gettext_lazy("Guarda che cosa manca: l'avviso chiede qualcosa a cui non si può rispondere."),
    ),
    "sent_twice": (gettext_lazy("Un doppio clic su «Invia» ha creato due invii."), _TECHNICAL),
    "not_withdrawn": (gettext_lazy("Una domanda ritirata risulta ancora in gara."), _TECHNICAL),
    "incomplete_may_be_sent": (gettext_lazy("La pagina offre di inviare una domanda incompleta."), _TECHNICAL),
    "incomplete_was_sent": (gettext_lazy("Una domanda incompleta è stata inviata."), _TECHNICAL),
    "received": (gettext_lazy("Dopo la scadenza dovevano esserci {expected} domande: sono {received}."), _TECHNICAL),
    "duty_failed": (gettext_lazy("Un lavoro non è riuscito ({duty}): {error}"), _TECHNICAL),
    "phase_stopped": (
        gettext_lazy("La fase «{phase}» si è fermata prima della fine."),
        gettext_lazy("La causa è in uno degli altri guasti di questo elenco."),
    ),
    "commission_too_early": (gettext_lazy("La commissione si può nominare prima della scadenza."), _TECHNICAL),
    "cannot_close": (gettext_lazy("La valutazione di «{area}» non si può chiudere: {sentence}"), _TECHNICAL),
    "not_publishable": (
        gettext_lazy("Oggi questo avviso non si può pubblicare. La prova è andata avanti lo stesso. {reasons}"),
        gettext_lazy("Completa quello che manca nel documento."),
    ),
    "nobody_could_answer": (
        gettext_lazy("Domanda a cui nessuno ha potuto rispondere: «{question}» ({section})."),
        gettext_lazy("Se è di un tipo nuovo, provala a mano. Se no, controlla limiti e condizioni: forse si escludono."),
    ),
    "never_asked": (
        gettext_lazy("Domanda che nessuno ha visto: «{question}» ({section})."),
        gettext_lazy("Compare solo dopo una certa risposta, che nessuno ha dato. Controlla la condizione, o toglila."),
    ),
    "nobody_admitted": (
        gettext_lazy("In «{area}» non c'è nessuna domanda ammessa: niente graduatoria."),
        gettext_lazy("Con pochi enti può succedere: rifai la prova con più enti."),
    ),
    "no_proposed_reason": (gettext_lazy("La pagina di verifica non ha proposto il motivo della non ammissione."), _TECHNICAL),
    "mark_not_understood": (
        gettext_lazy("La prova non sa che cosa scrivere in «{field}» nella scheda del commissario."),
        gettext_lazy("Prova a mano una scheda: il punteggio di questo criterio non è stato provato."),
    ),
    "nobody_above": (
        gettext_lazy("In «{area}» nessuna proposta ha superato la soglia."),
        gettext_lazy("I punteggi della prova sono inventati. Controlla però che la soglia si possa raggiungere."),
    ),
    "nobody_below": (gettext_lazy("In «{area}» tutte le proposte hanno superato la soglia."), ""),
    "places_left": (
        gettext_lazy("In «{area}» restano liberi {unfilled} posti su {places}."),
        gettext_lazy("L'avviso dice che cosa succede ai posti che restano? Se no, aggiungilo."),
    ),
    "tie_at_the_last_place": (
        gettext_lazy("In «{area}», al posto {position}, una parità non si risolve e cade sull'ultimo posto: {numbers}."),
        gettext_lazy(
            "Nessuna di queste proposte è selezionata finché non decide il sorteggio, se l'avviso lo prevede. Se vuoi evitarlo, "
            "aggiungi criteri per le parità."
        ),
    ),
    "tie": (
        gettext_lazy("In «{area}», al posto {position}, c'è una parità che i criteri non risolvono: {numbers}."),
        gettext_lazy("Qui non cambia chi è selezionato. Controlla che l'avviso dica come si scrive una parità."),
    ),
    "cannot_force_link": (
        gettext_lazy("In «{area}» non abbiamo trovato punteggi pari che arrivino fino a «{part}»."),
        gettext_lazy("Questo criterio per le parità forse non servirà mai: la griglia lo rende quasi impossibile."),
    ),
    "cannot_force_at_threshold": (
        gettext_lazy("In «{area}» non abbiamo trovato punteggi che facciano esattamente la soglia ({part})."),
        gettext_lazy("Non è un errore: con questa scala la soglia cade tra due punteggi possibili."),
    ),
    "cannot_force_under_threshold": (
        gettext_lazy("In «{area}» non abbiamo trovato punteggi appena sotto la soglia ({part})."),
        "",
    ),
    "same_came_out": (gettext_lazy("In «{area}» due proposte con gli stessi punteggi sono a pari merito: {numbers}."), ""),
    "same_did_not": (
        gettext_lazy("In «{area}» due proposte con gli stessi punteggi non sono a pari merito: {numbers}."),
        _TECHNICAL,
    ),
    "same_at_the_edge_came_out": (gettext_lazy("In «{area}» la parità provocata sull'ultimo posto è rimasta: {numbers}."), ""),
    "link_came_out": (gettext_lazy("In «{area}» una parità è stata risolta da «{part}»: {numbers}."), ""),
    "link_did_not": (gettext_lazy("In «{area}» una parità che «{part}» doveva risolvere è rimasta: {numbers}."), _TECHNICAL),
    "at_threshold_came_out": (gettext_lazy("In «{area}» chi fa esattamente la soglia ({part}) la supera: {numbers}."), ""),
    "at_threshold_did_not": (
        gettext_lazy("In «{area}» chi fa esattamente la soglia ({part}) non la supera: {numbers}."),
        _TECHNICAL,
    ),
    "under_threshold_came_out": (
        gettext_lazy("In «{area}» chi resta appena sotto la soglia ({part}) non la supera: {numbers}."),
        "",
    ),
    "under_threshold_did_not": (
        gettext_lazy("In «{area}» chi resta appena sotto la soglia ({part}) la supera: {numbers}."),
        _TECHNICAL,
    ),
    "slow": (
        gettext_lazy("«{what}» è lenta: {slowest}, di solito {median}."),
        gettext_lazy("Se succede spesso, chi gestisce il server guardi quanto è carico."),
    ),
    "few_bodies": (
        gettext_lazy("Con {bodies} enti non tutti i casi strani sono stati provati."),
        gettext_lazy("Prima di pubblicare fai una prova con almeno 60 enti."),
    ),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A finding in words. ``where``: the page and who was there; ``advice`` may be empty."""

    level: str
    label: Any
    what: str
    advice: str
    where: str
    times: int
    traceback: str


def said(finding: Finding) -> Said:
    what, advice = _SENTENCES.get(finding.code, (finding.code, ""))
    facts = dict(finding.facts)
    facts["wrong"] = str(WRONG.get(facts.get("wrong", ""), facts.get("wrong", "")))
    facts["page"] = page_words(facts.get("page", ""))
    facts["what"] = what_words(facts.get("what", ""))
    facts["part"] = _("totale") if facts.get("part") == "total" else facts.get("part", "")
    facts["duty"] = what_words(facts.get("duty", ""))
    facts["phase"] = str(PHASES.get(facts.get("phase", ""), facts.get("phase", "")))
    for name in ("slowest", "median"):
        if name in facts:
            facts[name] = seconds_words(int(facts[name]))
    where = ""
    if facts.get("who"):
        persona = PERSONAS.get(facts.get("persona", ""), "")
        where = _("{who} ({persona}), pagina {url}").format(who=facts["who"], persona=persona, url=facts.get("url", ""))
    return Said(
        finding.level,
        LEVELS[Level(finding.level)],
        str(what).format_map(_Facts(facts)),
        str(advice),
        where,
        finding.times,
        facts.get("traceback", ""),
    )


class _Facts(dict[str, str]):
    """A report of an older version may lack a fact: its place stays empty."""

    def __missing__(self, name: str) -> str:
        return ""


def page_words(name: str) -> str:
    return str(PAGES.get(name, name))


def what_words(what: str) -> str:
    """What took its time: a page that was opened or sent, or work done after an act."""
    method, _space, name = what.partition(" ")
    if method == "GET":
        return _("Aprire: %(page)s") % {"page": page_words(name)}
    if method == "POST":
        return _("Inviare: %(page)s") % {"page": page_words(name)}
    return str(DUTIES.get(what, what))


def verdict(report: Report) -> str:
    """The whole in one sentence."""
    broken, look = len(report.of(Level.BROKEN)), len(report.of(Level.LOOK))
    if broken:
        return ngettext(
            "C'è %(n)s guasto da riparare prima di pubblicare.", "Ci sono %(n)s guasti da riparare prima di pubblicare.", broken
        ) % {"n": broken}
    if look:
        return ngettext(
            "Nessun guasto. C'è %(n)s cosa da guardare.", "Nessun guasto. Ci sono %(n)s cose da guardare.", look
        ) % {"n": look}
    return _("Nessun guasto: l'avviso è arrivato in fondo.")


def phase_words(phase: str) -> str:
    return str(PHASES.get(phase, phase))


def seconds_words(microseconds: int) -> str:
    """A time as people read it: milliseconds, seconds, minutes."""
    if microseconds < 1_000_000:
        return _("%(n)s ms") % {"n": max(microseconds // 1000, 1)}
    tenths = microseconds // 100_000
    if tenths < 600:
        return _("%(n)s s") % {"n": f"{tenths // 10},{tenths % 10}"}
    return _("%(minutes)s min %(seconds)s s") % {"minutes": tenths // 600, "seconds": tenths // 10 % 60}


def lines(report: Report) -> Iterator[str]:
    """The report for a terminal."""
    yield ""
    yield report.title
    yield _("Prova generale con %(bodies)s enti inventati, in %(time)s.") % {
        "bodies": report.bodies,
        "time": seconds_words(report.seconds * 1_000_000),
    }
    yield verdict(report)
    for level in Level:
        if found := report.of(level):
            yield ""
            yield f"== {LEVELS[level]} =="
            for one in map(said, found):
                times = f" (×{one.times})" if one.times > 1 else ""
                yield f"- {one.what}{times}"
                for more in filter(None, (one.where, one.advice)):
                    yield f"    {more}"
                for line in one.traceback.splitlines()[-6:]:
                    yield f"    | {line}"
    yield ""
    yield f"== {_('Numeri')} =="
    for name, label in COUNTS.items():
        if name in report.counts:
            yield f"{label}: {report.counts[name]}"
    for paper in report.papers:
        yield _("PDF, %(kind)s: %(count)s, in media %(mean)s, il più grande %(largest)s") % {
            "kind": PAPERS.get(paper.kind, paper.kind),
            "count": paper.count,
            "mean": filesize_it(paper.total // paper.count),
            "largest": filesize_it(paper.largest),
        }
    yield ""
    yield f"== {_('Tempi')} =="
    for phase, spent in report.phases.items():
        yield f"{phase_words(phase)}: {seconds_words(spent)}"
    for timing in sorted(report.timings, key=lambda timing: -timing.total)[:15]:
        slowest = _("la più lenta %(time)s") % {"time": seconds_words(timing.slowest)}
        yield f"  {what_words(timing.what)}: {timing.count} × {seconds_words(timing.median)}, {slowest}"
    for area in report.areas:
        yield ""
        yield f"== {area.title} =="
        yield _("Ricevute %(received)s, ammesse %(admitted)s, non ammesse %(not_admitted)s.") % {
            "received": area.received,
            "admitted": area.admitted,
            "not_admitted": area.not_admitted,
        }
        yield ", ".join(f"{OUTCOMES[Outcome(name)]}: {count}" for name, count in area.outcomes.items())
