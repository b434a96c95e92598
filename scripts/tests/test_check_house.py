"""What scripts/check-house must find, each in a tree that breaks one rule, and what it must leave alone."""

import os
import subprocess
import tempfile
import unittest

CHECK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "check-house")
MODULES = ["Core/MailCore", "Core/SMTPCore", "IO/SMTPServer", "IO/MailSpool", "Server/Reception", "Server/Delivery",
           "Tools/martlet"]


class CheckHouse(unittest.TestCase):
    def complaints(self, files):
        with tempfile.TemporaryDirectory() as root:
            for module in MODULES:
                os.makedirs(os.path.join(root, "Sources", module))
            for path, text in files.items():
                full = os.path.join(root, path)
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, "w", encoding="utf-8") as file:
                    file.write(text)
            run = subprocess.run(["python3", CHECK, root], capture_output=True, text=True)
            self.assertEqual(run.returncode, 1 if run.stdout else 0, run.stderr)
            return run.stdout.splitlines()

    def in_core(self, text):
        return self.complaints({"Sources/Core/MailCore/A.swift": text})

    def assert_one(self, complaints, text):
        self.assertEqual(len(complaints), 1, complaints)
        self.assertIn(text, complaints[0])

    def test_a_clean_tree_is_quiet(self):
        self.assertEqual(self.complaints({
            "Sources/Core/SMTPCore/A.swift": "public import MailCore\npublic import struct NIOCore.ByteBuffer\n",
            "Sources/IO/MailSpool/B.swift": "import Foundation\npackage import MailCore\n",
            "Sources/Server/Reception/C.swift": "import SMTPServer\n",
            "README.md": "[A](Sources/Core/SMTPCore/A.swift#x) [web](https://example.org) `[no](link)`\n",
        }), [])

    def test_core_imports_nothing_but_core_and_byte_buffer(self):
        for line in ["import Foundation", "import FoundationEssentials", "public import Dispatch", "import Glibc",
                     "import Synchronization", "import NIOCore", "import struct NIOCore.EventLoopFuture",
                     "@preconcurrency import NIOPosix"]:
            with self.subTest(line):
                self.assert_one(self.in_core(line), "Core imports")

    def test_arrows_point_down(self):
        for path, line in [("Core/MailCore", "import MailSpool"), ("IO/MailSpool", "import Delivery"),
                           ("Server/Delivery", "import martlet")]:
            with self.subTest(line):
                self.assert_one(self.complaints({f"Sources/{path}/A.swift": line}), "lies above it")

    def test_an_io_module_imports_no_other(self):
        self.assert_one(self.complaints({"Sources/IO/MailSpool/A.swift": "import SMTPServer\n"}), "another, SMTPServer")

    def test_the_two_halves_do_not_meet(self):
        for one, other in [("Reception", "Delivery"), ("Delivery", "Reception")]:
            files = {f"Sources/Server/{one}/A.swift": f"internal import {other}\n"}
            self.assert_one(self.complaints(files), "spool only")

    def test_core_has_no_tasks_clocks_or_chance(self):
        for code in ["Task { }", "Task.detached { }", "let t = Date()", "ContinuousClock.now", "Int.random(in: 0..<3)",
                     "names.shuffled()", "await something()"]:
            with self.subTest(code):
                self.assertEqual(len(self.in_core(code)), 1)

    def test_chance_that_is_given_is_pure(self):
        self.assertEqual(self.in_core("Int.random(in: 0..<3, using: &generator)"), [])

    def test_comments_and_texts_are_not_code(self):
        self.assertEqual(self.in_core('// Date()\nlet a = "try! \\" Date()"\n/* as!\nTask { */\n"""\ntry! x\n"""\n'), [])

    def test_traps(self):
        for code in ["try! f()", "x as! Y", 'fatalError("no")']:
            with self.subTest(code):
                self.assert_one(self.complaints({"Sources/IO/MailSpool/A.swift": code}), "traps")

    def test_a_file_ends_at_600_lines(self):
        self.assertEqual(self.in_core("let a = 1\n" * 600), [])
        self.assert_one(self.in_core("let a = 1\n" * 601), "longer than 600")

    def test_a_function_ends_at_60_lines(self):
        def function(lines, mark=""):
            return f"struct A {{\n{mark}    static func f() {{\n" + "        g()\n" * (lines - 2) + "    }\n}\n"
        self.assertEqual(self.in_core(function(60)), [])
        self.assert_one(self.in_core(function(61)), "f has 61 lines")
        self.assertEqual(self.in_core(function(61, "    // house: table, one case for each reply\n")), [])
        self.assert_one(self.in_core(function(61, "    // house: table,\n")), "f has 61 lines")

    def test_a_requirement_has_no_body(self):
        text = "protocol P {\n    func f()\n}\n" + "let a = 1\n" * 60 + "struct A {\n    func g() {\n    }\n}\n"
        self.assertEqual(self.in_core(text), [])

    def test_nothing_is_left_for_later(self):
        for word in ["TODO", "FIXME", "XXX"]:
            self.assert_one(self.in_core(f"// {word}: more\n"), "for later")
            self.assert_one(self.complaints({"Tests/A.swift": f"// {word}\n"}), "for later")

    def test_links_lead_somewhere(self):
        self.assert_one(self.complaints({"docs/a.md": "text\n[spool](spool.md)\n"}), "docs/a.md:2")


if __name__ == "__main__":
    unittest.main()
