import MailCore
import MailMIME

/// A message as a hop gets it.
func downgraded(_ message: [UInt8], to hop: EnvelopeOptions.Body) throws -> [UInt8] {
    var writer = DowngradeWriter(try plan(message, to: hop))
    return writer.receive(message) + writer.finish()
}

func downgraded(_ message: String, to hop: EnvelopeOptions.Body) throws -> String {
    String(decoding: try downgraded(Array(message.crlf.utf8), to: hop), as: UTF8.self).replacing("\r\n", with: "\n")
}

func plan(_ message: [UInt8], to hop: EnvelopeOptions.Body) throws(DowngradeObstacle) -> DowngradePlan {
    var planner = DowngradePlanner(to: hop)
    planner.receive(message)
    return try planner.finish()
}

func obstacle(_ message: [UInt8], to hop: EnvelopeOptions.Body) -> DowngradeObstacle? {
    do throws(DowngradeObstacle) {
        _ = try plan(message, to: hop)
        return nil
    } catch {
        return error
    }
}

extension String {
    /// With CRLF for every line end.
    var crlf: String { replacing("\n", with: "\r\n") }
}
