import MailCore
import NIOCore
import SMTPClient
import SMTPCore

/// Sends messages over one pool of connections to a server on this machine: `client-benchmark PORT MESSAGES SIZE
/// CONNECTIONS`. Who starts it measures it.
@main
struct ClientBenchmark {
    let pool: SMTPConnectionPool
    let endpoint: SMTPEndpoint
    let envelope: Envelope
    let message: ByteBuffer
    let connections: Int

    static func main() async throws {
        let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        guard numbers.count == 4, numbers.allSatisfy({ $0 > 0 }) else {
            print("usage: client-benchmark PORT MESSAGES SIZE CONNECTIONS")
            throw Usage()
        }
        let benchmark = try ClientBenchmark(port: numbers[0], size: numbers[2], connections: numbers[3])
        try await withThrowingTaskGroup(of: Void.self) { group in
            // Two for each connection, so that a message can go right behind another one.
            let senders = 2 * numbers[3]
            for sender in 0..<senders {
                let share = numbers[1] / senders + (sender < numbers[1] % senders ? 1 : 0)
                group.addTask { try await benchmark.send(share) }
            }
            try await group.waitForAll()
        }
        await benchmark.pool.close()
    }

    private init(port: Int, size: Int, connections: Int) throws {
        self.connections = connections
        let domain = try Domain("bench.example")
        pool = SMTPConnectionPool(
            configuration: SMTPClientConfiguration(localName: .domain(domain)),
            limits: SMTPPoolLimits(connections: connections, messages: .max))
        endpoint = SMTPEndpoint(try SMTPURL("smtp://127.0.0.1:\(port)"))
        envelope = Envelope(
            reversePath: .mailbox(try EmailAddress("sender@bench.example")),
            recipients: [EnvelopeRecipient(try EmailAddress("ann@bench.example"))])
        let header = "From: <sender@bench.example>\r\nTo: <ann@bench.example>\r\nSubject: load\r\n\r\n"
        let line = String(repeating: "x", count: 76) + "\r\n"
        message = ByteBuffer(string: header + String(repeating: line, count: max(0, size - header.count) / line.count))
    }

    private func send(_ messages: Int) async throws {
        for _ in 0..<messages {
            let result = try await pool.deliver(envelope, .memory(message), to: endpoint, connections: connections)
            guard result.outcomes.allSatisfy({ $0.action == .delivered }) else { throw Refused(text: "\(result)") }
        }
    }
}

private struct Usage: Error {}

private struct Refused: Error {
    let text: String
}
