"""A name server whose one name has the addresses that a script gives it."""

import socket
import threading

import dns.message
import dns.rrset


class Names:
    """Answers questions for A records by UDP, as a cluster's name server does."""

    def __init__(self, name):
        self.name, self.addresses, self.asked = name, [], 0
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self):
        self._socket.sendto(b"", self._socket.getsockname())
        self._thread.join(timeout=5)
        self._socket.close()

    def _serve(self):
        while True:
            question, peer = self._socket.recvfrom(4096)
            if not question:
                return
            self.asked += 1
            self._socket.sendto(self._answer(dns.message.from_wire(question)).to_wire(), peer)

    def _answer(self, question):
        answer = dns.message.make_response(question)
        if self.addresses and question.question[0].name.to_text(omit_final_dot=True) == self.name:
            answer.answer.append(dns.rrset.from_text(f"{self.name}.", 1, "IN", "A", *self.addresses))
        return answer
