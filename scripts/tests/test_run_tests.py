"""What `scripts/run-tests` says and returns, with a `swift` that only claims to run tests."""

import os
import pathlib
import subprocess
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[1] / "run-tests"


def run(body):
    with tempfile.TemporaryDirectory() as folder:
        swift = pathlib.Path(folder, "swift")
        swift.write_text(f"#!/bin/sh\n{body}\n")
        swift.chmod(0o755)
        environment = os.environ | {"PATH": f"{folder}:{os.environ['PATH']}"}
        return subprocess.run([SCRIPT, "3", "--filter", "A"], env=environment, capture_output=True, text=True)


class RunTestsTests(unittest.TestCase):
    def test_what_failed_is_said_at_the_end(self):
        result = run("echo '✘ Test a() recorded an issue at A.swift:1'; echo '✔ Test b() passed'; exit 1")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(
            result.stdout.partition("What failed:\n")[2], "✘ Test a() recorded an issue at A.swift:1\n")

    def test_a_failure_without_a_word_is_one(self):
        self.assertEqual(run("exit 7").returncode, 7)

    def test_where_all_is_well_nothing_is_added(self):
        result = run('echo "$SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH $*"')
        self.assertEqual((result.returncode, result.stdout), (0, "3 test --skip-build --filter A\n"))


if __name__ == "__main__":
    unittest.main()
