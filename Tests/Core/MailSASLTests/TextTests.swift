import MailSASL
import Testing

@Suite("Texts of SASL")
struct TextTests {
    @Test(
        "names are prepared as RFC 4013 §3 shows",
        arguments: [
            ("I\u{AD}X", "IX"), ("user", "user"), ("USER", "USER"), ("\u{AA}", "a"), ("\u{2168}", "IX"),
            ("a\u{A0}b", "a b"), ("Ａｎｎ", "Ann"), ("é", "é"), ("\u{627}\u{628}", "\u{627}\u{628}"),
        ])
    func prepared(text: String, expected: String) {
        #expect(SASLPrep.prepare(text) == expected)
    }

    @Test(
        "what must not be in a name is refused",
        arguments: ["\u{7}", "\u{627}1", "a\u{2028}b", "\u{E000}", "a\u{202E}b"])
    func prohibited(text: String) {
        #expect(SASLPrep.prepare(text) == nil)
    }

    @Test(
        "base64 is taken in its one right form (RFC 4648 §10)",
        arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foobar", "Zm9vYmFy")])
    func base64(octets: String, text: String) {
        #expect(SASLBase64.encode(Array(octets.utf8)) == text)
        #expect(SASLBase64.decode(text) == Array(octets.utf8))
    }

    @Test(
        "other forms are none", arguments: ["Zg", "Zg=", "Zh==", "Z===", "====", "Zg==Zg==", "Zm8 ", "Zm8\n", "=Zm8"])
    func notBase64(text: String) {
        #expect(SASLBase64.decode(text) == nil)
    }

    @Test("secrets are compared whole")
    func comparison() {
        #expect(ConstantTime.areEqual([1, 2], [1, 2]))
        #expect(!ConstantTime.areEqual([1, 2], [1, 3]))
        #expect(!ConstantTime.areEqual([1, 2], [1]))
    }

    @Test("a certificate binds by the hash function of its signature")
    func binding() {
        // SEQUENCE { SEQUENCE {}, SEQUENCE { OID }, BIT STRING }
        func certificate(_ oid: [UInt8]) -> [UInt8] {
            let algorithm = [0x30, UInt8(oid.count + 2), 0x06, UInt8(oid.count)] + oid
            let parts = [0x30, 0x00] + algorithm + [0x03, 0x01, 0x00]
            return [0x30, UInt8(parts.count)] + parts
        }
        #expect(
            SASLChannelBinding(certificate: certificate([0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2]))?.octets.count == 32)
        #expect(
            SASLChannelBinding(certificate: certificate([0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 3]))?.octets.count == 48)
        #expect(SASLChannelBinding(certificate: certificate([0x2B, 0x65, 0x70])) == nil)
        #expect(SASLChannelBinding(certificate: [0x30, 0x84, 0xFF]) == nil)
    }
}
