import MailCore
import NIOCore
import SMTPClient
import SMTPCore

/// Sends messages over one pool of connections to a server on this machine: `client-benchmark PORT MESSAGES SIZE
/// CONNECTIONS [TASKS]`. With TASKS so many tasks send one message after another; without, each connection carries its
/// share as one batch. Who starts it measures it.
@main
struct ClientBenchmark {
    let pool: SMTPConnectionPool
    let endpoint: SMTPEndpoint
    let envelope: Envelope
    let message: ByteBuffer
    let connections: Int

    static func main() async throws {
        let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        guard (4...5).contains(numbers.count), numbers.allSatisfy({ $0 > 0 }) else {
            print("usage: client-benchmark PORT MESSAGES SIZE CONNECTIONS [TASKS]")
            throw Usage()
        }
        let benchmark = try ClientBenchmark(port: numbers[0], size: numbers[2], connections: numbers[3])
        let tasks = numbers.count == 5 ? numbers[4] : numbers[3]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<tasks {
                let share = numbers[1] / tasks + (task < numbers[1] % tasks ? 1 : 0)
                group.addTask {
                    if numbers.count == 5 {
                        try await benchmark.send(share)
                    } else {
                        try await benchmark.sendBatch(share)
                    }
                }
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
            try check(result)
        }
    }

    private func sendBatch(_ messages: Int) async throws {
        let batch = Array(repeating: SMTPMessage(envelope, message), count: messages)
        for result in await pool.deliver(batch, to: endpoint) { try check(result.get()) }
    }

    private func check(_ result: TransactionResult) throws {
        guard result.outcomes.allSatisfy({ $0.action == .delivered }) else { throw Refused(text: "\(result)") }
    }
}

private struct Usage: Error {}

private struct Refused: Error {
    let text: String
}
