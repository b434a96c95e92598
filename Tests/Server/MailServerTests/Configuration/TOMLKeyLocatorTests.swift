import MailServer
import Testing

struct TOMLKeyLocatorTests {
    /// Every path that has a line.
    private func found(in text: String) -> [[String]: Int] {
        var paths: [[String]: Int] = [:]
        func visit(_ lines: TOMLKeyLines, at path: [String]) {
            paths[path] = lines.line
            for (key, child) in lines.children { visit(child, at: path + [key]) }
        }
        visit(TOMLKeyLocator.lines(in: text), at: [])
        return paths
    }

    @Test("Keys and tables have the line on which they stand")
    func tables() {
        let lines = found(
            in: """
                # a comment with key = 1
                hostname = "x"   # other = 2

                [limits]
                  errors = 5

                [ listener . mx ]
                address = "y"
                """)
        #expect(
            lines == [
                ["hostname"]: 2, ["limits"]: 4, ["limits", "errors"]: 5, ["listener", "mx"]: 7,
                ["listener", "mx", "address"]: 8,
            ])
    }

    @Test("Dotted and quoted keys are paths, with escapes undone in double quotes only")
    func keys() {
        let lines = found(
            in: #"""
                a.b = 1
                a . "c.d" = 2
                'x\y' = 3
                "q\"\u00e9\\" = 4
                [domain."example.org"]
                users = []
                """#)
        #expect(
            lines == [
                ["a"]: 1, ["a", "b"]: 1, ["a", "c.d"]: 2, [#"x\y"#]: 3, [#"q"é\"#]: 4, ["domain", "example.org"]: 5,
                ["domain", "example.org", "users"]: 6,
            ])
    }

    @Test("Inline tables are tables, and elements of lists have their index")
    func inline() {
        let lines = found(
            in: """
                alias = { "a@b" = { to = ["x", "y"], tell = true } }
                list = [ # [not.a.table]
                    "one", # two = 2
                    { three = 3 },
                ]
                end = 1
                """)
        #expect(
            lines == [
                ["alias"]: 1, ["alias", "a@b"]: 1, ["alias", "a@b", "to"]: 1, ["alias", "a@b", "to", "0"]: 1,
                ["alias", "a@b", "to", "1"]: 1, ["alias", "a@b", "tell"]: 1, ["list"]: 2, ["list", "0"]: 3,
                ["list", "1"]: 4, ["list", "1", "three"]: 4, ["end"]: 6,
            ])
    }

    @Test("What looks like a key inside a string is none, and lines within strings count")
    func strings() {
        let lines = found(
            in: #"""
                a = "x # y = 1 \" z = 2"
                b = 'it # \'
                c = """
                d = 1
                [e]
                \""" f = 2
                """
                g = '''
                h = 1 "'
                ''''
                i = """""" # empty
                j = 1
                """#)
        #expect(lines == [["a"]: 1, ["b"]: 2, ["c"]: 3, ["g"]: 8, ["i"]: 11, ["j"]: 12])
    }

    @Test("The first of two places counts, and line ends may be CRLF")
    func repeated() {
        #expect(found(in: "[a]\r\nx = 1\r\n\r\n[a.b]\r\n[a]\r\n") == [["a"]: 1, ["a", "x"]: 2, ["a", "b"]: 4])
    }

    @Test(
        "Text that is no TOML ends the search and not the program",
        arguments: [
            "[", "a = [", "a = {", "a = {]}", "a = [}", "= =", "\"", "a = \"\"\"", "a = '\\", "\"\\u12", "[[[", "\0",
        ])
    func broken(text: String) {
        #expect(found(in: text).count <= 4)
    }
}
