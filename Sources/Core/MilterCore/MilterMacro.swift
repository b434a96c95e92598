import struct NIOCore.ByteBuffer

/// Something about a session that a filter may want to know beyond what the protocol tells, by the name that Sendmail gave
/// it: `j`, `{client_addr}`.
public struct MilterMacro: Hashable, Sendable {
    public let name: String
    public let value: String

    /// What a filter gets in each stage that did not say what it wants, as with Postfix.
    static let usual: [Int: Set<String>] = [
        0: ["j", "v", "_", "{daemon_name}", "{client_name}", "{client_addr}", "{client_port}"],
        1: ["{tls_version}", "{cipher}"],
        2: ["i", "{auth_type}", "{auth_authen}", "{mail_addr}"],
        3: ["i", "{rcpt_addr}"], 4: ["i"], 5: ["i"], 6: ["i"],
    ]

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// - Parameter wanted: their names.
    /// - Returns: nil where nothing is to be told.
    static func packet(_ macros: [MilterMacro], for letter: Character, wanted: Set<String>) -> MilterPacket? {
        let told = macros.filter { wanted.contains($0.name) }
        guard !told.isEmpty else { return nil }
        var packet = MilterPacket("D")
        packet.body.writeInteger(letter.asciiValue ?? 0)
        for macro in told {
            packet.body.writeTerminated(macro.name)
            packet.body.writeTerminated(macro.value)
        }
        return packet
    }
}
