import MailCore
import NIOCore
import Testing

@testable import MailSpool

@Suite struct EnvelopeCodecTests {
    static let envelopes: [Envelope] = {
        let address = { (text: String) in (try? EmailAddress(text)).map { EnvelopeRecipient($0) } }
        var plain = Envelope(reversePath: .null, recipients: ["bob@example.net"].compactMap(address))
        let bare = plain
        plain.reversePath = (try? EmailAddress("\"a b\"@[IPv6:2001:db8::1]")).map { .mailbox($0) } ?? .null
        plain.options = EnvelopeOptions(body: .binary, smtputf8: true, return: .full, envelopeID: "", requireTLS: true)
        plain.recipients += ["дима@почта.рф", "x@[tag:content]"].compactMap(address)
        plain.recipients[0].notify = .never
        plain.recipients[1].notify = [.success, .failure, .delay]
        plain.recipients[2].original = OriginalRecipient(addressType: "utf-8", address: "дима@почта.рф")
        var handedIn = plain
        handedIn.origin = "1795311360.1.2.abc"
        var quarantined = plain
        quarantined.quarantine = ""
        var explained = handedIn
        explained.quarantine = "Ein Virus: дима"
        return [bare, plain, handedIn, quarantined, explained, Envelope(reversePath: .null)]
    }()

    private func encoded(_ envelope: Envelope) -> ByteBuffer {
        var buffer = ByteBuffer()
        EnvelopeCodec.encode(envelope, into: &buffer)
        return buffer
    }

    @Test(arguments: envelopes) func whatIsWrittenIsReadBack(_ envelope: Envelope) throws {
        let decoded = try EnvelopeCodec.decode(encoded(envelope))
        #expect(decoded.envelope == envelope)
        #expect(decoded.origin == nil)
    }

    @Test(arguments: envelopes) func anEnvelopeThatIsCutOffIsMalformed(_ envelope: Envelope) {
        let whole = encoded(envelope)
        for length in 0..<whole.readableBytes {
            #expect(throws: EnvelopeCodec.Malformed.self) {
                try EnvelopeCodec.decode(whole.getSlice(at: 0, length: length) ?? ByteBuffer())
            }
        }
    }

    @Test func octetsBehindTheEnvelopeAreMalformed() {
        var buffer = encoded(Self.envelopes[0])
        buffer.writeInteger(UInt8(0))
        #expect(throws: EnvelopeCodec.Malformed.self) { try EnvelopeCodec.decode(buffer) }
    }

    @Test func noOctetCanMakeReadingTrap() {
        var generator = SystemRandomNumberGenerator()
        let whole = encoded(Self.envelopes[1])
        for index in 0..<whole.readableBytes {
            for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF, .random(in: 0...255, using: &generator)] {
                var changed = whole
                changed.setInteger(value, at: index)
                _ = try? EnvelopeCodec.decode(changed)
            }
        }
    }

    @Test func theFormatOfVersionOneStays() {
        let octets: [UInt8] =
            [1, 0, 0, 0, 0, 0, 0, 0xFF, 0, 1, 0, 0, 0, 15, 0, 0, 0]
            + Array("bob@example.net".utf8) + [0xFF, 0]
        #expect(encoded(Self.envelopes[0]) == ByteBuffer(bytes: octets))
    }
}
