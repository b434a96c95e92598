"""Messages to measure the reading of: as people and programs send them, the same ones each time."""

import os
import random
from email import policy
from email.message import EmailMessage

COUNT, SEED = 200, 2045
WORDS = ("Grüße", "meeting", "tomorrow", "世界", "report", "attached", "please", "Привет", "numbers", "für", "and", "the")


def sentences(source, count):
    return "\n".join(" ".join(source.choices(WORDS, k=12)) for _ in range(count)) + "\n"


def message(source, number):
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = f"{source.choice(('Änne', 'Ann', 'Bob'))} Author <author{number}@mails.example>"
    mail["To"] = ", ".join(f"reader{source.randrange(999)}@mails.example" for _ in range(source.randrange(1, 4)))
    mail["Subject"] = " ".join(source.choices(WORDS, k=5))
    mail["Date"] = "Sat, 21 Nov 2026 20:00:00 +0100"
    mail["Message-ID"] = f"<{number}.{SEED}@mails.example>"
    for hop in range(source.randrange(1, 5)):
        mail["Received"] = (f"from h{hop}.mails.example ([192.0.2.{hop}]) by mx.mails.example with ESMTPS id {number}; "
                            "Sat, 21 Nov 2026 20:00:00 +0100")
    mail.set_content(sentences(source, source.randrange(2, 40)), cte=source.choice(("quoted-printable", "8bit", "base64")))
    if source.random() < 0.6:
        mail.add_alternative(f"<html><p>{sentences(source, 30)}</p></html>", subtype="html", cte="quoted-printable")
    if source.random() < 0.4:
        mail.add_attachment(source.randbytes(source.randrange(1_000, 120_000)), maintype="application", subtype="pdf",
                            filename=source.choice(("report.pdf", "Übersicht.pdf")))
    return mail.as_bytes()


def write(folder):
    """Writes the messages into `folder` unless they are there; gives their paths."""
    os.makedirs(folder, exist_ok=True)
    source, paths = random.Random(SEED), [os.path.join(folder, f"{number:03}.eml") for number in range(COUNT)]
    for number, path in enumerate(paths):
        content = message(source, number)
        if not os.path.exists(path):
            with open(path, "wb") as file:
                file.write(content)
    return paths
