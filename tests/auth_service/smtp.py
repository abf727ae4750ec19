"""A mail server for tests: enough of RFC 5321, and what it answers to whom."""

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server: Any = self.server
        self.wfile.write(b"220 ready\r\n")
        for line in self.rfile:
            word, _, rest = line.decode().strip().partition(" ")
            if word.upper() == "DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = list(iter(self.rfile.readline, b".\r\n"))
                server.mails.append(message_from_bytes(b"".join(lines), policy=policy.default))
                self.wfile.write(b"250 taken\r\n")
            elif word.upper() == "QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                answer = next((text for part, text in server.answers.items() if part in line.decode()), "250 fine")
                if answer == "hang up":
                    return
                if word.upper() == "RCPT" and answer.startswith("250"):
                    server.recipients.append(rest.partition("<")[2].partition(">")[0])
                self.wfile.write(f"{answer}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """`answers` maps a piece of a command to the answer; `mails` and `recipients` are what it took."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.answers: dict[str, str] = {}
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def texts(self, to: str) -> list[str]:
        """What was mailed to an address, oldest first."""
        return [str(mail.get_content()) for mail in self.mails if mail["To"] == to]

    def code(self, to: str) -> str:
        """The code of the newest mail to an address."""
        return self.texts(to)[-1].split("enter this code: ")[1].split()[0]
