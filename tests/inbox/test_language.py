"""The language is said where it is clear, and left open where it is not."""

import subprocess
import sys
import time

import pytest

from inbox import language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I cannot log in to my account and I am worried about my data.", "en"),
        ("Ich kann mich nicht anmelden, was soll ich tun?", "de"),
        ("Je n'arrive plus à me connecter à mon compte depuis hier.", "fr"),
        ("No puedo entrar en mi cuenta desde ayer por la mañana.", "es"),
        ("Non riesco ad accedere al mio account da ieri sera.", "it"),
        ("Não consigo entrar na minha conta desde ontem à noite.", "pt"),
        ("Ik kan sinds gisteren niet meer inloggen op mijn account.", "nl"),
        ("Jag kan inte logga in på mitt konto längre.", "sv"),
        ("Od wczoraj nie mogę się zalogować na swoje konto.", "pl"),
        ("Я не могу войти в свой аккаунт со вчерашнего дня.", "ru"),
        ("パスワードを忘れてしまい、ログインできません。", "ja"),
        ("WHY IS MY ACCOUNT LOCKED SINCE YESTERDAY", "en"),
    ],
)
def test_a_sentence_is_enough(text: str, code: str) -> None:
    assert language.detect(text) == code


@pytest.mark.parametrize(
    "text", ["", "ok", "4711 0815", "https://shop.example/a/b/c", "😀😀😀", "\n"]
)
def test_too_little_is_left_open(text: str) -> None:
    assert language.detect(text) == ""


def test_links_and_addresses_do_not_decide() -> None:
    link = "https://www.shop.example/the-account-that-i-have/password/reset/please " * 5
    assert language.detect(link + "Ich kann mich nicht anmelden, was soll ich tun?") == "de"


def test_a_megabyte_takes_no_longer_than_its_beginning() -> None:
    language.load()
    began = time.process_time()
    assert language.detect("I cannot log in to my account. " * 40_000) == "en"
    assert time.process_time() - began < 0.2


def test_importing_it_does_not_load_the_model() -> None:
    program = "import sys, inbox.language; sys.exit('py3langid' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], timeout=60).returncode == 0
