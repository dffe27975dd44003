"""The command line: its contracts, its exit codes, and that it never shows a traceback."""

import contextlib
import io
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from rag.answer.export import export
from rag.archive import Archive
from rag.errors import JiubaoError
from rag.index.ledger import FILE
from ui import cli

ZH = "天津红桥区四天里提出了多少件技术革新建议？"
EN = "Who is Liao Shigang?"
PROGRAM = [sys.executable, "-c", "from ui.cli import main; main()"]


@pytest.fixture
def jiubao(capsys):
    """Runs a command line in this process: exit code, standard output, standard error."""

    def run(*arguments):
        code = cli.run([str(each) for each in arguments])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return code, captured.out, captured.err

    return run


def test_help_answers_without_loading_the_big_libraries():
    code = (
        "import sys; from ui.cli import run; run(['--help']); "
        "print([m for m in ('torch', 'chromadb', 'gradio', 'transformers') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip().endswith("[]"), result.stdout[-200:]


def test_every_command_of_the_contract_has_help(jiubao):
    _, listed, _ = jiubao()
    for command in (
        "ingest search ask chat eval status verify rebuild remove export".split()  # noqa: SIM905
    ):
        assert f"\n  {command} " in listed
        code, text, _ = jiubao(command, "--help")
        assert code == 0
        assert "--home" in text
        assert "--json" in text
        assert "Example: jiubao" in text


def test_search_finds_the_article(jiubao, seeds_home):
    code, out, _ = jiubao("search", ZH, "--home", seeds_home, "--k", 3)
    assert code == 0
    assert out.startswith("1. 人民日报 · 1959-11-24 · 第2版 · 上下齐动手")


def test_search_json_is_one_document(jiubao, seeds_home):
    code, out, _ = jiubao("--home", seeds_home, "--json", "search", EN, "--k", 2)
    document = json.loads(out)
    assert code == 0
    assert [hit["rank"] for hit in document["hits"]] == [1, 2]
    assert document["hits"][0]["date"] == "1959-06-05"


def test_a_filter_that_matches_nothing_finds_nothing(jiubao, seeds_home):
    code, out, _ = jiubao("search", EN, "--to", "1952", "--json", "--home", seeds_home)
    assert code == 0
    assert json.loads(out)["hits"] == []


def test_filters_reach_the_archive(jiubao, seeds_home):
    given = ["--from", "1957", "--to", "1957-01", "--page", 2, "--lang", "en"]
    _, out, _ = jiubao("search", EN, *given, "--json", "--home", seeds_home)
    hits = json.loads(out)["hits"]
    assert hits
    assert {(hit["date"], hit["page"], hit["language"]) for hit in hits} == {
        ("1957-01-30", 2, "en")
    }


@pytest.mark.parametrize(
    ("question", "roles", "author"),
    [
        (ZH, ("原文", "译文"), "\n    作者: 舒倜 · Shu Ti\n"),
        (EN, ("Translation", "Original"), "    File: 001"),  # whose author is not known
    ],
)
def test_ask_shows_the_quote_and_its_counterpart(jiubao, seeds_home, question, roles, author):
    code, out, _ = jiubao("ask", question, "--home", seeds_home)
    assert code == 0
    assert "\n[1] 人民日报 · 1959-" in out
    for role in roles:
        assert f"    {role}  “" in out
    assert author in out
    assert "Author" not in out


def test_the_quotes_of_ask_json_stand_at_their_offsets(jiubao, seeds_home):
    _, out, _ = jiubao("ask", ZH, "--json", "--home", seeds_home)
    document = json.loads(out)
    assert document["state"] == "complete"
    assert "二十多万件" in document["answer"]
    assert document["model"] == "quote"
    with Archive.open(seeds_home) as archive:
        for citation in document["citations"]:
            article = archive.article(citation["article_id"])
            for quote in (citation["quote"], citation["counterpart"]):
                body = article.text(quote["language"]).body
                assert body[quote["start"] : quote["end"]] == quote["text"]


@pytest.mark.parametrize("form", ["markdown", "bibtex", "gbt7714", "chicago"])
def test_ask_exports_what_the_answer_holds(jiubao, seeds_home, archive, form):
    code, out, _ = jiubao("ask", ZH, "--export", form, "--home", seeds_home)
    answer = archive.ask(ZH)
    assert code == 0
    assert out == export(answer, form, "人民日报")
    assert "1959-11-24" in out or "November 24, 1959" in out or "month = {11}" in out
    for citation in answer.citations:
        assert citation.quote.text in out


def test_ask_says_when_the_archive_does_not(jiubao, seeds_home):
    question = "What did Mao say at Lushan in 1959?"
    code, out, _ = jiubao("ask", question, "--json", "--home", seeds_home)
    assert code == 0
    assert json.loads(out)["state"] == "refused"
    _, words, _ = jiubao("ask", question, "--home", seeds_home)
    assert "archive does not say" in words


def test_status_and_verify(jiubao, seeds_home):
    code, out, _ = jiubao("status", "--json", "--home", seeds_home)
    assert (code, json.loads(out)["articles"]) == (0, 5)
    assert (
        "5 articles, 1953 to 1959, Chinese with English"
        in jiubao("status", "--home", seeds_home)[1]
    )
    code, out, _ = jiubao("verify", "--json", "--home", seeds_home)
    assert (code, json.loads(out)) == (0, {"whole": True, "problems": []})


def test_export_writes_one_article_a_line(jiubao, seeds_home, tmp_path):
    _, out, _ = jiubao("export", "--home", seeds_home)
    assert len([json.loads(line) for line in out.splitlines()]) == 5
    file = tmp_path / "articles.jsonl"
    code, told, _ = jiubao("export", file, "--json", "--home", seeds_home)
    assert (code, json.loads(told)) == (0, {"path": str(file), "articles": 5})
    assert file.read_text(encoding="utf-8") == out


def test_ingest_and_remove(jiubao, tmp_path, seeds_home):
    home, seeds = tmp_path / "home", Path(__file__).parents[2] / "seeds"
    article = next(seeds.glob("003*"))
    (tmp_path / "bad\x1b[31m.txt").write_text("no article", encoding="utf-8")
    code, out, err = jiubao(
        "ingest", article, tmp_path / "bad\x1b[31m.txt", "--home", home, "--json"
    )
    document = json.loads(out)
    assert code == 0
    assert (document["added"], document["articles"], len(document["failed"])) == (1, 1, 1)
    assert "bad" in err
    assert "\x1b" not in err
    code, out, _ = jiubao("remove", article.name, "--home", home, "--json")
    assert (code, json.loads(out)) == (0, {"removed": 1})
    code, _, err = jiubao("remove", "nothing.txt", "--home", home)
    assert code == 1
    assert "nothing.txt" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", EN, "--k", "0"],
        ["search", EN, "--from", "1959-13"],
        ["search", EN, "--from", "1960", "--to", "1959"],
        ["search", EN, "--page", "0"],
        ["search", EN, "--lang", "fr"],
        ["search", "  "],
        ["search"],
        ["ask", EN, "--author", ""],
        ["ask", EN, "--export", "bibtex"],
        ["ask", EN, "--export", "word"],
        ["ask", EN, "--unknown"],
        ["export"],
        ["chat", "--port", "0"],
        ["nonsense"],
    ],
)
def test_misuse_is_one_line_and_exit_2(jiubao, seeds_home, arguments):
    code, out, err = jiubao(*arguments, "--json", "--home", seeds_home)
    assert code == 2
    assert len(err.strip().splitlines()) == 1
    document = json.loads(out)
    assert set(document) == {"error", "remedy"}
    assert document["error"] in err


