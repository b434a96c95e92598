"""A package that only sends mail: what it has to fetch, and that what it writes compiles."""

import os
import shutil
import subprocess
import tempfile
import unittest

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
NIO = ["swift-nio", "swift-atomics", "swift-collections", "swift-system"]
MANIFEST = """// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "consumer",
    platforms: [.macOS(.v15)],
    dependencies: [.package(url: "file://%s", from: "1.0.0")],
    targets: [.executableTarget(name: "consumer", dependencies: [.product(name: "SMTPClient", package: "martlet")])],
    swiftLanguageModes: [.v6]
)
"""


class Consumer(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.published = self.publish()
        self.package = os.path.join(self.folder.name, "consumer")
        sources = os.path.join(self.package, "Sources", "consumer")
        shutil.copytree(os.path.join(ROOT, "Examples", "SendMail", "Sources", "send-mail"), sources)
        with open(os.path.join(self.package, "Package.swift"), "w", encoding="utf-8") as file:
            file.write(MANIFEST % self.published)

    def publish(self):
        """The work tree as a release, in a repository of its own."""
        repository = os.path.join(self.folder.name, "martlet")
        os.mkdir(repository)
        names = self.run_in(ROOT, "git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
        for name in names.rstrip("\0").split("\0"):
            if os.path.isfile(os.path.join(ROOT, name)):
                os.makedirs(os.path.dirname(os.path.join(repository, name)), exist_ok=True)
                shutil.copy(os.path.join(ROOT, name), os.path.join(repository, name))
        self.run_in(repository, "git", "init", "--quiet")
        self.run_in(repository, "git", "add", "--all")
        identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
        self.run_in(repository, "git", *identity, "commit", "--quiet", "--no-gpg-sign", "--message", "Release")
        self.run_in(repository, "git", "tag", "1.0.0")
        return repository

    def run_in(self, folder, *command):
        environment = {name: value for name, value in os.environ.items() if name != "MARTLET_STRICT"}
        result = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=1800, check=False)
        self.assertEqual(result.returncode, 0, result.stdout[-4000:] + result.stderr[-4000:])
        return result.stdout + result.stderr

    def test_fetches_no_web_framework_and_no_database_and_builds_without_a_warning(self):
        self.run_in(self.package, "swift", "package", "resolve")
        checkouts = set(os.listdir(os.path.join(self.package, ".build", "checkouts")))
        self.assertEqual(
            checkouts, {"martlet", *NIO, "swift-nio-ssl", "swift-crypto", "swift-asn1"})
        output = self.run_in(self.package, "swift", "build")
        self.assertNotIn("warning:", output)


if __name__ == "__main__":
    unittest.main()
