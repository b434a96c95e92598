import MailCore
import SMTPCore
import Testing

/// XCLIENT, as Postfix's XCLIENT_README writes it.
struct ClientAttributeTests {
    private func attributes(_ text: String) throws -> ClientAttributes {
        guard case .clientAttributes(let attributes) = try CommandParser.parse(Array("XCLIENT \(text)".utf8)) else {
            throw Unexpected()
        }
        return attributes
    }

    private struct Unexpected: Error {}

    @Test func `every attribute is understood, in any order and case`() throws {
        let all = try attributes(
            "name=spike.example ADDR=192.0.2.7 PORT=4711 proto=esmtp HELO=a+20b LOGIN=ann DESTADDR=IPV6:2001:db8::1 "
                + "DESTPORT=25")
        var expected = ClientAttributes()
        expected.name = "spike.example"
        expected.address = IPAddress("192.0.2.7")
        expected.port = 4_711
        expected.transmission = "ESMTP"
        expected.hello = "a b"
        expected.login = "ann"
        expected.destination = IPAddress("2001:db8::1")
        expected.destinationPort = 25
        #expect(all == expected)
    }

    @Test(arguments: ["ADDR=", "ADDR=[UNAVAILABLE]", "LOGIN=[TEMPUNAVAIL]", "NAME=[unavailable]", "LOGIN="])
    func `what cannot be known is nothing`(text: String) throws {
        #expect(try attributes(text) == ClientAttributes())
    }

    @Test(arguments: [
        "", "ADDR", "=x", "ADDR=example.org", "ADDR=192.0.2.300", "PORT=70000", "PORT=-1", "PORT=+1",
        "PROTO=HTTP", "NAME=a NAME=b", "COLOUR=red", "NAME=+zz", "NAME=a+0D+0AMAIL", "LOGIN=a=b",
        "NAME=\(String(repeating: "a", count: 256))",
    ])
    func `what is not written so is refused`(text: String) throws {
        let error = #expect(throws: CommandSyntaxError.self) { try attributes(text) }
        #expect(error?.reply.code == 501)
    }
}
