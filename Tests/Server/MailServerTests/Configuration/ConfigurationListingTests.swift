import MailServer
import Testing

struct ConfigurationListingTests {
    private let text = """
        hostname = "mail.example.org"
        [domain."Example.org"]
        users = ["ann", "o\\"neil"]
        [alias]
        "a@example.org" = ["ann"]
        [limits]
        errors = 7
        """

    @Test("Every value is shown with the line it comes from, or as a default")
    func origins() throws {
        let lines = ConfigurationListing.text(of: try parse(text)).split(separator: "\n").map(String.init)
        for line in [
            #"hostname = "mail.example.org"  # martlet.toml:1"#, #"[domain."example.org"]"#,
            #"users = ["ann", "o\"neil"]  # martlet.toml:3"#, #"to = ["ann"]  # martlet.toml:5"#,
            "tell = false  # default", "errors = 7  # martlet.toml:7", "recipients = 1000  # default",
            #"message_size = "50 MiB"  # default"#, #"from = ["127.0.0.0/8", "::1/128"]  # default"#,
            "[listener.local]",
            #"to = "hold"  # default"#, #"maildir = "/home/ann/.local/state/martlet/mail"  # default"#,
            #"address = "127.0.0.1:2525"  # default"#,
        ] {
            #expect(lines.contains(line))
        }
    }

    @Test("The listing is a configuration file that gives the same configuration")
    func roundTrip() throws {
        func values(_ configuration: ServerConfiguration) -> [String] {
            ConfigurationListing.text(of: configuration).split(separator: "\n").map { line in
                line.contains("  # ")
                    ? String(line.prefix(upTo: line.lastIndex(of: "#") ?? line.endIndex)) : String(line)
            }
        }
        for configuration in [try parse(text), try ServerConfiguration.load(path: nil, environment: bareEnvironment)] {
            let listing = ConfigurationListing.text(of: configuration)
            #expect(values(try parse(listing)) == values(configuration))
        }
    }
}
