import Foundation
import MailCertificates
import MailCore
import Testing

/// What a server shows is trusted only if it leads to a root, for the right name, at the right time.
@Suite struct PresentedChainTests {
    private static let day = Duration.seconds(86_400)
    private let now = Timestamp(microseconds: Int64(Date().timeIntervalSince1970) * 1_000_000)

    private func chain(
        _ certificates: [Issued], for host: String = "mx.example", roots: [Issued]
    ) async throws -> PresentedChain {
        try await PresentedChain(
            certificates.map(\.der), host: host, roots: PresentedChain.pem(roots.map(\.der)), now: now)
    }

    @Test func `a chain that leads to a root is trusted for the names of its first certificate`() async throws {
        let root = try Issued("Root", isAuthority: true)
        let middle = try Issued("Middle", isAuthority: true, by: root)
        let leaf = try Issued("mx.example", names: ["mx.example", "*.mail.example"], by: middle)
        for host in ["mx.example", "a.mail.example"] {
            let chain = try await chain([leaf, middle], for: host, roots: [root])
            #expect(chain.verdict == .trusted(root: "CN=Root"))
            #expect(chain.links.map(\.subject) == ["CN=mx.example", "CN=Middle"])
            #expect(chain.links.map(\.issuer) == ["CN=Middle", "CN=Root"])
            #expect(chain.links[0].names == ["mx.example", "*.mail.example"])
            #expect(chain.links.allSatisfy { $0.problem == nil })
        }
        let other = try await chain([leaf, middle], for: "other.example", roots: [root])
        #expect(other.verdict == .untrusted(reason: "it is for mx.example, *.mail.example, not for other.example"))
    }

    @Test func `what is missing or wrong is named`() async throws {
        let (root, stranger) = (try Issued("Root", isAuthority: true), try Issued("Root", isAuthority: true))
        let middle = try Issued("Middle", isAuthority: true, by: root)
        let leaf = try Issued("mx.example", names: ["mx.example"], by: middle)
        let noRoot = "it leads to no root that is trusted here"
        #expect(try await chain([leaf], roots: [root]).verdict == .untrusted(reason: noRoot))
        #expect(try await chain([leaf, middle], roots: [stranger]).verdict == .untrusted(reason: noRoot))
        #expect(
            try await chain([leaf, root], roots: [root]).verdict
                == .untrusted(reason: "the certificate behind it is not that of its issuer"))
        #expect(
            try await chain([middle, stranger], roots: [stranger]).links[0].problem
                == "the certificate behind it did not sign it")
        #expect(
            try await chain([root], roots: [stranger]).verdict
                == .untrusted(reason: "it is signed by itself, and is none of the roots that are trusted here"))
        let torn = try await PresentedChain([[1, 2, 3]], host: "mx.example", roots: nil, now: now)
        #expect(torn.links.isEmpty && torn.verdict == .untrusted(reason: "a certificate cannot be read"))
    }

    @Test func `a server's own certificate among the roots is trusted for itself, and signs no other`() async throws {
        let own = try Issued("mx.example", names: ["mx.example"])
        #expect(try await chain([own], roots: [own]).verdict == .trusted(root: "CN=mx.example"))
        #expect(
            try await chain([own], for: "other.example", roots: [own]).verdict
                == .untrusted(reason: "it is for mx.example, not for other.example"))
        let signed = try Issued("mx.example", names: ["mx.example"], by: own)
        #expect(try await chain([signed, own], roots: [own]).verdict != .trusted(root: "CN=mx.example"))
        let old = try Issued("mx.example", names: ["mx.example"], days: -20 ... -10)
        #expect(try await chain([old], roots: [old]).verdict != .trusted(root: "CN=mx.example"))
    }

    @Test func `it is to be valid now`() async throws {
        let root = try Issued("Root", isAuthority: true)
        let old = try Issued("mx.example", names: ["mx.example"], by: root, days: -20 ... -10)
        let early = try Issued("mx.example", names: ["mx.example"], by: root, days: 10...20)
        let (ended, begins) = ((now + Self.day * -10).day, (now + Self.day * 10).day)
        #expect(try await chain([old], roots: [root]).verdict == .untrusted(reason: "it expired on \(ended)"))
        #expect(try await chain([early], roots: [root]).verdict == .untrusted(reason: "it begins only on \(begins)"))
    }

    /// What strangers send, octet by octet: nothing traps, and nothing that was changed is believed.
    @Test func `a certificate of which an octet was changed is not trusted`() async throws {
        let root = try Issued("Root", isAuthority: true)
        let der = try Issued("mx.example", names: ["mx.example"], by: root).der
        let roots = PresentedChain.pem([root.der])
        for position in stride(from: 0, to: der.count, by: 3) {
            for change in [UInt8(1), 0x80] {
                var changed = der
                changed[position] ^= change
                let chain = try await PresentedChain([changed], host: "mx.example", roots: roots, now: now)
                #expect(chain.verdict != .trusted(root: "CN=Root"), "octet \(position) of \(der.count)")
            }
        }
    }

    @Test func `roots that are none are refused`() async throws {
        let leaf = try Issued("mx.example", names: ["mx.example"])
        await #expect(throws: PresentedChainError.self) {
            try await PresentedChain([leaf.der], host: "mx.example", roots: "nothing", now: now)
        }
    }
}
