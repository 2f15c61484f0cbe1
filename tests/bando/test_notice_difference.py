"""What changed between two states of a call, in words, and whom it touches."""

from copy import deepcopy
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bando.notice import document, grid
from bando.notice.canonical import to_data
from bando.notice.difference import answered, difference, touched, words
from bando.notice.names import LABELS, WORDS
from bando.notice.parse import NoticeFaults, parse
from bando.notice.shapes import SHAPES
from bando.notice_yaml import read

WEMI = read((Path(__file__).parents[2] / "fixtures" / "notices" / "spazi-wemi-2021.yaml").read_bytes()).data
WEMI |= {"sources": [], "assumptions": [], "economic_frame": None, "replacement": None}
SMALL = read((Path(__file__).parents[1] / "data" / "notices" / "small.yaml").read_bytes()).data
SMALL |= {"sources": [], "assumptions": []}
EVERY = read((Path(__file__).parents[1] / "data" / "notices" / "every.yaml").read_bytes()).data


def item(items, name):
    return next(item for item in items if name in (item.get("code"), item.get("title"), item.get("label")))


def question(data, code):
    return next(q for section in data["sections"] for q in section.get("questions", ()) if q["code"] == code)


def changed(change, original):
    data = deepcopy(original)
    change(data)
    return parse(original), parse(data)


def told(change, original=WEMI):
    return [(c.kind, c.label, c.before, c.after) for c in difference(*changed(change, original))]


def calendar(**values):
    return lambda data: data["calendar"].update(values)


def of_area(code, **values):
    return lambda data: item(data["areas"], code).update(values)


def of_question(code, **values):
    return lambda data: question(data, code).update(values)


