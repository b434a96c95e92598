"""What scripts/install puts where, with stand-ins for the programs."""

import os
import shutil
import stat
import subprocess
import tempfile
import unittest

INSTALL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "install")
MARTLET = """#!/bin/sh
case "$1" in
--experimental-dump-help) echo '{"command": {"commandName": "martlet", "abstract": "A mail system."}}';;
--generate-completion-script) echo "completions for $2";;
esac
"""
SENDMAIL = """#!/bin/sh
echo 'sendmail [OPTION]...   hands mail in'
echo '  -t  recipients of the header'
"""
FILES = ["bin/martlet", "bin/martlet-sendmail", "lib/systemd/system/martlet.service",
         "lib/systemd/system/martlet.socket", "lib/sysusers.d/martlet.conf", "share/bash-completion/completions/martlet",
         "share/fish/vendor_completions.d/martlet.fish", "share/man/man1/mailq.1", "share/man/man1/martlet-sendmail.1",
         "share/man/man1/martlet.1", "share/man/man1/newaliases.1", "share/man/man1/sendmail.1",
         "share/zsh/site-functions/_martlet"]
LINKS = ["bin/mailq", "bin/newaliases", "lib/sendmail", "sbin/sendmail"]


class Install(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder, self.root = folder.name, os.path.join(folder.name, "root")
        self.programs = os.path.join(folder.name, "programs")
        os.mkdir(self.programs)
        for name, text in (("martlet", MARTLET), ("martlet-sendmail", SENDMAIL)):
            path = os.path.join(self.programs, name)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(path, 0o700)

    def run_script(self, action, *arguments, **variables):
        environment = {**os.environ, "DESTDIR": self.root, "PREFIX": "/usr", **variables}
        return subprocess.run(["bash", INSTALL, action, *arguments], env=environment, capture_output=True, text=True,
                              check=False)

    def install(self, **variables):
        return self.run_script("install", self.programs, **variables)

    def path(self, name):
        return os.path.join(self.root, name)

    def installed(self):
        """Files and links below DESTDIR, without it."""
        return sorted(os.path.relpath(os.path.join(folder, name), self.root)
                      for folder, _, names in os.walk(self.root) for name in names)

    def test_everything_lies_below_the_prefix_and_the_configuration_below_etc(self):
        os.umask(0o077)
        run = self.install()
        self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""))
        expected = ["usr/" + name for name in FILES + LINKS] + ["etc/martlet/martlet.toml"]
        self.assertEqual(self.installed(), sorted(expected))
        for name in FILES:
            mode = stat.S_IMODE(os.stat(self.path("usr/" + name)).st_mode)
            self.assertEqual(mode, 0o755 if name.startswith("bin/") else 0o644, name)
        for name in LINKS:
            self.assertEqual(os.path.realpath(self.path("usr/" + name)),
                             os.path.realpath(self.path("usr/bin/martlet-sendmail")))

    def test_the_units_name_what_was_installed_and_give_the_server_little(self):
        self.install(PREFIX="/opt/mail", SYSCONFDIR="/opt/etc")
        unit = self.path("opt/mail/lib/systemd/system/martlet.service")
        with open(unit, encoding="utf-8") as file:
            text = file.read()
        self.assertIn("\nExecStart=/opt/mail/bin/martlet serve --config /opt/etc/martlet/martlet.toml\n", text)
        self.assertIn("\nUser=martlet\n", text)
        self.assertNotIn("@", text.replace("@system-service", "").replace("@privileged", "").replace("@resources", ""))
        if shutil.which("systemd-analyze") is None:
            self.skipTest("there is no systemd-analyze here")
        run = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=20", unit],
                             capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 0, "exposure beyond 2.0: " + run.stdout[-200:])

    def test_a_configuration_stays_as_it_is(self):
        self.assertEqual(self.install().returncode, 0)
        with open(self.path("etc/martlet/martlet.toml"), "w", encoding="utf-8") as file:
            file.write("# mine")
        run = self.install()
        self.assertEqual(run.returncode, 0)
        self.assertIn("martlet.toml is there and stays as it is", run.stdout)
        with open(self.path("etc/martlet/martlet.toml"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "# mine")

    def test_uninstalling_leaves_the_configuration_and_what_others_own(self):
        self.install()
        os.remove(self.path("usr/bin/mailq"))
        for name in ("usr/bin/mailq", "usr/share/man/man1/other.1"):
            with open(self.path(name), "w", encoding="utf-8"):
                pass
        run = self.run_script("uninstall")
        self.assertEqual(run.returncode, 0)
        self.assertEqual(self.installed(), ["etc/martlet/martlet.toml", "usr/bin/mailq", "usr/share/man/man1/other.1"])

    def test_the_sendmail_of_another_mail_system_is_not_touched(self):
        os.makedirs(self.path("usr/sbin"))
        os.symlink("exim4", self.path("usr/sbin/sendmail"))
        run = self.install()
        self.assertEqual(run.returncode, 73)
        self.assertIn("usr/sbin/sendmail belongs to another program", run.stderr)
        self.assertEqual(self.installed(), ["usr/sbin/sendmail"])

    def test_what_cannot_be_installed_is_said(self):
        self.assertEqual(self.install(PREFIX="usr").returncode, 64)
        self.assertEqual(self.run_script("remove").returncode, 64)
        run = self.run_script("install", self.folder)
        self.assertEqual(run.returncode, 66)
        self.assertIn("make release", run.stderr)
        self.assertEqual(self.installed(), [])


if __name__ == "__main__":
    unittest.main()
