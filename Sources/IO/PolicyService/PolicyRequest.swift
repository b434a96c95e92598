import NIOCore
import WebCore

/// What a policy program is asked: attributes, each a line, and an empty line (Postfix's SMTPD_POLICY_README).
public struct PolicyRequest: Sendable {
    private let attributes: [(name: String, value: String)]

    public init(_ attributes: [(String, String)]) {
        self.attributes = attributes.map { (name: $0.0, value: $0.1) }
    }

    /// As it goes on the wire. A value cannot end its line: from its first control character on it is left out.
    var octets: ByteBuffer {
        var buffer = ByteBuffer(string: "request=smtpd_access_policy\n")
        for (name, value) in attributes {
            buffer.writeString("\(name)=")
            buffer.writeBytes(value.utf8.prefix { $0 >= 0x20 && $0 != 0x7F })
            buffer.writeStaticString("\n")
        }
        buffer.writeStaticString("\n")
        return buffer
    }

    /// As one object of JSON, in which each attribute is a text.
    var json: [UInt8] {
        let members = ([(name: "request", value: "smtpd_access_policy")] + attributes).map {
            "\(JSONValue.quoted($0.name)):\(JSONValue.quoted($0.value))"
        }
        return Array("{\(members.joined(separator: ","))}".utf8)
    }
}