def of_grid(place, **values):
    return lambda data: data["grids"][place].update(values)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            calendar(deadline="2021-10-25T12:00:00"),
            ("changed", "Scadenza", "18 ottobre 2021, ore 12:00", "25 ottobre 2021, ore 12:00"),
        ),
        (calendar(opens=None), ("changed", "Apertura", "17 settembre 2021, ore 12:00", "dal giorno della pubblicazione")),
        (
            calendar(questions_until="2021-10-01T12:00:30"),
            ("changed", "Termine per le domande all'ufficio", "13 ottobre 2021, ore 12:00", "1º ottobre 2021, ore 12:00:30"),
        ),
        (calendar(curing_days=15), ("changed", "Giorni per completare la domanda", "10", "15")),
        (of_area("area-1", places=25), ("changed", "Area 1, posti", "20", "25")),
        (of_area("area-1", places=None), ("changed", "Area 1, posti", "20", "senza limite")),
        (of_area("area-1", municipi=[1, 2]), ("changed", "Area 1, Municipi", "1, 2, 3, 4, 5, 6, 7, 8, 9", "1, 2")),
        (of_area("area-1", opens_space=False), ("changed", "Area 1, apre uno Spazio", "sì", "no")),
        (
            of_area("area-2", title="Area 2 - Metodo"),
            (
                "changed",
                "Area 2, titolo",
                "Area 2 - Accompagnamento metodologico della rete degli Spazi WeMi",
                "Area 2 - Metodo",
            ),
        ),
        (
            of_area("area-2", description=""),
            (
                "removed",
                "Area 2, descrizione",
                "Interventi specialistici per accompagnare con un metodo comune la rete degli Spazi WeMi, e per unirla alla "
                "rete dei servizi sociali professionali territoriali e agli altri servizi del Comune che si occupano di welfare.",
                "",
            ),
        ),
        (
            lambda data: data["administration"].update(pec="wemi@pec.example"),
            ("added", "Amministrazione, PEC", "", "wemi@pec.example"),
        ),
        (
            lambda data: data.update(act={"title": "Determina", "number": "12", "date": "2021-09-01"}),
            ("added", "Atto che approva l'avviso", "", "tipo di atto: Determina; numero: 12; data: 1º settembre 2021"),
        ),
        (
            lambda data: data.update(economic_frame={"text": "Fondi comunali.", "total": "650000.00"}),
            ("added", "Quadro economico", "", "testo: Fondi comunali.; importo: 650.000,00 euro"),
        ),
        (
            of_question("titolo", limit=150),
            ("changed", "Domanda «Titolo della proposta», limite di caratteri", "120", "150"),
        ),
        (of_question("titolo", required=False), ("changed", "Domanda «Titolo della proposta», obbligatoria", "sì", "no")),
        (
            of_question("anni-di-attivita", criterion=""),
            ("removed", "Domanda «Da quanti anni l'ente lavora nel welfare?», criterio", "Esperienza in servizi simili", ""),
        ),
        (
            of_question("data-di-iscrizione", when={"question": "registro", "is": ["runts"]}),
            (
                "added",
                "Domanda «Da quando è iscritto?», quando si chiede",
                "",
                "se alla domanda «A quale registro è iscritto l'ente?» si risponde "
                "«RUNTS (Registro unico nazionale del Terzo settore)»",
            ),
        ),
        (
            lambda data: item(data["requirements"], "disponibilita-dello-spazio").update(areas=[]),
            ("changed", "Requisito «Disponibilità dello Spazio», aree", "Area 1", "tutte le aree"),
        ),
        (
            lambda data: item(data["requirements"], "antimafia").update(kind="check"),
            (
                "changed",
                "Requisito «Nessun impedimento antimafia», come si verifica",
                "lo dichiara l'ente",
                "lo verifica l'ufficio",
            ),
        ),
        (of_grid(0, threshold=None), ("changed", "Griglia dell'Area 1, soglia", "60", "nessuna soglia")),
        (
            of_grid(0, comparison="exact"),
            ("changed", "Griglia dell'Area 1, quali totali si confrontano", "i totali pubblicati", "i totali esatti"),
        ),
        (of_grid(0, rescaling=["total"]), ("changed", "Griglia dell'Area 1, riparametrazione", "nessuna", "del totale")),
        (
            lambda data: data["grids"][1]["rounding"].append({"at": "product", "digits": 2, "mode": "half_up"}),
            (
                "added",
                "Griglia dell'Area 2, arrotondamento dei punti di ogni criterio",
                "",
                "cifre dopo la virgola: 2; modo: la metà va verso l'alto",
            ),
        ),
        (
            lambda data: data["grids"][0]["rounding"][0].update(mode="truncate"),
            (
                "changed",
                "Griglia dell'Area 1, arrotondamento dei punti di ogni criterio, modo",
                "la metà va verso l'alto",
                "le cifre in più si tolgono",
            ),
        ),
        (
            lambda data: data["grids"][1]["criteria"][3].update(threshold="10.50"),
            (
                "changed",
                "Griglia dell'Area 2, criterio «Metodo di accompagnamento e formazione», soglia",
                "12,5",
                "10,5",
            ),
        ),
        (
            lambda data: data["grids"][0]["scale"][1].update(coefficient="0.85"),
            ("changed", "Griglia dell'Area 1, giudizio «buono», coefficiente", "0,8", "0,85"),
        ),
        (
            lambda data: data["grids"][0]["tie_chain"].pop(1),
            (
                "removed",
                "Griglia dell'Area 1, regola per le parità, criterio «Qualità dello Spazio proposto»",
                "i punti di un criterio",
                "",
            ),
        ),
        (
            lambda data: data["budgets"][0].update(min_own_share_percent="12.5"),
            ("changed", "Piano economico dell'Area 1, parte minima dell'ente", "20%", "12,5%"),
        ),
        (
            lambda data: data.update(replacement={"mode": "until_agreement"}),
            ("changed", "Scorrimento della graduatoria, regola", "nessuno scorrimento", "fino alla firma della convenzione"),
        ),
        (
            lambda data: data["agreement"].update(duration_months=36),
            ("changed", "Convenzione, durata in mesi", "24", "36"),
        ),
        (
            lambda data: item(data["agreement"]["articles"], "Oggetto").update(title="Che cosa facciamo insieme"),
            ("changed", "Convenzione, articolo «Oggetto», titolo", "Oggetto", "Che cosa facciamo insieme"),
        ),
        (
            lambda data: data["calendar"]["milestones"][0].update(when="entro ottobre 2021"),
            (
                "changed",
                "Tappa «Nomina della commissione», quando",
                "dopo il termine per le domande",
                "entro ottobre 2021",
            ),
        ),
    ],
)
def test_a_change_is_told_in_words(change, sentence):
    assert told(change) == [sentence]


