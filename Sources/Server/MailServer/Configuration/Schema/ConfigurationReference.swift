/// The documentation of every key, made from the sections that read them.
package enum ConfigurationReference {
    /// The text of `docs/configuration.md`.
    package static func markdown() -> String {
        var parts = [introduction, table(rows(of: ServerConfiguration.self))]
        for key in ServerConfiguration.keys {
            guard case .section(let placeholder, let rows) = key.documentation else { continue }
            let heading = ([key.name] + (placeholder.map { [$0] } ?? [])).joined(separator: ".")
            parts += ["## `[\(heading)]`", key.summary, table(rows())]
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private static let introduction = """
        # Configuration

        Martlet reads one TOML file. Every key has a default unless it is marked as required; an unknown key or a value
        of another type is an error that names the file and the line. `martlet config check` says what is wrong with a
        file, `martlet config show` prints the configuration that results, with the origin of every value.

        This page is made from the source that reads the keys.

        A useful file can be this short:

        ```toml
        hostname = "mail.example.org"
        [listener.mx]
        address = "[::]:25"
        [domain."example.org"]
        users = ["ann", "bob"]
        ```

        Without a file there is one listener on 127.0.0.1:2525 and one domain, `localhost`, with the users `ann`, `bob`
        and `postmaster`.

        A *size* is a number of octets or a text such as `"50 MiB"` (B, kB, MB, GB, KiB, MiB, GiB). A *duration* is a
        number of seconds or a text such as `"5 min"` (ms, s, min, h, d). A *recipient* is an address, or a name alone
        for one in the same domain.

        ## Top of the file
        """

    /// The rows of the values of a section; the tables in it have headings of their own.
    static func rows<Section: ConfigurationSection>(of section: Section.Type) -> [ReferenceRow] {
        section.keys.compactMap { key in
            guard case .value(let type, let defaultText) = key.documentation else { return nil }
            return ReferenceRow(key: key.name, type: type, default: defaultText(), summary: key.summary)
        }
    }

    private static func table(_ rows: [ReferenceRow]) -> String {
        let head = ["| key | type | default | meaning |", "|---|---|---|---|"]
        let body = rows.map { row in
            let cells = ["`\(row.key)`", row.type, row.default, row.summary]
            return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
        }
        return (head + body).joined(separator: "\n")
    }
}
