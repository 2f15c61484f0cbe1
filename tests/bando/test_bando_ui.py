"""Amounts, instants and fields as people read them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from html.parser import HTMLParser

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from bando.deadlines import rome
from bando.templatetags import bando_ui

DEADLINE = rome(2021, 10, 18, 12)


# Numbers


@pytest.mark.parametrize(
    ("cents", "italian", "english"),
    [
        (0, "0,00\u00a0€", "€0.00"),
        (5, "0,05\u00a0€", "€0.05"),
        (125050, "1.250,50\u00a0€", "€1,250.50"),
        (100000000, "1.000.000,00\u00a0€", "€1,000,000.00"),
        (-62500, "-625,00\u00a0€", "-€625.00"),
        (None, "", ""),
    ],
)
def test_cents_read_as_an_amount_in_both_languages(cents, italian, english):
    with translation.override("it"):
        assert bando_ui.euro(cents) == italian
    with translation.override("en"):
        assert bando_ui.euro(cents) == english


@pytest.mark.parametrize("wrong", [1250.5, "1250", True, Decimal("12.50")])
def test_only_integer_cents_are_an_amount(wrong):
    with pytest.raises(TypeError):
        bando_ui.euro(wrong)


@pytest.mark.parametrize(
    ("score", "places", "italian", "english"),
    [
        (Decimal("81.5"), 2, "81,50", "81.50"),
        (Decimal("81.005"), 2, "81,01", "81.01"),
        (Decimal("81.0049"), 2, "81,00", "81.00"),
        (Fraction(200, 3), 2, "66,67", "66.67"),
        (Fraction(-1, 200), 2, "-0,01", "-0.01"),
        (Fraction(12345, 10), 1, "1.234,5", "1,234.5"),
        (12, 2, "12,00", "12.00"),
        (None, 2, "", ""),
    ],
)
def test_scores_are_rounded_half_up_for_reading_only(score, places, italian, english):
    with translation.override("it"):
        assert bando_ui.points(score, places) == italian
    with translation.override("en"):
        assert bando_ui.points(score, places) == english


def test_a_float_is_no_score():
    with pytest.raises(TypeError):
        bando_ui.points(81.5)


@pytest.mark.parametrize(
    ("size", "italian", "english"),
    [
        (0, "0\u00a0byte", "0\u00a0bytes"),
        (1, "1\u00a0byte", "1\u00a0byte"),
        (1023, "1023\u00a0byte", "1023\u00a0bytes"),
        (1024, "1\u00a0kB", "1\u00a0kB"),
        (1258291, "1,2\u00a0MB", "1.2\u00a0MB"),
        (20 * 1024 * 1024, "20\u00a0MB", "20\u00a0MB"),
        (1024 * 1024 - 1, "1\u00a0MB", "1\u00a0MB"),
        (3 * 1024**3 // 2, "1,5\u00a0GB", "1.5\u00a0GB"),
    ],
)
def test_a_limit_of_twenty_megabytes_reads_twenty(size, italian, english):
    with translation.override("it"):
        assert bando_ui.filesize_it(size) == italian
    with translation.override("en"):
        assert bando_ui.filesize_it(size) == english


@pytest.mark.parametrize(
    ("value", "maximum", "width"), [(0, 60, 0), (Decimal("43.1"), 60, 72), (60, 60, 100), (75, 60, 100), (5, 0, 0)]
)
def test_a_bar_never_leaves_its_rail(value, maximum, width):
    assert bando_ui.bar_width(value, maximum) == width


# Time


def test_an_instant_is_written_to_the_second_in_rome():
    at = datetime(2021, 10, 18, 10, 0, 0, tzinfo=UTC)
    with translation.override("it"):
        assert bando_ui.instant(at) == "lunedì 18 ottobre 2021, ore 12:00:00"
    with translation.override("en"):
        assert bando_ui.instant(at) == "Monday 18 October 2021, 12:00:00"


def test_an_appointment_has_no_seconds():
    at = datetime(2021, 10, 18, 10, 0, 0, tzinfo=UTC)
    with translation.override("it"):
        assert bando_ui.to_the_minute(at) == "lunedì 18 ottobre 2021, ore 12:00"
    with translation.override("en"):
        assert bando_ui.to_the_minute(at) == "Monday 18 October 2021, 12:00"
    assert bando_ui.to_the_minute(None) == ""


def test_the_day_of_a_moment_is_the_one_in_rome():
    assert bando_ui.day(datetime(2021, 10, 17, 22, 0, tzinfo=UTC)) == "18 ottobre 2021"
    assert bando_ui.day(datetime(2021, 10, 17, 21, 59, tzinfo=UTC)) == "17 ottobre 2021"


@pytest.mark.parametrize(
    ("at", "italian", "english"),
    [
        (
            DEADLINE - timedelta(microseconds=1),
            "lunedì 18 ottobre 2021, ore 11:59:59,999999\u00a0CEST",
            "Monday 18 October 2021, 11:59:59.999999\u00a0CEST",
        ),
        (
            DEADLINE + timedelta(microseconds=1),
            "lunedì 18 ottobre 2021, ore 12:00:00,000001\u00a0CEST",
            "Monday 18 October 2021, 12:00:00.000001\u00a0CEST",
        ),
        (
            rome(2021, 12, 1, 9),
            "mercoledì 1 dicembre 2021, ore 09:00:00,000000\u00a0CET",
            "Wednesday 1 December 2021, 09:00:00.000000\u00a0CET",
        ),
    ],
)
def test_an_exact_instant_shows_the_microsecond_and_the_zone(at, italian, english):
    with translation.override("it"):
        assert bando_ui.instant_exact(at) == italian
    with translation.override("en"):
        assert bando_ui.instant_exact(at) == english


def test_the_repeated_hour_of_october_is_told_apart_by_its_zone():
    first = datetime(2021, 10, 31, 0, 30, tzinfo=UTC)
    with translation.override("it"):
        assert [bando_ui.instant_exact(at) for at in (first, first + timedelta(hours=1))] == [
            "domenica 31 ottobre 2021, ore 02:30:00,000000\u00a0CEST",
            "domenica 31 ottobre 2021, ore 02:30:00,000000\u00a0CET",
        ]


def test_short_and_machine_forms():
    at = datetime(2021, 10, 18, 10, 0, tzinfo=UTC)
    assert (bando_ui.instant_short(at), bando_ui.iso(at)) == ("18/10/2021, 12:00", "2021-10-18T12:00:00+02:00")


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(TypeError):
        bando_ui.instant(datetime(2021, 10, 18, 12))  # noqa: DTZ001 - the naive one is the point


REMAINING = [
    (timedelta(days=5, hours=3, minutes=59), "mancano 5 giorni e 3 ore"),
    (timedelta(days=1), "manca 1 giorno"),
    (timedelta(days=2, minutes=59), "mancano 2 giorni"),
    (timedelta(days=1, hours=1), "mancano 1 giorno e 1 ora"),
    (timedelta(days=1) - timedelta(microseconds=1), "mancano 23 ore e 59 minuti"),
    (timedelta(hours=1), "manca 1 ora"),
    (timedelta(minutes=59, seconds=59), "mancano 59 minuti"),
    (timedelta(minutes=10, seconds=59), "mancano 10 minuti"),
    (timedelta(minutes=10), "mancano 10 minuti"),
    (timedelta(minutes=9, seconds=59), "mancano 9 minuti e 59 secondi"),
    (timedelta(minutes=1), "manca 1 minuto"),
    (timedelta(seconds=1), "manca 1 secondo"),
    (timedelta(microseconds=1), "manca meno di un secondo"),
    (timedelta(0), "manca meno di un secondo"),
    (timedelta(microseconds=-1), "il termine è passato"),
]


@pytest.mark.parametrize(("left", "words"), REMAINING)
def test_time_left_is_rounded_down_and_the_deadline_itself_is_in_time(left, words):
    with translation.override("it"):
        assert bando_ui.remaining(left) == words


def test_time_left_counts_the_hour_of_the_clock_change():
    deadline, now = rome(2021, 10, 31, 12), rome(2021, 10, 30, 12)
    with translation.override("it"):
        assert bando_ui.remaining(bando_ui.minus(deadline, now)) == "mancano 1 giorno e 1 ora"


def test_a_digest_is_cut_in_eight_groups_that_join_again():
    digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    groups = bando_ui.sha_groups(digest)
    assert (len(groups), groups[0], "".join(groups)) == (8, "9f86d081", digest)


@pytest.mark.parametrize(
    ("number", "shown"),
    [(1, [1, 2, None, 10]), (5, [1, None, 4, 5, 6, None, 10]), (10, [1, None, 9, 10])],
)
def test_pages_show_the_ends_and_the_neighbours(number, shown):
    assert bando_ui.page_numbers(Paginator(range(100), 10).page(number)) == shown


# Fields


class Form(forms.Form):
    title = forms.CharField(
        label="Titolo",
        help_text="Al massimo 20 caratteri",
        error_messages={"required": "Scrivi il titolo."},
        widget=forms.Textarea(attrs={"data-limit": 20, "rows": 2}),
    )
    phone = forms.CharField(label="Telefono", required=False)
    role = forms.ChoiceField(
        label="Come partecipate",
        choices=[("alone", "Da soli"), ("lead", "Come capofila")],
        error_messages={"required": "Scegli come partecipate."},
        widget=forms.RadioSelect,
    )
    area = forms.ChoiceField(label="Area", choices=[("1", "Area 1")])
    statute = forms.FileField(label="Statuto", required=False)
    read = forms.BooleanField(label="Ho letto l'informativa", error_messages={"required": "Leggi l'informativa."})
    news = forms.BooleanField(label="Scrivetemi", required=False)


class Tags(HTMLParser):
    """Every opening tag of a piece of HTML, with its attributes, and the text without tags."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def one(self, **wanted):
        found = [(tag, attrs) for tag, attrs in self.tags if all(attrs.get(key) == value for key, value in wanted.items())]
        assert len(found) == 1, found
        return found[0]