NEW_QUESTION = {"code": "chiavi", "label": "Chi tiene le chiavi?", "type": "short_text", "limit": 80}
NEW_CRITERION = {"code": "cura", "title": "Cura degli spazi", "block": "progetto", "max_points": "2.5"}


@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        (
            lambda data: item(data["sections"], "spazio")["questions"].insert(0, NEW_QUESTION),
            [
                (
                    "added",
                    "Domanda «Chi tiene le chiavi?»",
                    "",
                    "tipo di risposta: testo breve; obbligatoria: sì; limite di caratteri: 80",
                )
            ],
        ),
        (
            lambda data: data["sections"].insert(
                1, {"code": "nuova", "title": "Nuova", "questions": [NEW_QUESTION], "areas": ["area-1"]}
            ),
            [("added", "Sezione «Nuova»", "", "domande: domanda «Chi tiene le chiavi?»; aree: Area 1")],
        ),
        (
            lambda data: item(data["sections"], "proposta")["questions"].pop(1),
            [
                (
                    "removed",
                    "Domanda «La proposta in poche righe»",
                    "tipo di risposta: testo lungo; aiuto: Se la proposta è scelta, questo testo può comparire sul sito del "
                    "Comune.; obbligatoria: sì; limite di caratteri: 800",
                    "",
                )
            ],
        ),
        (
            lambda data: data["sections"].insert(0, data["sections"].pop(4)),
            [("moved", "Sezione «La proposta»", "posizione 5", "posizione 1")],
        ),
        (
            lambda data: data["sections"].append(data["sections"].pop(0)),
            [("moved", "Sezione «L'ente e chi lo rappresenta»", "posizione 1", "posizione 10")],
        ),
        (
            lambda data: (
                item(data["grids"], "area-1-dimostrativa")["criteria"].append(NEW_CRITERION),
                item(data["grids"], "area-1-dimostrativa").update(max_points="102.5"),
                item(data["grids"][0]["blocks"], "progetto").update(max_points="52.5"),
            ),
            [
                ("changed", "Griglia dell'Area 1, punti massimi", "100", "102,5"),
                ("changed", "Griglia dell'Area 1, gruppo «La proposta», punti massimi", "50", "52,5"),
                (
                    "added",
                    "Griglia dell'Area 1, criterio «Cura degli spazi»",
                    "",
                    "gruppo: La proposta; punti massimi: 2,5",
                ),
            ],
        ),
        (
            lambda data: (
                data["areas"].append({"code": "area-3", "title": "Terza", "places": 3, "grid": "area-2-dimostrativa"}),
                item(data["sections"], "piano-economico").update(areas=["area-1", "area-2"]),
            ),
            [
                ("added", "Area «Terza»", "", "titolo: Terza; posti: 3; griglia: Griglia dell'Area 2"),
                ("changed", "Sezione «Piano economico», aree", "tutte le aree", "Area 1, Area 2"),
            ],
        ),
        (
            lambda data: (
                data["attachments"].pop(0),
                data["attachments"].append(
                    {"code": "foto", "title": "Fotografie", "formats": ["jpg"], "max_size": "5 MB", "max_files": 3}
                ),
            ),
            [
                (
                    "removed",
                    "Allegato «Statuto e atto costitutivo»",
                    "formati: PDF, P7M; peso massimo di ogni file: 20 MB; obbligatorio: sì; numero massimo di file: 2",
                    "",
                ),
                (
                    "added",
                    "Allegato «Fotografie»",
                    "",
                    "formati: JPG; peso massimo di ogni file: 5 MB; obbligatorio: sì; numero massimo di file: 3",
                ),
            ],
        ),
        (
            lambda data: (
                data["agreement"]["articles"].insert(0, {"title": "Premesse", "text": "Le premesse valgono."}),
                data["agreement"]["articles"][3].update(text="Il Comune coordina."),
            ),
            [
                ("added", "Convenzione, articolo «Premesse»", "", "Le premesse valgono."),
                (
                    "changed",
                    "Convenzione, articolo «Impegni del Comune», testo",
                    "Il Comune coordina la rete, mette a disposizione il portale WeMi, partecipa ai tavoli e versa il "
                    "contributo nei tempi stabiliti.",
                    "Il Comune coordina.",
                ),
            ],
        ),
        (lambda data: None, []),
    ],
)
def test_one_thing_that_comes_goes_or_moves_is_one_change(change, sentences):
    assert told(change) == sentences


