"""`jiubao eval` from the outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.index.encoder import Encoder
from ui.cli import run as command


@pytest.fixture
def jiubao(monkeypatch, encoder, capsys):
    """Runs one command line with the session's encoder: exit code, standard output and error."""
    monkeypatch.setattr(Encoder, "load", lambda *_, **__: encoder)

    def run(*arguments: object) -> tuple[int, str, str]:
        code = command([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def case(**fields: object) -> str:
    return json.dumps({"id": "c1", "question": "秘鲁的首都在哪里？", "language": "zh",
                       "answerable": False, "why_not": "out_of_scope"} | fields)  # fmt: skip


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_text(case() + "\n" + case(id="c2", question="红桥区提了多少条革新建议？") + "\n")
    return path


def test_a_run_is_reported_copied_and_compared(jiubao, seeds_copy, cases, tmp_path) -> None:
    code, out, err = jiubao("eval", cases, "--home", seeds_copy, "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    assert "kept    unsupported shown, all: 0.000 (gate ≤ 0)  target met" in out
    assert str(tmp_path / "out" / "report.html") in out
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"run.json", "answers.jsonl", "report.html", "report.json", "summary.md"}
    assert len(list((seeds_copy / "evaluations").iterdir())) == 1
    code, out, _ = jiubao("eval", cases, "--home", seeds_copy, "--against", "last", "--json")
    document = json.loads(out)
    assert code == 0
    assert document["against"]["common"] == 2
    assert document["against"]["flips"] == []
    assert {row["id"] for row in document["cases"]} == {"c1", "c2"}
    first = min((seeds_copy / "evaluations").iterdir()).name
    code, out, _ = jiubao("eval", cases, "--home", seeds_copy, "--against", first)
    assert (code, "0 of 2 cases flipped" in out) == (0, True)


def test_a_gate_that_is_crossed_is_exit_1_and_a_document(jiubao, seeds_copy, cases, tmp_path):
    gates = tmp_path / "gates.toml"
    gates.write_text(
        "[[mine]]\nmeasure = 'false answers, out of scope'\ncell = 'all'\nmost = 0.1\n"
    )
    code, out, err = jiubao("eval", cases, "--home", seeds_copy, "--gates", gates, "--json")
    document = json.loads(out)
    assert code == 1
    assert not document["passed"]
    assert "false answers, out of scope" in err
    assert len(err.splitlines()) == 1
    assert Path(document["report"]).is_file()


def test_a_sample_of_the_archive(jiubao, seeds_copy) -> None:
    code, out, _ = jiubao("eval", "--sample", 4, "--home", seeds_copy, "--json")
    document = json.loads(out)
    assert code == 0
    assert document["run"]["cases"] == "sample of 4, seed 0"
    assert [gate["measure"] for gate in document["gates"]] == ["unsupported shown"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--sample", 4, "--from-feedback"), 2, "exclude each other"),
        (("--from-feedback",), 1, "no reader has praised"),
        (("--sample", 0), 2, "sample"),
        (("nowhere.jsonl",), 1, "cannot be read"),
        (("--against", "last"), 2, "no earlier run"),
        (("--against", "nowhere"), 1, "cannot be read"),
        (("--gates", "nowhere.toml"), 1, "cannot be read"),
        (("--model", "nobody"), 1, "not the name of a model"),
    ],
)
def test_what_cannot_be_done_is_one_line(jiubao, seeds_copy, arguments, code, said) -> None:
    found, out, err = jiubao("eval", *arguments, "--home", seeds_copy)
    assert (found, out) == (code, "")
    assert said in err
    assert len(err.splitlines()) == 1
    assert not list(seeds_copy.glob("evaluations/*/report.html"))


@pytest.mark.parametrize(
    ("judge", "code", "said"),
    [("quote", 2, "no language model"), ("nli:/nowhere", 1, "cannot be loaded")],
)
def test_a_judge_that_is_none_is_told_before_the_run(
    jiubao, seeds_copy, cases, judge, code, said
) -> None:
    before = list(seeds_copy.glob("evaluations/*"))
    found, _, err = jiubao("eval", cases, "--judge", judge, "--home", seeds_copy)
    assert found == code
    assert said in err
    assert list(seeds_copy.glob("evaluations/*")) == before
