import Glibc
import MailCore
import NIOCore
import QueueCore

/// Deliveries that go through the steps together: write all, sync each, move each, sync each folder once.
struct MaildirGroup<Files: MailboxFiles> {
    /// Where a delivery stands.
    fileprivate enum Progress {
        /// In `tmp`, open for writing.
        case written(Int32)
        case synced
        /// In the folder, whose names are yet to be synced.
        case moved(into: Int32)
        case failed(SystemError)
    }

    private let deliveries: [MaildirDelivery]
    private let names: [MaildirName]
    private let files: Files
    private let sizes: MailboxSizes
    private var mailboxes: [String: Result<Mailbox, SystemError>] = [:]
    private var progress: [Progress] = []

    init(_ deliveries: ArraySlice<MaildirDelivery>, host: Domain, files: Files, sizes: MailboxSizes) {
        self.deliveries = Array(deliveries)
        self.names = deliveries.map { MaildirName($0, host: host) }
        self.files = files
        self.sizes = sizes
    }

    /// Takes all steps, and tells what became of each delivery.
    mutating func run() -> [Outcome] {
        openMailboxes()
        let repeats = findRepeats()
        for index in deliveries.indices {
            progress.append(repeats[index].map(Progress.moved) ?? write(index))
        }
        syncFiles()
        move()
        syncFolders()
        for case .success(let mailbox) in mailboxes.values { mailbox.close(files: files) }
        return progress.map(Outcome.init)
    }

    private mutating func openMailboxes() {
        for path in Set(deliveries.map(\.mailbox)) {
            mailboxes[path] = Result { () throws(SystemError) in try Mailbox.open(path, files: files) }
        }
    }

    private func mailbox(of index: Int) throws(SystemError) -> Mailbox {
        guard let mailbox = mailboxes[deliveries[index].mailbox] else {
            preconditionFailure("every mailbox of the group is opened before it is used")
        }
        return try mailbox.get()
    }
}

// MARK: - Steps

extension MaildirGroup {
    /// The folders in which earlier attempts have left deliveries of the group.
    ///
    /// `new` is read before `cur`: a reader moves messages that way, so none can slip past.
    private func findRepeats() -> [Int: Int32] {
        var found: [Int: Int32] = [:]
        let suspects = Dictionary(grouping: deliveries.indices.filter { deliveries[$0].mayBeRepeat }) {
            deliveries[$0].mailbox
        }
        for (path, indices) in suspects {
            guard case .success(let mailbox)? = mailboxes[path] else { continue }
            let wanted = Dictionary(indices.map { (names[$0].base, $0) }) { first, _ in first }
            for folder in [mailbox.new, mailbox.cur] {
                for name in (try? files.names(in: folder)) ?? [] {
                    if let index = wanted[MaildirName.base(of: name)] { found[index] = folder }
                }
            }
        }
        return found
    }

    private func write(_ index: Int) -> Progress {
        do throws(SystemError) {
            let folder = try mailbox(of: index).tmp
            let (delivery, name) = (deliveries[index], names[index].text)
            if let quota = delivery.quota, !sizes.take(delivery.size, in: delivery.mailbox, quota: quota) {
                throw SystemError("quota", code: EDQUOT)
            }
            do throws(SystemError) {
                return .written(try write(delivery, name, in: folder))
            } catch {
                giveBack(index)
                throw error
            }
        } catch {
            return .failed(error)
        }
    }

    private func write(_ delivery: MaildirDelivery, _ name: String, in folder: Int32) throws(SystemError) -> Int32 {
        // What an attempt that was cut short has left there is worth nothing.
        files.remove(name, in: folder)
        let file = try files.create(name, in: folder)
        do throws(SystemError) {
            try write(delivery, to: file)
        } catch {
            files.close(file)
            files.remove(name, in: folder)
            throw error
        }
        files.startWriteback(file)
        return file
    }

    /// What is not in the mailbox takes none of its room.
    private func giveBack(_ index: Int) {
        let delivery = deliveries[index]
        if delivery.quota != nil { sizes.giveBack(delivery.size, in: delivery.mailbox) }
    }

    private func write(_ delivery: MaildirDelivery, to file: Int32) throws(SystemError) {
        if let plan = delivery.plan {
            var pieces = try MessagePieces(delivery.content, plan)
            while let piece = try pieces.next() { try write(piece, to: file) }
            return
        }
        var start = delivery.content.prefix
        if case .memory(var body) = delivery.content.body { start.writeBuffer(&body) }
        try write(start, to: file)
        if case .file(let path, let offset, let length) = delivery.content.body {
            try files.copy(from: path, offset: offset, length: length, to: file)
        }
    }

    private func write(_ piece: ByteBuffer, to file: Int32) throws(SystemError) {
        try piece.withUnsafeReadableBytes { bytes throws(SystemError) in try files.write(bytes, to: file) }
    }

    private mutating func syncFiles() {
        for case (let index, .written(let file)) in progress.enumerated() {
            do throws(SystemError) {
                try files.syncFile(file)
                progress[index] = .synced
            } catch {
                progress[index] = .failed(error)
                removeTemporary(index)
                giveBack(index)
            }
            files.close(file)
        }
    }

    private mutating func move() {
        for case (let index, .synced) in progress.enumerated() {
            do throws(SystemError) {
                let mailbox = try mailbox(of: index)
                let moved = try files.move(names[index].text, from: mailbox.tmp, to: mailbox.new)
                if !moved {
                    removeTemporary(index)
                    giveBack(index)
                }
                progress[index] = .moved(into: mailbox.new)
            } catch {
                progress[index] = .failed(error)
                removeTemporary(index)
                giveBack(index)
            }
        }
    }

    private mutating func syncFolders() {
        var results: [Int32: Result<Void, SystemError>] = [:]
        for case (let index, .moved(let folder)) in progress.enumerated() {
            let result = results[folder] ?? Result { () throws(SystemError) in try files.syncFolder(folder) }
            results[folder] = result
            if case .failure(let error) = result { progress[index] = .failed(error) }
        }
    }

    private func removeTemporary(_ index: Int) {
        guard let folder = try? mailbox(of: index).tmp else { return }
        files.remove(names[index].text, in: folder)
    }
}

extension Outcome {
    fileprivate init<Files>(_ progress: MaildirGroup<Files>.Progress) {
        switch progress {
        case .moved: self.init(.delivered, status: EnhancedStatusCode(.success, 0, 0), diagnostic: "in the mailbox")
        case .failed(let error): self.init(error)
        case .written, .synced: preconditionFailure("every step was taken")
        }
    }
}
