"""Users, passwords and cookies: what is let in, and how often a wrong one may be tried."""

import json
import string
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import BadQuestion, JiubaoError
from ui import cli
from ui.accounts import WINDOW, Accounts, Attempts, Hashed, make_line
from ui.cookies import KEY_FILE, Signer

PASSWORD = "correct horse 电池"


@pytest.fixture(scope="module")
def line() -> str:
    return make_line("wang", PASSWORD)


def users(folder: Path, text: str, mode: int = 0o600) -> Path:
    file = folder / "users"
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return file


def test_a_line_lets_its_user_in_and_nobody_else(tmp_path, line):
    accounts = Accounts.load(users(tmp_path, f"# ours\n\n{line}\n"))
    assert "wang" in accounts
    assert accounts.check("wang", PASSWORD)
    for name, password in (
        ("wang", PASSWORD + " "),
        ("wang", ""),
        ("wang", PASSWORD * 200),
        ("li", PASSWORD),
        ("", ""),
    ):
        assert not accounts.check(name, password)


def test_a_line_tells_no_password_and_differs_each_time(line):
    assert PASSWORD not in line
    assert line != make_line("wang", PASSWORD)
    assert line.startswith("wang:scrypt$32768$8$1$")


def test_a_hash_is_read_as_it_was_written(line):
    assert str(Hashed.read(line.partition(":")[2])) == line.partition(":")[2]


@pytest.mark.parametrize(
    "bad",
    [
        "wang",
        "wang:plain",
        "wang:{hash}\nwang:{hash}",
        "Wang Li:{hash}",
        "browser-1:{hash}",
        "wang:scrypt$1024$8$1$AAAAAAAAAAAAAAAAAAAAAA==$" + "A" * 43 + "=",
        "wang:scrypt$1073741824$8$1$AAAAAAAAAAAAAAAAAAAAAA==$" + "A" * 43 + "=",
        "wang:scrypt$32768$8$1$AAAA$AAAA",
        "wang:bcrypt$32768$8$1$AAAAAAAAAAAAAAAAAAAAAA==$" + "A" * 43 + "=",
    ],
)
def test_a_line_that_is_none_is_named(tmp_path, line, bad):
    file = users(tmp_path, bad.replace("{hash}", line.partition(":")[2]))
    with pytest.raises(JiubaoError, match=r"users:\d: .*jiubao password NAME"):
        Accounts.load(file)


def test_a_file_that_others_may_read_is_refused_and_so_is_none_and_an_empty_one(tmp_path, line):
    with pytest.raises(JiubaoError, match="chmod 600"):
        Accounts.load(users(tmp_path, line, 0o644))
    with pytest.raises(JiubaoError, match="names no user"):
        Accounts.load(users(tmp_path, "# nobody\n"))
    with pytest.raises(JiubaoError, match="cannot be read"):
        Accounts.load(tmp_path / "nothing")


@pytest.mark.parametrize(("name", "password"), [("a b", PASSWORD), ("", PASSWORD), ("a", "short")])
def test_a_bad_name_or_a_short_password_makes_no_line(name, password):
    with pytest.raises(BadQuestion):
        make_line(name, password)


def test_a_stamp_changes_with_the_password(tmp_path, line):
    before = Accounts.load(users(tmp_path, line)).stamp("wang")
    again = Accounts.load(users(tmp_path, line)).stamp("wang")
    after = Accounts.load(users(tmp_path, make_line("wang", PASSWORD + "!"))).stamp("wang")
    assert before == again != after


def test_five_failures_of_a_name_from_an_address_are_heard_and_then_none_for_a_while():
    now = [0.0]
    attempts = Attempts(lambda: now[0])
    for _ in range(5):
        assert attempts.begin("wang", "10.0.0.1") == 0
        now[0] += 1
    assert attempts.begin("wang", "10.0.0.1") == WINDOW - 5
    assert attempts.begin("wang", "10.0.0.2") == 0  # the user is not locked out elsewhere
    assert attempts.begin("li", "10.0.0.1") == 0
    now[0] = WINDOW
    assert attempts.begin("wang", "10.0.0.1") == 0


