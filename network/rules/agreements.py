"""What may be done to an agreement, and if not, why: ``None`` or a sentence that a person can act on."""

from __future__ import annotations

from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext as _

from bando.deadlines import day_in_rome
from bando.states import CallState
from bando.templatetags.bando_ui import day, euro, quoted
from network.agreement_budget import budget_of, promised, sharing
from network.agreement_signing import Signed, name_of, signatures_of
from network.agreement_words import named
from network.contents import CONTENTS, missing
from network.models import Agreement, Report, Space
from network.states import AgreementState, ReportState, SpaceState
from workflow.transition import Attempt

PUBLISHED_ABOVE_CENTS = 100_000
"""Acts of a greater amount have effect only once they are published (art. 26 c. 2 and 3 D.Lgs. 33/2013)."""
MOST_YEARS = 20


def asks_for_publication(amount_cents: int, beside_cents: int) -> bool:
    """``beside_cents`` as :func:`given_beside` says it. What passes the threshold is published, and not what came before it."""
    return amount_cents + beside_cents > PUBLISHED_ABOVE_CENTS


def given_beside(row: Agreement) -> int:
    """What the other agreements signed in the same calendar year give to the body, in cents: art. 26 c. 3 counts all that one
    beneficiary gets in it. Until it is signed, the year is that of its draft."""
    others = Agreement.objects.filter(
        application__organisation=row.application.organisation_id, signed_on__year=year_of(row)
    ).exclude(pk=row.pk)
    return promised(others.select_related("application"))


def year_of(row: Agreement) -> int:
    return (row.signed_on or day_in_rome(row.created_at)).year


def is_official_or_party(attempt: Attempt) -> str | None:
    """The office, or somebody of each of the bodies for which a file is brought (``parties`` of the attempt)."""
    if attempt.by is not None and attempt.by.is_official:
        return None
    parties = attempt.data.get("parties", ())
    own = set(attempt.by.memberships.values_list("organisation_id", flat=True)) if attempt.by else set()
    if parties and all(party.organisation_id in own for party in parties):
        return None
    return _("Lo può fare solo l'ufficio o chi lavora per l'ente che firma.")


# The text


def is_what_was_read(attempt: Attempt) -> str | None:
    """Whoever freezes a text freezes the one that was on the screen, with the version of the project that it named."""
    row, data = attempt.row, attempt.data
    if "seen" in data and data["seen"] != row.version:
        return _("Nel frattempo qualcuno ha cambiato la convenzione. Rileggila e poi riprova.")
    if "project" in data and row.project and data["project"] != str(row.project_id):
        return _(
            "Il progetto è arrivato alla versione %(number)s: leggila, controlla il contributo e poi prepara la convenzione."
        ) % {"number": row.project.number}
    return None


def contents_are_said(attempt: Attempt) -> str | None:
    """All that D.M. 72/2021 wants to be said is said, or somebody answers for its absence."""
    row = attempt.row
    if gaps := missing(row.articles, row.waived):
        return _("Nel testo manca ancora: %(contents)s. Aggiungi un articolo, oppure scrivi perché non serve.") % {
            "contents": named(gaps)
        }
    return None


def articles_are_written(attempt: Attempt) -> str | None:
    blank = [str(n) for n, a in enumerate(attempt.row.articles, 1) if not (a["title"].strip() and a["text"].strip())]
    if blank:
        return _("Manca il titolo o il testo di questi articoli: %(numbers)s. Scrivili o toglili.") % {
            "numbers": ", ".join(blank)
        }
    return None


def parties_have_signers(attempt: Attempt) -> str | None:
    row = attempt.row
    administration = row.application.call.notice.administration.name
    if blank := [name_of(p, administration) for p in row.parties.select_related("organisation") if not p.signer.strip()]:
        return _("Manca chi firma per: %(parties)s. Scrivilo nella pagina delle parti.") % {"parties": ", ".join(blank)}
    return None


