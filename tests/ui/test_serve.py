"""The server: who comes in, what goes out, and whose conversations are whose."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest
from served_page import EN, PASSWORDS, browser, client, page_of, users

from rag.errors import BadQuestion, JiubaoError
from ui import cli
from ui.serve import Serving, check_host, listening, own_names, served

JOIN = "gradio_api/queue/join"


@pytest.fixture(scope="module")
def address(seeds_home, tmp_path_factory, encoder):
    with page_of(seeds_home, tmp_path_factory.mktemp("open"), encoder) as opened:
        yield opened


@pytest.fixture(scope="module")
def guarded(seeds_home, tmp_path_factory, encoder):
    folder = tmp_path_factory.mktemp("guarded")
    with page_of(seeds_home, folder, encoder, auth=users(folder), mcp=True) as opened:
        yield opened


@contextmanager
def signed_in(address: str, name: str):
    with client(address) as session:
        told = session.post("login", data={"username": name, "password": PASSWORDS[name]})
        assert (told.status_code, told.json()) == (200, {"success": True})
        yield session


def cookie_of(response) -> str:
    (found,) = response.headers.get_list("set-cookie")
    return found


# -- what goes out


def test_the_page_lets_no_script_in_but_its_own_and_nothing_off_its_origin(address):
    with client(address) as session:
        first, second = session.get(""), session.get("")
    policy = first.headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert "'unsafe-inline'" not in rules["script-src"]
    (nonce,) = re.findall(r"'nonce-([\w-]{22})'", rules["script-src"])
    assert first.text.count("<script") == first.text.count(f'<script nonce="{nonce}"') > 3
    assert nonce not in second.text
    assert rules["frame-ancestors"] == "'none'"
    assert not re.search(r"\*|https?:|blob:", policy)
    assert [name for name, rule in rules.items() if "data:" in rule] == ["img-src"]


@pytest.mark.parametrize("path", ["", "config", "theme.css", "nothing", "gradio_api/info"])
def test_every_answer_tells_a_browser_to_keep_to_itself(address, path):
    with client(address) as session:
        headers = session.get(path).headers
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers


def test_analytics_and_sharing_are_off(address):
    with client(address) as session:
        config = session.get("config").json()
    assert config["analytics_enabled"] is False
    assert not config.get("is_space")
    assert not config.get("mcp_server")
    assert not config.get("run_history")


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "127.0.0.1.evil.example"},
        {"host": ""},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
        {"sec-fetch-site": "same-site", "sec-fetch-mode": "cors"},
    ],
)
def test_other_names_and_other_sites_are_refused(address, headers):
    with client(address) as session:
        assert session.get("config", headers=headers).status_code in (400, 403)
        posted = session.post(JOIN, headers=headers, json={"session_hash": "a"})
        assert posted.status_code in (400, 403)


def test_nobody_is_led_elsewhere_by_a_forwarded_host(address):
    with client(address) as session:
        text = session.get("", headers={"x-forwarded-host": "evil.example"}).text
    assert "evil.example" not in text


def test_the_cookie_is_unread_by_scripts_and_unsent_by_other_sites(address):
    with client(address) as session:
        told = cookie_of(session.get(""))
        assert "set-cookie" not in session.get("").headers
        later = session.get("", headers={"cookie": "jiubao=forged", "x": "y"})
    assert re.match(r"jiubao-[0-9a-f]{8}=", told)
    for part in ("HttpOnly", "SameSite=strict", "Path=/"):
        assert part in told
    assert "set-cookie" in later.headers
    with client(address) as session:
        secure = session.get("", headers={"x-forwarded-proto": "https"})
    assert "Secure" in cookie_of(secure)


# -- how much comes in


def test_a_request_that_is_too_large_is_refused_however_it_comes(address):
    with client(address) as session:
        body = b'{"session_hash": "' + b"a" * 2**20 + b'"}'
        assert session.post(JOIN, content=body).status_code == 413
        pieces = (body[at : at + 65_536] for at in range(0, len(body), 65_536))
        assert session.post(JOIN, content=pieces).status_code == 413
        assert session.get(f"config?x={'a' * 5_000}").status_code == 400
        assert session.get("config").status_code == 200


def test_the_queue_is_bounded(address):
    from ui.page import AT_ONCE, WAITING

    assert 1 <= AT_ONCE <= 16
    assert 1 <= WAITING <= 256


# -- whose it is


def test_a_session_of_the_page_is_its_first_owner_s_alone(address):
    with client(address) as mine, client(address) as yours:
        mine.get("")
        yours.get("")
        body = {"data": [], "fn_index": 0, "session_hash": "mine0123456"}
        assert mine.post(JOIN, json=body).status_code != 403
        assert yours.post(JOIN, json=body).status_code == 403
        assert yours.get("gradio_api/heartbeat/mine0123456").status_code == 403
        told = yours.get("gradio_api/queue/data", params={"session_hash": "mine0123456"})
        assert told.status_code == 403
        cancel = {"session_hash": "mine0123456", "fn_index": 0, "event_id": "x"}
        assert yours.post("gradio_api/cancel", json=cancel).status_code == 403
        with client(address) as nobody:
            assert nobody.post(JOIN, json=body).status_code == 403


def test_two_browsers_never_see_each_other_s_conversations(address):
    with browser() as opened:
        pages = [opened.new_context().new_page() for _ in range(2)]
        questions = (EN, "Why were copper basins donated?")
        faults = []
        for page, question in zip(pages, questions, strict=True):
            page.on("console", lambda said: faults.append(said.text) if said.type == "error" else 0)
            page.goto(address)
            page.fill("#jb-box textarea", question)
            page.keyboard.press("Enter")
            page.wait_for_selector("#jb-cards .jb-card")
            page.wait_for_function("sessionStorage.getItem('jb-talk')")
        for page, own, other in zip(pages, questions, reversed(questions), strict=True):
            page.reload()
            page.wait_for_selector("#jb-cards .jb-card")
            assert own in page.inner_text("#jb-log")
            assert own in page.text_content("#jb-talks")
            assert other not in page.text_content("#jb-talks")
            assert other not in page.inner_text("#jb-log")
        talks = [page.evaluate("sessionStorage.getItem('jb-talk')") for page in pages]
        assert talks[0]
        assert talks[0] != talks[1]
        pages[1].evaluate(f"sessionStorage.setItem('jb-talk', {json.dumps(talks[0])})")
        pages[1].reload()
        pages[1].wait_for_selector("#jb-box textarea")
        pages[1].wait_for_timeout(1_000)
        assert pages[1].locator("#jb-log .jb-turn").count() == 0
        export = f"{address}export/{talks[0]}/markdown"
        taken = pages[0].request.get(export)
        assert (taken.status, "attachment" in taken.headers["content-disposition"]) == (200, True)
        assert "Liao Shigang" in taken.text()
        assert pages[1].request.get(export).status == 404
        assert pages[0].request.get(export.replace("markdown", "html")).status == 404
        assert [each for each in faults if "Content Security Policy" in each] == []


def test_a_link_from_another_site_opens_the_page_with_one_s_own_conversations(address):
    """Strict cookies are not sent with it; the page asks again as itself."""
    with browser() as opened:
        page = opened.new_context().new_page()
        page.goto(address)
        page.wait_for_selector("#jb-box textarea")
        before = page.context.cookies()
        elsewhere = address.replace("127.0.0.1", "localhost")
        page.goto(f"{elsewhere}robots.txt")
        page.evaluate(f"() => {{ location.href = {json.dumps(address + '?article=x')} }}")
        page.wait_for_selector("#jb-box textarea")
        assert page.url.endswith("?article=x")
        cookies = [each for each in page.context.cookies() if each["domain"] == "127.0.0.1"]
        assert cookies == before


# -- signing in


def test_nothing_is_shown_before_signing_in(guarded):
    with client(guarded) as session:
        turned = session.get("")
        assert (turned.status_code, turned.headers["location"]) == (303, "/login")
        form = session.get("login")
        assert 'name="password"' in form.text
        assert "script" not in form.text
        for path in ("config", "gradio_api/info", "assets/x.js", "export/a/json", "mcp"):
            assert session.get(path).status_code == 401
        assert session.post(JOIN, json={"session_hash": "a"}).status_code == 401
        assert session.get("config", headers={"cookie": "a=b"}).status_code == 401


def test_a_user_signs_in_by_the_form_and_out_again(guarded):
    with client(guarded) as session:
        told = session.post(
            "login",
            data={"username": "wang", "password": PASSWORDS["wang"]},
            headers={"accept": "text/html"},
        )
        assert (told.status_code, told.headers["location"]) == (303, "/")
        for part in ("HttpOnly", "SameSite=strict"):
            assert part in cookie_of(told)
        assert session.get("").status_code == 200
        stolen = dict(session.cookies)
        assert session.post("logout").status_code == 303
        assert session.get("").status_code == 303
        session.cookies.update(stolen)
        assert session.get("").status_code == 303


def test_who_comes_by_a_link_to_an_article_is_led_there_by_signing_in(guarded):
    link = "?article=1959-06-05.p2.0123456789&from=1&to=9&in=en"
    elsewhere = "&next=https://evil.example"
    form = {"username": "li", "password": PASSWORDS["li"]}
    with client(guarded, headers={"accept": "text/html"}) as session:
        turned = session.get(f"{link}{elsewhere}")
        assert (turned.status_code, turned.headers["location"]) == (303, f"/login{link}")
        action = 'action="/login{}"'.format(link.replace("&", "&amp;"))
        assert action in session.get(f"login{link}{elsewhere}").text
        wrong = session.post(f"login{link}", data=form | {"password": "wrong"})
        assert (wrong.status_code, action in wrong.text) == (401, True)
        told = session.post(f"login{link}{elsewhere}", data=form)
        assert (told.status_code, told.headers["location"]) == (303, f"/{link}")


@pytest.mark.parametrize(
    ("query", "carried"),
    [
        ("?next=//evil.example", ""),
        ("?article=", ""),
        ("?article=x&from=9&to=1&in=fr", "?article=x"),
        ("?article=//evil.example", "?article=%2F%2Fevil.example"),
        ('?article="><b>%0d%0a', "?article=%22%3E%3Cb%3E"),
    ],
)
def test_nothing_but_a_place_in_an_article_is_carried_past_the_door(guarded, query, carried):
    with client(guarded) as session:
        assert session.get(query).headers["location"] == f"/login{carried}"
        assert f'action="/login{carried}"' in session.get(f"login{query}").text


def test_a_changed_cookie_signs_nobody_in(guarded):
    with signed_in(guarded, "wang") as session:
        ((name, value),) = session.cookies.items()
    for other in (value[:-1], "x" + value, value.partition(".")[0], "", "." + value):
        with client(guarded, cookies={name: other}) as session:
            assert session.get("config").status_code == 401


def test_a_wrong_password_is_told_and_too_many_are_not_heard(guarded):
    with client(guarded) as session:
        for name, password in (("wang", "wrong"), ("nobody", "wrong"), ("", "")):
            told = session.post("login", data={"username": name, "password": password})
            assert told.status_code == 401
        for _ in range(5):
            session.post("login", data={"username": "mallory", "password": "guess"})
        told = session.post(
            "login", data={"username": "mallory", "password": "guess"},
            headers={"accept": "text/html"},
        )  # fmt: skip
        assert told.status_code == 429
        assert int(told.headers["retry-after"]) > 60
        assert "Too many tries" in told.text
    with signed_in(guarded, "li") as session:
        assert session.get("").status_code == 200


def test_programs_sign_in_by_basic_authentication_or_the_official_client_s_way(guarded):
    with client(guarded, auth=("li", PASSWORDS["li"])) as session:
        assert session.get("config").status_code == 200
    with client(guarded, auth=("li", "wrong password")) as session:
        assert session.get("config").status_code == 401
    with client(guarded, headers={"authorization": "Basic !!!"}) as session:
        assert session.get("config").status_code == 401
    from gradio_client import Client

    official = Client(guarded, auth=("li", PASSWORDS["li"]), verbose=False)
    assert official.predict(question=EN, k=1, api_name="/search")["hits"][0]["rank"] == 1


def test_users_own_what_they_ask_and_nobody_else_s(guarded):
    with browser() as opened:
        talks = {}
        for name, password in PASSWORDS.items():
            page = opened.new_context().new_page()
            page.goto(guarded)
            page.fill("#username", name)
            page.fill("#password", password)
            page.keyboard.press("Enter")
            page.fill("#jb-box textarea", EN)
            page.keyboard.press("Enter")
            page.wait_for_selector("#jb-cards .jb-card")
            page.wait_for_function("sessionStorage.getItem('jb-talk')")
            talks[name] = page.evaluate("sessionStorage.getItem('jb-talk')")
    with signed_in(guarded, "li") as session:  # from another browser of hers
        assert session.get(f"export/{talks['li']}/json").status_code == 200
        assert session.get(f"export/{talks['wang']}/json").status_code == 404


# -- starting and stopping


def test_only_this_machine_is_served_without_accounts(tmp_path):
    for host in ("127.0.0.1", "localhost", "::1"):
        check_host(host)
    for host in ("0.0.0.0", "::", "192.0.2.1", "archive.example"):
        with pytest.raises(JiubaoError, match=r"authentication.*--auth users"):
            check_host(host)
    check_host("0.0.0.0", tmp_path / "users")


@pytest.mark.parametrize(
    "name",
    ["a*b", "*", "*.archive.example", "https://archive.example", "archive.example:7860", "[::1]:80",
     "archive.example/", "档案.example", "a b", ""],
)  # fmt: skip
def test_a_name_that_no_request_could_carry_is_refused(name):
    with pytest.raises(BadQuestion, match=r"cannot be a name.*such as archive\.example"):
        check_host("127.0.0.1", names=("fine.example", name))


def test_names_and_addresses_are_names():
    check_host("127.0.0.1", names=("archive", "xn--fiq.Example", "192.0.2.1", "::1", "[::1]"))


def test_a_server_answers_to_its_own_names_only():
    assert own_names("127.0.0.1") == sorted(["127.0.0.1", "::1", "[::1]", "localhost"])
    everywhere = own_names("0.0.0.0", ("archive.example",))
    assert {"archive.example", socket.gethostname(), "localhost"} <= set(everywhere)
    assert "*" not in everywhere


def test_a_taken_port_and_a_strange_host_are_told_with_a_remedy(archive):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with (
            pytest.raises(JiubaoError, match=f"port {port} .*--port {port + 1}"),
            listening("127.0.0.1", port),
        ):
            pass
        with (
            pytest.raises(JiubaoError, match=f"port {port}"),
            served(archive, Serving(port=port)),
        ):
            pass
    with (
        pytest.raises(JiubaoError, match="is not an address"),
        listening("nothing.invalid", 7860),
    ):
        pass


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--host", "0.0.0.0"], "authentication"),
        (["--host", "0.0.0.0", "--auth", "nothing"], "cannot be read"),
        (["--auth", "nothing"], "cannot be read"),
        (["--name", "a*b"], "cannot be a name"),
    ],
)
def test_the_command_fails_with_one_clear_line(seeds_copy, capsys, options, told):
    assert cli.run(["chat", "--home", str(seeds_copy), *options]) in (1, 2)
    err = capsys.readouterr().err
    assert told in err
    assert err.count("\n") == 1


# A shell without job control starts what runs in the background deaf to SIGINT, tests too.
CHAT = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from ui.cli import main
main()
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_command_tells_its_address_and_ends_cleanly(seeds_copy, how):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = subprocess.Popen(
        [sys.executable, "-c", CHAT, "chat", "--json", "--port", str(port),
         "--home", str(seeds_copy)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    told = ""
    try:
        while "}" not in told:
            line = running.stdout.readline()
            assert line, running.stderr.read()
            told += line
        url = json.loads(told)["url"]
        assert url == f"http://127.0.0.1:{port}/"
        with client(url) as session:
            session.get("")
            # A page that is open must not keep the server from ending.
            with session.stream("GET", "gradio_api/heartbeat/abcdef") as beat:
                next(beat.iter_bytes())
                running.send_signal(how)
        out, err = running.communicate(timeout=60)
    finally:
        running.kill()
    assert (running.returncode, out) == (0, "")
    assert "Traceback" not in err
