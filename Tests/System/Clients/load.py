"""load.py PORT LEDGER PREFIX [SESSIONS]: sends messages until the server is gone, and keeps a ledger of them.

Each line of the ledger is `sent ID RECIPIENTS`, written before a message's first octet, or `answered ID`, written when
the server has said 250 to its end. The ledger is the client's: what is answered there must never be missing.
"""

import hashlib
import os
import random
import socket
import sys
import threading

PORT, LEDGER, PREFIX = int(sys.argv[1]), sys.argv[2], sys.argv[3]
SESSIONS = int(sys.argv[4]) if len(sys.argv) > 4 else 8
LARGE = 300_000
ledger = os.open(LEDGER, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def note(line):
    os.write(ledger, (line + "\n").encode())


class Refused(Exception):
    pass


def session(number):
    chance = random.Random(f"{PREFIX}-{number}")
    with socket.create_connection(("127.0.0.1", PORT), timeout=120) as connection:
        replies = connection.makefile("rb")

        def expect(code):
            while True:
                line = replies.readline()
                if not line.endswith(b"\n"):
                    raise ConnectionError("the server is gone")
                if line[3:4] != b"-":
                    break
            if not line.startswith(code):
                raise Refused(line.decode(errors="replace"))

        def say(line, code):
            connection.sendall(line.encode() + b"\r\n")
            expect(code)

        expect(b"220")
        say("EHLO client.example.net", b"250")
        count = 0
        while True:
            name = f"{PREFIX}-{number}-{count}"
            count += 1
            recipients = ["ann", "bob"] if chance.random() < 0.2 else ["ann"]
            size = LARGE if chance.random() < 0.02 else chance.randrange(200, 8_000)
            line = "".join(chance.choices("abcdefgh", k=70)) + "\r\n"
            body = (line * (size // 72 + 1)).encode()
            header = f"Subject: {name}\r\nX-Ledger-ID: {name}\r\nX-Body-SHA256: {hashlib.sha256(body).hexdigest()}\r\n\r\n"
            note(f"sent {name} {','.join(recipients)}")
            say("MAIL FROM:<you@example.net>", b"250")
            for recipient in recipients:
                say(f"RCPT TO:<{recipient}@example.org>", b"250")
            say("DATA", b"354")
            connection.sendall(header.encode() + body + b".\r\n")
            expect(b"250")
            note(f"answered {name}")


def until_gone(number):
    try:
        session(number)
    except OSError:
        pass
    except Refused as refused:
        note(f"refused {refused}".rstrip())


threads = [threading.Thread(target=until_gone, args=(number,)) for number in range(SESSIONS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
