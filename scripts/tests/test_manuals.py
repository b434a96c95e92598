"""What scripts/manuals makes of the definitions that a stand-in for martlet gives."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest

MANUALS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "manuals")
STAND_IN = '''#!/bin/sh
case "$1" in
--experimental-dump-help) cat "$(dirname "$0")/definitions";;
--generate-completion-script) echo "completions for $2";;
*) exit 64;;
esac
'''


def option(name, **more):
    kind = {"kind": "long", "name": name}
    return {"kind": "option", "names": [kind], "preferredName": kind, "isOptional": True, "isRepeating": False,
            "valueName": "file", "abstract": f"About {name}.", **more}


DEFINITIONS = {"command": {
    "commandName": "martlet", "abstract": "A mail system.", "arguments": [option("hidden", shouldDisplay=False)],
    "subcommands": [{
        "commandName": "send", "abstract": "Send a message.",
        "discussion": ".Dots and \\slashes stay.\n\nEXAMPLES\n  martlet send --to 'a'\n\nMore.",
        "arguments": [option("to", isOptional=False, isRepeating=True), option("via", defaultValue="mx")],
    }, {"commandName": "help", "abstract": "Show help."}],
}}


class Manuals(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = os.path.join(folder.name, "output")
        martlet = os.path.join(folder.name, "martlet")
        with open(martlet, "w", encoding="utf-8") as file:
            file.write(STAND_IN)
        os.chmod(martlet, 0o755)
        with open(os.path.join(folder.name, "definitions"), "w", encoding="utf-8") as file:
            json.dump(DEFINITIONS, file)
        subprocess.run(["python3", MANUALS, martlet, self.folder], check=True)

    def read(self, *path):
        with open(os.path.join(self.folder, *path), encoding="utf-8") as file:
            return file.read()

    def test_each_command_has_a_page_but_help(self):
        self.assertEqual(sorted(os.listdir(os.path.join(self.folder, "man1"))), ["martlet-send.1", "martlet.1"])
        self.assertIn(".BR martlet\\-send (1)\nSend a message.\n", self.read("man1", "martlet.1"))
        self.assertNotIn("hidden", self.read("man1", "martlet.1"))

    def test_options_say_whether_they_must_be_there(self):
        page = self.read("man1", "martlet-send.1")
        self.assertIn("\n\\-\\-to <file> ...\n[\\-\\-via <file>]\n", page)
        self.assertIn(".TP\n.B \\-\\-via <file>\nAbout via.\nDefault: mx.\n", page)

    def test_the_discussion_keeps_its_shape_and_is_no_command(self):
        page = self.read("man1", "martlet-send.1")
        self.assertIn(".SH DESCRIPTION\n\\&.Dots and \\eslashes stay.\n.PP\n.SH EXAMPLES\n.nf\n", page)
        self.assertIn("  martlet send \\-\\-to 'a'\n.fi\n.PP\nMore.\n", page)

    @unittest.skipUnless(shutil.which("groff"), "needs groff")
    def test_groff_finds_nothing_wrong(self):
        for name in os.listdir(os.path.join(self.folder, "man1")):
            path = os.path.join(self.folder, "man1", name)
            run = subprocess.run(["groff", "-ww", "-man", "-Tutf8", path], capture_output=True, text=True, check=True)
            self.assertEqual(run.stderr, "")

    def test_each_shell_has_its_completions(self):
        self.assertEqual(self.read("completions", "_martlet"), "completions for zsh\n")
        self.assertEqual(sorted(os.listdir(os.path.join(self.folder, "completions"))),
                         ["_martlet", "martlet.bash", "martlet.fish"])


if __name__ == "__main__":
    unittest.main()
