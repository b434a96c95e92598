import MailCore
import NIOCore
import Reception
import SMTPCore

struct ClosedTurnDesk: TurnDesk {
    func mayTurn(_ request: TurnRequest, _ identity: String) async -> SMTPReply? {
        SMTPReply(450, .init(.persistentTransientFailure, 7, 0), "Not now")
    }

    func take(_ channel: any Channel, _ peer: TurnedPeer) { channel.close(promise: nil) }
}
