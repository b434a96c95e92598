"""read.py: prints subject, text and attachments of the message on standard input as JSON."""

import base64
import email
import email.policy
import json
import sys

message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.SMTP)
body = message.get_body(("plain",))
json.dump({
    "subject": str(message["Subject"]),
    "text": body.get_content() if body else "",
    "attachments": [base64.b64encode(part.get_payload(decode=True)).decode() for part in message.iter_attachments()],
}, sys.stdout)
