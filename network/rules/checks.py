"""When the declarations of an area are verified, and what an agreement waits for: ``None`` or a sentence to act on."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation
from applications.confirming import rules_answered
from applications.models import Application
from applications.states import WITH_A_PLACE
from bando.models import Call
from bando.notice.document import Requirement, RequirementKind
from bando.states import CallState
from network.models import CheckPlan, DeclarationCheck, DeclarationCheckStep
from network.sampling import Declaration, committed
from network.states import CheckPlanState, DeclarationCheckState
from workflow.transition import Attempt

# What there is to verify


def living(call: Call, area_code: str) -> QuerySet[CheckPlan]:
    """The plans of an area that were not given up."""
    return CheckPlan.objects.filter(call=call, area_code=area_code).exclude(state=CheckPlanState.CANCELLED)


def covered(plans: Iterable[CheckPlan]) -> set[str]:
    """The numbers of the proposals whose declarations some plan lists."""
    return {declaration.application for plan in plans for declaration in committed(plan.population)}


def selected(call: Call, area_code: str, *, but: Iterable[str] = ()) -> QuerySet[Application]:
    """The selected proposals of an area, those numbered ``but`` left out, in order of number."""
    rows = (
        Application.objects.with_call().filter(call=call, area_code=area_code, state__in=WITH_A_PLACE).exclude(number__in=but)
    )
    return rows.prefetch_related("participants__organisation").order_by("number")


def newcomers(call: Call, area_code: str, *, but: CheckPlan | None = None) -> QuerySet[Application]:
    """The selected proposals that no plan lists, that of ``but`` not counted."""
    plans = living(call, area_code).exclude(pk=but.pk if but else None)
    return selected(call, area_code, but=covered(plans))


def declarations_of(application: Application) -> dict[Declaration, tuple[Requirement, int]]:
    """What each body of a proposal declared, with the requirement of the call and the key of the body. The lead alone declares
    what the call asks of no other. The bodies count in the order in which they came in, which nothing changes after the
    sending."""
    asked = [
        requirement
        for requirement in rules_answered(application).requirements_for(application.area_code)
        if requirement.kind is RequirementKind.DECLARATION
    ]
    members = [row for row in application.participants.all() if row.left_at is None and row.organisation_id]
    members.sort(key=lambda row: (not row.is_lead, row.invited_at, str(row.pk)))
    others = [row.organisation_id for row in members if row.organisation_id != application.organisation_id]
    return {
        Declaration(application.number, ordinal, requirement.code): (requirement, body)
        for ordinal, body in enumerate([application.organisation_id, *others], start=1)
        for requirement in asked
        if ordinal == 1 or requirement.each_member
    }


def not_drawn(plan: CheckPlan) -> dict[Declaration, tuple[Requirement, Organisation]]:
    """What the list of a sample holds and nobody verifies, of the proposals that are still selected: with the requirement and the
    body, in order."""
    listed = set(committed(plan.population))
    checked = {
        Declaration(number, ordinal, code)
        for number, ordinal, code in plan.checks.order_by().values_list("application__number", "ordinal", "code")
    }
    found = {}
    for row in selected(plan.call, plan.area_code):
        bodies = {member.organisation_id: member.organisation for member in row.participants.all()}
        bodies[row.organisation_id] = row.organisation
        for declaration, (requirement, body) in declarations_of(row).items():
            if declaration in listed and declaration not in checked:
                found[declaration] = (requirement, bodies[body])
    return found


# The plan


def the_call_stands(attempt: Attempt) -> str | None:
    call = attempt.row.call
    if call.state == CallState.REVOKED:
        return _("L'avviso è «%(state)s»: non c'è più niente da controllare.") % {"state": call.get_state_display()}
    return None


def something_is_declared(attempt: Attempt) -> str | None:
    """There are selected proposals, with declarations, that no other plan lists."""
    call, area_code, plan = attempt.row.call, attempt.row.area_code, attempt.row
    if any(declarations_of(row) for row in newcomers(call, area_code, but=plan)):
        return None
    if living(call, area_code).exclude(pk=plan.pk).exists():
        return _("Le dichiarazioni delle proposte selezionate sono già tutte nei controlli.")
    if not selected(call, area_code).exists():
        return _("In quest'area non c'è ancora nessuna proposta selezionata: prima si pubblica la graduatoria definitiva.")
    return _("L'avviso non chiede dichiarazioni in quest'area: non c'è niente da controllare qui.")


def no_sample_waits(attempt: Attempt) -> str | None:
    row = attempt.row
    if living(row.call, row.area_code).filter(state=CheckPlanState.COMMITTED).exclude(pk=row.pk).exists():
        return _("C'è già un campione che aspetta il suo valore pubblico: si sorteggia quello.")
    return None


def nobody_knows_the_sample(attempt: Attempt) -> str | None:
    """A sample can be given up while nobody can know whom it would draw. Else whoever dislikes it could try again."""
    if attempt.at >= attempt.row.value_at:
        return _("Il valore è già pubblico: il campione non si abbandona più, si sorteggia.")
    return None


def nothing_was_checked_yet(attempt: Attempt) -> str | None:
    """A value copied wrongly is corrected before somebody works on the declarations that it drew. That the check of a proposal that
    left was dropped is nobody's work."""
    if not attempt.row.value:
        return _("Si controllano tutte le dichiarazioni: non c'è nessun valore da correggere.")
    if attempt.row.checks.filter(doubt="", steps__in=DeclarationCheckStep.objects.exclude(act="drop")).exists():
        return _("Un controllo è già cominciato: il campione non cambia più.")
    return None


