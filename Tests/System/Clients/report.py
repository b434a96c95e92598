"""report.py: prints the messages on standard input, as Python's email package reads them, as JSON.

The input is a JSON array of messages in base64.
"""

import base64
import email
import email.policy
import json
import quopri
import sys


def encoded(report, octets, number):
    """The text of a part of a type that the email package takes for a message and does not decode."""
    part = octets.split(b"\r\n--" + report.get_boundary().encode())[number + 1]
    head, _, body = part.partition(b"\r\n\r\n")
    encoding = email.message_from_bytes(head.lstrip(b"\r\n"))["Content-Transfer-Encoding"]
    decode = {"base64": base64.b64decode, "quoted-printable": quopri.decodestring}.get(encoding, bytes)
    return decode(body).decode()


def read(octets):
    report = email.message_from_bytes(octets, policy=email.policy.SMTP)
    parts = list(report.iter_parts())
    groups = []
    for number, part in enumerate(parts):
        if part.get_content_type() == "message/delivery-status":
            groups = [[[name, str(value)] for name, value in group.items()] for group in part.get_payload()]
        elif part.get_content_type() == "message/global-delivery-status":
            text = encoded(report, octets, number)
            groups = [
                [[name, str(value)] for name, value in email.message_from_string(group).items()]
                for group in text.strip("\r\n").split("\r\n\r\n")
            ]
    last = parts[-1]
    if last.get_content_type() == "message/rfc822":
        returned = last.get_payload(0).as_string()
    elif last.get_content_type() == "message/global-headers":
        returned = encoded(report, octets, len(parts) - 1)
    else:
        returned = (last.get_payload(decode=True) or b"").decode("utf-8", "replace")
    return {
        "header": [[name, str(value)] for name, value in report.items()],
        "types": [part.get_content_type() for part in parts],
        "text": parts[0].get_content().replace("\r\n", "\n"),
        "groups": groups,
        "returned": returned,
        "defects": [str(defect) for message in [report, *parts] for defect in message.defects],
    }


json.dump([read(base64.b64decode(message)) for message in json.load(sys.stdin)], sys.stdout)
