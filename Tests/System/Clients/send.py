"""send.py PORT FROM TO [COUNT]: hands the message on standard input over with smtplib, COUNT times on one connection."""

import smtplib
import sys

port, sender, recipient = sys.argv[1:4]
count = int(sys.argv[4]) if len(sys.argv) > 4 else 1
message = sys.stdin.buffer.read()
with smtplib.SMTP("127.0.0.1", int(port), local_hostname="client.example.net", timeout=120) as server:
    for _ in range(count):
        server.sendmail(sender, [recipient], message)