def somebody_came_in(attempt: Attempt) -> str | None:
    """To a list of all the declarations, those of a proposal that was selected later are added. A sample was drawn from its
    list: who comes in gets a plan of its own."""
    if attempt.row.source:
        return _("A un campione non si aggiunge niente: per le proposte nuove fai un altro campione.")
    if not any(declarations_of(row) for row in newcomers(attempt.row.call, attempt.row.area_code)):
        return _("Le dichiarazioni delle proposte selezionate sono già tutte nei controlli.")
    return None


def it_is_listed_and_nobody_checks_it(attempt: Attempt) -> str | None:
    """Besides the sample, whatever gives a reasonable doubt is verified (D.P.R. 445/2000, art. 71 c. 1): a declaration of the list
    of the sample that it did not draw, of a proposal that is still at its place. Asked before one is chosen, that there is one."""
    if not attempt.row.source:
        return _("Qui si controllano già tutte le dichiarazioni.")
    chosen = attempt.data.get("declaration")
    left = not_drawn(attempt.row)
    if chosen is None and not left:
        return _("Tutte le dichiarazioni dell'elenco sono già nei controlli.")
    if chosen is not None and chosen not in left:
        return _("Questa dichiarazione è già nei controlli, oppure la sua proposta è uscita.")
    return None


def nothing_waits_for_a_check(attempt: Attempt) -> str | None:
    """The checks end when each has its outcome, and who declared what is not true has left. A proposal that a corrected ranking
    selects no more holds nothing up."""
    checks = attempt.row.checks.filter(application__state__in=WITH_A_PLACE)
    if waiting := checks.under_way().count():
        return ngettext(
            "Manca l'esito di %(n)s controllo: prima concludilo.",
            "Manca l'esito di %(n)s controlli: prima concludili.",
            waiting,
        ) % {"n": waiting}
    untrue = checks.filter(state=DeclarationCheckState.FALSE).values_list("application__number", flat=True)
    if numbers := sorted(set(untrue)):
        return _("Una dichiarazione non è vera e la proposta è ancora al suo posto: decidi sulla decadenza (%(numbers)s).") % {
            "numbers": ", ".join(numbers)
        }
    return None


# One declaration


def the_plan_is_open(attempt: Attempt) -> str | None:
    if attempt.row.plan.state != CheckPlanState.OPEN:
        return _("I controlli di quest'area sono conclusi: prima riaprili.")
    return None


def the_authority_is_named(attempt: Attempt) -> str | None:
    """Asked before it is typed, there is nothing against it."""
    if "asked_to" in attempt.data and not attempt.data["asked_to"].strip():
        return _("Scrivi a chi chiedi la conferma, per esempio la Procura o l'INPS.")
    return None


def the_term_lies_ahead(attempt: Attempt) -> str | None:
    if "due_at" in attempt.data and attempt.data["due_at"] <= attempt.at:
        return _("Il termine è già passato: scegli un giorno più avanti.")
    return None


def the_body_is_still_in_time(attempt: Attempt) -> str | None:
    """Without the regularisation the procedure goes no further (D.P.R. 445/2000, art. 71 c. 3): the office gives a new term,
    or not."""
    if attempt.at > attempt.row.due_at:
        return _(
            "Il termine per rispondere è passato. Se ti serve altro tempo, scrivi all'ufficio: può darti un nuovo termine."
        )
    return None


def the_reply_is_written(attempt: Attempt) -> str | None:
    if "text" in attempt.data and not attempt.data["text"].strip():
        return _("Scrivi la risposta: che cosa hai corretto, o che cosa mostra il file.")
    return None


def its_application_has_left(attempt: Attempt) -> str | None:
    if getattr(attempt.row.application, "departure", None) is None:
        return _("La proposta è ancora al suo posto: il controllo serve.")
    return None


# The agreement


def declarations_are_confirmed(attempt: Attempt) -> str | None:
    """Nobody signs while a declaration of the proposal that is to be verified is not confirmed. An area without any plan holds
    nobody: the page of the checks warns instead. The row is the agreement."""
    application = attempt.row.application
    plans = list(living(application.call, application.area_code))
    if not plans:
        return None
    here = [plan for plan in plans if application.number in covered([plan])]
    if not here:
        return _(
            "Le dichiarazioni di questa proposta non sono ancora nei controlli dell'area: aggiungile nella pagina «Controlli "
            "sulle dichiarazioni»."
        )
    if any(plan.state == CheckPlanState.COMMITTED for plan in here):
        return _("Il campione delle dichiarazioni da controllare non è ancora sorteggiato: prima si sorteggia.")
    waiting = DeclarationCheck.objects.filter(application=application, plan__in=here).unfinished().count()
    if waiting:
        return ngettext(
            "Di questa proposta manca la conferma di %(n)s dichiarazione: concludi il controllo nella pagina «Controlli sulle "
            "dichiarazioni».",
            "Di questa proposta manca la conferma di %(n)s dichiarazioni: concludi i controlli nella pagina «Controlli sulle "
            "dichiarazioni».",
            waiting,
        ) % {"n": waiting}
    return None
