"""The command, with a stand-in for the rehearsal itself."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bando.actions import load
from bando.deadlines import rome
from rehearsal.apart import Failed
from rehearsal.management.commands import rehearse as command
from rehearsal.report import Finding, Report
from tests.bando.small import SMALL

pytestmark = pytest.mark.django_db
STEP = {"phase": "check", "done": 1, "total": 4, "thousandths": 500, "seconds_left": 61}


@pytest.fixture
def plays(monkeypatch):
    """``plays(report)``; what was rehearsed is in ``plays.orders``."""
    monkeypatch.setattr(command.signal, "signal", lambda *_: None)

    def set_to(outcome):
        def stand_in(order, *, told, keep):
            set_to.orders.append(order)
            assert told(STEP)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(command, "rehearse", stand_in)

    set_to.orders = []
    return set_to


def run(*arguments, terminal=False):
    out, err = StringIO(), StringIO()
    err.isatty = lambda: terminal
    code = 0
    try:
        call_command("rehearse", *arguments, stdout=out, stderr=err, no_color=True)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue(), err.getvalue()


SOUND = Report("prova", "Avviso di prova", "h", 8, 1, seconds=12, phases={"check": 2_000_000})


def test_a_call_is_named_by_its_slug_or_by_the_path_of_its_document(plays, tmp_path):
    plays(SOUND)
    load(SMALL, at=rome(2021, 8, 1))
    (tmp_path / "a.yaml").write_text(SMALL)
    for name in ("prova", str(tmp_path / "a.yaml")):
        code, out, err = run(name, "--bodies", "8", "--seed", "3")
        assert (code, err) == (0, "Verifica formale: 4\n")
        assert "Prova generale con 8 enti inventati, in 12,0 s.\nNessun guasto: l'avviso è arrivato in fondo.\n" in out
    assert [(order.text, order.bodies, order.seed) for order in plays.orders] == [(SMALL, 8, 3)] * 2


def test_what_broke_makes_the_command_fail_and_is_in_the_file(plays, tmp_path):
    plays(Report("prova", "T", "h", 8, 1, findings=[Finding("broken", "status", {"page": "sheet", "status": "404"})]))
    load(SMALL, at=rome(2021, 8, 1))
    code, out, _err = run("prova", "--report", str(tmp_path / "r.json"))
    assert code == 1
    assert "- La pagina «scheda di valutazione» ha risposto 404 invece di aprirsi." in out
    assert json.loads((tmp_path / "r.json").read_text())["findings"][0]["code"] == "status"


def test_a_terminal_has_a_bar(plays):
    plays(SOUND)
    load(SMALL, at=rome(2021, 8, 1))
    _code, _out, err = run("prova", terminal=True)
    assert err == f"\r{'█' * 15}{'·' * 15}  50%  Verifica formale 1/4, ancora 1:01\x1b[K"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Scrivi il nome di un avviso, o il percorso del suo documento."),
        (["altro"], "Non c'è nessun avviso che si chiama «altro»."),
        (["altro.yaml"], "altro.yaml non c'è: controlla il nome."),
        (["prova", "--bodies", "1"], "Scegli da 2 a 500 enti."),
    ],
)
def test_what_can_t_be_rehearsed_is_told(arguments, sentence):
    with pytest.raises(CommandError) as told:
        run(*arguments)
    assert str(told.value) == sentence


def test_a_rehearsal_that_breaks_off_says_what_it_said_last(plays):
    plays(Failed("boom"))
    load(SMALL, at=rome(2021, 8, 1))
    with pytest.raises(CommandError) as told:
        run("prova")
    assert str(told.value) == "La prova si è interrotta:\nboom"


def test_the_worker_s_call_runs_what_waits(plays, monkeypatch):
    monkeypatch.setattr(command, "run_waiting", lambda: plays.orders.append("waiting"))
    plays(SOUND)
    assert run("--waiting") == (0, "", "")
    assert plays.orders == ["waiting"]