def the_budget_is_promised_once(attempt: Attempt) -> str | None:
    """What the agreements of one project give in all is what its budget asks for, or less."""
    row = attempt.row
    outcome = budget_of(row)
    if outcome is None:
        return None
    others = promised(sharing(row))
    if row.amount_cents + others <= outcome.grant:
        return None
    if not others:
        return _(
            "Il contributo scritto è %(amount)s, ma il piano economico ne chiede %(grant)s: correggilo in «Parti e importo»."
        ) % {
            "amount": euro(row.amount_cents),
            "grant": euro(outcome.grant),
        }
    return _(
        "Il contributo scritto è %(amount)s. Le altre convenzioni dello stesso progetto ne danno già %(others)s, e il piano "
        "economico ne chiede in tutto %(grant)s: correggilo in «Parti e importo»."
    ) % {"amount": euro(row.amount_cents), "others": euro(others), "grant": euro(outcome.grant)}


# The signatures


def there_is_something_to_sign(attempt: Attempt) -> str | None:
    if attempt.row.text_id is None:
        return _("Il PDF della convenzione non è ancora pronto: torna tra un minuto.")
    return None


def a_file_is_in_doubt(attempt: Attempt) -> str | None:
    """Only what leaves a doubt is decided; a virus leaves none."""
    if (party := attempt.data.get("party")) is None:
        return None
    sign = next(sign for sign in signatures_of(attempt.row) if sign.party.pk == party.pk)
    if sign.state is not Signed.DOUBTFUL:
        return _("Su questo file non c'è niente da decidere.")
    if str(sign.party.signed_id) != attempt.data["file"]:
        return _("Nel frattempo è arrivato un altro file: aprilo e leggi che cosa c'è dentro, poi decidi.")
    return None


def the_file_says_what_it_must(attempt: Attempt) -> str | None:
    """Of a file whose text was never prepared here somebody says which of the contents of D.M. 72/2021 are in it (``contents``),
    and answers for the others (``waiver``), unless the draft does already."""
    row, said = attempt.row, attempt.data.get("contents")
    if row.state != AgreementState.DRAFT or said is None or attempt.data["waiver"].strip():
        return None
    if gaps := [code for code in CONTENTS if code not in said and code not in row.waived]:
        return _("Nel file firmato non hai trovato: %(contents)s. Spunta ciò che c'è, oppure scrivi perché non serve.") % {
            "contents": named(gaps)
        }
    return None


def a_file_signed_elsewhere_says_why(attempt: Attempt) -> str | None:
    """A text that was never prepared here was signed elsewhere, and the record says why. Asked before anything is brought, there is
    nothing against it."""
    if attempt.row.state != AgreementState.DRAFT or "elsewhere" not in attempt.data or attempt.reason.strip():
        return None
    return _("Scrivi il motivo: resta nella storia dell'atto.")


def everybody_signed(attempt: Attempt) -> str | None:
    """A prepared text is registered once all have signed it; another file (``elsewhere``), with the reason why it takes the place
    of that text. A reason alone makes no signature out of a file that has none."""
    row = attempt.row
    if row.state != AgreementState.READY:
        return None
    elsewhere, says_why = attempt.data.get("elsewhere"), bool(attempt.reason.strip())
    if elsewhere and says_why:
        return None
    administration = row.application.call.notice.administration.name
    if waiting := [name_of(sign.party, administration) for sign in signatures_of(row) if not sign.has_signed]:
        if says_why:
            return _("Manca la firma di: %(parties)s. Hai scritto un motivo: carica anche il file firmato altrove.") % {
                "parties": ", ".join(waiting)
            }
        return _("Manca la firma di: %(parties)s. Aspetta i file, oppure scrivi perché registri un file firmato altrove.") % {
            "parties": ", ".join(waiting)
        }
    if elsewhere:
        return _("Tutti hanno firmato qui: lascia vuoto il file, oppure scrivi perché ne registri un altro.")
    return None


