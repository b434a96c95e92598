"""Exim as a server under measurement, with its defaults but for what the scenario needs."""

from .server import HOLD, MAILDIR, RELAY, Peer

CONFIGURATION = """\
spool_directory = {folder}/spool
log_file_path = {folder}/log/%slog
primary_hostname = exim.bench.example
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
never_users = root
host_lookup =
rfc1413_query_timeout = 0s
smtp_accept_max = 0
smtp_accept_max_per_connection = 0
smtp_accept_queue_per_connection = 0
smtp_connect_backlog = 1000
message_size_limit = 50M
acl_smtp_rcpt = accept
acl_smtp_data = accept
tls_advertise_hosts =
keep_environment =
{settings}
begin acl
accept:
  accept
begin routers
only:
{router}
begin transports
{transport}
begin retry
* * F,2h,15m
"""
WAYS = {
    HOLD: ("queue_only = true", "  driver = redirect\n  data = :blackhole:", ""),
    RELAY: ("", "  driver = manualroute\n  transport = only\n  route_list = * 127.0.0.1\n  self = send",
            "only:\n  driver = smtp\n  port = {sink}\n  allow_localhost\n  hosts_try_prdr = :"),
    MAILDIR: ("", "  driver = accept\n  transport = only",
              "only:\n  driver = appendfile\n  directory = {folder}/mail/ann\n  maildir_format\n  user = benchmail\n"
              "  group = benchmail"),
}


class Exim(Peer):
    name = "exim"
    version_command = ("/usr/sbin/exim4", "-bV")

    def configure(self):
        settings, router, transport = WAYS[self.mode]
        sink = self.sink and self.sink.port
        self.accounts()
        self.write("etc/exim4/exim4.conf", CONFIGURATION.format(
            folder=self.folder, port=self.port, settings=settings, router=router,
            transport=transport.format(folder=self.folder, sink=sink)))
        for folder, user in (("spool", "Debian-exim"), ("log", "Debian-exim"), ("mail", "benchmail")):
            self.own(folder, user)

    def program(self):
        runs = [] if self.mode == HOLD else ["-q5s"]
        return ["/usr/sbin/exim4", "-bdf", *runs, "-oP", self.path("pid")]

    def queued(self):
        return self.count_files("spool/input", lambda name: name.endswith("-H"))
