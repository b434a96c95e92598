import MailCore
import MailDNS
import MailTesting
import Testing

struct PatienceTests {
    @Test func `a server that does not answer is given up after the timeout`() async throws {
        let server = try SilentServer()
        let resolver = try UnboundResolver(
            ResolverSettings(upstream: .servers([server.nameServer]), timeout: .milliseconds(300)))
        let time = await ContinuousClock().measure {
            let questions = [DNSQuestion("example.net", .mx), DNSQuestion("example.org", .mx)]
            #expect(await resolver.answers(to: questions) == [.trouble(.timeout), .trouble(.timeout)])
        }
        #expect(time >= .milliseconds(300))
    }

    @Test func `who does not want the answer any more does not wait for it`() async throws {
        let server = try SilentServer()
        let resolver = try UnboundResolver(
            ResolverSettings(upstream: .servers([server.nameServer]), timeout: .seconds(600)))
        let task = Task { await resolver.answer(to: DNSQuestion("example.net", .mx)) }
        try await onThread { server.firstQuestion() }
        task.cancel()
        #expect(await task.value == .trouble(.resolver("the look-up was cancelled")))
    }

    @Test func `who is cancelled before asking does not ask`() async throws {
        let server = try SilentServer()
        let resolver = try UnboundResolver(
            ResolverSettings(upstream: .servers([server.nameServer]), timeout: .seconds(600)))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await resolver.answer(to: DNSQuestion("example.net", .mx))
        }
        #expect(await task.value == .trouble(.resolver("the look-up was cancelled")))
    }

    @Test func `a name that cannot be asked for is trouble with the resolver`() async throws {
        let server = try SilentServer()
        let resolver = try UnboundResolver(ResolverSettings(upstream: .servers([server.nameServer])))
        let answer = await resolver.answer(to: DNSQuestion(String(repeating: "a", count: 64) + ".example.net", .a))
        #expect(answer == .trouble(.resolver("libunbound: syntax error")))
    }

    @Test func `a trust anchor that is not there is found at the start`() {
        #expect(throws: ResolverError.self) {
            try UnboundResolver(ResolverSettings(trustAnchors: [.file("/nonexistent/root.ds")]))
        }
    }
}
