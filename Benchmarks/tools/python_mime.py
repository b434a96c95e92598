"""python_mime.py parse|decode|compose legacy|modern SECONDS FILE...: reads or writes messages with Python's email again and
again for some seconds of CPU, and prints how many octets of messages it worked through and the seconds of CPU that took.

`legacy` is the policy compat32 with the functions that belong to it, which read a field where they are asked to; `modern`
is policy.default, with which a message reads its fields itself.
"""

import json
import sys
import time
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import formataddr, getaddresses, parsedate_to_datetime

ADDRESSES = {"from", "to", "cc", "sender", "reply-to"}
# The same message as in Benchmarks/Mime/ComposedMail.swift.
TEXT = "Grüße aus Köln, wo es wieder einmal regnet.\nThe second line is longer, and plain.\n" * 20
HTML = "<p>Grüße aus <b>Köln</b>, wo es wieder einmal regnet.</p>\n" * 30
TO = ", ".join(f"The {name} <{name}@bench.example>" for name in ("bob", "carol", "dave"))
FIELDS = {"Subject": "Wetterbericht: Grüße aus Köln", "Date": "Mon, 21 Sep 2026 14:13:20 +0000",
          "Message-ID": "<0123456789@bench.example>", "To": TO}


def text(value):
    try:
        return str(make_header(decode_header(value)))
    except (ValueError, LookupError, TypeError):
        return str(value)


def read_field(part, name, value):
    name = name.lower()
    if name in ADDRESSES:
        return [(text(display), address) for display, address in getaddresses([str(value)])]
    if name == "date":
        try:
            return parsedate_to_datetime(str(value))
        except (ValueError, TypeError):
            return None
    if name in ("content-type", "content-disposition"):
        return part.get_params(header=name)
    return text(value)


def read_body(part):
    body = part.get_payload(decode=True) or b""
    if part.get_content_maintype() != "text":
        return body
    try:
        return body.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return body.decode("latin-1")


def parse(policy_of):
    return lambda data: (message_from_bytes(data, policy=policy_of), len(data))[1]


def decode_legacy(data):
    for part in message_from_bytes(data).walk():
        for name, value in part.items():
            read_field(part, name, value)
        if not part.is_multipart():
            read_body(part)
    return len(data)


def decode_modern(data):
    for part in message_from_bytes(data, policy=policy.default).walk():
        # Some values of old mail it cannot read, and raises whatever comes.
        try:
            for _, value in part.items():
                str(value)
            if not part.is_multipart():
                part.get_content()
        except Exception:  # noqa: BLE001
            pass
    return len(data)


def compose_modern(data):
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = "Änne Author <ann@bench.example>"
    for name, value in FIELDS.items():
        message[name] = value
    message.set_content(TEXT)
    message.add_alternative(HTML, subtype="html")
    message.add_attachment(data, maintype="image", subtype="png", filename="Köln.png")
    return len(message.as_bytes())


def compose_legacy(data):
    message, body = MIMEMultipart("mixed"), MIMEMultipart("alternative")
    message["From"] = formataddr(("Änne Author", "ann@bench.example"))
    for name, value in FIELDS.items():
        message[name] = value
    body.attach(MIMEText(TEXT))
    body.attach(MIMEText(HTML, "html"))
    message.attach(body)
    file = MIMEApplication(data, "png")
    file.add_header("Content-Disposition", "attachment", filename=("utf-8", "", "Köln.png"))
    message.attach(file)
    return len(message.as_bytes())


WORK = {("parse", "legacy"): parse(policy.compat32), ("parse", "modern"): parse(policy.default),
        ("decode", "legacy"): decode_legacy, ("decode", "modern"): decode_modern,
        ("compose", "legacy"): compose_legacy, ("compose", "modern"): compose_modern}


def main():
    mode, kind, seconds, *names = sys.argv[1:]
    work, files = WORK[mode, kind], []
    for name in names:
        with open(name, "rb") as file:
            files.append(file.read())
    begin, octets = time.process_time(), 0
    while (end := time.process_time()) - begin < float(seconds):
        octets += sum(map(work, files))
    print(json.dumps({"octets": octets, "cpu": end - begin}))


if __name__ == "__main__":
    main()
