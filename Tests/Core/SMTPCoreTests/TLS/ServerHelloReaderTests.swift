import NIOCore
import SMTPCore
import Testing

@Suite struct ServerHelloReaderTests {
    /// The beginning of a server's hello with a session ID of this length.
    private func hello(_ cipherSuite: UInt16, sessionID: Int) -> [UInt8] {
        [22, 3, 3, 0, 122, 2, 0, 0, 118, 3, 3] + Array(repeating: 7, count: 32) + [UInt8(sessionID)]
            + Array(repeating: 9, count: sessionID) + [UInt8(cipherSuite >> 8), UInt8(cipherSuite & 0xFF), 0, 0, 46]
    }

    @Test(arguments: [0, 16, 32])
    func `the cipher suite is found however the octets are cut`(sessionID: Int) {
        let bytes = hello(0x1302, sessionID: sessionID)
        for cut in bytes.indices {
            var reader = ServerHelloReader()
            reader.receive(ByteBuffer(bytes: bytes[..<cut]))
            reader.receive(ByteBuffer(bytes: bytes[cut...]))
            #expect(reader.cipherSuite == 0x1302 && reader.isDone, "cut at \(cut)")
        }
    }

    @Test func `what is no hello is left alone`() {
        var alert = ServerHelloReader()
        alert.receive(ByteBuffer(bytes: [21, 3, 1, 0, 2, 2, 40]))
        #expect(alert.isDone && alert.cipherSuite == nil)
        var other = ServerHelloReader()
        other.receive(ByteBuffer(bytes: [22, 3, 1, 0, 2, 1]))
        #expect(other.isDone && other.cipherSuite == nil)
    }

    @Test func `a session ID longer than any ends the search`() {
        var reader = ServerHelloReader()
        reader.receive(ByteBuffer(bytes: hello(0x1301, sessionID: 200)))
        #expect(reader.isDone && reader.cipherSuite == nil)
    }

    @Test func `cipher suites have the names of IANA, and others their number`() {
        #expect(TLSCipherSuite.name(0x1301) == "TLS_AES_128_GCM_SHA256")
        #expect(TLSCipherSuite.name(0xC0FF) == "0xC0FF")
        #expect(TLSCipherSuite.name(0x0001) == "0x0001")
    }

    @Test func `a library's error is told in words`() {
        let text =
            "handshakeFailed(sslError([Error: 268435703 error:100000f7:SSL routines:OPENSSL_internal:"
            + "WRONG_VERSION_NUMBER at /a/b.cc:131]))"
        #expect(TLSFailure.reason(in: text) == "wrong version number")
        #expect(TLSFailure.reason(in: String(repeating: "x", count: 1_000)).count == 200)
    }
}
