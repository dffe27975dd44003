from dataclasses import replace

from ui_values import CITATION, MASTHEAD, QUOTE, answer

from rag.types import IngestReport, Progress, ReadFailure
from ui import terminal

HOSTILE = "\x1b]0;owned\x07 \u202egnorw [red]markup[/red] :smile:"


def test_articles_drive_no_terminal_and_no_markup(capsys):
    citation = replace(
        CITATION,
        masthead=replace(MASTHEAD, title={"en": HOSTILE}, source=HOSTILE),
        quote=replace(QUOTE, text=HOSTILE),
    )
    terminal.show_answer(answer(text=HOSTILE, citations=(citation,)), "人民日报")
    out = capsys.readouterr().out
    assert not {"\x1b", "\x07", "\u202e"} & set(out)
    assert "[red]markup[/red] :smile:" in out


def test_long_quotes_are_not_broken(capsys):
    long = "很长的句子，" * 60
    terminal.show_answer(
        answer(citations=(replace(CITATION, quote=replace(QUOTE, text=long)),)), "人民日报"
    )
    assert f"“{long}”" in capsys.readouterr().out


def test_an_incomplete_answer_says_so(capsys):
    terminal.show_answer(answer(state="degraded"), "人民日报")
    assert "The model could not answer" in capsys.readouterr().out


def test_what_a_model_made_of_the_question_is_said(capsys):
    given = answer()
    put = replace(given, question=replace(given.question, across="红桥造了多少？\x1b[2J"))
    terminal.show_answer(put, "人民日报")
    said = capsys.readouterr().err
    assert "also looked for as “红桥造了多少？" in said
    assert "\x1b" not in said


def test_many_failures_are_counted_not_listed(capsys):
    failed = tuple(ReadFailure(f"{n}.txt", "no date") for n in range(25))
    terminal.show_report(IngestReport(1, 0, 0, 0, failed, 1, 1, 1.0))
    err = capsys.readouterr().err
    assert err.count("no date") == 20
    assert "and 5 more" in err


def test_progress_says_rate_and_time_left():
    step = Progress("reading", 50, 200, 1000, 20.0)
    assert terminal.figures(step) == "50/200 files · 50.0 passages/s · 0:01:00 left"
    assert terminal.figures(Progress("indexing", 5, 10, 0, 0.0)).startswith("5/10 passages")


def test_without_a_terminal_progress_is_a_line_every_ten_seconds(capsys, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(terminal.time, "monotonic", lambda: now[0])
    with terminal.progress() as show:
        for second in range(31):
            now[0] = float(second)
            show(Progress("reading", second, 31, second, float(second)))
    assert len(capsys.readouterr().err.splitlines()) == 3
