import Foundation
import MailTesting
import Testing

@testable import MailServer

struct DataFolderTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func `the folder is made with those above it, and others may only pass through`() throws {
        let path = directory.path("a/b/data")
        try DataFolder.create(path)
        try DataFolder.create(path)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o711)
    }

    @Test func `a folder that cannot be made is refused in plain words`() throws {
        let file = try directory.write(Data(), to: "file")
        let error = #expect(throws: DataFolderError.self) { try DataFolder.create("\(file)/data") }
        #expect(error?.description == "the data folder \(file)/data cannot be made: \(file)/data: Not a directory")
    }

    @Test func `root does not serve in the folder of another user`() throws {
        let path = directory.path("data")
        try DataFolder.create(path)
        if geteuid() == 0 { #expect(chown(path, 65_534, 65_534) == 0) }
        let error = #expect(throws: DataFolderError.self) { try DataFolder.create(path, user: 0) }
        #expect(error?.isDenied == true)
        #expect(error?.description.contains("setpriv --reuid=") == true)
        try DataFolder.create(path, user: 65_534)
    }
}
