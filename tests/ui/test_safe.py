import json

from hypothesis import given
from hypothesis import strategies as st

from ui.safe import escape_json, harmless, one_line


def test_what_acts_on_a_terminal_becomes_visible():
    assert harmless("a\x1b[31mb\x07\x7f\x9b\u202e\u2066") == "a␛[31mb␇␡���"


def test_ordinary_text_is_left_alone():
    text = "天津\t23日电\n　　“二十多万件”——Liao Shigang’s 50%"
    assert harmless(text) == text


def test_messages_are_one_line():
    assert one_line("a\n  b\r\nc") == "a b c"


@given(st.text(st.characters(codec=None)))
def test_length_is_kept_and_nothing_is_left_to_mend(text):
    assert len(harmless(text)) == len(text)
    assert harmless(harmless(text)) == harmless(text)


@given(st.text(st.characters(codec=None)))
def test_escaped_json_says_the_same(text):
    written = escape_json(json.dumps(text, ensure_ascii=False))
    assert json.loads(written) == text
    assert harmless(written) == written