@pytest.fixture
def sent():
    with translation.override("it"):
        yield Form({"title": "", "area": "1"}, {})


def test_a_field_names_its_hint_its_error_and_its_counter_in_this_order(sent):
    html = Tags(sent["title"].as_field_group())
    _tag, control = html.one(id="id_title")
    assert control == {
        "name": "title",
        "rows": "2",
        "data-limit": "20",
        "required": None,
        "id": "id_title",
        "class": "form-control is-invalid",
        "aria-invalid": "true",
        "aria-describedby": "title-h title-e title-c",
    }
    assert [attrs["id"] for _tag, attrs in html.tags if "id" in attrs] == ["title-h", "title-e", "id_title", "title-c"]
    assert " ".join(html.text.split()) == (
        "Titolo Al massimo 20 caratteri Errore: Scrivi il titolo. Puoi scrivere ancora 20 caratteri."
    )


def test_a_field_without_hint_and_error_describes_nothing():
    with translation.override("it"):
        html = Tags(Form()["phone"].as_field_group())
    assert html.one(id="id_phone") == ("input", {"type": "text", "name": "phone", "class": "form-control", "id": "id_phone"})
    assert " ".join(html.text.split()) == "Telefono (facoltativo)"


def test_a_hint_is_text_and_never_markup():
    class Asked(forms.Form):
        age = forms.CharField(label="Età", help_text="Se < 18 scrivi <b>minore</b>.")

    html = Tags(Asked()["age"].as_field_group())
    assert "Se < 18 scrivi <b>minore</b>." in html.text
    assert "b" not in [tag for tag, _attrs in html.tags]


