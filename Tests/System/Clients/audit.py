"""audit.py LEDGER MAIL SECONDS: compares the ledger of load.py with the Maildirs below MAIL, and prints JSON.

Waits at most SECONDS for what is answered and not there yet. `lost`: answered, and missing for a recipient. `torn`:
delivered with a body that is not what was sent. `duplicates`: deliveries beyond the first for a recipient.
"""

import collections
import hashlib
import json
import os
import sys
import time

LEDGER, MAIL, SECONDS = sys.argv[1], sys.argv[2], float(sys.argv[3])


def read_ledger():
    recipients, answered, refused = {}, set(), []
    with open(LEDGER, encoding="utf-8") as file:
        for line in file:
            verb, rest = line.rstrip("\n").split(" ", 1)
            if verb == "sent":
                name, users = rest.split(" ")
                recipients[name] = users.split(",")
            elif verb == "answered":
                answered.add(rest)
            else:
                refused.append(rest)
    return recipients, answered, refused


def fields(header):
    return dict(line.split(b": ", 1) for line in header.split(b"\r\n") if b": " in line)


class Mailboxes:
    def __init__(self):
        self.seen, self.delivered, self.torn = set(), collections.Counter(), []

    def look(self):
        for user in ("ann", "bob"):
            for folder in ("new", "cur"):
                path = os.path.join(MAIL, user, folder)
                for name in os.listdir(path) if os.path.isdir(path) else []:
                    if (user, name) not in self.seen:
                        self.seen.add((user, name))
                        self.read(user, os.path.join(path, name))

    def read(self, user, path):
        with open(path, "rb") as file:
            header, _, body = file.read().partition(b"\r\n\r\n")
        found = fields(header)
        name = found.get(b"X-Ledger-ID", b"").decode()
        if not name or hashlib.sha256(body).hexdigest().encode() != found.get(b"X-Body-SHA256"):
            self.torn.append(path)
        self.delivered[name, user] += 1


def main():
    recipients, answered, refused = read_ledger()
    wanted = {(name, user) for name in answered for user in recipients[name]}
    mailboxes, deadline = Mailboxes(), time.monotonic() + SECONDS
    mailboxes.look()
    while wanted - mailboxes.delivered.keys() and time.monotonic() < deadline:
        time.sleep(0.1)
        mailboxes.look()
    print(json.dumps({
        "sent": len(recipients),
        "answered": len(answered),
        "refused": refused,
        "lost": sorted("/".join(pair) for pair in wanted - mailboxes.delivered.keys()),
        "torn": mailboxes.torn,
        "duplicates": sum(count - 1 for count in mailboxes.delivered.values()),
    }))


main()
