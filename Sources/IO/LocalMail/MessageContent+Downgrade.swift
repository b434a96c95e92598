package import MailCore
package import MailMIME
import NIOCore
package import QueueCore

extension MessageContent {
    /// What has to be changed in the body so that it can go where no more is carried than `hop`. The prefix is made here,
    /// of short lines. Reads the whole body, and blocks its thread.
    package func downgradePlan(
        to hop: EnvelopeOptions.Body
    ) throws(SystemError) -> Result<DowngradePlan, DowngradeObstacle> {
        var planner = DowngradePlanner(to: hop)
        try forEachPiece { planner.receive($0) }
        return Result { [planner] () throws(DowngradeObstacle) in try planner.finish() }
    }

    /// What kinds of octets are in the body. Reads all of it, and blocks its thread.
    package func survey() throws(SystemError) -> ContentSurvey {
        var survey = ContentSurvey()
        try forEachPiece { survey.take($0) }
        return survey
    }

    /// The changes with which a binary message can stand in a mailbox or be read by a program, both of which expect
    /// lines; nil where there are none to be made, or where it cannot be changed: then it stays as it came, octet for octet.
    package var linesPlan: DowngradePlan? {
        guard case .success(let plan)? = try? downgradePlan(to: .eightBit), !plan.isEmpty else { return nil }
        return plan
    }

    private func forEachPiece(_ take: (UnsafeRawBufferPointer) -> Void) throws(SystemError) {
        var pieces = try MessagePieces(MessageContent(prefix: ByteBuffer(), body: body))
        while let piece = try pieces.next() { piece.withUnsafeReadableBytes(take) }
    }
}
