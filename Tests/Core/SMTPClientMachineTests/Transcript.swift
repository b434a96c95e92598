import MailCore
import NIOCore
import SMTPCore
import Testing

/// A session as RFCs write it: `S: ` before what the server says, `C: ` before what the client must have said by then.
struct Transcript {
    private let text: String

    init(_ text: String) {
        self.text = text
    }

    /// Plays the server's part to a client that has this envelope and then quits, and compares the client's part.
    ///
    /// - Parameter message: what the client sends.
    /// - Returns: what became of the recipients.
    func outcomes(
        _ variant: SMTPClientMachine.Variant = .smtp, of envelope: Envelope, message: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [Outcome] {
        var dialogue = try Dialogue(variant, content: message)
        let whole = ByteBuffer(string: message)
        dialogue.perform {
            $0.begin(envelope, size: UInt64(whole.readableBytes), message: whole)
            $0.quit()
        }
        var heard = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("S: ") {
                dialogue.server("\(line.dropFirst(3))\r\n")
            } else {
                let said = dialogue.sent.components(separatedBy: "\r\n")
                #expect(
                    said.indices.contains(heard) && said[heard] == line.dropFirst(3), sourceLocation: sourceLocation)
                heard += 1
            }
        }
        #expect(dialogue.sent.components(separatedBy: "\r\n").count == heard + 1, "and nothing else is said")
        #expect(dialogue.isClosed)
        return dialogue.results.flatMap(\.outcomes)
    }
}

extension String {
    /// The parts between the places where `separator` stands.
    fileprivate func components(separatedBy separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