def with_bands(*bands):
    def change(data):
        grid = data["grids"][0]
        grid["criteria"][0].update(type="bands", unit="anni", bands=list(bands))

    return change


def test_a_band_whose_end_changes_is_the_same_band():
    low, high = {"at_most": 3, "points": 10}, {"more_than": 3, "points": 30}
    original = changed(with_bands(low, high), SMALL)[1]
    later = changed(with_bands({"at_most": 5, "points": 10}, {"more_than": 5, "points": 30}), SMALL)[1]
    assert [(c.kind, c.label, c.before, c.after) for c in difference(original, later)] == [
        ("changed", "Griglia, criterio «Ente», fascia «fino a 3», fino a (compreso)", "3", "5"),
        ("changed", "Griglia, criterio «Ente», fascia «oltre 3», oltre", "3", "5"),
    ]


def test_the_path_of_a_change_leads_to_it_in_the_document_where_it_is():
    def change(data):
        data["areas"].insert(0, {"code": "zero", "title": "Zero", "grid": "griglia"})
        data["requirements"].pop(0)
        item(data["sections"], "firme")["areas"] = []
        item(data["sections"], "firme")["title"] = "Firme"
        data["requirements"].insert(0, {"code": "nuovo", "title": "Nuovo", "text": "Nuovo."})
        data["areas"][1]["places"] = 3

    assert [(c.kind, c.path) for c in difference(*changed(change, SMALL))] == [
        ("added", ("areas", 0)),
        ("changed", ("areas", 1, "places")),
        ("removed", ("requirements", 0)),
        ("added", ("requirements", 0)),
        ("changed", ("sections", 3, "title")),
        ("changed", ("sections", 3, "areas")),
    ]


LISTS = [
    ("areas",),
    ("requirements",),
    ("sections",),
    ("sections", 0, "questions"),
    ("sections", 1, "questions"),
    ("sections", 1, "questions", 2, "choices"),
    ("attachments",),
    ("grids", 0, "scale"),
    ("grids", 0, "criteria"),
    ("grids", 0, "rounding"),
    ("grids", 0, "tie_chain"),
    ("budgets", 0, "items"),
    ("calendar", "milestones"),
    ("agreement", "articles"),
    ("legal_basis",),
]
ROUND = {"milestones": [{"title": "Uno", "when": "presto"}, {"title": "Due", "when": "dopo"}, {"title": "Uno", "when": "poi"}]}


@st.composite
def other_documents(draw):
    """A document that an office could make of the small one: things taken away and put elsewhere."""
    data = deepcopy(SMALL)
    data["calendar"] |= deepcopy(ROUND)
    for path in draw(st.lists(st.sampled_from(LISTS), max_size=4)):
        here = data
        for step in path:
            here = (here.get(step) if isinstance(here, dict) else here[step] if step < len(here) else None) or {}
        if here:
            kept = draw(st.permutations(range(len(here))))
            here[:] = [here[index] for index in kept[: draw(st.integers(max(1, len(here) - 1), len(here)))]]
    try:
        return parse(data)
    except NoticeFaults:
        assume(False)


def leads_to(notice, path):
    here = to_data(notice, defaults=True)
    for step in path:
        here = here[step]
    return True


@given(other_documents(), other_documents())
def test_two_documents_differ_exactly_when_there_is_something_to_tell(before, after):
    changes = difference(before, after)
    assert (changes == ()) is (before == after)
    assert all(c.label and leads_to(before if c.kind == "removed" else after, c.path) for c in changes)
    assert len(set(changes)) == len(changes)


