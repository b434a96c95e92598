"""delivery_report.py: prints what the delivery report on standard input says (RFC 3464), as JSON."""

import email
import email.policy
import json
import sys

message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.SMTP)
parts = list(message.iter_parts())
blocks = [
    {name.lower(): str(value) for name, value in block.items()}
    for part in parts if part.get_content_type() == "message/delivery-status" for block in part.get_payload()
]
json.dump({
    "type": message.get_content_type(),
    "reportType": message.get_param("report-type") or "",
    "parts": [part.get_content_type() for part in parts],
    "to": str(message["To"]),
    "returnPath": str(message["Return-Path"]),
    "autoSubmitted": str(message["Auto-Submitted"]),
    "text": parts[0].get_content() if parts else "",
    "message": blocks[0] if blocks else {},
    "recipients": blocks[1:],
    "defects": [str(defect) for part in message.walk() for defect in part.defects],
}, sys.stdout)
