import MailCore
import SendmailCore
import Testing

struct ConfigurationHeadTests {
    @Test(
        arguments: [
            ("data = \"/var/lib/martlet\"", .folder("/var/lib/martlet")),
            ("# data = \"/no\"\n\nhostname = \"x\"\n  data='/srv/m'  # there\n[log]", .folder("/srv/m")),
            ("hostname = \"x\"", .missing),
            ("[log]\ndata = \"/no\"", .missing),
            ("data = \"\"\"\n/a\"\"\"", .unclear),
            ("data = \"/a\\u0062\"", .unclear),
            ("hostname = \"\"\"\ndata = \"/no\"\n\"\"\"", .unclear),
            ("data = 5", .unclear),
        ] as [(String, ConfigurationHead.Data)])
    func `the data folder is read from the top of the configuration`(_ text: String, _ data: ConfigurationHead.Data) {
        #expect(ConfigurationHead.data(in: text) == data)
    }

    @Test func `what a server says of itself is read back, by later programs too`() throws {
        let settings = MaildropSettings(
            hostname: try Domain("mail.example.org"), domain: try Domain("example.org"), messageSize: 7, recipients: 3,
            headerSize: 4, headerFields: 5, receivedHops: 6)
        #expect(MaildropSettings(settings.text + "later yes\n") == settings)
        #expect(MaildropSettings("hostname x\n") == nil)
    }
}