def test_a_group_of_choices_is_a_fieldset_that_carries_the_error(sent):
    html = Tags(sent["role"].as_field_group())
    assert html.one(**{"aria-describedby": "role-e"}) == ("fieldset", {"aria-describedby": "role-e", "class": "is-invalid"})
    labels = [attrs["for"] for tag, attrs in html.tags if tag == "label"]
    controls = [(attrs["type"], attrs["id"]) for tag, attrs in html.tags if tag == "input"]
    assert (labels, controls) == (["id_role_0", "id_role_1"], [("radio", "id_role_0"), ("radio", "id_role_1")])
    assert [tag for tag, _attrs in html.tags if tag == "legend"] == ["legend"]


def test_a_checkbox_comes_before_its_label_and_never_says_that_it_is_optional():
    with translation.override("it"):
        html = Tags(Form()["news"].as_field_group())
    assert [(tag, attrs.get("for")) for tag, attrs in html.tags if tag in {"input", "label"}] == [
        ("input", None),
        ("label", "id_news"),
    ]
    assert html.text.split() == ["Scrivetemi"]


@pytest.mark.parametrize(("name", "tag", "css"), [("area", "select", "form-select"), ("statute", "input", "form-control")])
def test_a_select_and_a_file_are_native_controls(name, tag, css):
    found, attrs = Tags(Form()[name].as_field_group()).one(id=f"id_{name}")
    assert (found, attrs["class"]) == (tag, css)


