import Foundation

/// A name server (NSD) for one test, on a port of its own.
public struct NameServerProcess: Sendable {
    public let port: UInt16

    /// Runs the body with a name server that serves these zones, each in the form of RFC 1035 §5 without its SOA and NS
    /// records. Zones without text are broken: the answer is SERVFAIL.
    public static func with<Result>(
        zones: [String: String?], _ body: (NameServerProcess) async throws -> Result
    ) async throws -> Result {
        let folder = try TemporaryDirectory()
        for case (let name, let records?) in zones {
            try folder.write(Data((head + records + "\n").utf8), to: "\(name).zone")
        }
        let (process, server) = try await start(zones.keys.sorted(), in: folder)
        defer { withExtendedLifetime((process, folder)) {} }
        do {
            let result = try await body(server)
            try await end(process)
            return result
        } catch {
            try await end(process)
            throw error
        }
    }

    private static let head = """
        $TTL 60
        @ SOA ns.invalid. hostmaster.invalid. 1 3600 600 86400 60
        @ NS ns.invalid.

        """

    /// Tries other ports where somebody takes the port between its choice and its use.
    private static func start(
        _ zones: [String], in folder: TemporaryDirectory
    ) async throws -> (RunningProcess, NameServerProcess) {
        var attempts = 0
        while true {
            attempts += 1
            let port = try freePort()
            let configuration = Data(configuration(zones, port: port, in: folder).utf8)
            let log = folder.path("log\(attempts)")
            let process = try RunningProcess(
                Tool.require("nsd"), ["-d", "-c", folder.write(configuration, to: "nsd.conf")], output: log, errors: log
            )
            let started: Bool = try await eventually("the start of nsd") {
                let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
                return text.contains("nsd started") ? true : process.status == nil ? nil : false
            }
            if started { return (process, NameServerProcess(port: port)) }
            guard attempts < 5 else {
                throw NameServerFailure(description: try String(contentsOfFile: log, encoding: .utf8))
            }
        }
    }

    /// Its helper processes end with it only where it is asked to.
    private static func end(_ process: RunningProcess) async throws {
        process.signal(SIGTERM)
        _ = try await process.end()
    }

    private static func configuration(_ zones: [String], port: UInt16, in folder: TemporaryDirectory) -> String {
        let server = """
            server:
              ip-address: 127.0.0.1
              port: \(port)
              username: ""
              chroot: ""
              pidfile: ""
              database: ""
              zonesdir: "\(folder.path)"
              zonelistfile: "\(folder.path("zones"))"
              xfrdfile: "\(folder.path("transfers"))"
              xfrdir: "\(folder.path)"
              server-count: 1
              rrl-ratelimit: 0
            remote-control:
              control-enable: no
            """
        return zones.reduce(server) { text, name in
            text + "\nzone:\n  name: \"\(name)\"\n  zonefile: \"\(name).zone\""
        }
    }

    private static func freePort() throws -> UInt16 {
        let (descriptor, port) = try loopbackSocket(SOCK_DGRAM)
        close(descriptor)
        return UInt16(port)
    }
}

/// The name server did not start.
public struct NameServerFailure: Error, CustomStringConvertible {
    public let description: String
}
