import Foundation
import MailCore
import MailDirectory
import MailServer
import MailTesting
import Testing

struct RelativePathTests {
    @Test("Relative paths begin in the folder of the file")
    func relativePaths() throws {
        let folder = try TemporaryDirectory()
        try folder.write(Data("ann\n".utf8), to: "users")
        let text = """
            data = "state"
            [domain."example.org"]
            users_file = "users"
            [domain."example.net"]
            maildir = "/var/mail"
            """
        let configuration = try ServerConfiguration.load(path: folder.write(Data(text.utf8), to: "martlet.toml"))
        #expect(configuration.data.description == folder.path("state"))
        #expect(configuration.domains.map { $0.maildir?.description } == [folder.path("state/mail"), "/var/mail"])
        guard case .mailbox = configuration.makeDirectory().lookup(try EmailAddress("ann@example.org")) else {
            Issue.record("ann is a user")
            return
        }
    }
}
