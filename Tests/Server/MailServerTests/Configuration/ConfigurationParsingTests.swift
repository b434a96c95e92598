import MailCore
import MailDirectory
import MailServer
import QueueCore
import Testing

struct ConfigurationParsingTests {
    @Test("A useful file has five lines")
    func shortest() throws {
        let text = """
            hostname = "mail.example.org"
            [listener.mx]
            address = "[::]:25"
            [domain."example.org"]
            users = ["ann", "bob"]
            """
        let configuration = try parse(text)
        #expect(text.split(separator: "\n").count <= 6)
        #expect(configuration.hostname.description == "mail.example.org")
        #expect(configuration.listeners.map(\.address.description) == ["[::]:25"])
        guard case .mailbox(let mailbox) = configuration.makeDirectory().lookup(try EmailAddress("Ann+x@example.org"))
        else {
            Issue.record("ann is a user")
            return
        }
        #expect(mailbox.delivery == .maildir(folder: "/home/ann/.local/state/martlet/mail/example.org/ann"))
    }

    @Test("No file gives a server for this machine alone, with users to try it")
    func loopback() throws {
        let configuration = try ServerConfiguration.load(path: nil, environment: bareEnvironment)
        #expect(configuration.hostname.description == "localhost")
        #expect(configuration.data.description == "/home/ann/.local/state/martlet")
        #expect(configuration.listeners.map(\.address.description) == ["127.0.0.1:2525"])
        for user in ["ann", "bob", "postmaster"] {
            guard case .mailbox = configuration.makeDirectory().lookup(try EmailAddress("\(user)@localhost")) else {
                Issue.record("\(user) is no user")
                continue
            }
        }
        let addresses = ["127.0.0.1", "127.9.9.9", "::1", "192.0.2.1", "::2"].compactMap { IPAddress($0) }
        #expect(addresses.map(configuration.isTrusted) == [true, true, true, false, false])
        #expect(configuration.route(for: try Domain("example.com")) == .hold)
    }

    @Test("An empty file listens to this machine and takes its name from it")
    func empty() throws {
        let environment = ConfigurationEnvironment(machineName: "mx.example.net", variables: ["HOME": "/root"])
        let configuration = try parse("", environment: environment)
        #expect(configuration.hostname.description == "mx.example.net")
        #expect(configuration.listeners.map(\.address.description) == ["127.0.0.1:2525"])
        #expect(configuration.domains.isEmpty)
    }

    @Test("The state folder follows XDG; a machine name that is no full domain is not used")
    func environment() {
        let xdg = ConfigurationEnvironment(machineName: "box", variables: ["XDG_STATE_HOME": "/s", "HOME": "/h"])
        #expect(xdg.stateFolder == "/s/martlet")
        #expect(xdg.hostname == nil)
        let relative = ConfigurationEnvironment(machineName: "a_b.c", variables: ["XDG_STATE_HOME": "s", "HOME": "/h"])
        #expect(relative.stateFolder == "/h/.local/state/martlet")
        #expect(relative.hostname == nil)
    }

