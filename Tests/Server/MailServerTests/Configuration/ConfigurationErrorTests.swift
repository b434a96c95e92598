import MailServer
import Testing

private let routeComplaint =
    "must be \"mx\", \"mx:PORT\", \"smtp://host:port\", \"smtps://host:port\", \"lmtp://host:port\", \"lmtp:/path\", "
    + "\"pipe:/program\", \"hold\", "
    + "\"discard\" or \"error:5.1.1 text\""

struct ConfigurationErrorTests {
    @Test("An unknown key is named with its line, its table and the key that was meant")
    func unknownKeys() {
        let text = """
            hostnme = "a.example"
            [listener.mx]
            adress = "127.0.0.1:25"
            address = "127.0.0.1:25"
            data = "/x"
            colour = 1
            [alias]
            "a@b.example" = { two = [] }
            """
        #expect(
            complaints(about: text).prefix(4) == [
                #"1: unknown key "hostnme"; did you mean "hostname"?"#,
                #"3: unknown key "adress" in [listener.mx]; did you mean "address"?"#,
                #"5: unknown key "data" in [listener.mx]; it belongs above the first table"#,
                #"6: unknown key "colour" in [listener.mx]"#,
            ])
        #expect(complaints(about: text).contains(#"8: unknown key "two" in [alias."a@b.example"]; did you mean "to"?"#))
    }

    @Test(
        "What is no TOML is one line, and names the line that lacks something",
        arguments: [
            ("hostname = \"a.example\"\nx =\ny = 1", "2: "), ("[domain.\"x\"\nusers = []", "1: "),
            ("x = tru\ny = 1", "1: "), ("a = [\n \"b\",\n 3x\n]", "3: "),
            ("a = 1\nusers = [\"ann\"\n\n# and so on\n[listener.x]\naddress = \"127.0.0.1:25\"", "2: "),
            ("users = [\n\"ann\"\n\"bob\"\n]", "2: "),
        ])
    func brokenText(text: String, place: String) {
        let found = complaints(about: text)
        #expect(found.count == 1 && found.allSatisfy { $0.hasPrefix(place) && !$0.contains("\n") }, "\(found)")
    }

    @Test("A table that is only part of longer ones has the line of the first of these")
    func unknownTables() {
        #expect(
            complaints(about: "hostname = \"a.example\"\n\n[dmain.\"x.example\"]\n[dmain.\"y.example\"]")
                == [#"3: unknown key "dmain"; did you mean "domain"?"#])
    }

    @Test(
        "A wrong type or value is named with what the key takes",
        arguments: [
            ("hostname = 5", "1: hostname must be a domain, not a whole number"),
            ("hostname = \"a..b\"", "1: hostname is no domain: the domain has an empty label"),
            ("data = \"\"", "1: data must not be empty"),
            ("data = \"~/mail\"", "1: data begins with ~, which only a shell understands"),
            (
                "[domain.\"a.example\"]\nmaildir = \"/m\"\ndeliver = \"discard\"",
                "2: \"maildir\" does not go with deliver = \"discard\""
            ),
            ("[domain.\"a.example\"]\nquota = 0", "2: \"quota\" has room for nothing; leave it out for none"),
            ("limits = 5", "1: [limits] must be a table, not a whole number"),
            ("listener = []", "1: [listener] must be a table, not a list"),
            ("[listener.mx]", "1: [listener.mx] lacks \"address\""),
            ("listener.mx = 5", "1: [listener.mx] must be a table, not a whole number"),
            (
                "listener.mx.address = \"localhost:25\"",
                "1: address is no socket address: write \"127.0.0.1:25\" or \"[::1]:25\", not \"localhost:25\""
            ),
            ("[limits]\nerrors = true", "2: errors must be a whole number, not true or false"),
            ("[limits]\nerrors = 0", "2: errors must be from 1 to 1000000"),
            ("[limits]\nrecipients = 99", "2: recipients must be from 100 to 100000"),
            ("[limits]\nmessage_size = \"1 PB\"", "2: message_size is no size: write a number of octets or \"50 MiB\""),
            ("[limits]\nmessage_size = -1", "2: message_size must not be negative"),
            ("[limits]\nmessage_size = 1", "2: message_size must be from \"64 KiB\" to \"1024 GiB\""),
            ("[limits]\ndata_timeout = 1.5", "2: data_timeout must be a duration, not a number with a fraction"),
            (
                "[limits]\ndata_timeout = \"1 fortnight\"",
                "2: data_timeout is no duration: write a number of seconds or \"5 min\""
            ),
            (
                "[limits]\ndata_timeout = \"9223372036854775807 d\"",
                "2: data_timeout is no duration: write a number of seconds or \"5 min\""
            ),
            (
                "[log]\nformat = \"jsn\"",
                "2: format must be \"auto\" or \"text\" or \"json\" or \"logfmt\", not \"jsn\"; did you mean \"json\"?"
            ),
            (
                "[route.default]\nto = \"error:4.1.1 later\"",
                "2: to \(routeComplaint), not \"error:4.1.1 later\""
            ),
            ("[route.default]\nto = \"mx:0\"", "2: to \(routeComplaint), not \"mx:0\""),
            ("[route.default]\nto = \"mx:65536\"", "2: to \(routeComplaint), not \"mx:65536\""),
            ("[route.default]\nto = \"smtp://\"", "2: to \(routeComplaint), not \"smtp://\""),
            ("[route.default]\nto = \"smtp://a:b\"", "2: to \(routeComplaint), not \"smtp://a:b\""),
            ("[route.default]\nto = \"smtp://[::1\"", "2: to \(routeComplaint), not \"smtp://[::1\""),
            ("[route.default]\nto = \"smtp://a b\"", "2: to \(routeComplaint), not \"smtp://a b\""),
            ("[route.default]\nto = \"lmtp:run/lmtp\"", "2: to \(routeComplaint), not \"lmtp:run/lmtp\""),
            ("[route.default]\nto = \"pipe:cat\"", "2: to \(routeComplaint), not \"pipe:cat\""),
            ("[route.default]\nto = \"lmtp:/a\\nb\"", "2: to has a control character in its text"),
            (
                "[domain.\"a.example\"]\ndeliver = \"maildirs\"",
                "2: deliver must be \"maildir\", \(routeComplaint.dropFirst("must be ".count)), not \"maildirs\""
            ),
            (
                "[domain.\"a.example\"]\ndeliver = \"error:5.1.1 gone\"",
                "2: deliver must not be an error: a domain without users refuses its mail at once"
            ),
            (
                "[domain.\"a.example\"]\nmaildir = \"/m\"\ndeliver = \"lmtp:/run/lmtp\"",
                "2: \"maildir\" does not go with deliver = \"lmtp:/run/lmtp\""
            ),
            ("[retry]\nfirst = 0", "2: first must be from \"1 s\" to \"1 d\""),
            ("[retry]\nlongest = \"1 min\"", "2: \"longest\" is shorter than \"first\""),
            ("[retry]\nlifetime = \"1 min\"", "2: \"lifetime\" is shorter than \"first\""),
            ("[relay]\nfrom = \"127.0.0.1\"", "2: from must be a list of networks, not a text"),
        ])
    func wrongValues(text: String, complaint: String) {
        #expect(complaints(about: text) == [complaint])
    }

    @Test(
        "A password in the place of a host is not shown",
        arguments: ["smtp://u:Secret@h", "smtps://u:Se@cret/@h:465", "u:Secret@h", "smpt://u:Secret@h"])
    func password(place: String) {
        let complaint =
            "has a password in it, which is not shown here: name the host alone, and who logs in there with \"user\" and "
            + "\"password_file\""
        #expect(complaints(about: "[route.\"x.example\"]\nto = \"\(place)\"") == ["2: to \(complaint)"])
        #expect(complaints(about: "[domain.\"x.example\"]\ndeliver = \"\(place)\"") == ["2: deliver \(complaint)"])
    }

    @Test(
        "A name with dots that lacks its quotes is shown with them",
        arguments: [
            ("[route.x.test]\nto = \"mx\"", #"1: a name with dots stands in quotes: write [route."x.test"]"#),
            (
                "[domain.mail.x.test]\nusers = []",
                #"1: a name with dots stands in quotes: write [domain."mail.x.test"]"#
            ),
        ])
    func unquotedNames(text: String, complaint: String) {
        #expect(complaints(about: text) == [complaint])
    }

    @Test("Every element of a list is judged, on its own line")
    func elements() {
        let text = """
            [relay]
            from = [
                "127.0.0.0/8",
                "10.0.0.1/8",
                "192.0.2.0/33",
            ]
            """
        #expect(
            complaints(about: text) == [
                "4: from has an element that is no network: 10.0.0.1/8 has bits behind the prefix; did you mean 10.0.0.0/8?",
                "5: from has an element that is no network: 192.0.2.0/33: the prefix length must be from 0 to 32",
            ])
    }

    @Test("A syntax error has its line")
    func syntax() throws {
        let complaint = try #require(complaints(about: "hostname = \"a\"\nlimits = [\n[log]\nlevel = \n").first)
        #expect(complaint.hasPrefix("3: ") || complaint.hasPrefix("4: "))
    }

    @Test("A key that stands twice is refused", arguments: ["data = \"a\"\ndata = \"b\"", "[log]\n[log]"])
    func twice(text: String) {
        #expect(complaints(about: text).count == 1)
    }

    @Test("A file that is not there is named")
    func missingFile() throws {
        let errors = #expect(throws: ConfigurationErrors.self) {
            try ServerConfiguration.load(path: "/nowhere/martlet.toml", environment: bareEnvironment)
        }
        #expect(errors?.description == "/nowhere/martlet.toml: there is no such file")
    }

    @Test("A folder in the place of the file is told in plain words")
    func folderAsFile() {
        let errors = #expect(throws: ConfigurationErrors.self) {
            try ServerConfiguration.load(path: "/", environment: bareEnvironment)
        }
        #expect(errors?.description == "/: it cannot be read: Is a directory")
    }

    @Test("Names that stand for two things are refused")
    func clashes() {
        let text = """
            [listener.a]
            address = "127.0.0.1:25"
            [listener.b]
            address = "127.0.0.1:25"
            [domain."example.org"]
            users = ["ann", "bob",
                     "Ann"]
            [domain."Example.ORG"]
            [alias]
            "BOB@example.org" = ["ann"]
            [list."bob@Example.org"]
            members = ["ann"]
            """
        #expect(
            complaints(about: text) == [
                "4: address 127.0.0.1:25 is already that of [listener.a]",
                "7: Ann@example.org is a user, and a user before",
                "8: \"Example.ORG\" is the same as one before it",
                "10: BOB@example.org is an alias, and a user before",
                "11: bob@example.org is a list, and a user before",
            ])
    }

    @Test("Names that lead nowhere are refused where they stand")
    func deadEnds() {
        let text = """
            postmaster = "nobody@example.org"
            [domain."example.org"]
            users = ["ann"]
            catch_all = "nobody@example.net"
            [domain."example.net"]
            users = ["bob@example.net"]
            [alias]
            "a@example.org" = ["ann",
                "an"]
            "b@example.com" = ["ann@example.org"]
            "c@example.org" = []
            "d@example.org" = { to = ["ann"], moved_to = "x@example.com" }
            "e@example.org" = ["f"]
            "f@example.org" = ["e"]
            "g@example.org" = { moved_to = "x@example.com", tell = true }
            [list."l@example.org"]
            members = []
            owner = "nobody@example.net"
            """
        #expect(
            complaints(about: text) == [
                "4: catch_all leads to nobody@example.net, which does not exist",
                "6: users has an element that is no name: bob@example.net has an @; the domain is that of the table",
                "10: b@example.com is an alias, but its domain is not local: there is no [domain] for it",
                "11: the alias c@example.org needs either \"to\" with recipients or \"moved_to\"",
                "12: the alias d@example.org needs either \"to\" with recipients or \"moved_to\"",
                "13: e@example.org leads in a circle or through more than twenty aliases",
                "14: f@example.org leads in a circle or through more than twenty aliases",
                "15: \"tell\" goes with \"to\"; \"moved_to\" always tells",
                "17: the list l@example.org has no members: name them with \"members\" or \"members_file\"",
                "18: owner leads to nobody@example.net, which does not exist",
            ])
    }
}
