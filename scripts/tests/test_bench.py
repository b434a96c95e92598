"""What the benchmarks' tools and arithmetic must do; no server is measured here."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

BENCHMARKS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Benchmarks")
sys.dont_write_bytecode = True
sys.path.insert(0, BENCHMARKS)

from harness import report, tools  # noqa: E402
from harness.scenario import AtMost, Case, Times  # noqa: E402


class Tools(unittest.TestCase):
    """The load sends to the sink."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        tools.build(cls.folder, ("load", "sink", "attack"))

    def test_attackers_stay_until_they_are_told_to_end(self):
        with tools.Sink(self.folder, self.folder) as sink:
            command = [os.path.join(self.folder, "attack"), str(sink.port), "silent", "30", "3"]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as attack:
                self.assertEqual(attack.stdout.readline(), "ready\n")
                attack.terminate()
                said = json.loads(attack.communicate(timeout=60)[0])
        self.assertEqual((said["open"], said["opened"], said["refused"]), (30, 30, 0))

    def test_messages_can_be_sent_by_the_tool_for_encryption_too(self):
        try:
            tools.build(self.folder, ("tls",), ("-lssl", "-lcrypto", "-lpthread"))
        except subprocess.CalledProcessError:
            self.skipTest("libssl-dev is not here")
        with tools.Sink(self.folder, self.folder) as sink:
            before = sink.messages
            command = [os.path.join(self.folder, "tls"), str(sink.port), "2", "0.2", "clear", "4096", tools.MAILBOX]
            said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)
            self.assertEqual((said["accepted"], said["failed"]), (sink.messages - before, 0))
            self.assertGreater(said["accepted"], 0)

    def send(self, sink, **options):
        load = tools.Load(self.folder, seconds=30, **options)
        output = subprocess.run(load.command(sink.port), capture_output=True, text=True, check=True, timeout=60).stdout
        return json.loads(output)

    def assert_sent(self, delay_ms=0, connections=None, **options):
        with tools.Sink(self.folder, self.folder, delay_ms) as sink:
            before = sink.connections
            sent = self.send(sink, sessions=4, messages=40, **options)
            self.assertEqual((sent["accepted"], sent["failed"], sink.messages), (40, 0, 40), sent)
            self.assertEqual(sink.connections - before, connections)
            return sent

    def test_sessions_keep_their_connections(self):
        self.assert_sent(connections=4)

    def test_each_message_can_have_a_connection(self):
        self.assert_sent(connections=40, reuse=False)

    def test_content_larger_than_what_the_socket_takes_at_once(self):
        self.assert_sent(connections=4, size=2**20)

    def test_many_recipients(self):
        self.assert_sent(connections=4, recipients=50)

    def test_answers_are_late_by_what_was_asked_for(self):
        sent = self.assert_sent(connections=4, delay_ms=5)
        self.assertGreaterEqual(sent["p50_ms"], 19, "four answers for each message")


class Arithmetic(unittest.TestCase):
    RESULTS = {"martlet": [{"rate": 900, "cpu_ms": 0.2}, {"rate": 1200, "cpu_ms": 0.1}, {"rate": 1000, "cpu_ms": 0.1}],
               "postfix": [{"rate": 100, "cpu_ms": 1.0}]}

    def test_a_bar_compares_medians(self):
        self.assertEqual(report.verdict(Times("rate", 10, "postfix"), self.RESULTS), (10, True))
        self.assertEqual(report.verdict(Times("rate", 11, "postfix"), self.RESULTS), (10, False))
        self.assertEqual(report.verdict(AtMost("cpu_ms", 0.1), self.RESULTS), (0.1, True))

    def test_a_bar_is_open_where_a_server_was_not_measured(self):
        self.assertEqual(report.verdict(Times("rate", 4, "exim"), self.RESULTS), (None, None))

    def test_the_table_shows_medians_and_the_spread(self):
        lines = report.table(Case("case", None, ("rate",), (Times("rate", 10, "postfix"),)), self.RESULTS)
        self.assertIn("1,000 (900–1,200)", lines[2])
        self.assertIn("met: rate at least 10 × postfix", lines[-1])


class Scripts(unittest.TestCase):
    def test_they_parse(self):
        subprocess.run(["bash", "-n", os.path.join(BENCHMARKS, "fetch-peers")], check=True)
        shown = subprocess.run([sys.executable, os.path.join(BENCHMARKS, "bench"), "--help"], capture_output=True,
                               text=True, check=True).stdout
        for scenario in ("accept", "relay", "maildir", "idle", "queue", "mixed", "syncs", "clients", "attack", "tls"):
            self.assertIn(scenario, shown)

    def test_an_unknown_scenario_is_named(self):
        command = [sys.executable, os.path.join(BENCHMARKS, "bench"), "fastest"]
        run = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(run.returncode, 69)
        self.assertIn("no scenario fastest", run.stderr)


if __name__ == "__main__":
    unittest.main()
