import LocalMail
import MailCore
import Testing

/// 250 means on disk, and so does `.delivered`: what is synced, when, and how often.
@Suite struct MaildirSyncTests {
    let folder: MailboxFolder

    init() throws { folder = try MailboxFolder() }

    @Test func aGroupSyncsEachFileBeforeItMovesAndEachFolderOnceBehindTheMoves() throws {
        _ = MaildirAgent(host: host).deliver(["ann", "bob"].map { folder.delivery(to: "example.org/\($0)") })
        let files = RecordingFiles()
        let deliveries = (1...10).map { folder.delivery(to: "example.org/\($0 % 2 == 0 ? "ann" : "bob")", id: 10 + $0) }
        let outcomes = MaildirAgent(host: host, files: files).deliver(deliveries)
        #expect(outcomes.allSatisfy { $0.action == .delivered })

        let events = files.events.filter { $0 != .remove }
        #expect(events.prefix(10) == ArraySlice(repeating: .syncFile, count: 10))
        #expect(events.dropFirst(10).prefix(10) == ArraySlice(repeating: .move, count: 10))
        let folders = events.dropFirst(20).compactMap { if case .syncFolder(let folder) = $0 { folder } else { nil } }
        #expect(folders.count == 2 && Set(folders).count == 2 && events.count == 22)
    }

    @Test func aRepeatIsNotTrustedBeforeItsFolderIsSynced() {
        _ = MaildirAgent(host: host).deliver([folder.delivery()])
        let files = RecordingFiles()
        _ = MaildirAgent(host: host, files: files).deliver([folder.delivery()])
        #expect(files.events.count == 1)
    }

    @Test func newFoldersAreSyncedIntoTheFolderAboveThem() {
        let files = RecordingFiles()
        _ = MaildirAgent(host: host, files: files).deliver([folder.delivery()])
        let count = files.events.count { if case .syncFolder = $0 { true } else { false } }
        // The root for example.org, example.org for ann, ann for its three folders, new for the message.
        #expect(count == 4)
    }

    @Test func aMessageThatCannotBeSyncedIsNotDelivered() {
        let files = RecordingFiles(failing: ["syncFile": 5])
        let outcomes = MaildirAgent(host: host, files: files).deliver([folder.delivery()])
        #expect(outcomes.map(\.action) == [.deferred])
        #expect(folder.names("example.org/ann/new").isEmpty && folder.names("example.org/ann/tmp").isEmpty)
    }
}
