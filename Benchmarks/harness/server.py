"""A server under measurement, and the way the peers are run without being installed."""

import os
import shutil
import subprocess

from .machine import CannotMeasure, Group
from .tools import free_port, wait_for_port

# What a server does with the mail it takes: keeps it in its queue, hands it to a sink, or puts it into a Maildir.
HOLD, RELAY, MAILDIR = "hold", "relay", "maildir"

ACCOUNTS = {
    "passwd": ["postfix:x:7701:7701::/nonexistent:/bin/false", "Debian-exim:x:7702:7702::/nonexistent:/bin/false",
               "opensmtpd:x:7703:7703::/nonexistent:/bin/false", "opensmtpq:x:7704:7704::/nonexistent:/bin/false",
               "benchmail:x:7705:7705::/nonexistent:/bin/false"],
    "group": ["postfix:x:7701:", "postdrop:x:7706:", "Debian-exim:x:7702:", "opensmtpd:x:7703:", "opensmtpq:x:7704:",
              "benchmail:x:7705:"],
}


class Server:
    """One server with a port, a folder and a group of processes of its own; it runs as long as the `with` lasts.

    A subclass says with `configure` what to write before the start, and with `command` what to start.
    """

    name = ""
    # Where the messages for the one mailbox arrive, below the folder.
    maildir = "mail/ann/new"

    def __init__(self, setup, mode, sink=None, options=None):
        self.setup, self.mode, self.sink, self.options = setup, mode, sink, options or {}
        self.folder = os.path.join(setup.folder, self.name)
        self.port = free_port()

    def __enter__(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder, mode=0o755)
        self.group = Group(self.name)
        try:
            self.configure()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        self.group.remove()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        """Starts on the queue that is there; gives the seconds until the greeting."""
        with open(self.path("output"), "ab") as output:
            self.process = self.group.start(self.command(), output=output)
        try:
            return wait_for_port(self.port)
        except CannotMeasure as error:
            raise CannotMeasure(f"{self.name}: {error}; its output: {self.tail('output')}") from error

    def stop(self):
        self.group.end()

    def configure(self):
        raise NotImplementedError

    def command(self):
        raise NotImplementedError

    def queued(self):
        """How many messages wait."""
        raise NotImplementedError

    def delivered(self):
        """How many messages are in the Maildir, each counted when it has arrived there for good."""
        try:
            return len(os.listdir(self.path(self.maildir)))
        except FileNotFoundError:
            return 0

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def tail(self, name):
        try:
            with open(self.path(name), encoding="utf-8", errors="replace") as file:
                return file.read()[-2000:].strip()
        except FileNotFoundError:
            return ""


class Peer(Server):
    """A server of others, which sees its files at their places in a mount namespace of its own: /usr with what was
    unpacked laid over it, and /etc with `etc` of its folder, which also names the users that it wants."""

    # What makes it tell its version.
    version_command = ()
    # Further folders of the machine that its own are laid over.
    overlays = ()

    def root(self, name=""):
        return os.path.join(self.setup.peers, self.name, name)

    def program(self):
        raise NotImplementedError

    def namespace(self):
        """What is mounted, as lines of a shell script."""
        layers = [(self.root("usr"), "/usr"), (self.path("etc"), "/etc")]
        layers += [(self.root(name.lstrip("/")), name) for name in self.overlays]
        return [f"mount -t overlay overlay -o lowerdir={ours}:{theirs} {theirs}" for ours, theirs in layers]

    def inside(self, program):
        """The command that runs a program in the namespace."""
        script = " && ".join([*self.namespace(), 'exec "$@"'])
        return ["unshare", "--mount", "sh", "-c", script, "sh", *program]

    def command(self):
        return self.inside(self.program())

    @classmethod
    def version(cls, setup):
        """The first line that its program says about itself."""
        lower = os.path.join(setup.peers, cls.name, "usr")
        script = f'mount -t overlay overlay -o lowerdir={lower}:/usr /usr && exec "$@"'
        command = ["unshare", "--mount", "sh", "-c", script, "sh", *cls.version_command]
        said = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False).stdout
        return said.partition("\n")[0]

    def accounts(self):
        for file, lines in ACCOUNTS.items():
            with open(f"/etc/{file}", encoding="utf-8") as system:
                others = [line for line in system.read().splitlines()
                          if line.split(":")[0] not in {ours.split(":")[0] for ours in lines}]
            self.write(f"etc/{file}", "\n".join([*others, *lines, ""]))

    def own(self, name, user, mode=0o755):
        """Makes a folder that one of the ACCOUNTS owns."""
        number = next(int(line.split(":")[2]) for line in ACCOUNTS["passwd"] if line.startswith(user + ":"))
        os.makedirs(self.path(name), exist_ok=True)
        os.chown(self.path(name), number, number)
        os.chmod(self.path(name), mode)

    def count_files(self, folder, matches=lambda name: True):
        return sum(sum(map(matches, names)) for _, _, names in os.walk(self.path(folder)))
