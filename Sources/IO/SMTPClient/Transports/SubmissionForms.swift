import MailCore
import MailMIME
import NIOCore
import SMTPCore

/// A message in the forms in which servers can take it: as it is, or in seven bits.
struct SubmissionForms: Sendable {
    private let octets: [UInt8]

    init(_ submission: MailSubmission) {
        octets = submission.content
    }

    /// What MAIL says of the message, and the message, for such a server.
    ///
    /// - Throws: `SMTPError` where it cannot be changed as the server wants it, because it is signed, for instance.
    func form(of envelope: Envelope, for extensions: ServerExtensions) throws(SMTPError) -> (Envelope, SMTPContent) {
        guard envelope.options.body == .eightBit, !extensions.eightBitMIME else {
            return (envelope, .memory(ByteBuffer(bytes: octets)))
        }
        var envelope = envelope
        envelope.options.body = .sevenBit
        return (envelope, .memory(ByteBuffer(bytes: try inSevenBits())))
    }

    private func inSevenBits() throws(SMTPError) -> [UInt8] {
        var planner = DowngradePlanner(to: .sevenBit)
        planner.receive(octets)
        do throws(DowngradeObstacle) {
            var writer = DowngradeWriter(try planner.finish())
            return writer.receive(octets) + writer.finish()
        } catch {
            throw SMTPError(unsent: "the server offers no 8BITMIME, and \(error)", hint: "Send the message in ASCII.")
        }
    }
}
