import Foundation
import MailTesting
import Testing

/// `martlet queue retry`, `hold`, `release`, `bounce` and `delete`, with a server and without one.
struct QueueChangeTests {
    private func martlet(_ server: MartletServer, _ arguments: String...) async throws -> ProcessResult {
        try await run(MartletServer.program, ["queue"] + arguments + ["--config", server.configurationPath])
    }

    /// Hands in a message for other systems, which is held in the queue.
    private func submit(
        _ server: MartletServer, to recipients: String..., from sender: String = "ann@example.org"
    ) async throws -> String {
        let client = try RawConnection(port: server.port)
        _ = try await client.reply()
        _ = try await client.ask("EHLO client.example.net")
        _ = try await client.ask("MAIL FROM:<\(sender)>")
        for recipient in recipients { #expect(try await client.ask("RCPT TO:<\(recipient)>").hasPrefix("250")) }
        _ = try await client.ask("DATA")
        let reply = try await client.ask("Subject: Hello\r\n\r\nHello.\r\n.")
        let id = String(try #require(reply.wholeMatch(of: /250 2\.0\.0 Queued as (\w+)/)).1)
        _ = try await eventually("the message's being held") {
            server.log.components(separatedBy: "event=held qid=\(id)").count > recipients.count ? true : nil
        }
        return id
    }

    @Test func `a message is deleted by its queue ID, and the log says so`() async throws {
        try await MartletServer.with { server in
            let id = try await submit(server, to: "someone@example.net")
            let other = try await submit(server, to: "someone@example.net")
            let result = try await martlet(server, "delete", "--yes", id)
            #expect(result.status == 0, "\(result.errors)")
            let hit = "\(id)  <ann@example.org>\n    <someone@example.net>\n"
            #expect(result.output == hit + "1 recipient deleted\n")
            try await server.expectLog("event=deleted qid=\(id) to=<someone@example.net> by=administrator")
            #expect(try await martlet(server, "show", id).status == 65)
            #expect(try await martlet(server, "show", other).status == 0)
        }
    }

    @Test func `nothing is destroyed without a yes, and nothing at all without saying which`() async throws {
        try await MartletServer.with { server in
            let id = try await submit(server, to: "someone@example.net")
            for command in ["delete", "bounce"] {
                let result = try await martlet(server, command, id)
                #expect(result.status == 64)
                #expect(result.errors == "martlet: add --yes, or --dry-run to look first\n")
            }
            #expect(try await martlet(server, "delete", "--yes").status == 64)
            #expect(try await martlet(server, "delete", "--yes", "--older", "long").status == 64)
            let rehearsal = try await martlet(server, "delete", "--dry-run", "--all")
            #expect(rehearsal.output.hasSuffix("1 recipient would be deleted\n"))
            #expect(try await martlet(server, "delete", "--yes", "no-id").status == 65)
            for option in ["--to", "--domain"] {
                let empty = try await martlet(server, "delete", "--yes", option, "")
                #expect(empty.status == 64 && empty.errors.contains("\(option) is empty"))
            }
            #expect(try await martlet(server, "count").output == "1\n")
        }
    }

    @Test func `a person at a terminal is asked, and only a yes deletes what was shown`() async throws {
        try await MartletServer.with { server in
            _ = try await submit(server, to: "someone@example.net")
            func answering(_ answer: String) async throws -> ProcessResult {
                try await run(
                    "/usr/bin/env",
                    [
                        "python3", "-c",
                        """
                        import os, pty, subprocess, sys
                        m, s = pty.openpty()
                        p = subprocess.Popen(sys.argv[2:], stdin=s); os.write(m, sys.argv[1].encode() + b"\\n")
                        sys.exit(p.wait())
                        """, answer, MartletServer.program, "queue", "delete", "--all", "--config",
                        server.configurationPath,
                    ])
            }
            let no = try await answering("n")
            #expect(no.status == 75)
            #expect(no.errors.hasPrefix("1 recipient to be deleted. Go on? [y/N]\n"))
            #expect(try await martlet(server, "count").output == "1\n")
            let yes = try await answering("y")
            #expect(yes.status == 0, "\(yes.errors)")
            #expect(yes.output.hasSuffix("1 recipient deleted\n"))
            #expect(try await martlet(server, "count").output == "0\n")
        }
    }

    @Test func `a filter means the recipients that it fits, in all commands`() async throws {
        try await MartletServer.with { server in
            let id = try await submit(server, to: "a@dead.example.com", "b@example.net")
            let dead = try await martlet(
                server, "bounce", "--domain", "DEAD.example.com", "--reason", "No such domain", "--yes", "--json")
            let hit = try #require(
                try JSONSerialization.jsonObject(with: Data(dead.output.utf8)) as? [String: Any], "\(dead)")
            #expect(hit["queue_id"] as? String == id)
            let hits = try #require(hit["recipients"] as? [[String: Any]])
            #expect(hits.map { $0["address"] as? String } == ["a@dead.example.com"])
            try await server.expectLog("event=failed qid=\(id) to=<a@dead.example.com> by=administrator")
            let shown = try await martlet(server, "show", id).output
            #expect(shown.contains("<a@dead.example.com>  failed"))
            #expect(shown.contains("(5.0.0 No such domain)"))
            #expect(shown.contains("<b@example.net>  held"))

            for options in [["--older", "1h"], ["--from", "bob@"], ["--to", "nobody"], ["--state", "pending"]] {
                let arguments = ["queue", "list", "--json"] + options + ["--config", server.configurationPath]
                #expect(try await run(MartletServer.program, arguments).output == "")
            }
            #expect(try await martlet(server, "list", "--newer", "1h", "--from", "ann@", "--json").output.contains(id))
        }
    }

    @Test func `a message that is not there is named, and where none is, the command fails`() async throws {
        try await MartletServer.with { server in
            let id = try await submit(server, to: "someone@example.net")
            let missing = "martlet: there is no message 11 in the queue\n"
            let none = try await martlet(server, "retry", "11")
            #expect(none.status == 65 && none.errors == missing && none.output == "0 recipients due now\n")
            let one = try await martlet(server, "delete", "--yes", "11", id)
            #expect(one.status == 0 && one.errors == missing && one.output.hasSuffix("1 recipient deleted\n"))
        }
    }

    @Test func `a filtered list shows the recipients that fit, and says when there are none`() async throws {
        try await MartletServer.with { server in
            let id = try await submit(server, to: "a@dead.example.com", "b@example.net")
            let dead = try await martlet(server, "list", "--domain", "dead.example.com").output
            #expect(dead.contains("<a@dead.example.com>") && !dead.contains("<b@example.net>"))
            _ = try await martlet(server, "delete", "--yes", "--to", "a@dead", id)
            let deleted = try await martlet(server, "list", "--state", "deleted").output
            #expect(deleted.contains("deleted  <a@dead.example.com>") && !deleted.contains("<b@example.net>"))
            #expect(try await martlet(server, "list", "--domain", "example.org").output == "No message fits.\n")
        }
    }

    @Test func `the queue can be looked at and changed while the configuration has errors elsewhere`() async throws {
        try await MartletServer.with { server in
            let id = try await submit(server, to: "someone@example.net")
            let path = server.configurationPath
            let text = try String(contentsOfFile: path, encoding: .utf8)
            try "hostnme = \"x\"\n\(text)".write(toFile: path, atomically: true, encoding: .utf8)
            let listed = try await martlet(server, "list")
            #expect(listed.status == 0 && listed.output.contains(id))
            #expect(listed.errors.hasPrefix("martlet: warning: \(path):1: unknown key \"hostnme\""))
            #expect(try await martlet(server, "delete", "--yes", id).status == 0)
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
    }

    @Test func `the queue of a stopped server is changed on disk`() async throws {
        try await MartletServer.with { server in
            let id = try await submit(server, to: "someone@example.net")
            let other = try await submit(server, to: "someone@example.net")
            try await server.stop()
            #expect(try await martlet(server, "delete", "--yes", id).output.hasSuffix("1 recipient deleted\n"))
            #expect(try await martlet(server, "release", "--all").output.hasSuffix("1 held again by a route\n"))
            #expect(try await martlet(server, "hold", "--all", "--reason", "Look").status == 0)
            #expect(try await martlet(server, "list").output.contains("held  <someone@example.net>  (2.0.0 Look)"))
            try await server.start()
            #expect(try await martlet(server, "list", "--json").output.split(separator: "\n").count == 1)
            #expect(try await martlet(server, "show", other).status == 0)
        }
    }

    @Test func `a message that stays for a report only is listed with that, until the report is made`() async throws {
        try await MartletServer.with { server in
            _ = try await submit(server, to: "someone@example.net")
            try await server.stop()
            #expect(try await martlet(server, "bounce", "--all", "--reason", "No way", "--yes").status == 0)
            let line = "    failed  <someone@example.net>, report due  (5.0.0 No way)\n"
            #expect(try await martlet(server, "list").output.contains(line))
            try await server.start()
            _ = try await server.message(for: "ann")
            _ = try await eventually("an empty queue") {
                try await martlet(server, "count").output == "0\n" ? true : nil
            }
        }
    }

    @Test func `what is released is tried at once`() async throws {
        try await MartletServer.with { server in
            let id = try await submit(server, to: "someone@example.net")
            let released = try await martlet(server, "release", id)
            #expect(released.status == 78, "that nobody goes is no success")
            #expect(released.output.hasSuffix("0 recipients released, 1 held again by a route\n"), "\(released.output)")
            #expect(released.output.contains("<someone@example.net>  held again by the route \"hold\" of the config"))
            #expect(released.errors.contains("`martlet queue reroute --via`"))
            _ = try await eventually("the route's holding it again") {
                server.log.components(separatedBy: "event=held qid=\(id)").count > 2 ? true : nil
            }
            try await server.expectLog("event=released qid=\(id)")
            let shown = try await eventually("its being held") {
                let text = try await martlet(server, "show", id).output
                return text.contains("held, ") ? text : nil
            }
            #expect(shown.contains("held, 0 attempts  (2.0.0 Held by the route)"), "a route that holds tries nothing")
            #expect(shown.contains("\n        Next hop: hold\n"))
        }
    }

    @Test func `a message is shown with where it goes, and with the host that would not take it`() async throws {
        try await MartletServer.with { server in
            let remote = try ScriptedRemote(RemoteScript([.recipient: .answer("451 4.7.1 Come back later")]))
            try await remote.start()
            let id = try await submit(server, to: "a@example.net", "b@example.com")
            let via = "smtp://127.0.0.1:\(remote.port)"
            _ = try await martlet(server, "reroute", "--domain", "example.net", "--via", via)
            let released = try await martlet(server, "release", "--all")
            #expect(released.status == 0, "one of them goes")
            #expect(released.output.hasSuffix("1 recipient released, 1 held again by a route\n"), "\(released.output)")
            _ = try await eventually("the attempt") {
                server.log.contains("event=deferred qid=\(id) to=<a@example.net>") ? true : nil
            }
            let shown = try await martlet(server, "show", id).output
            #expect(shown.contains("(4.7.1 451 4.7.1 Come back later)\n        Next hop: \(via)\n        Last host: "))
            #expect(shown.contains("Last host: 127.0.0.1"))
            try await server.stop()
            let stopped = try await martlet(server, "show", "--json", id).output
            #expect(stopped.contains("\"next_hop\":\"smtp:") && stopped.contains("\"next_hop\":\"hold\""), "\(stopped)")
            #expect(stopped.contains("\"remote_host\":\"127.0.0.1"))
            try await remote.stop()
        }
    }

    @Test func `what is rerouted goes the new way, with a server and without one`() async throws {
        try await MartletServer.with { server in
            let remote = try ScriptedRemote()
            try await remote.start()
            let id = try await submit(server, to: "a@example.net", "b@example.com")
            let via = "smtp://127.0.0.1:\(remote.port)"
            let rehearsal = try await martlet(server, "reroute", "--dry-run", "--domain", "example.net", "--via", via)
            #expect(rehearsal.output.hasSuffix("1 recipient would be rerouted\n"), "\(rehearsal.errors)")
            #expect(try await martlet(server, "reroute", "--domain", "example.net", "--via", via).status == 0)
            try await server.expectLog("event=rerouted qid=\(id) to=<a@example.net> by=administrator route=\(via)")
            let shown = try await martlet(server, "show", id).output
            #expect(shown.contains("<a@example.net>  held, 0 attempts, via \(via)"), "\(shown)")
            #expect(try await martlet(server, "list", "--json").output.contains("\"route\":\"\(via)\""))
            #expect(try await martlet(server, "release", "--all").status == 0)
            _ = try await eventually("delivery by the new route") {
                server.log.contains("event=delivered qid=\(id) to=<a@example.net>") ? true : nil
            }
            try await server.stop()
            #expect(try await martlet(server, "reroute", id, "--via", via).status == 0)
            #expect(try await martlet(server, "show", id).output.contains("<b@example.com>  held, 0 attempts, via"))
            #expect(try await martlet(server, "reroute", id, "--via", "default").status == 0)
            #expect(try await !martlet(server, "show", id).output.contains("<b@example.com>  held, 0 attempts, via"))
            try await server.start()
            try await remote.stop()
        }
    }

    @Test func `a route that is none is refused, and one that gives mail up wants a yes`() async throws {
        try await MartletServer.with { server in
            let id = try await submit(server, to: "someone@example.net")
            let wrong = try await martlet(server, "reroute", id, "--via", "smpt://backup")
            #expect(wrong.status == 64)
            #expect(wrong.errors.contains("the route must be \"mx\", \"mx:PORT\", \"smtp://host:port\""))
            #expect(wrong.errors.contains("not \"smpt://backup\", or \"default\" for that of the configuration"))
            #expect(try await martlet(server, "reroute", id).status == 64)
            let destroying = try await martlet(server, "reroute", id, "--via", "discard")
            #expect(destroying.status == 64 && destroying.errors.contains("add --yes"))
            #expect(try await martlet(server, "count").output == "1\n")
            #expect(try await martlet(server, "reroute", id, "--via", "discard", "--yes").status == 0)
            #expect(try await martlet(server, "release", id).status == 0)
            _ = try await eventually("the message's end") {
                server.log.contains("event=delivered qid=\(id)") ? true : nil
            }
        }
    }

    @Test func `a message is shown octet by octet`() async throws {
        try await MartletServer.with { server in
            let id = try await submit(server, to: "someone@example.net")
            let running = try await martlet(server, "show", "--raw", id)
            #expect(running.output.hasPrefix("Received: "), "\(running.errors)")
            #expect(running.output.hasSuffix("Subject: Hello\r\n\r\nHello.\r\n"))
            try await server.stop()
            #expect(try await martlet(server, "show", "--raw", id).standardOutput == running.standardOutput)
            try await server.start()
        }
    }

    @Test func `a damaged message is found, and stops neither the server nor other mail`() async throws {
        try await MartletServer.with { server in
            let id = try await submit(server, to: "someone@example.net")
            let sound = try await martlet(server, "check")
            #expect(sound.status == 0, "\(sound.output)")
            #expect(sound.output.hasPrefix("1 message of "))
            #expect(sound.output.hasSuffix(" octets sound, nothing wrong\n"))

            let log = "\(server.dataDirectory)/queue/log"
            for name in try FileManager.default.contentsOfDirectory(atPath: log) {
                let segment = URL(fileURLWithPath: "\(log)/\(name)")
                var octets = try Data(contentsOf: segment)
                guard let place = octets.range(of: Data("Hello.".utf8)) else { continue }
                octets[place.lowerBound] = UInt8(ascii: "J")
                let file = try FileHandle(forWritingTo: segment)
                try file.write(contentsOf: octets)
            }
            let running = try await martlet(server, "check")
            #expect(running.status == 65)
            #expect(running.output.hasPrefix("\(id): its body does not agree with its checksum; it is held\n    /"))
            #expect(running.output.hasSuffix("0 messages of 0 octets sound, 1 found wrong\n"))
            try await server.stop()
            let stopped = try await martlet(server, "check", "--json")
            #expect(stopped.status == 65)
            #expect(stopped.output.contains("\"queue_id\":\"\(id)\""))
            try await server.start()
            let client = try RawConnection(port: server.port)
            _ = try await client.reply()
            for command in [
                "EHLO client.example.net", "MAIL FROM:<you@example.net>", "RCPT TO:<ann@example.org>", "DATA",
            ] {
                _ = try await client.ask(command)
            }
            #expect(try await client.ask("Subject: x\r\n\r\nx\r\n.").hasPrefix("250"))
            _ = try await server.message(for: "ann")
        }
    }
}