def test_failure_is_one_line_with_what_to_do_and_exit_1(jiubao, tmp_path):
    code, out, err = jiubao("ask", EN, "--json", "--home", tmp_path)
    assert code == 1
    assert set(json.loads(out)) == {"error", "remedy"}
    assert "jiubao ingest" in err
    code, out, err = jiubao("eval")
    assert (code, out) == (1, "")
    assert len(err.splitlines()) == 1


def test_the_page_is_refused_to_other_machines(jiubao, seeds_home):
    code, _, err = jiubao("chat", "--host", "0.0.0.0", "--home", seeds_home)
    assert code == 1
    assert "authentication" in err


def test_an_archive_that_is_not_whole_exits_1_with_the_problems(jiubao, seeds_home, monkeypatch):
    monkeypatch.setattr(Archive, "verify", lambda self: ["index: damaged"])
    code, out, err = jiubao("verify", "--json", "--home", seeds_home)
    assert code == 1
    assert json.loads(out)["problems"] == ["index: damaged"]
    assert "jiubao rebuild" in err


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (RuntimeError("broken\nin two"), 1, "unexpected RuntimeError: broken in two"),
        (KeyboardInterrupt(), 130, "run the same command again"),
        (JiubaoError("no \x1b[31m", "mend it"), 1, "no ␛[31m; mend it"),
        (PermissionError(13, "Permission denied", "/x"), 1, "Permission denied: /x"),
    ],
)
def test_whatever_goes_wrong_ends_in_words(jiubao, tmp_path, monkeypatch, error, code, words):
    def fail(*_):
        raise error

    monkeypatch.setattr(Archive, "status", fail)
    told, _, err = jiubao("status", "--home", tmp_path)
    assert told == code
    assert words in err


