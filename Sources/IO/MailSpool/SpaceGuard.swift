import MailCore
import QueueCore
import Synchronization

/// Knows whether the disk has room for another message; asks the system at most once a second.
final class SpaceGuard: Sendable {
    private let path: String
    private let settings: SpoolSettings
    private let calls: any FileCalls
    private let last = Mutex<(hasRoom: Bool, at: Timestamp)?>(nil)

    init(path: String, settings: SpoolSettings, calls: any FileCalls) {
        self.path = path
        self.settings = settings
        self.calls = calls
    }

    func hasRoom(at now: Timestamp) -> Bool {
        last.withLock { last in
            if let last, now >= last.at, now < last.at + .seconds(1) { return last.hasRoom }
            let hasRoom = look()
            last = (hasRoom, now)
            return hasRoom
        }
    }

    /// A disk that cannot be asked is not one to write on.
    private func look() -> Bool {
        guard let free = try? calls.freeSpace(at: path) else { return false }
        return free.octets >= settings.diskReserve && free.inodes >= settings.inodeReserve
    }
}
