"""What scripts/setup does on machines that are not this one: every program it asks is a stand-in."""

import os
import subprocess
import tempfile
import unittest

SETUP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "setup")
PACKAGES = ["libsqlite3-dev", "libunbound-dev", "dns-root-data", "zlib1g-dev", "libcrypt-dev", "pkg-config"]
FROM_SYSTEM = ["bash", "dirname", "sed", "head", "grep", "awk", "id", "env", "cat"]
MAKE_INSTALLED = 'echo "$*" >>"$CALLS"\ncase "$*" in *"-s install"*) printf "%b" "$PLAN";; esac'


class Setup(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.calls = os.path.join(self.folder.name, "calls")
        for name in FROM_SYSTEM:
            path = subprocess.run(["sh", "-c", f"command -v {name}"], capture_output=True, text=True).stdout.strip()
            os.symlink(path, self.path(name))
        self.stand_in("swiftc", 'echo "Swift version 6.3.1 (swift-6.3.1-RELEASE)"')
        self.stand_in("sudo", 'exec "$@"')

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def stand_in(self, name, text):
        if os.path.lexists(self.path(name)):
            os.remove(self.path(name))
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n" + text + "\n")
        os.chmod(self.path(name), 0o755)

    def debian(self, installed="", plan="", provides=""):
        self.plan = plan
        self.stand_in("dpkg-query", f'printf "%b" "{installed}"')
        self.stand_in("apt-get", MAKE_INSTALLED)
        self.stand_in("apt-cache", f'echo "Provides: {provides}"')

    def run_setup(self, *arguments):
        environment = {"PATH": self.folder.name, "CALLS": self.calls, "PLAN": getattr(self, "plan", "")}
        return subprocess.run(["bash", SETUP, *arguments], capture_output=True, text=True, env=environment)

    def apt_calls(self):
        if not os.path.exists(self.calls):
            return []
        with open(self.calls, encoding="utf-8") as file:
            return file.read().splitlines()

    def test_it_is_silent_and_asks_apt_nothing_where_all_is_there(self):
        self.debian(installed="".join(f"installed {name}\\n" for name in PACKAGES))
        run = self.run_setup()
        self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""))
        self.assertEqual(self.apt_calls(), [])

    def test_it_installs_what_is_missing_without_recommended_packages(self):
        rest = "".join(f"installed {name}\\n" for name in PACKAGES[1:])
        self.debian(installed=rest, plan="Inst libsqlite3-dev (3.40)\\n")
        run = self.run_setup()
        self.assertEqual((run.returncode, run.stdout), (0, "setup: installing libsqlite3-dev\n"), run.stderr)
        self.assertEqual(self.apt_calls()[-1], "install -y -qq --no-install-recommends libsqlite3-dev")

    def test_it_installs_no_mail_server(self):
        self.debian(plan="Inst exim4 (4.96)\\n", provides="mail-transport-agent")
        run = self.run_setup()
        self.assertEqual(run.returncode, 70)
        self.assertIn("mail server", run.stderr)
        self.assertFalse([call for call in self.apt_calls() if call.startswith("install")])

    def test_it_removes_nothing(self):
        self.debian(plan="Remv postfix [3.7]\\nInst libsqlite3-dev (3.40)\\n")
        run = self.run_setup()
        self.assertEqual(run.returncode, 70)
        self.assertIn("Remv postfix", run.stderr)
        self.assertFalse([call for call in self.apt_calls() if call.startswith("install")])

    def test_an_old_swift_is_named(self):
        self.stand_in("swiftc", 'echo "Swift version 6.1 (swift-6.1-RELEASE)"')
        run = self.run_setup()
        self.assertEqual(run.returncode, 69)
        self.assertIn("Swift 6.1 is too old", run.stderr)

    def test_no_swift_is_named(self):
        os.remove(self.path("swiftc"))
        self.assertEqual(self.run_setup().returncode, 69)


if __name__ == "__main__":
    unittest.main()
