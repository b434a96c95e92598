"""OpenSMTPD as a server under measurement. The place of its queue is compiled in, so a folder is mounted there."""

import os
import shutil

from .server import HOLD, MAILDIR, Peer

CONFIGURATION = """\
smtp limit max-mails 10000000
smtp max-message-size "50M"
listen on 127.0.0.1 port {port} hostname opensmtpd.bench.example
table mailboxes {{ "@" = "benchmail" }}
action "only" {way}
match from any for any action "only"
"""


class OpenSMTPD(Peer):
    name = "opensmtpd"
    version_command = ("/usr/sbin/smtpd", "-h")
    overlays = ("/var/lib", "/var/spool")

    def configure(self):
        relay = f'relay host smtp://127.0.0.1:{self.sink.port if self.sink else 1}'
        local = f'maildir "{self.path("mail/ann")}" virtual <mailboxes>'
        self.accounts()
        self.write("etc/smtpd.conf", CONFIGURATION.format(port=self.port, way=local if self.mode == MAILDIR else relay))
        # It asks for the name of every client, and the measurement must not wait for somebody's DNS.
        self.write("etc/resolv.conf", "lookup file\nfamily inet4\n")
        self.own("mail", "benchmail")
        os.makedirs(self.path("queue"), mode=0o711)
        os.makedirs(self.root("var/spool/smtpd"), exist_ok=True)
        control = self.root("usr/sbin/smtpctl")
        shutil.chown(control, group=7704)
        os.chmod(control, 0o2755)

    def namespace(self):
        return [*super().namespace(), f"mount --bind {self.path('queue')} /var/spool/smtpd",
                "mount -t tmpfs -o mode=0755 tmpfs /run"]

    def program(self):
        if self.mode != HOLD:
            return ["/usr/sbin/smtpd", "-F"]
        # It is asked to wait with deliveries from inside the namespace, where its socket is.
        return ["sh", "-c", "/usr/sbin/smtpd -F & until /usr/sbin/smtpctl pause mta; do sleep 0.05; done; wait"]

    def queued(self):
        return self.count_files("queue/queue", lambda name: name == "message")