@pytest.mark.parametrize(
    ("text", "left", "words"),
    [
        ("", 20, "Puoi scrivere ancora 20 caratteri."),
        ("a\r\nb", 17, "Puoi scrivere ancora 17 caratteri."),
        ("👨‍👩‍👧", 15, "Puoi scrivere ancora 15 caratteri."),
        ("perché è così, città", 0, "Puoi scrivere ancora 0 caratteri."),
        ("x" * 19, 1, "Puoi scrivere ancora 1 carattere."),
        ("x" * 21, -1, "Il testo è troppo lungo: togli 1 carattere."),
    ],
)
def test_a_counter_counts_code_points_and_one_for_a_line_break(text, left, words):
    with translation.override("it"):
        count = bando_ui.counter(Form({"title": text})["title"])
    assert (count["left"], count["text"]) == (left, words)


def test_the_summary_leads_to_each_field_in_the_order_of_the_page(sent):
    sent.add_error(None, "La somma non torna.")
    assert bando_ui.form_errors(sent) == [
        {"target": "", "message": "La somma non torna."},
        {"target": "id_title", "message": "Scrivi il titolo."},
        {"target": "id_role_0", "message": "Scegli come partecipate."},
        {"target": "id_read", "message": "Leggi l'informativa."},
    ]
    html = Tags(render_to_string("components/error_summary.html", {"form": sent}))
    assert [attrs["href"] for tag, attrs in html.tags if tag == "a"] == ["#id_title", "#id_role_0", "#id_read"]
    assert "Ci sono 4 cose da correggere" in html.text


@pytest.mark.parametrize("form", [None, Form(), Form({"title": "Casa", "area": "1", "role": "alone", "read": "on"})])
def test_nothing_is_summed_up_when_nothing_is_wrong(form):
    assert bando_ui.form_errors(form) == []
    assert render_to_string("components/error_summary.html", {"form": form}).strip() == ""


def test_the_way_to_a_page_is_links_and_then_its_title():
    template = Template('{% load bando_ui %}{% breadcrumb "Avvisi" "/" "Spazi WeMi" "/spazi/" current="Domanda" %}')
    with translation.override("it"):
        html = Tags(template.render(Context()))
    assert [attrs["href"] for tag, attrs in html.tags if tag == "a"] == ["/", "/spazi/"]
    assert (" ".join(html.text.split()), html.one(**{"aria-current": "page"})[0]) == ("Avvisi/Spazi WeMi/ Domanda", "li")


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("it", "Casa & quartiere", "Casa &amp; quartiere"),
        ("en", "Casa & quartiere", '<span lang="it">Casa &amp; quartiere</span>'),
        ("en", mark_safe("<b>Casa</b>"), '<span lang="it"><b>Casa</b></span>'),
        ("en", "", ""),
    ],
)
def test_what_a_call_says_is_marked_where_the_page_is_not_in_italian(language, text, expected):
    with translation.override(language):
        assert Template("{% load bando_ui %}{{ text|in_italian }}").render(Context({"text": text})) == expected


def test_what_a_call_says_is_marked_inside_a_sentence():
    sentence = (
        "{% load i18n bando_ui %}{% blocktranslate with area=area|in_italian %}Graduatoria: {{ area }}{% endblocktranslate %}"
    )
    with translation.override("en"):
        html = Template(sentence).render(Context({"area": "Cura & casa"}))
    assert html == 'Ranking: <span lang="it">Cura &amp; casa</span>'


def test_a_field_that_comes_from_a_call_is_marked_but_for_words_of_ours():
    class Asked(forms.Form):
        place = forms.CharField(label="Luogo & via", help_text=gettext_lazy("Via e numero civico."))
        name = forms.CharField(label=gettext_lazy("Nome e cognome"))

    Asked.base_fields["place"].from_call = True
    with translation.override("en"):
        place, name = (Tags(Asked()[field].as_field_group()) for field in ("place", "name"))
    assert [attrs.get("lang") for tag, attrs in place.tags if tag in {"label", "span", "p"}] == [None, "it", None]
    assert place.text.split() == ["Luogo", "&", "via", "Street", "and", "number."]
    assert name.text.split() == ["Full", "name"]


def test_an_icon_is_hidden_from_who_listens():
    assert bando_ui.icon("check", "md") == (
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="/static/icons/sprite.svg#check"></use></svg>'
    )
