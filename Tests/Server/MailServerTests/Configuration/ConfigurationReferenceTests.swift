import Foundation
import MailServer
import Testing

struct ConfigurationReferenceTests {
    @Test("docs/configuration.md is what the source says about its keys")
    func upToDate() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../..")
        let page = root.standardizedFileURL.appending(path: "docs/configuration.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        #expect(text == ConfigurationReference.markdown())
    }

    @Test("Every table has its heading, and every key its type and default")
    func complete() {
        let text = ConfigurationReference.markdown()
        for heading in [
            "[listener.NAME]", "[domain.\"example.org\"]", "[alias.\"a@example.org\"]", "[list.\"staff@example.org\"]",
            "[relay]", "[route.DOMAIN]", "[dns]", "[limits]", "[log]",
        ] {
            #expect(text.contains("## `\(heading)`"))
        }
        #expect(text.contains("| `recipients` | whole number | `1000` |"))
        #expect(text.contains("| `address` | socket address | required |"))
        #expect(text.contains("| `from` | list of networks | `[\"127.0.0.0/8\", \"::1/128\"]` |"))
    }
}
