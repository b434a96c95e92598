import Foundation
import MailTesting
import Testing

extension SecurityTests {
    /// Disk and memory that run out.
    struct ResourceTests {
        private static let line = Data(String(repeating: "z", count: 998).utf8) + Data("\r\n".utf8)
        private static let mebibyte = (0..<1_049).reduce(into: Data()) { part, _ in part += line }

        @Test(.enabled("mounts a file system, which only root may") { getuid() == 0 })
        func `a full disk refuses mail for a while and loses none`() async throws {
            let limits = "message_size = \"1 MiB\"\ndisk_reserve = \"4 MiB\"\n"
            let patient = "errors = 1000000\ncommands_without_message = 1000000"
            let server = try MartletServer(configuration: "[limits]\n\(limits)\(patient)", trusted: [])
            let disk = try await SmallDisk(at: server.dataDirectory, mebibytes: 24)
            do {
                try await server.start()
                try await Self.fillAndFree(server)
                try await SecurityTests.expectServing(server)
                try await server.stop()
                try await disk.remove()
            } catch {
                try? await server.kill()
                try await disk.remove()
                throw error
            }
        }

        private static func fillAndFree(_ server: MartletServer) async throws {
            let session = try await RawConnection.greeted(by: server)
            try await session.beginMessage()
            session.send("Subject: before\r\n\r\n")
            session.send(mebibyte.prefix(500_000))
            #expect(try await session.ask("\r\n.").hasPrefix("250 "))
            _ = try await server.messages(for: "ann", count: 1)
            let filling = server.dataDirectory + "/filling"
            _ = FileManager.default.createFile(atPath: filling, contents: nil)
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: filling))
            while (try? file.write(contentsOf: Data(count: 64 * 1_024))) != nil {}
            try file.close()
            try await expect("452 4.3.1 ", over: session)
            try FileManager.default.removeItem(atPath: filling)
            try await expect("250 ", over: session)
            try await session.beginMessage()
            #expect(try await session.ask("Subject: after\r\n\r\n.").hasPrefix("250 "))
            #expect(try await server.messages(for: "ann", count: 2).count == 2)
        }

        /// Asks until MAIL is answered so, for the server looks at the disk once a second.
        private static func expect(_ reply: String, over session: RawConnection) async throws {
            _ = try await eventually("a reply that begins with \(reply)") {
                let given = try await session.ask("MAIL FROM:<you@example.net>")
                _ = try await session.ask("RSET")
                return given.hasPrefix(reply) ? true : nil
            }
        }

        @Test func `a hundred messages of 25 MiB at once take less than 64 MiB of memory`() async throws {
            try await SecurityTests.withServer(trusting: ["127.0.0.0/8"]) { server in
                let sessions = try await Self.sessions(100, with: server)
                let before = try server.residentMemory()
                for _ in 0..<25 {
                    for session in sessions { #expect(session.send(Self.mebibyte)) }
                }
                #expect(try await sessions[0].ask(".").hasPrefix("250 "))
                #expect(try server.peakMemory() - before < 64 * .mebibyte)
                #expect(try await server.messages(for: "ann", count: 1)[0].count > 25 * .mebibyte)
            }
        }

        @Test(
            .enabled("takes a while; MARTLET_LARGE=1 runs it") {
                ProcessInfo.processInfo.environment["MARTLET_LARGE"] != nil
            }) func `a message of 1 GiB takes less than 64 MiB of memory`() async throws
        {
            let limits = "message_size = \"2 GiB\"\ndisk_reserve = 0"
            try await SecurityTests.withServer(limits: limits) { server in
                let session = try await Self.sessions(1, with: server)[0]
                let before = try server.residentMemory()
                for _ in 0..<1_024 { #expect(session.send(Self.mebibyte)) }
                #expect(try await session.ask(".").hasPrefix("250 "))
                #expect(try server.peakMemory() - before < 64 * .mebibyte)
            }
        }

        /// Sessions that have each begun a message and sent its header.
        private static func sessions(_ count: Int, with server: MartletServer) async throws -> [RawConnection] {
            var sessions: [RawConnection] = []
            for _ in 0..<count {
                let session = try await RawConnection.greeted(by: server)
                try await session.beginMessage()
                session.send("Subject: large\r\n\r\n")
                sessions.append(session)
            }
            return sessions
        }
    }
}

/// A file system in memory, of its own, that is soon full.
private struct SmallDisk {
    private let path: String

    init(at path: String, mebibytes: Int) async throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try await Self.run("mount", ["-t", "tmpfs", "-o", "size=\(mebibytes)m", "tmpfs", path])
    }

    func remove() async throws {
        try await Self.run("umount", [path])
    }

    private static func run(_ program: String, _ arguments: [String]) async throws {
        let result = try await MailTesting.run(Tool.require(program), arguments)
        try #require(result.status == 0, "\(result.errors)")
    }
}
