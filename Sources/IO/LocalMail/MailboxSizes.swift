import Synchronization

/// How many octets mailboxes hold. What was measured is good for a while, as readers delete without telling.
public final class MailboxSizes: Sendable {
    private static let most = 10_000

    private struct Measure {
        var octets: UInt64
        let time: ContinuousClock.Instant
    }

    private let lifetime: Duration
    private let measures = Mutex<[String: Measure]>([:])
    /// One mailbox is measured at a time, and nobody measures what another has just measured.
    private let walk = Mutex(())

    /// - Parameter lifetime: how long a measure is good.
    public init(lifetime: Duration = .seconds(30)) {
        self.lifetime = lifetime
    }

    /// What the mailbox at a path holds, all its folders together; nil where it has to be measured first.
    public func known(_ mailbox: String) -> UInt64? {
        measures.withLock { measures in
            guard let measure = measures[mailbox], measure.time.duration(to: .now) < lifetime else { return nil }
            return measure.octets
        }
    }

    /// The same, measured where it has to be; blocks its thread. A mailbox that cannot be read counts as empty:
    /// delivery finds out why.
    public func octets(in mailbox: String) -> UInt64 {
        if let octets = known(mailbox) { return octets }
        return walk.withLock { _ in
            if let octets = known(mailbox) { return octets }
            let measure = Measure(octets: MailboxWalk.octets(in: mailbox), time: .now)
            measures.withLock { measures in
                if measures.count >= Self.most { measures = [:] }
                measures[mailbox] = measure
            }
            return measure.octets
        }
    }

    /// Makes room for a message that is about to be written.
    ///
    /// - Returns: whether the mailbox then holds no more than `quota`.
    func take(_ octets: UInt64, in mailbox: String, quota: UInt64) -> Bool {
        guard self.octets(in: mailbox).plus(octets) <= quota else { return false }
        measures.withLock { measures in
            if let held = measures[mailbox]?.octets { measures[mailbox]?.octets = held.plus(octets) }
        }
        return true
    }

    /// Takes back what was taken for a message that was not written after all.
    func giveBack(_ octets: UInt64, in mailbox: String) {
        measures.withLock { measures in
            if let held = measures[mailbox]?.octets { measures[mailbox]?.octets = held - min(held, octets) }
        }
    }
}

extension UInt64 {
    /// The sum, or what comes next to it: names of files may tell any size.
    fileprivate func plus(_ other: UInt64) -> UInt64 {
        let (sum, isTooLarge) = addingReportingOverflow(other)
        return isTooLarge ? .max : sum
    }
}

/// Adds up what a mailbox holds, by the sizes that Maildir++ has in the names of files (`,S=`), or else those of the
/// files.
private struct MailboxWalk {
    private static let files = PosixMailboxFiles()

    /// The folders of Maildir++ lie in the mailbox, and begin with a dot.
    static func octets(in mailbox: String) -> UInt64 {
        guard let root = try? files.openFolder(mailbox) else { return 0 }
        defer { files.close(root) }
        let folders = ((try? files.names(in: root)) ?? []).filter { $0.hasPrefix(".") && $0 != "." && $0 != ".." }
        return folders.reduce(messages(in: root)) { octets, name in
            guard let folder = try? files.openFolder(name, in: root) else { return octets }
            defer { files.close(folder) }
            return octets.plus(messages(in: folder))
        }
    }

    private static func messages(in folder: Int32) -> UInt64 {
        ["new", "cur"].reduce(0) { octets, name in
            guard let folder = try? files.openFolder(name, in: folder) else { return octets }
            defer { files.close(folder) }
            let names = ((try? files.names(in: folder)) ?? []).filter { !$0.hasPrefix(".") }
            return names.reduce(octets) { octets, name in
                octets.plus(MaildirName.size(in: name) ?? (try? files.size(of: name, in: folder)) ?? 0)
            }
        }
    }
}