def test_the_words_that_changed_stand_beside_those_that_did_not():
    before = "Lo Spazio apre dodici ore alla settimana.\nPoi chiude."
    after = "Lo Spazio apre venti ore alla settimana, tutto l'anno.\nPoi chiude. Davvero."
    assert words(before, after) == [
        ("same", "Lo Spazio apre"),
        ("removed", " dodici"),
        ("added", " venti"),
        ("same", " ore alla"),
        ("removed", " settimana."),
        ("added", " settimana, tutto l'anno."),
        ("same", "\nPoi chiude."),
        ("added", " Davvero."),
    ]


@given(st.text(alphabet="ab \n"), st.text(alphabet="ab \n"))
def test_what_is_the_same_and_what_was_added_are_the_later_text(before, after):
    found = words(before, after)
    later = "".join(text for op, text in found if op != "removed")
    earlier = "".join(text for op, text in found if op != "added")
    assert (later.strip(), earlier.split()) == (after.strip(), before.split())


@pytest.mark.parametrize(
    ("change", "areas"),
    [
        (lambda data: None, set()),
        (calendar(deadline="2021-10-25T12:00:00", questions_until="2021-10-20T12:00:00"), set()),
        (calendar(curing_days=15), set()),
        (lambda data: data.update(summary="Un testo corretto."), set()),
        (lambda data: data["administration"].update(phone="02 0202"), set()),
        (lambda data: data.update(sources=[{"title": "Stampa"}], legal_basis=[{"title": "Art. 55"}]), set()),
        (of_area("area-1", title="Area 1: venti Spazi"), {"area-1"}),
        (of_area("area-1", place_label="luoghi"), set()),
        (lambda data: data.update(conflict_rules="Chi ha rapporti con il Comune lo scrive."), {"area-1", "area-2"}),
        (lambda data: data.update(purpose="Uno scopo scritto meglio."), set()),
        (of_area("area-1", places=25), {"area-1"}),
        (lambda data: data["areas"].reverse(), set()),
        (
            lambda data: data["areas"].append(
                {"code": "altra", "title": "Altra", "grid": "area-2-dimostrativa", "budget": "piano-rete"}
            ),
            set(),
        ),
        (lambda data: item(data["sections"], "spazio")["questions"].append(NEW_QUESTION), {"area-1"}),
        (lambda data: item(data["sections"], "ente")["questions"].append(NEW_QUESTION), {"area-1", "area-2"}),
        (
            lambda data: item(data["sections"], "ente")["questions"].append(NEW_QUESTION | {"areas": ["area-2"]}),
            {"area-2"},
        ),
        (of_question("titolo", limit=100), {"area-1", "area-2"}),
        (of_question("metodo", limit=100), {"area-2"}),
        (lambda data: item(data["requirements"], "disponibilita-dello-spazio").update(text="Altro."), {"area-1"}),
        (lambda data: item(data["requirements"], "disponibilita-dello-spazio").update(areas=[]), {"area-2"}),
        (lambda data: item(data["requirements"], "chi-presenta").update(text="Altro."), {"area-1", "area-2"}),
        (lambda data: item(data["attachments"], "planimetria").update(required=False), {"area-1"}),
        (lambda data: data["budgets"][1].update(max_grant="150000.00"), {"area-2"}),
        (of_grid(0, threshold=50), {"area-1"}),
        (of_grid(0, title="Griglia nuova"), set()),
        (lambda data: data["agreement"]["articles"][0].update(text="Altro."), {"area-1", "area-2"}),
    ],
)
def test_a_change_touches_the_areas_whose_applications_answer_to_it(change, areas):
    assert touched(*changed(change, WEMI)) == areas


def test_a_change_of_a_grid_that_areas_share_touches_them_all():
    assert touched(*changed(of_grid(0, comparison="published"), SMALL)) == {"uno", "due"}


def test_an_area_that_is_no_longer_there_is_touched():
    before = parse(SMALL)
    after = deepcopy(SMALL)
    del after["areas"][1]
    assert (touched(before, parse(after)), touched(parse(after), before)) == ({"due"}, set())


def test_what_an_application_answers_to_is_a_hash_of_its_area_alone():
    before, after = changed(of_area("area-2", places=2), WEMI)
    assert len(answered(before, "area-1")) == 64
    assert answered(before, "area-1") == answered(after, "area-1") != answered(before, "area-2")
    with pytest.raises(KeyError):
        answered(before, "area-9")