def test_a_hidden_option_shows_the_traceback(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(Archive, "status", lambda self: 1 / 0)
    assert cli.run(["--traceback", "status", "--home", str(tmp_path)]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_json_keeps_what_libraries_print_off_standard_output(jiubao, tmp_path, monkeypatch):
    whole = Archive.status

    def noisy(self):
        sys.stdout.write("downloading")
        return whole(self)

    monkeypatch.setattr(Archive, "status", noisy)
    _, out, err = jiubao("status", "--json", "--home", tmp_path)
    assert json.loads(out)["articles"] == 0
    assert "downloading" in err


def test_a_pipe_closed_early_is_silent(seeds_home):
    process = subprocess.Popen(
        [*PROGRAM, "export", "--home", str(seeds_home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()
    error = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 141
    assert error == b""


def test_a_terminal_without_chinese_gets_codes_not_an_exception(seeds_home):
    result = subprocess.run(
        [*PROGRAM, "status", "--home", str(seeds_home)],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert result.returncode == 0, result.stderr


def test_documents_and_exports_are_utf_8_whatever_a_terminal_shows(seeds_home):
    def printed(*arguments):
        result = subprocess.run(
            [*PROGRAM, *arguments, "--home", str(seeds_home)],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONIOENCODING": "gbk"},
        )
        return result.stdout.decode("utf-8")

    assert json.loads(printed("search", ZH, "--json"))["question"] == ZH
    lines = [json.loads(line) for line in printed("export").splitlines()]
    with Archive.open(seeds_home) as archive:
        for line in lines:
            name = line["masthead"]["article_id"]
            assert line["masthead"]["title"] == dict(archive.article(name).masthead.title)


def test_a_program_that_takes_text_gets_the_document_as_text(seeds_home):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert cli.run(["status", "--json", "--home", str(seeds_home)]) == 0
        assert cli.run(["export", "--home", str(seeds_home)]) == 0
    document, end = json.JSONDecoder().raw_decode(out.getvalue())
    assert document["articles"] == len(out.getvalue()[end:].strip().splitlines()) == 5


def test_what_can_be_read_of_a_broken_ledger_is_exported_and_the_rest_counted(jiubao, seeds_copy):
    with sqlite3.connect(seeds_copy / FILE) as ledger:
        (broken,) = ledger.execute("SELECT min(article_id) FROM articles").fetchone()
        ledger.execute("UPDATE articles SET authors = 'no' WHERE article_id = ?", (broken,))
    ledger.close()
    code, out, err = jiubao("export", "--home", seeds_copy)
    assert code == 1
    assert len([json.loads(line) for line in out.splitlines()]) == 4
    assert f"such as {broken}; the other 4 were written to standard output;" in err
    assert "/articles.jsonl" not in err
    file = seeds_copy / "out.jsonl"
    code, told, err = jiubao("export", file, "--json", "--home", seeds_copy)
    assert code == 1
    assert f"the other 4 were written to {file};" in err
    assert file.read_text("utf-8") == out
    document = json.loads(told)
    assert (document["path"], document["articles"]) == (str(file), 4)
    assert "such as" in document["error"]


def test_a_file_that_is_not_there_is_named(jiubao, tmp_path):
    name = "2023-06-01_北京发布高温预警信号_a1b2c3d4e5.md"
    code, out, err = jiubao("ingest", name, "--home", tmp_path, "--json")
    assert code == 1
    assert name in json.loads(out)["error"]
    assert name in err


def test_what_nobody_foresaw_may_be_a_provider_s_message(capsys, tmp_path, monkeypatch):
    key = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"

    def fail(*_):
        raise RuntimeError(f"refused: {key}")

    monkeypatch.setattr(Archive, "status", fail)
    for options in ([], ["--json"], ["--traceback"]):
        assert cli.run([*options, "status", "--home", str(tmp_path)]) == 1
        said = capsys.readouterr()
        assert "refused" in said.err
        assert key not in said.out + said.err


def test_an_unknown_model_is_one_line_and_exit_1(jiubao, seeds_home):
    code, out, err = jiubao("ask", EN, "--model", "gpt", "--json", "--home", seeds_home)
    assert code == 1
    assert len(err.strip().splitlines()) == 1
    assert set(json.loads(out)) == {"error", "remedy"}
