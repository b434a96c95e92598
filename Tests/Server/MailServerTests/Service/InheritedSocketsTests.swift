import Glibc
import MailCore
import SMTPServer
import Testing

@testable import MailServer

/// Sockets that a service manager passes, as it passes them: by descriptors that follow each other, where two tests at once
/// would take each other's.
@Suite(.serialized) struct InheritedSocketsTests {
    /// Some sockets on the loopback, at descriptors that nobody else has.
    private final class Passed {
        let first: Int32
        let ports: [Int]

        init(_ families: [Int32]) throws {
            var (descriptors, ports): ([Int32], [Int]) = ([], [])
            for family in families {
                let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
                try #require(descriptor >= 0 && listen(descriptor, 1) == 0)
                descriptors.append(descriptor)
                ports.append(try Self.port(of: descriptor))
            }
            // A place where all of them fit, one behind the other.
            let start = fcntl(descriptors[0], F_DUPFD_CLOEXEC, 900)
            for (offset, descriptor) in descriptors.enumerated() {
                try #require(dup2(descriptor, start + Int32(offset)) >= 0)
                close(descriptor)
            }
            (first, self.ports) = (start, ports)
        }

        private static func port(of descriptor: Int32) throws -> Int {
            var address = sockaddr_in6()
            var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
            let result = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
            }
            try #require(result == 0)
            return Int(UInt16(bigEndian: address.sin6_port))
        }

        deinit { for offset in ports.indices { close(first + Int32(offset)) } }

        func inherited(by process: Int32 = getpid()) -> InheritedSockets {
            InheritedSockets(
                environment: { ["LISTEN_PID": "\(process)", "LISTEN_FDS": "\(self.ports.count)"][$0] }, first: first)
        }
    }

    private let any4 = IPAddress.v4(IPv4Address(bits: 0))

    @Test func `a listener finds the socket that is bound to its address`() throws {
        let passed = try Passed([AF_INET, AF_INET6])
        let sockets = passed.inherited()
        let any6 = try #require(IPv6Address("::"))
        #expect(sockets.descriptor(at: .ip(any4, port: passed.ports[0])) == passed.first)
        #expect(sockets.descriptor(at: .ip(.v6(any6), port: passed.ports[1])) == passed.first + 1)
        #expect(sockets.descriptor(at: .ip(any4, port: passed.ports[1])) == nil)
    }

    @Test func `what no listener takes is named and closed, so that nobody waits on it`() throws {
        let passed = try Passed([AF_INET, AF_INET])
        let mine = InheritedSockets.Endpoint.ip(any4, port: passed.ports[0])
        let unused = passed.inherited().closeUnused(by: [mine])
        #expect(unused == ["0.0.0.0:\(passed.ports[1])"])
        #expect(fcntl(passed.first, F_GETFD) >= 0 && fcntl(passed.first + 1, F_GETFD) < 0)
    }

    @Test func `programs that the server starts do not have them`() throws {
        let passed = try Passed([AF_INET])
        try #require(fcntl(passed.first, F_SETFD, 0) == 0)
        _ = passed.inherited()
        #expect(fcntl(passed.first, F_GETFD) == FD_CLOEXEC)
    }

    @Test func `what is meant for another process, or is nothing, is left alone`() throws {
        let passed = try Passed([AF_INET])
        let mine = InheritedSockets.Endpoint.ip(any4, port: passed.ports[0])
        #expect(passed.inherited(by: getppid()).descriptor(at: mine) == nil)
        for count in ["-1", "x", ""] {
            let environment = ["LISTEN_PID": "\(getpid())", "LISTEN_FDS": count]
            let sockets = InheritedSockets(environment: { environment[$0] }, first: passed.first)
            #expect(sockets.descriptor(at: mine) == nil)
        }
        #expect(fcntl(passed.first, F_GETFD) >= 0)
    }
}
