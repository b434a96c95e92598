"""login.py PORT starttls|implicit MECHANISM USER PASSWORD FROM TO: logs in with smtplib over TLS by one mechanism, and hands
the message on standard input over."""

import smtplib
import ssl
import sys

port, mode, mechanism, user, password, sender, recipient = sys.argv[1:8]
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
if mode == "implicit":
    server = smtplib.SMTP_SSL("127.0.0.1", int(port), local_hostname="client.example.net", timeout=120, context=context)
else:
    server = smtplib.SMTP("127.0.0.1", int(port), local_hostname="client.example.net", timeout=120)
    server.starttls(context=context)
with server:
    server.ehlo()
    server.user, server.password = user, password
    server.auth(mechanism, getattr(server, "auth_" + mechanism.lower()))
    server.sendmail(sender, [recipient], sys.stdin.buffer.read())