def term_is_too_long(starts_on: date, ends_on: date) -> str | None:
    """Of an agreement that lasts beyond ``MOST_YEARS`` somebody mistyped the year: each quarter of it would ask for a report."""
    if (ends_on.year - MOST_YEARS, ends_on.month, ends_on.day) > (starts_on.year, starts_on.month, starts_on.day):
        return _("La convenzione durerebbe più di %(years)s anni: controlla l'anno della scadenza.") % {"years": MOST_YEARS}
    return None


def dates_are_in_order(attempt: Attempt) -> str | None:
    """Signed, then in force, then over in a time that a person may mean; asked before the dates are known, there is nothing
    against it."""
    dates = attempt.data
    if dates and not dates["signed_on"] <= dates["starts_on"] < dates["ends_on"]:
        return _("Le date non tornano: prima la firma, poi la decorrenza, poi la scadenza.")
    if dates and dates["signed_on"] > day_in_rome(attempt.at):
        return _("La data della firma è nel futuro: registra la convenzione dopo la firma.")
    return term_is_too_long(dates["starts_on"], dates["ends_on"]) if dates else None


def the_call_was_not_revoked(attempt: Attempt) -> str | None:
    """A selection that was taken back binds nobody any more."""
    if attempt.row.application.call.state == CallState.REVOKED:
        return _("L'avviso è revocato: la convenzione non si prepara e non si firma.")
    return None


def no_reserve_stands(attempt: Attempt) -> str | None:
    """Who was admitted with a reserve signs nothing while the office still waits."""
    application = attempt.row.application
    if application.has_reserve:
        return _("La domanda è ammessa con riserva: prima di firmare sciogli la riserva. Manca ancora: %(reserve)s") % {
            "reserve": application.reserve
        }
    return None


# Effect, payments, end


def no_door_stays_open(attempt: Attempt) -> str | None:
    """Nobody runs a Spazio under an agreement that is over: each door is shut by an act of its own, with what citizens read."""
    doors = [SpaceState.OPEN, SpaceState.SUSPENDED]
    spaces = Space.objects.filter(partnership__agreement=attempt.row, state__in=doors)
    if names := list(spaces.values_list("name", flat=True)):
        return _("Prima chiudi questi Spazi, ognuno con il motivo che leggono i cittadini: %(names)s.") % {
            "names": quoted(names)
        }
    return None


def publication_is_dated(attempt: Attempt) -> str | None:
    """Published after the signature and not in the future; nothing against it before the day is known."""
    published_on = attempt.data.get("published_on")
    if published_on is None:
        return None
    if published_on < attempt.row.signed_on:
        return _("La convenzione è stata firmata il %(signed)s: la pubblicazione non può essere prima.") % {
            "signed": day(attempt.row.signed_on)
        }
    if published_on > day_in_rome(attempt.at):
        return _("La data della pubblicazione è nel futuro: registrala dopo che è avvenuta.")
    return None


def publication_is_not_needed(attempt: Attempt) -> str | None:
    if attempt.row.needs_publication:
        return _("Questa convenzione ha effetto solo dopo la pubblicazione (art. 26 del D.Lgs. 33/2013): registrala.")
    return None


def it_has_commenced(attempt: Attempt) -> str | None:
    if attempt.row.starts_on > day_in_rome(attempt.at):
        return _("La convenzione decorre dal %(day)s: prima non ha effetto.") % {"day": day(attempt.row.starts_on)}
    return None


def nothing_is_paid_before_effect(attempt: Attempt) -> str | None:
    row = attempt.row
    if row.state == AgreementState.EFFECTIVE or had_effect(row):
        return None
    if row.needs_publication:
        return _("Nulla si può pagare prima della pubblicazione: art. 26 del D.Lgs. 33/2013. Prima registra la pubblicazione.")
    return _("Nulla si può pagare prima che la convenzione abbia effetto: prima registra che è efficace.")


