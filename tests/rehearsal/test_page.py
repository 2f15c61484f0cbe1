"""Reading a page as whoever fills it."""

from __future__ import annotations

from rehearsal.page import Field, read, shortened

PAGE = """
<h1>La <em>sezione</em></h1>
<div class="bando-summary"><h2>Cose da correggere</h2><ul><li><a href="#id_nome">Scrivi il nome.</a></li></ul></div>
<form method="post" action="/qui/"><input type="hidden" name="csrfmiddlewaretoken" value="t">
<input name="nome" value="Anna &amp; C." aria-invalid="true"><p class="invalid-feedback"><span>Errore: </span>Scrivi il nome.</p>
<textarea name="testo">
Prima riga
seconda</textarea>
<input type="radio" name="forma" value="aps" checked><input type="radio" name="forma" value="odv">
<input type="checkbox" name="funzioni" value="a"><input type="checkbox" name="funzioni" value="b" checked>
<select name="municipio"><option value="">Scegli</option><option value="3" selected>3</option></select>
<select name="ruolo"><option value="x">X</option><option value="y">Y</option></select>
<input type="file" name="file"><input name="fermo" value="no" disabled>
<button name="then" value="next">Salva</button><button>Senza nome</button></form>
<div class="alert alert-danger"><div class="alert-body"><p>Il termine è scaduto.</p></div></div>
<div class="alert alert-success"><div class="alert-body"><p>Fatto.</p></div></div>
"""


def test_a_form_goes_back_as_it_was():
    (form,) = read(PAGE).forms
    assert (form.action, form.method, form.buttons) == ("/qui/", "post", [("then", "next")])
    assert form.data() == {
        "csrfmiddlewaretoken": ["t"],
        "nome": ["Anna & C."],
        "testo": ["Prima riga\nseconda"],
        "forma": ["aps"],
        "funzioni": ["b"],
        "municipio": ["3"],
        "ruolo": ["x"],
    }


def test_what_may_be_chosen_is_in_the_order_of_the_page():
    (form,) = read(PAGE).forms
    assert form.fields["forma"] == Field("forma", "radio", ["aps"], ["aps", "odv"])
    assert form.fields["municipio"].options == ["", "3"]
    assert form.fields["file"].kind == "file"


def test_a_page_refuses_with_its_sentences_and_marks_what_is_wrong():
    page = read(PAGE)
    assert page.title == "La sezione"
    assert page.errors == ["Scrivi il nome.", "Errore: Scrivi il nome.", "Il termine è scaduto."]
    assert page.wrong == {"nome"}


def test_a_form_is_found_by_its_field_or_its_button():
    page = read(PAGE)
    assert page.form_with("testo") is page.form_with("then") is page.forms[0]
    assert page.form_with("altro") is None


def test_a_long_text_is_told_in_one_line():
    assert shortened("a  b\nc", 4) == "a b…"
