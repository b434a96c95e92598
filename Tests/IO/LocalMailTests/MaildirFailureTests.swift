import Foundation
import Glibc
import LocalMail
import MailCore
import Testing

/// What is wrong with a mailbox defers the message, says why, and leaves the others of the group alone.
@Suite struct MaildirFailureTests {
    let folder: MailboxFolder
    let agent = MaildirAgent(host: host)

    init() throws { folder = try MailboxFolder() }

    @Test(arguments: [
        ("write", ENOSPC, "4.3.1"), ("write", EDQUOT, "4.2.2"), ("create", EACCES, "4.3.0"), ("syncFile", EIO, "4.3.0"),
        ("makeFolder", EROFS, "4.3.0"), ("syncFolder", EIO, "4.3.0"),
    ])
    func aFailedCallDefers(call: String, code: Int32, status: String) throws {
        let files = RecordingFiles(failing: [call: code])
        let outcome = try #require(MaildirAgent(host: host, files: files).deliver([folder.delivery()]).first)
        #expect(outcome.action == .deferred)
        #expect("\(outcome.status)" == status)
        #expect(outcome.diagnostic.contains(call))
        #expect(folder.names("example.org/ann/tmp").isEmpty)
    }

    @Test(arguments: ["example.org/ann", "example.org/ann/tmp", "example.org/ann/new", "example.org/ann/cur"])
    func neverFollowsASymbolicLink(place: String) throws {
        try prepare(place)
        let elsewhere = folder.path("elsewhere")
        for name in ["", "/tmp", "/new", "/cur"] {
            try FileManager.default.createDirectory(atPath: elsewhere + name, withIntermediateDirectories: false)
        }
        try FileManager.default.createSymbolicLink(atPath: folder.path(place), withDestinationPath: elsewhere)
        expectDeferred()
        #expect(folder.names("elsewhere/new").isEmpty && folder.names("elsewhere/tmp").isEmpty)
    }

    @Test(arguments: ["example.org/ann", "example.org/ann/new"])
    func aPipeInPlaceOfAFolderDoesNotBlock(place: String) throws {
        try prepare(place)
        #expect(mkfifo(folder.path(place), 0o600) == 0)
        expectDeferred()
    }

    @Test func aBrokenMailboxDoesNotStopTheOthers() throws {
        try prepare("example.org/ann")
        try folder.write([], to: "example.org/ann")
        let outcomes = agent.deliver([
            folder.delivery(to: "example.org/bob"), folder.delivery(), folder.delivery(to: "example.org/cid"),
        ])
        #expect(outcomes.map(\.action) == [.delivered, .deferred, .delivered])
        #expect(folder.names("example.org/cid/new").count == 1)
    }

    @Test func theFolderAboveTheMailboxesMayBeALink() throws {
        try FileManager.default.createDirectory(atPath: folder.path("disk"), withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("example.org"), withDestinationPath: folder.path("disk"))
        #expect(agent.deliver([folder.delivery()]).map(\.action) == [.delivered])
        #expect(folder.names("disk/ann/new").count == 1)
    }

    /// Makes everything around `place`, which stays missing.
    private func prepare(_ place: String) throws {
        if place == "example.org/ann" {
            try FileManager.default.createDirectory(
                atPath: folder.path("example.org"), withIntermediateDirectories: true)
        } else {
            _ = agent.deliver([folder.delivery()])
            try FileManager.default.removeItem(atPath: folder.path(place))
        }
    }

    private func expectDeferred(_ location: SourceLocation = #_sourceLocation) {
        let outcomes = agent.deliver([folder.delivery(id: 7)])
        #expect(outcomes.map(\.action) == [.deferred], sourceLocation: location)
        #expect(
            outcomes.first?.status == EnhancedStatusCode(.persistentTransientFailure, 3, 0), sourceLocation: location)
    }
}