def had_effect(row: Agreement) -> bool:
    return row.steps.filter(act__in=["publish", "take_effect"]).exists()


def payment_is_dated(attempt: Attempt) -> str | None:
    """Paid after the agreement had effect and not in the future."""
    row, paid_on = attempt.row, attempt.data.get("paid_on")
    if paid_on is None:
        return None
    if row.published_on and paid_on < row.published_on:
        return _("La data del pagamento è prima della pubblicazione (%(day)s): prima non si può pagare.") % {
            "day": day(row.published_on)
        }
    if not row.needs_publication and row.published_on is None and paid_on < row.starts_on:
        return _("La data del pagamento è prima della decorrenza (%(day)s): prima non si può pagare.") % {
            "day": day(row.starts_on)
        }
    if paid_on > day_in_rome(attempt.at):
        return _("La data del pagamento è nel futuro: registralo dopo che è avvenuto.")
    return None


def payment_is_within_the_amount(attempt: Attempt) -> str | None:
    """Never more than the amount, and no correction takes back more than was paid. Under an agreement that is over, never more
    than the other agreements of its project leave: they may have taken what it had not spent."""
    row, cents = attempt.row, attempt.data.get("amount_cents")
    if cents is None:
        return None
    paid = paid_cents(row)
    if cents > 0 and paid + cents > row.amount_cents:
        return _("Il contributo è di %(amount)s e ne hai già registrati %(paid)s: puoi pagare al massimo %(left)s.") % {
            "amount": euro(row.amount_cents),
            "paid": euro(paid),
            "left": euro(max(row.amount_cents - paid, 0)),
        }
    if cents > 0 and row.state == AgreementState.ENDED and (others := sharing(row)) and (outcome := budget_of(row)):
        left = max(outcome.grant - promised(others) - paid, 0)
        if cents > left:
            return _(
                "La convenzione è conclusa e altre convenzioni dello stesso progetto ne usano il contributo: puoi pagare al massimo "
                "%(left)s."
            ) % {"left": euro(left)}
    if paid + cents < 0:
        return _("Hai registrato pagamenti per %(paid)s: la correzione non può togliere di più.") % {"paid": euro(paid)}
    return None


def paid_cents(row: Agreement) -> int:
    """The sum of what was paid, corrections counted."""
    return row.payments.aggregate(sum=Sum("amount_cents"))["sum"] or 0


def a_correction_says_why(attempt: Attempt) -> str | None:
    if attempt.data.get("amount_cents", 0) < 0 and not attempt.data["note"].strip():
        return _("Scrivi nella nota che cosa correggi e perché.")
    return None


def payment_is_registered_once(attempt: Attempt) -> str | None:
    """A button that was pressed twice pays once. Two payments by one order, on one day, of one amount are told apart by the note."""
    facts = attempt.data
    if "reference" not in facts:
        return None
    reference, note = facts["reference"].strip(), facts["note"].strip()
    same = attempt.row.payments.filter(
        reference__iexact=reference, paid_on=facts["paid_on"], amount_cents=facts["amount_cents"]
    )
    if same.exists() and (not note or same.filter(note=note).exists()):
        return _("È già registrato: stesso mandato, stesso giorno, stesso importo. Se è un altro, scrivi nella nota perché.")
    return None


# The reports


def no_report_was_sent(attempt: Attempt) -> str | None:
    if Report.objects.filter(term__agreement=attempt.row).exclude(state=ReportState.DRAFT).exists():
        return _("Un rendiconto è già stato inviato: i termini non cambiano più.")
    return None


def terms_follow_their_days(attempt: Attempt) -> str | None:
    """A report is due after the last day that it tells of."""
    due = attempt.data.get("due", {})
    early = [
        str(term.number) for term in attempt.row.reporting_terms.all() if due.get(term.number, term.due_on) <= term.last_day
    ]
    if early:
        return _("Il termine è prima della fine del periodo, per i rendiconti: %(numbers)s.") % {"numbers": ", ".join(early)}
    return None
