import Foundation
import MailTesting
import NIOPosix
import Testing
import WebClient
import WebCore

/// Questions over HTTP, to a server in Python that answers as the path says.
@Suite(.requires("python3")) struct WebConnectorTests {
    /// - Parameter certificate: of the server; nil for one in clear.
    private func answer(
        to path: String, host: String = "127.0.0.1", certificate: TestCertificate? = nil, trust: WebTrust = .system,
        patience: Duration = patience, isolation: isolated (any Actor)? = #isolation
    ) async throws -> Result<String, WebFailure> {
        let server = try await WebServer(certificate: certificate)
        let scheme = certificate == nil ? "http" : "https"
        let address = try #require(WebAddress("\(scheme)://\(host):\(server.port)\(path)"))
        let connector = WebConnector(
            group: MultiThreadedEventLoopGroup.singleton, trust: { trust }, patience: patience)
        let post = WebPost(type: "text/plain", body: Array("question".utf8), authorization: "Basic eHl6")
        do throws(WebFailure) {
            return .success(String(decoding: try await connector.post(post, to: address), as: UTF8.self))
        } catch {
            return .failure(error)
        }
    }

    @Test func `the body of the answer is what is told`() async throws {
        let answer = try await answer(to: "/echo?a=b")
        #expect(answer == .success("POST /echo?a=b text/plain Basic eHl6 question"))
    }

    @Test(arguments: [
        ("/status/404", WebFailure.status(404)), ("/status/302", .status(302)), ("/status/204", .status(204)),
        ("/status/503", .status(503)), ("/large", .unreadable), ("/close", .silent), ("/noise", .unreadable),
    ])
    func `anything but an answer is a failure`(path: String, failure: WebFailure) async throws {
        #expect(try await answer(to: path) == .failure(failure))
    }

    @Test func `who does not answer, or never ends, is not waited for long`() async throws {
        #expect(try await answer(to: "/silent", patience: .seconds(3)) == .failure(.silent))
        #expect(try await answer(to: "/slow", patience: .seconds(3)) == .failure(.silent))
    }

    @Test func `where nobody listens there is no answer`() async throws {
        let port = try LoopbackListener.freePort()
        let address = try #require(WebAddress("http://127.0.0.1:\(port)/"))
        let connector = WebConnector(group: MultiThreadedEventLoopGroup.singleton, patience: patience)
        let failure = await #expect(throws: WebFailure.self) {
            try await connector.post(WebPost(type: "text/plain", body: []), to: address)
        }
        #expect(failure?.description.hasPrefix("it cannot be reached: ") == true)
    }

    @Test(.requires("openssl")) func `a certificate must lead to a root, and be for the host`() async throws {
        let files = try TemporaryDirectory()
        let certificate = try await TestCertificate(for: ["localhost", "IP:127.0.0.1"], in: files)
        let trust = try #require(WebTrust(roots: try String(contentsOfFile: certificate.certificate, encoding: .utf8)))
        for host in ["localhost", "127.0.0.1"] {
            let answer = try await answer(to: "/echo", host: host, certificate: certificate, trust: trust)
            #expect(answer == .success("POST /echo text/plain Basic eHl6 question"), "\(host)")
        }
        let strangers = try await answer(to: "/echo", host: "localhost", certificate: certificate)
        let other = try await TestCertificate(for: ["other.example.org"], in: files, name: "other")
        let roots = try String(contentsOfFile: other.certificate, encoding: .utf8)
        let others = try await answer(
            to: "/echo", host: "localhost", certificate: other, trust: #require(WebTrust(roots: roots)))
        for answer in [strangers, others] {
            guard case .failure(.unreachable) = answer else {
                Issue.record("\(answer)")
                continue
            }
        }
    }
}