def test_many_names_from_one_address_and_one_name_from_many_are_stopped():
    attempts = Attempts(lambda: 0.0)
    for number in range(20):
        assert attempts.begin(f"user{number}", "10.0.0.1") == 0
    assert attempts.begin("someone", "10.0.0.1") == WINDOW
    for number in range(50):
        assert attempts.begin("wang", f"10.1.0.{number}") == 0
    assert attempts.begin("wang", "10.9.9.9") == WINDOW


def test_a_try_that_succeeded_or_was_not_heard_does_not_count():
    attempts = Attempts(lambda: 0.0)
    for _ in range(100):
        assert attempts.begin("wang", "10.0.0.1") == 0
        attempts.succeeded("wang", "10.0.0.1")
    assert attempts._failures == {}
    for _ in range(100):
        attempts.begin("wang", "10.0.0.1")
    assert attempts.begin("li", "10.0.0.1") == 0


def test_tries_made_at_the_same_time_are_counted_each():
    attempts = Attempts(lambda: 0.0)
    with ThreadPoolExecutor(16) as pool:
        waits = list(pool.map(lambda _: attempts.begin("wang", "10.0.0.1"), range(200)))
    assert waits.count(0) == 5


def test_failures_of_long_ago_are_forgotten():
    now = [0.0]
    attempts = Attempts(lambda: now[0])
    for number in range(100):
        attempts.begin(f"user{number}", f"10.0.0.{number}")
    now[0] = WINDOW + 1
    attempts.begin("wang", "10.0.0.1")
    assert len(attempts._failures) == 3


@given(st.text(max_size=60), st.sampled_from(["user", "browser"]))
@settings(deadline=None)
def test_a_cookie_says_what_was_signed_and_for_what(text, purpose):
    signer = Signer(b"k" * 32)
    cookie = signer.sign(purpose, text)
    assert signer.read(purpose, cookie) == text
    assert signer.read(purpose + "s", cookie) is None
    assert Signer(b"l" * 32).read(purpose, cookie) is None
    assert set(cookie) <= set(string.ascii_letters + string.digits + "-_.")


@given(st.data())
def test_a_cookie_with_one_character_changed_says_nothing(data):
    signer = Signer(b"k" * 32)
    cookie = signer.sign("user", "wang")
    at = data.draw(st.integers(0, len(cookie) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda c: c != cookie[at]))
    assert signer.read("user", cookie[:at] + other + cookie[at + 1 :]) is None
    assert signer.read("user", data.draw(st.text(max_size=80))) is None


def test_the_key_is_kept_unread_by_others_and_refused_when_damaged(tmp_path):
    home = tmp_path / "home"
    first, second = Signer.in_folder(home), Signer.in_folder(home)
    assert second.read("user", first.sign("user", "wang")) == "wang"
    assert first.label == second.label != Signer.in_folder(tmp_path / "other").label
    assert (home / KEY_FILE).stat().st_mode & 0o077 == 0
    (home / KEY_FILE).write_bytes(b"short")
    with pytest.raises(JiubaoError, match="damaged"):
        Signer.in_folder(home)


def test_the_command_asks_unseen_and_prints_the_line(tmp_path, monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(typer, "prompt", lambda text, **how: asked.append(how) or PASSWORD)
    assert cli.run(["password", "wang"]) == 0
    assert asked == [{"hide_input": True, "confirmation_prompt": True, "err": True}]
    assert Accounts.load(users(tmp_path, capsys.readouterr().out)).check("wang", PASSWORD)


def test_a_bad_name_is_refused_before_a_password_is_asked_for(capsys):
    assert cli.run(["password", "a b", "--json"]) == 2
    assert "cannot be a user's name" in json.loads(capsys.readouterr().out)["error"]
