import ArgumentParser

struct EmlCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eml",
        abstract: "Look into messages.",
        discussion: """
            Without a subcommand the names of files follow; a file that is called like a subcommand is ./NAME.

            EXAMPLES
              martlet eml message.eml
              martlet eml --extract files message.eml
              martlet eml --json - < message.eml
              echo 'Ann <ann@example.org>' | martlet eml header --as address
            """,
        subcommands: [Show.self, Header.self, Address.self, Report.self],
        defaultSubcommand: Show.self)
}