def of_participation(**values):
    return lambda data: data["participation"].update(values)


def of_budget(**values):
    return lambda data: data["budgets"][0].update(values)


def without(name):
    return lambda data: data["budgets"][0].pop(name)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            of_participation(groups=["ats"]),
            (
                "changed",
                "Partecipazione, gruppi ammessi",
                "associazione temporanea di scopo (ATS), associazione temporanea di imprese (ATI), consorzio, rete di enti",
                "associazione temporanea di scopo (ATS)",
            ),
        ),
        (of_participation(max_members=8), ("changed", "Partecipazione, numero massimo di enti in un gruppo", "6", "8")),
        (of_participation(once_per_area=True), ("changed", "Partecipazione, una sola volta in ogni area", "no", "sì")),
        (
            lambda data: data["requirements"][1].update(each_member=True),
            ("changed", "Requisito «Onorabilità», nel gruppo lo dichiara ogni ente", "no", "sì"),
        ),
        (
            lambda data: question(data, "delega").update(signed=False),
            ("changed", "Domanda «La delega», con firma digitale", "sì", "no"),
        ),
        (
            lambda data: question(data, "nome").update(profile="pec"),
            ("changed", "Domanda «Come vi chiamate?», dato dell'ente che si propone", "nome", "PEC"),
        ),
        (
            lambda data: data["attachments"][1]["when"].update({"is": ["formed", "to_be_formed"]}),
            (
                "changed",
                "Allegato «Impegno a costituirsi», quando si chiede",
                "se l'ente partecipa in un gruppo da costituire",
                "se l'ente partecipa in un gruppo già costituito oppure in un gruppo da costituire",
            ),
        ),
        (of_budget(by_partner=False), ("changed", "Piano economico, diviso per ente", "sì", "no")),
        (of_budget(years=[2026]), ("changed", "Piano economico, anni", "2026, 2027", "2026")),
        (lambda data: data["budgets"][0]["actions"].pop(), ("removed", "Piano economico, azione «Laboratori»", "", "")),
        (
            lambda data: data["budgets"][0]["items"][1].update(min_own_percent="20"),
            ("changed", "Piano economico, voce «Spese», parte minima dell'ente", "10,5%", "20%"),
        ),
        (
            lambda data: data["budgets"][0]["volunteers"].update(hourly="20.00"),
            ("changed", "Piano economico, ore dei volontari, valore massimo di un'ora", "18,50 euro", "20,00 euro"),
        ),
        (
            without("volunteers"),
            (
                "removed",
                "Piano economico, ore dei volontari",
                "valore massimo di un'ora: 18,50 euro; parte massima di quello che mette l'ente: 30%; "
                "testo: Secondo il contratto collettivo delle cooperative sociali.",
                "",
            ),
        ),
    ],
)
def test_groups_signatures_and_split_budgets_are_told(change, sentence):
    assert told(change, EVERY) == [sentence]


@pytest.mark.parametrize(
    ("change", "areas"),
    [
        (of_participation(groups=["ats"]), {"misura", "voce", "lotti"}),
        (of_participation(max_members=7), {"misura", "voce", "lotti"}),
        (of_participation(once_per_area=True), {"misura", "voce", "lotti"}),
        (of_participation(text="Altro."), {"misura", "voce", "lotti"}),
        (lambda data: data["requirements"][1].update(each_member=True), {"misura", "voce", "lotti"}),
        (lambda data: question(data, "delega").update(signed=False), {"misura", "voce", "lotti"}),
        (of_budget(by_partner=False), {"misura"}),
        (without("volunteers"), {"misura"}),
        # What is only offered changes nothing of what was answered.
        (lambda data: question(data, "nome").update(profile="pec"), set()),
    ],
)
def test_who_takes_part_and_how_a_budget_is_split_is_answered(change, areas):
    assert touched(*changed(change, EVERY)) == areas


def without_lots(data):
    for name in ("lots", "lot_question"):
        item(data["areas"], "lotti").pop(name)
    item(data["areas"], "lotti")["places"] = 3


