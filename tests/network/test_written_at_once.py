import pytest
from django import forms

from applications.merging import Verdict
from network.written_at_once import BothWrote, CarriesBases, bases_of, judged

SHOWN = {"title": {"title": "Uno"}, "cost": {"price": "free", "note": ""}}
CHANGED = {"title": {"title": "Due"}, "cost": {"price": "free", "note": ""}}


class CostForm(CarriesBases, forms.Form):
    fields_of = {"title": ["title"], "cost": ["price", "note"]}
    title = forms.CharField(label="Nome", required=False)
    price = forms.ChoiceField(label="Costo", choices=[("", "Scegli"), ("free", "Gratuito"), ("paid", "A pagamento")])
    note = forms.BooleanField(label="Con ricevuta", required=False)


def shown(units=SHOWN, **initial):
    form = CostForm(initial=initial)
    form.carry(units)
    return form


def test_what_only_one_of_two_changed_counts():
    mine = {"title": {"title": "Uno"}, "cost": {"price": "paid", "note": "5 €"}}
    assert judged(CHANGED, mine, bases_of(SHOWN)) == {"title": Verdict.THEIRS, "cost": Verdict.MINE}


@pytest.mark.parametrize(("bases", "verdict"), [(bases_of(SHOWN), "both"), ({}, "both"), (bases_of(CHANGED), "mine")])
def test_what_both_changed_is_refused_unless_the_page_showed_it(bases, verdict):
    mine = {"title": {"title": "Tre"}}
    if verdict == "mine":
        assert judged(CHANGED, mine, bases) == {"title": Verdict.MINE}
    else:
        with pytest.raises(BothWrote) as found:
            judged(CHANGED, mine, bases)
        assert found.value.verdicts == {"title": Verdict.BOTH}


def test_a_form_carries_what_it_showed():
    form = shown(title="Uno", price="free")
    data = {name: form[name].initial for name in form.fields}
    sent = CostForm(data)
    sent.carry({})
    for name in ("base-title", "base-cost"):
        sent.fields[name] = form.fields[name]
    assert (sent.is_valid(), sent.bases) == (True, bases_of(SHOWN))


def test_a_page_that_comes_back_shows_what_was_typed_and_says_what_the_other_wrote():
    typed = CostForm({"title": "Tre", "price": "paid", "note": "on"})
    assert typed.is_valid()
    form = shown(title="Due", price="free")
    assert form.offer(typed, {"title": Verdict.THEIRS, "cost": Verdict.BOTH}) == [
        {"label": "Costo", "lines": ["Costo: Gratuito", "Con ricevuta: No"]}
    ]
    assert [form[name].value() for name in ("title", "price", "note")] == ["Due", "paid", True]


@pytest.mark.parametrize(("title", "lines"), [("Due", ["Due"]), ("", [])])
def test_one_field_is_said_without_its_name_and_a_blank_one_not_at_all(title, lines):
    assert shown(title=title).said_in("title") == lines
