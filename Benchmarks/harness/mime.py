"""The scenario of reading and composing messages, in MiB for each second of CPU, beside Python's email and GMime."""

import glob
import json
import os
import shutil
import subprocess
import sys
from functools import partial

from . import mails
from .machine import CannotMeasure
from .scenario import MARTLET, Case, Scenario, Times
from .tools import TOOLS

LEGACY, MODERN, GMIME = "python", "python-modern", "gmime"
FIGURES = ("mib_per_cpu_second", "cpu_ms")
MIB = 2**20


def gmime(setup):
    """The driver for GMime, compiled if it is not; wants the headers that fetch-peers unpacked."""
    usr = os.path.join(setup.peers, "gmime", "usr")
    libraries = os.path.join(usr, "lib/x86_64-linux-gnu")
    source, program = os.path.join(TOOLS, "gmime.c"), os.path.join(setup.programs, "gmime")
    if not os.path.isdir(os.path.join(usr, "include/gmime-3.0")):
        raise CannotMeasure(f"GMime is not in {usr}: Benchmarks/fetch-peers {setup.peers}")
    if not os.path.exists(program) or os.path.getmtime(program) < os.path.getmtime(source):
        compiler = shutil.which("cc") or shutil.which("gcc") or "clang"
        folders = [os.path.join(usr, "include/gmime-3.0"), os.path.join(usr, "include/glib-2.0"),
                   os.path.join(libraries, "glib-2.0/include")]
        subprocess.run([compiler, "-O2", "-o", program, source, *(f"-I{folder}" for folder in folders), f"-L{libraries}",
                        "-lgmime-3.0", "-lgobject-2.0", "-lglib-2.0", f"-Wl,-rpath,{libraries}",
                        "-Wl,--allow-shlib-undefined"], check=True)
    return [program]


def command(setup, name, mode):
    if name == GMIME:
        return [*gmime(setup), mode]
    if name in (LEGACY, MODERN):
        return [sys.executable, os.path.join(TOOLS, "python_mime.py"), mode, name.removeprefix("python-").replace(
            "python", "legacy")]
    program = os.path.join(os.path.dirname(setup.martlet), "mime-benchmark")
    if not os.access(program, os.X_OK):
        raise CannotMeasure(f"there is no {program}: swift build -c release --product mime-benchmark")
    return [program, mode]


def collected():
    """mail-parser's messages, where MARTLET_CASES names the collections."""
    paths = sorted(glob.glob(os.path.join(os.environ.get("MARTLET_CASES", ""), "mime/messages/*/*.eml")))
    if not paths:
        raise CannotMeasure("the variable MARTLET_CASES names no folder with mail-parser's messages")
    return paths


def attachment(setup):
    path = os.path.join(setup.folder, "attachment.png")
    with open(path, "wb") as file:
        file.write(bytes(range(256)) * 80)
    return [path]


def work(setup, kind, mode, files):
    """One library reads or composes for some seconds."""
    name = kind if isinstance(kind, str) else kind.name
    paths = files(setup)
    line = [*command(setup, name, mode), str(setup.seconds), *paths]
    process = subprocess.run(line, capture_output=True, text=True, check=False)
    if process.returncode != 0:
        raise CannotMeasure(f"{name} ended with status {process.returncode}: {process.stderr.strip()[-500:]}")
    report = json.loads(process.stdout)
    per_round = sum(os.path.getsize(path) for path in paths) if mode != "compose" else None
    rounds = report["octets"] / per_round * len(paths) if per_round else None
    return {"mib_per_cpu_second": report["octets"] / MIB / report["cpu"],
            "cpu_ms": 1e3 * report["cpu"] / rounds if rounds else None}


def made(setup):
    return mails.write(os.path.join(setup.folder, "mails"))


def case(title, mode, files, servers=(MARTLET, GMIME, LEGACY, MODERN)):
    bars = tuple(Times("mib_per_cpu_second", 50, peer) for peer in servers if peer in (LEGACY, MODERN))
    return Case(title, partial(work, mode=mode, files=files), FIGURES, bars, servers=servers)


mime = Scenario("mime", "reading and composing messages", (
    case("parts and fields of mail-parser's 64 messages, found", "parse", lambda setup: collected()),
    case("every body and field of those 64, decoded", "decode", lambda setup: collected()),
    case("parts and fields of 200 messages of today, found", "parse", made),
    case("every body and field of those 200, decoded", "decode", made),
    case("text, HTML and a file of 20 KiB, composed", "compose", attachment, servers=(MARTLET, LEGACY, MODERN)),
))
