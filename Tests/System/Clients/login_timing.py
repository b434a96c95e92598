"""login_timing.py PORT COUNT: guesses COUNT times at users known-N@example.org and unknown-N@example.org, in a random order
and each time from another network of the loopback, not three times a second, and prints a line of JSON:
{"known": [SECONDS …], "unknown": …, "replies": [the different replies]}."""

import base64
import json
import random
import smtplib
import sys
import time

port, count = int(sys.argv[1]), int(sys.argv[2])
times = {"known": [], "unknown": []}
replies = set()
guesses = [(kind, number) for kind in times for number in range(count)]
random.shuffle(guesses)
for place, (kind, number) in enumerate(guesses):
    source = f"127.{1 + place // 32}.{place % 32 * 8}.1"
    secret = base64.b64encode(f"\0{kind}-{number}@example.org\0guess".encode()).decode()
    with smtplib.SMTP("127.0.0.1", port, "client.example.net", 60, (source, 0)) as client:
        client.ehlo()
        start = time.perf_counter()
        code, text = client.docmd("AUTH PLAIN " + secret)
        times[kind].append(time.perf_counter() - start)
        replies.add(f"{code} {text.decode()}")
    # More wrong passwords than three in a second find no room, wherever they come from.
    time.sleep(0.35)
print(json.dumps({**times, "replies": sorted(replies)}))