@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        (
            lambda data: data["formal_check"].update(days=30, clock="suspends"),
            [
                ("changed", "Verifica delle domande, giorni dalla scadenza", "45", "30"),
                ("changed", "Verifica delle domande, che cosa fa il preavviso al termine", "lo fa ricominciare", "lo sospende"),
            ],
        ),
        (
            lambda data: data["publication"].update(observations_days=None, members="labels"),
            [
                (
                    "changed",
                    "Pubblicazione della graduatoria, giorni per le osservazioni",
                    "10",
                    "nessuna graduatoria provvisoria",
                ),
                (
                    "changed",
                    "Pubblicazione della graduatoria, di chi è ogni voto",
                    "con il nome del commissario",
                    "con il ruolo e il numero del commissario",
                ),
            ],
        ),
        (
            lambda data: item(data["areas"], "lotti")["lots"][1].update(places=4),
            [("changed", "Area «A lotti», lotto «Lotto sport», posti", "1", "4")],
        ),
        (
            without_lots,
            [
                ("changed", "Area «A lotti», posti", "lotto per lotto", "3"),
                ("removed", "Area «A lotti», domanda che sceglie il lotto", "«In quale settore?»", ""),
                ("removed", "Area «A lotti», lotto «Lotto sociale»", "2", ""),
                ("removed", "Area «A lotti», lotto «Lotto sport»", "1", ""),
            ],
        ),
        (
            lambda data: data["grids"][2]["criteria"][0]["pairwise"].update(variant="sum", fewest=3),
            [
                (
                    "changed",
                    "Griglia dell'Area «A lotti», criterio «Proposta», confronto a coppie, come diventano coefficienti",
                    "media dei coefficienti di ogni commissario",
                    "somma dei punti di tutti",
                ),
                (
                    "changed",
                    "Griglia dell'Area «A lotti», criterio «Proposta», confronto a coppie, da quante proposte",
                    "4",
                    "3",
                ),
            ],
        ),
        (
            of_grid(0, marking="collegial", rescales_alone=False),
            [
                ("changed", "Griglia dell'Area «A misura», si riparametra anche una proposta sola", "sì", "no"),
                (
                    "changed",
                    "Griglia dell'Area «A misura», chi dà i voti",
                    "ogni commissario da solo",
                    "la commissione insieme",
                ),
            ],
        ),
    ],
)
def test_lots_pairs_the_check_and_the_publication_are_told(change, sentences):
    assert told(change, EVERY) == sentences


@pytest.mark.parametrize(
    ("change", "areas"),
    [
        (lambda data: data["formal_check"].update(days=30), set()),
        (lambda data: data["publication"].update(members="none"), set()),
        (lambda data: item(data["areas"], "lotti")["lots"][1].update(places=4), {"lotti"}),
        (lambda data: data["grids"][2]["criteria"][0]["pairwise"].update(halves=False), {"lotti"}),
    ],
)
def test_a_lot_and_a_comparison_in_pairs_are_answered(change, areas):
    assert touched(*changed(change, EVERY)) == areas


def test_a_call_that_says_nothing_of_groups_has_the_hash_that_it_always_had():
    """So that no application has to be confirmed because the format grew."""
    assert answered(parse(SMALL), "due") == "dea414e7eb87959a8a320b9c40236a1940cc1603f77ea55f7117030dce7482f5"


def test_every_key_and_every_choice_of_the_format_has_words():
    """A key or a choice that is added to the format without them would stop the page of an amendment."""
    for shape in SHAPES:
        assert set(LABELS[shape.title]) == {key.name for key in shape.keys}
    enumerations = {
        thing
        for module in (document, grid)
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, StrEnum) and thing is not StrEnum
    }
    assert {kind: set(WORDS[kind]) for kind in enumerations} == {kind: set(kind) for kind in enumerations}


def test_what_was_removed_is_found_where_the_earlier_document_had_it():
    def change(data):
        data["sections"].insert(0, {"code": "prima", "title": "Prima", "questions": [NEW_QUESTION]})
        data["sections"][1]["questions"].pop(1)

    assert [(c.kind, c.path) for c in difference(*changed(change, SMALL))] == [
        ("added", ("sections", 0)),
        ("removed", ("sections", 0, "questions", 1)),
    ]