    @Test("Every key of a listener is read")
    func listener() throws {
        let listener = try #require(
            try parse(
                """
                [listener.in]
                address = "127.0.0.1:0"
                protocol = "lmtp"
                bare_lf = "convert"
                greeting_delay = 2
                early_talkers = "allow"
                """
            ).listeners.first)
        #expect(listener.name == "in")
        #expect(listener.address == ListenAddress(host: .v4(IPv4Address(bits: 0x7F00_0001)), port: 0))
        #expect(listener.dialect == .lmtp)
        #expect(listener.bareLineFeed == .convert)
        #expect(listener.greetingDelay == .seconds(2))
        #expect(listener.earlyTalkers == .allow)
    }

    @Test("Aliases are a list, a table that tells, or a new address; names alone are in the alias's domain")
    func aliases() throws {
        let directory = try parse(
            """
            [domain."example.org"]
            users = ["ann", "bob"]
            [alias]
            "all@example.org" = ["ann", "zoe@example.com"]
            "sales@Example.ORG" = { to = ["bob"], tell = true }
            "old@example.org" = { moved_to = "new@example.com" }
            """
        ).makeDirectory()
        #expect(
            directory.lookup(try EmailAddress("all@example.org"))
                == .alias(to: [try EmailAddress("ann@example.org"), try EmailAddress("zoe@example.com")], tell: false))
        #expect(
            directory.lookup(try EmailAddress("sales@example.org"))
                == .alias(to: [try EmailAddress("bob@example.org")], tell: true))
        #expect(
            directory.lookup(try EmailAddress("old@example.org")) == .moved(to: try EmailAddress("new@example.com")))
    }

    @Test("Lists, catch-alls, discarding domains and Maildir roots reach the directory")
    func domains() throws {
        let directory = try parse(
            """
            postmaster = "admin@example.com"
            [domain."example.org"]
            users = ["ann"]
            catch_all = "ann"
            maildir = "/srv/mail"
            [domain."void.example"]
            deliver = "discard"
            users = ["x"]
            [list."staff@example.org"]
            members = ["ann"]
            owner = "boss@example.com"
            """
        ).makeDirectory()
        guard case .mailbox(let mailbox) = directory.resolve(try EmailAddress("zed@example.org")) else {
            Issue.record("the catch-all has a mailbox")
            return
        }
        #expect(mailbox.delivery == .maildir(folder: "/srv/mail/example.org/ann"))
        #expect(directory.resolve(try EmailAddress("x@void.example")) == .discard)
        let member = ExpandedRecipient(
            try EmailAddress("ann@example.org"), reversePath: .mailbox(try EmailAddress("boss@example.com")))
        #expect(directory.resolve(try EmailAddress("staff@example.org")) == .expand([member]))
        #expect(directory.postmaster == (try EmailAddress("admin@example.com")))
    }

    @Test("The domains keep the order of the file, so that the first one is the first")
    func order() throws {
        let configuration = try parse("[domain.\"z.example\"]\n[domain.\"a.example\"]\n[domain.\"M.example\"]")
        #expect(configuration.domains.map(\.name.description) == ["z.example", "a.example", "m.example"])
    }

    @Test("A domain's own route is taken before the default one")
    func routes() throws {
        let configuration = try parse(
            """
            [route.default]
            to = "error:5.7.1 no relaying from here"
            [route."example.net"]
            to = "discard"
            """)
        let status = EnhancedStatusCode(.permanentFailure, 7, 1)
        #expect(configuration.route(for: try Domain("example.com")) == .error(status, text: "no relaying from here"))
        #expect(configuration.route(for: try Domain("EXAMPLE.net")) == .discard)
    }

    @Test(
        "A route names the next hop",
        arguments: [
            ("mx", RouteAction.mx(port: 25), "mx"),
            ("mx:2525", .mx(port: 2_525), "mx:2525"),
            (
                "smtp://Relay.example.net", .next(.host("relay.example.net", port: 25, .smtp)),
                "smtp://relay.example.net:25"
            ),
            ("smtp://192.0.2.1:587", .next(.host("192.0.2.1", port: 587, .smtp)), "smtp://192.0.2.1:587"),
            ("smtp://[2001:DB8::1]", .next(.host("2001:db8::1", port: 25, .smtp)), "smtp://[2001:db8::1]:25"),
            (
                "smtps://relay.example.net", .next(.host("relay.example.net", port: 465, .smtps)),
                "smtps://relay.example.net:465"
            ),
            ("lmtp://localhost", .next(.host("localhost", port: 24, .lmtp)), "lmtp://localhost:24"),
            ("lmtp:/run/a socket", .next(.socket(path: "/run/a socket", .lmtp)), "lmtp:/run/a socket"),
            (
                "pipe:/usr/bin/procmail -d  ann", .next(.program(path: "/usr/bin/procmail", arguments: ["-d", "ann"])),
                "pipe:/usr/bin/procmail -d ann"
            ),
            ("hold", .hold, "hold"), ("discard", .discard, "discard"),
        ])
    func routeTexts(text: String, action: RouteAction, written: String) throws {
        let configuration = try parse(
            "[route.default]\nto = \"\(text)\"\n[domain.\"a.example\"]\ndeliver = \"\(text)\"")
        #expect(configuration.route(for: try Domain("example.com")) == action)
        #expect(configuration.route(for: nil) == action)
        #expect(configuration.route(for: try Domain("a.example")) == action, "a domain hands on in the same ways")
        #expect(action.toml == "\"\(written)\"")
    }

    @Test("A domain that hands its mail on knows its users still")
    func handedOn() throws {
        let directory = try parse(
            """
            [domain."example.org"]
            deliver = "lmtp:/run/lmtp"
            users = ["ann"]
            catch_all = "ann"
            """
        ).makeDirectory()
        guard case .mailbox(let mailbox) = directory.resolve(try EmailAddress("ann@example.org")) else {
            Issue.record("ann is a user")
            return
        }
        #expect(mailbox.delivery == .routed)
        let ann = ExpandedRecipient(try EmailAddress("ann@example.org"))
        #expect(
            directory.resolve(try EmailAddress("other@example.org")) == .expand([ann]),
            "whoever gets the mail need not know of catch-alls")
    }

    @Test("Retries have their times")
    func retries() throws {
        let retry = try parse(
            "[retry]\nfirst = 60\nlongest = \"1 h\"\nlifetime = \"2 d\"\nreport_delay_after = \"1 h\""
        ).retry
        #expect(retry.first == .seconds(60))
        #expect(retry.longest == .seconds(3_600))
        #expect(retry.lifetime == .seconds(2 * 86_400))
        #expect(retry.reportDelayAfter == .seconds(3_600))
    }

    @Test("Sizes and durations are numbers or texts with a unit")
    func quantities() throws {
        let limits = try parse(
            """
            [limits]
            message_size = "100 MiB"
            header_size = 65536
            minimum_rate = "1kB"
            command_timeout = "2 min"
            data_timeout = 90
            """
        ).limits
        #expect(limits.messageSize.bytes == 104_857_600)
        #expect(limits.headerSize.bytes == 65_536)
        #expect(limits.minimumRate.bytes == 1_000)
        #expect(limits.commandTimeout == .seconds(120))
        #expect(limits.dataTimeout == .seconds(90))
    }

    /// Half a second in a debug build; if it were quadratic, minutes.
    @Test("Ten thousand aliases are read", .timeLimit(.minutes(5)))
    func large() throws {
        let aliases = (0..<10_000).map { "\"a\($0)@example.org\" = [\"ann\"]" }.joined(separator: "\n")
        let configuration = try parse("[domain.\"example.org\"]\nusers = [\"ann\"]\n[alias]\n\(aliases)")
        #expect(configuration.aliases.count == 10_000)
    }

    @Test("The limits are those of the protocol's good practice until the file says otherwise")
    func limits() throws {
        let limits = try parse("").limits
        #expect(limits.messageSize == .mebibytes(50))
        #expect(limits.headerSize == .kibibytes(256))
        #expect(limits.lineLength.bytes == 2_048)
        #expect([limits.recipients, limits.headerFields, limits.receivedHops] == [1_000, 2_000, 100])
        #expect([limits.connectionsPerAddress, limits.connectionsPerNetwork] == [50, 200])
        #expect([limits.commandsWithoutMessage, limits.errors, limits.unknownRecipients] == [100, 20, 10])
        #expect(limits.commandTimeout == .seconds(300))
        #expect(limits.minimumRate.bytes == 500)
    }
}
