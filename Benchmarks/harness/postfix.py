"""Postfix as a server under measurement, with its defaults but for what the scenario needs."""

from .server import HOLD, MAILDIR, RELAY, Peer

SETTINGS = """\
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = postfix.bench.example
mydestination =
mynetworks = 127.0.0.0/8
smtp_host_lookup = native
smtpd_peername_lookup = no
smtpd_tls_security_level = none
smtp_tls_security_level = none
alias_maps =
message_size_limit = 52428800
virtual_mailbox_limit = 0
mailbox_size_limit = 0
{way}
"""
SERVICES = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
QUEUES = ("incoming", "active", "deferred", "hold", "maildrop")


class Postfix(Peer):
    name = "postfix"
    version_command = ("/usr/sbin/postconf", "-d", "mail_version")

    def configure(self):
        ways = {
            HOLD: "smtpd_client_restrictions = check_client_access static:HOLD",
            RELAY: f"relayhost = [127.0.0.1]:{self.sink and self.sink.port}",
            MAILDIR: f"virtual_mailbox_domains = static:all\nvirtual_mailbox_base = {self.path('mail')}\n"
                     "virtual_mailbox_maps = static:ann/\nvirtual_minimum_uid = 1\n"
                     "virtual_uid_maps = static:7705\nvirtual_gid_maps = static:7705",
        }
        self.accounts()
        self.write("etc/postfix/main.cf", SETTINGS.format(folder=self.folder, way=ways[self.mode]))
        self.write("etc/postfix/master.cf", SERVICES.format(port=self.port))
        self.write("etc/postfix/dynamicmaps.cf", "")
        self.own("mail", "benchmail")
        self.own("data", "postfix")
        self.write("spool/pid/.keep", "")
        for name in ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private",
                     "saved", "trace"):
            self.own(f"spool/{name}", "postfix", mode=0o700)
        for name in ("maildrop", "public"):
            self.own(f"spool/{name}", "postfix", mode=0o730)

    def program(self):
        return ["/usr/lib/postfix/sbin/master", "-s", "-c", "/etc/postfix"]

    def queued(self):
        return sum(self.count_files(f"spool/{queue}") for queue in QUEUES)
