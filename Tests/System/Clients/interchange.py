"""interchange.py FILE...: prints what Python's `email` makes of each message, as one list of JSON.

Where it finds something wrong, in a header field or the structure of a part, that is named under `defects`."""

import email.header
import email.parser
import email.policy
import email.utils
import hashlib
import json
import sys


def read(path):
    with open(path, "rb") as file:
        message = email.parser.BytesParser(policy=email.policy.default).parse(file)
        file.seek(0)
        # The newer policy puts a blank between two encoded words of a name (RFC 2047 §6.2 says none).
        name = email.utils.parseaddr(email.parser.BytesHeaderParser().parse(file)["From"])[0]
    parts = list(message.walk())
    defects = [repr(defect) for part in parts for defect in part.defects]
    defects += [f"{name}: {defect!r}" for part in parts for name, value in part.items() for defect in value.defects]
    bodies = {kind: message.get_body((kind,)) for kind in ("plain", "html")}
    files = [part for part in parts if part.get_content_disposition() in ("attachment", "inline")
             and part.get_filename() is not None]
    return {
        "defects": defects,
        "from": str(email.header.make_header(email.header.decode_header(name))),
        "to": [address.addr_spec for address in message["To"].addresses],
        "subject": str(message["Subject"]),
        "note": str(message["X-Note"] or ""),
        "text": bodies["plain"].get_content().replace("\r\n", "\n") if bodies["plain"] else "",
        "html": bodies["html"].get_content().replace("\r\n", "\n") if bodies["html"] else "",
        "files": [{
            "name": part.get_filename(), "id": part["Content-ID"] or "",
            "sha256": hashlib.sha256(part.get_payload(decode=True)).hexdigest(),
        } for part in files],
    }


json.dump([read(path) for path in sys.argv[1:]], sys.stdout)
