"""Only the new words are kept: in nine languages, in linear time, and never nothing."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from inbox.quoting import new_text

ATTRIBUTIONS = [
    "On Mon, 3 May 2026 at 10:00, Joel Support <joel@shop.example> wrote:",
    "On 3 May 2026, at 10:00, Joel wrote:",
    "On Mon, 3 May 2026 at 10:00, Joel Support from the shop\n<joel@shop.example>\nwrote:",
    "Joel Support <joel@shop.example> wrote on 3 May 2026:",
    "2026-05-03 10:00 GMT+02:00 Joel Support <joel@shop.example>:",
    "Am 03.05.2026 um 10:00 schrieb Joel Support:",
    "Am So., 3. Mai 2026 um 10:00 Uhr schrieb Joel Support <\njoel@shop.example>:",
    "Joel Support <joel@shop.example> schrieb am So., 3. Mai 2026, 10:00:",
    "Le dim. 3 mai 2026 à 10:00, Joel Support <joel@shop.example> a écrit :",
    "El dom, 3 may 2026 a las 10:00, Joel Support (<joel@shop.example>) escribió:",
    "Il giorno dom 3 mag 2026 alle ore 10:00 Joel <joel@shop.example> ha scritto:",
    "Em dom., 3 de mai. de 2026 às 10:00, Joel <joel@shop.example> escreveu:",
    "Op zo 3 mei 2026 om 10:00 schreef Joel Support <joel@shop.example>:",
    "Den sön 3 maj 2026 kl 10:00 skrev Joel Support <joel@shop.example>:",
    "niedz., 3 maj 2026 o 10:00 Joel Support <joel@shop.example> napisał(a):",
    "W dniu 03.05.2026 o 10:00, Joel Support pisze:",
    "Op 3 mei 2026, om 10:00 heeft Joel <joel@shop.example> het volgende geschreven:",
    "Wiadomość napisana przez Joel <joel@shop.example> w dniu 3 maj 2026:",
    "3 maj 2026 kl. 10:00 skrev Joel Support <joel@shop.example>:",
    "Le 03/05/2026 à 10:00, Joel a écrit :",
    "On May 3, 2026, at 10:00\u202fAM, Joel <joel@shop.example> wrote:",
]
SEPARATORS = [
    "-----Original Message-----",
    "-------- Forwarded Message --------",
    "---------- Forwarded message ---------",
    "-----Ursprüngliche Nachricht-----",
    "-----Message d'origine-----",
    "-----Mensaje original-----",
    "-----Messaggio originale-----",
    "-----Mensagem original-----",
    "-----Oorspronkelijk bericht-----",
    "-----Ursprungligt meddelande-----",
    "-----Wiadomość oryginalna-----",
    "Begin forwarded message:",
]
HEADER_BLOCKS = [
    "Gesendet: Sonntag, 03. Mai 2026 um 10:00 Uhr\nVon: Joel\nAn: Ann\nBetreff: Hilfe",
    "Date: Sun, 3 May 2026\nFrom: Joel\nTo: Ann\nSubject: Help",
    "From: Joel Support <joel@shop.example>\nSent: Sunday, 3 May 2026\nTo: Ann\nSubject: Re: Help",
    "*From:* Joel Support <joel@shop.example>\n*Sent:* Sunday\n*To:* Ann\n*Subject:* Re: Help",
    "Von: Joel Support\nGesendet: Sonntag, 3. Mai 2026 10:00\nAn: Ann\nBetreff: AW: Hilfe",
    "De : Joel Support\nEnvoyé : dimanche 3 mai 2026 10:00\nÀ : Ann\nObjet : RE: Aide",
    "De: Joel Support\nEnviado: domingo, 3 de mayo de 2026\nPara: Ann\nAsunto: RE: Ayuda",
    "Da: Joel Support\nInviato: domenica 3 maggio 2026\nA: Ann\nOggetto: R: Aiuto",
    "De: Joel Support\nEnviado: domingo, 3 de maio de 2026\nPara: Ann\nAssunto: RE: Ajuda",
    "Van: Joel Support\nVerzonden: zondag 3 mei 2026\nAan: Ann\nOnderwerp: RE: Hulp",
    "Från: Joel Support\nSkickat: den 3 maj 2026\nTill: Ann\nÄmne: SV: Hjälp",
    "Od: Joel Support\nWysłano: niedziela, 3 maja 2026\nDo: Ann\nTemat: ODP: Pomoc",
    "____________________\nFrom: Joel Support\nSent: Sunday\nTo: Ann\nSubject: Re: Help",
]
MOBILE_FOOTERS = [
    "Sent from my iPhone",
    "Sent from my Samsung Galaxy smartphone.",
    "Sent from Yahoo Mail on Android",
    "Get Outlook for iOS",
    "Outlook für Android herunterladen",
    "Von meinem iPhone gesendet",
    "Gesendet mit der GMX Mail App",
    "Envoyé de mon iPhone",
    "Enviado desde mi iPhone",
    "Inviato da iPhone",
    "Enviado do meu iPhone",
    "Verstuurd vanaf mijn iPhone",
    "Skickat från min iPhone",
    "Wysłane z iPhone'a",
]
DISCLAIMERS = [
    "This email and any attachments are confidential and intended solely for the addressee.",
    "If you are not the intended recipient,\nplease delete this message.",
    "Please consider the environment before printing this email.",
    "Diese E-Mail enthält vertrauliche Informationen.",
    "Ce message et ses pièces jointes sont confidentiels et établis pour leurs destinataires.",
    "Este mensaje puede contener información confidencial.",
    "Questo messaggio contiene informazioni riservate.",
]
NEW = "I still cannot log in.\n\nIs my address safe?"


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_a_marked_quote_goes_with_the_line_that_announces_it(attribution: str) -> None:
    assert new_text(f"{NEW}\n\n{attribution}\n\n> Dear Ann,\n> we are on it.\n>> old") == NEW


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_unmarked_older_mail_goes_from_its_announcement_on(attribution: str) -> None:
    assert new_text(f"{NEW}\n\n{attribution}\n\nDear Ann,\nwe are on it.\nJoel") == NEW


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_answer_below_the_quote_is_kept(attribution: str) -> None:
    assert new_text(f"{attribution}\n> Dear Ann,\n> which one?\n\n{NEW}") == NEW


@pytest.mark.parametrize("opening", SEPARATORS + HEADER_BLOCKS)
def test_all_below_an_older_mail_s_head_goes(opening: str) -> None:
    assert new_text(f"{NEW}\n\n{opening}\n\nDear Ann,\nwe are on it.\n") == NEW


@pytest.mark.parametrize("footer", MOBILE_FOOTERS + DISCLAIMERS)
def test_small_print_at_the_end_goes(footer: str) -> None:
    assert new_text(f"{NEW}\n\n{footer}\n") == NEW


@pytest.mark.parametrize("mark", ["-- ", "--", "— "])
def test_a_signature_goes(mark: str) -> None:
    assert new_text(f"{NEW}\n{mark}\nAnn Example\nExample Ltd\n+44 1234") == NEW


def test_signature_footer_and_quote_go_together() -> None:
    tail = f"-- \nAnn\n\nSent from my iPhone\n\n{ATTRIBUTIONS[0]}\n> old"
    assert new_text(f"{NEW}\n\n{tail}") == NEW


def test_answers_between_quoted_lines_are_all_kept() -> None:
    assert new_text("> Which phone?\nAn old one.\n> Which app?\nThe new one.") == (
        "An old one.\nThe new one."
    )


@pytest.mark.parametrize(
    "text",
    [
        "From: Berlin\nTo: Paris\nWhen: tomorrow\nThat is the ticket I bought.",
        "On Monday I wrote to you and nobody answered.",
        "On 3 May I wrote the following list:\n- one\n- two",
        "Am Montag war alles gut.\nBitte helfen Sie mir: ich komme nicht rein",
        "My wishes:\n--\nfirst\n" + "and more\n" * 20 + "last",
        "I got a confidential email from you, is it real?",
        "a -- b",
        "Sent from my heart: thank you all for the great help.",
        "De: where is it\nPlease tell me.",
        "Date: 3 May\nTo: the shop\nPlease tell me what happened.",
        "Name: Ann\nOrder: 4711\nProblem: it does not open\nThank you",
    ],
)
def test_a_person_s_own_words_are_not_mistaken(text: str) -> None:
    assert new_text(text) == text


@pytest.mark.parametrize(
    "text",
    ["> only\n> a quote", "-- \nAnn", "Sent from my iPhone", ATTRIBUTIONS[0] + "\n> old", "--"],
)
def test_where_nothing_would_be_left_everything_is(text: str) -> None:
    assert new_text(text) == text.strip()


@pytest.mark.parametrize(
    "quote",
    [
        '<div class="gmail_quote"><div class="gmail_attr">On Monday Joel wrote</div>old</div>',
        '<div class="gmail_quote gmail_quote_container">old</div>',
        '<blockquote type="cite">old</blockquote>',
        '<BLOCKQUOTE TYPE=cite CITE="mid:x">old</BLOCKQUOTE>',
        '<div class=yahoo_quoted id="y">old <div>older</div> old</div>',
        '<div class="protonmail_quote">old</div>',
        '<div class="moz-cite-prefix">On 3 May:</div><blockquote type="cite">old</blockquote>',
        '<div id="appendonsend"></div><hr><div><b>From:</b> Joel</div><div>old</div>',
        '<hr tabindex="-1"><div id="divRplyFwdMsg"><b>From:</b> Joel<br></div><div>old</div>',
        '<div class="ms-outlook-mobile-reference-message">old</div>',
        '<div name="quote"><div><b>Gesendet:</b>&nbsp;Sonntag<br/><b>Von:</b>&nbsp;Joel<br/>'
        "<b>An:</b>&nbsp;Ann<br/><b>Betreff:</b>&nbsp;Hilfe</div><div>old</div></div>",
        '<div id="x_divRplyFwdMsg">From Joel</div><p>old</p>',
        '<div style="border-top:solid #E1E1E1 1.0pt"><p><b>From:</b> Joel<br><b>Sent:</b> Sunday'
        "<br><b>To:</b> Ann<br><b>Subject:</b> Help</p></div><p>old</p>",
    ],
)
def test_quote_containers_of_mail_programs_go(quote: str) -> None:
    assert new_text("", f"<p>I still cannot log in.</p>{quote}") == "I still cannot log in."


def test_an_answer_below_an_html_quote_is_kept() -> None:
    html = '<blockquote type="cite">old <div>older</div></blockquote><p>I still cannot log in.</p>'
    assert new_text("", html) == "I still cannot log in."


def test_the_html_tells_where_the_plain_version_does_not() -> None:
    plain = "I still cannot log in.\n\nJoel kirjoitti 3.5.2026:\n\nolder words"
    html = (
        '<p>I still cannot log in.</p><div class="gmail_quote">Joel kirjoitti 3.5.2026: older</div>'
    )
    assert new_text(plain, html) == "I still cannot log in."


def test_html_that_is_only_a_quote_is_given_whole() -> None:
    assert new_text("", '<blockquote type="cite">old</blockquote>') == "> old"


CRAFTED = [
    "a\n\n", "On \n", "From: x\n", "a:\n", ":\n", "***\n", "--\n", "On 1\nx\n", "On 1 wrote\n:\n",
    "On 2 wrote:\n", "-----\n", "> ", ">\n", "this e-mail is ", "If you are not the ", "_", " ",
    "On 1 a@b wrote ", "-- original ", "Sent from my ", "2026-01-01 <a@b", "From: a\nSubject: b\n",
    "\t\n", "\0",
]  # fmt: skip


@pytest.mark.parametrize("piece", CRAFTED)
def test_a_crafted_megabyte_takes_under_half_a_second(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    began = time.process_time()
    new_text(text)
    assert time.process_time() - began < 0.5


LINES = st.lists(
    st.one_of(
        st.sampled_from(ATTRIBUTIONS + SEPARATORS + HEADER_BLOCKS + MOBILE_FOOTERS + DISCLAIMERS),
        st.sampled_from(["", "> old", "-- ", "--", NEW, "___", "From: x", "Subject: y", "To: z"]),
        st.text(max_size=40),
    ),
    max_size=12,
)


@settings(deadline=None)
@given(LINES)
@example(["-- ", ""])
def test_any_mixture_gives_some_of_its_own_lines(pieces: list[str]) -> None:
    text = "\n".join(pieces)
    found = new_text(text)
    found.encode("utf-8")
    assert bool(found) == bool(new_text(found)) or not found
    assert len(found) <= len(text)


@settings(deadline=None)
@given(st.text(), st.text())
def test_any_text_with_any_html_is_valid_and_never_fails(text: str, html: str) -> None:
    new_text(text, html).encode("utf-8")


@settings(deadline=None)
@given(st.text(alphabet="ab \n", min_size=1).filter(lambda text: bool(text.strip())))
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert new_text(text).split() == text.split()
