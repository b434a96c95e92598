"""Martlet as a server under measurement."""

import subprocess

from .server import HOLD, MAILDIR, RELAY, Server
from .tools import DOMAIN

CONFIGURATION = """\
hostname = "martlet.bench.example"
data = "{folder}/data"
[listener.bench]
address = "127.0.0.1:{port}"
{listener}
[limits]
connections = 12000
{limits}
[log]
format = "logfmt"
{way}
{more}
"""


class Martlet(Server):
    name = "martlet"
    maildir = f"mail/{DOMAIN}/ann/new"

    def configure(self):
        ways = {
            HOLD: '[route.default]\nto = "hold"',
            RELAY: f'[route.default]\nto = "smtp://127.0.0.1:{self.sink and self.sink.port}"',
            MAILDIR: f'[domain."{DOMAIN}"]\nusers = ["ann"]\nmaildir = "{self.path("mail")}"',
        }
        self.write("martlet.toml", CONFIGURATION.format(
            folder=self.folder, port=self.port, way=ways[self.mode],
            **{name: self.options.get(name, "") for name in ("listener", "limits", "more")}))

    def command(self):
        return [self.setup.martlet, "serve", "--config", self.path("martlet.toml")]

    def stop(self):
        """With SIGTERM once, so that it ends as an administrator ends it."""
        process = getattr(self, "process", None)
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        super().stop()

    def queue(self, *arguments):
        command = [self.setup.martlet, "queue", *arguments, "--config", self.path("martlet.toml")]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def queued(self):
        return int(self.queue("count").split()[0])

    def add_user(self, name, password):
        command = [self.setup.martlet, "user", "add", name, "--config", self.path("martlet.toml")]
        subprocess.run(command, input=password + "\n", stdout=subprocess.DEVNULL, text=True, check=True)

    def reload(self):
        subprocess.run([self.setup.martlet, "reload", "--config", self.path("martlet.toml")], check=True,
                       stdout=subprocess.DEVNULL)

    @staticmethod
    def version(setup):
        return subprocess.run([setup.martlet, "--version"], capture_output=True, text=True, check=True).stdout.strip()
