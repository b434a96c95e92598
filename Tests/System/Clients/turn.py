"""turn.py provider PORT: a server that keeps mail, and sends it over the connection on which TURN or ATRN comes.
turn.py customer PORT: a client that hands in a message, says TURN over TLS, and gets its mail.

Each prints what it got as lines of JSON: {"command": ...} and {"message": ...}.
"""

import json
import socket
import ssl
import sys


class Peer:
    def __init__(self, connection):
        self.socket = connection
        self.file = connection.makefile("rwb")

    def say(self, text):
        self.file.write(text.encode() + b"\r\n")
        self.file.flush()

    def line(self):
        return self.file.readline().decode().rstrip("\r\n")

    def reply(self):
        self.lines = []
        while True:
            line = self.line()
            self.lines.append(line[4:])
            if line[3:4] != "-":
                return line

    def ask(self, command):
        self.say(command)
        reply = self.reply()
        show(command=command, reply=reply, lines=self.lines)
        return reply

    def serve(self, turns=False):
        """Takes messages until QUIT, or until TURN or ATRN."""
        self.say("220 peer.example ESMTP")
        while True:
            line = self.line()
            show(command=line)
            verb = line.split(" ")[0].upper()
            if verb == "DATA":
                self.say("354 go on")
                body = []
                while (octets := self.file.readline()) != b".\r\n":
                    body.append(octets.decode())
                show(message="".join(body))
                self.say("250 kept")
            elif verb == "QUIT" or not verb:
                self.say("221 bye")
                return
            elif verb in ("TURN", "ATRN"):
                self.say("250 you are the server")
                if turns:
                    return
            else:
                self.say("250 peer.example")

    def send(self, sender, recipient, subject):
        for command in (f"MAIL FROM:<{sender}>", f"RCPT TO:<{recipient}>", "DATA"):
            self.ask(command)
        self.ask(f"Subject: {subject}\r\n\r\nHello.\r\n.")


def show(**what):
    print(json.dumps(what), flush=True)


def provide(port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(1)
    show(command="ready")
    peer = Peer(listener.accept()[0])
    peer.serve(turns=True)
    show(command="turned", reply=peer.reply())
    peer.ask("EHLO isp.example")
    peer.send("you@example.net", "ann@example.org", "From the provider")
    peer.ask("MAIL FROM:<you@example.net>")
    peer.ask("RCPT TO:<someone@elsewhere.example>")
    peer.ask("QUIT")


def fetch(port):
    clear = Peer(socket.create_connection(("127.0.0.1", port)))
    clear.reply()
    clear.ask("EHLO customer.example")
    clear.ask("STARTTLS")
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    peer = Peer(context.wrap_socket(clear.socket))
    peer.ask("EHLO proxy.example")
    peer.ask("TURN")
    peer.ask("XCLIENT LOGIN=stranger")
    peer.ask("EHLO stranger.example")
    peer.ask("TURN")
    peer.ask("XCLIENT LOGIN=customer")
    peer.ask("EHLO customer.example")
    peer.send("boss@customer.example", "ann@example.org", "From the customer")
    if peer.ask("TURN").startswith("250"):
        peer.serve()


if __name__ == "__main__":
    {"provider": provide, "customer": fetch}[sys.argv[1]](int(sys.argv[2]))
