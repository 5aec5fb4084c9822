"""What went wrong between us and an outgoing server, in one sentence for a person."""

import smtplib
import socket
import ssl


class ServerTrouble(Exception):
    """The server, or our account on it, does not work now; no mail is to blame."""

    def __init__(self, words: str, code: int | None = None) -> None:
        super().__init__(words)
        self.words, self.code = words, code


def explained(where: str, error: Exception) -> ServerTrouble:
    """Gives what kept us from connecting or logging in; `where` is host and port."""
    match error:
        case smtplib.SMTPAuthenticationError(smtp_code=code, smtp_error=words):
            said = f"{code} {one_line(words)}"
            return ServerTrouble(
                f"{where} did not accept the user name or password ({said}).", code
            )
        case UnicodeError():
            return ServerTrouble(f"{where} cannot take the letters of this user name or password.")
        case smtplib.SMTPNotSupportedError():
            return ServerTrouble(f"{where} offers no login or no encryption that we can use.")
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=words):
            return ServerTrouble(f"{where} said: {code} {one_line(words)}", code)
        case ssl.SSLCertVerificationError():
            reason = error.verify_message
            return ServerTrouble(f"The certificate of {where} is not valid: {reason}.")
        case _:
            return ServerTrouble(lost(where, error))


def lost(where: str, error: BaseException) -> str:
    """Gives how a connection ended: never came, silent, refused or cut."""
    if isinstance(error, smtplib.SMTPServerDisconnected) and error.__context__ is not None:
        error = error.__context__  # smtplib wraps what the socket said
    match error:
        case TimeoutError():
            return f"{where} did not answer in time."
        case socket.gaierror():
            return f"{where} cannot be found by its name."
        case ConnectionRefusedError():
            return f"{where} cannot be reached: nothing listens there."
        case ssl.SSLError():
            return f"{where} does not speak the encryption we expect ({error.reason})."
        case OSError(strerror=str(reason)) if reason:
            return f"The connection to {where} failed: {reason}."
        case _:
            return f"{where} ended the connection in the middle."


def one_line(words: bytes | str) -> str:
    """Gives a server's words as one line of at most 400 characters."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(text.split())[:400]
