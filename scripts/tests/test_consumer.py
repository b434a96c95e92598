"""The examples as packages of somebody who only sends mail: what they fetch, and that they build and do what they say."""

import os
import shutil
import subprocess
import tempfile
import unittest

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
NIO = ["swift-nio", "swift-atomics", "swift-collections", "swift-system"]


class Consumer(unittest.TestCase):
    """Both examples build into one folder, so that what they share is built once."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder, cls.scratch = folder.name, os.path.join(folder.name, "build")
        cls.published = cls.publish()

    @classmethod
    def publish(cls):
        """The work tree as a release, in a repository of its own."""
        repository = os.path.join(cls.folder, "martlet")
        os.mkdir(repository)
        names = cls.run_in(ROOT, "git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
        for name in names.rstrip("\0").split("\0"):
            if os.path.isfile(os.path.join(ROOT, name)):
                os.makedirs(os.path.dirname(os.path.join(repository, name)), exist_ok=True)
                shutil.copy(os.path.join(ROOT, name), os.path.join(repository, name))
        cls.run_in(repository, "git", "init", "--quiet")
        cls.run_in(repository, "git", "add", "--all")
        identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
        cls.run_in(repository, "git", *identity, "commit", "--quiet", "--no-gpg-sign", "--message", "Release")
        cls.run_in(repository, "git", "tag", "1.0.0")
        return repository

    @staticmethod
    def run_in(folder, *command):
        environment = {name: value for name, value in os.environ.items() if name != "MARTLET_STRICT"}
        result = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=1800, check=False)
        if result.returncode != 0:
            raise AssertionError(f"{command}: {result.stdout[-4000:]}{result.stderr[-4000:]}")
        return result.stdout + result.stderr

    def example(self, name):
        """A copy of the example that depends on the release in place of the folder above it."""
        package = os.path.join(self.folder, name)
        shutil.copytree(os.path.join(ROOT, "Examples", name), package, ignore=shutil.ignore_patterns(".build"))
        manifest = os.path.join(package, "Package.swift")
        with open(manifest, encoding="utf-8") as file:
            text = file.read()
        changed = text.replace('name: "martlet", path: "../.."', f'url: "file://{self.published}", from: "1.0.0"')
        self.assertNotEqual(text, changed)
        with open(manifest, "w", encoding="utf-8") as file:
            file.write(changed)
        return package

    def swift(self, package, *arguments):
        return self.run_in(package, "swift", *arguments, "--scratch-path", self.scratch)

    def assert_no_warning(self, output):
        """None of ours: what others leave lying in their packages is not our matter."""
        self.assertEqual([line for line in output.splitlines() if "warning:" in line and "unhandled" not in line], [])

    def test_a_package_that_sends_mail_fetches_no_web_framework_and_no_database(self):
        package = self.example("SendMail")
        self.swift(package, "package", "resolve")
        checkouts = set(os.listdir(os.path.join(self.scratch, "checkouts")))
        self.assertEqual(checkouts, {"martlet", *NIO, "swift-nio-ssl", "swift-crypto", "swift-asn1"})
        self.assert_no_warning(self.swift(package, "build"))

    def test_a_web_application_that_sends_mail_builds_and_its_tests_pass(self):
        package = self.example("SignUp")
        self.assert_no_warning(self.swift(package, "build", "--build-tests"))
        self.assertIn("2 tests", self.swift(package, "test", "--skip-build"))


if __name__ == "__main__":
    unittest.main()
