import ArgumentParser
import MailServer
import MailUsers

struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Add, change and remove those who can log in.",
        discussion: """
            The password is asked for on the terminal, or is the first line of standard input. The running server sees a \
            change within seconds.

            EXAMPLES
              martlet user add ann@example.org
              printf '%s\\n' "$SECRET" | martlet user passwd ann@example.org
              martlet user test ann@example.org
            """,
        subcommands: [UserAdd.self, UserPasswd.self, UserList.self, UserRemove.self, UserTest.self])
}

struct UserAdd: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Add a user, with a password.")

    @OptionGroup var users: UserOptions
    @Argument(help: "The user's address, or another name.") var name: String

    func run() throws {
        try users.change { table, configuration throws(UserFileError) in
            guard table.find(name) == nil else {
                throw UserFileError("\(name) is there already; see martlet user passwd")
            }
            guard UserTable.isName(name) else { throw UserFileError("'\(name)' cannot be the name of a user") }
            table.put(try PasswordMaking.record(name: name, password: Password.readTwice(), for: configuration.auth))
        }
    }
}

struct UserPasswd: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "passwd", abstract: "Give a user another password.")

    @OptionGroup var users: UserOptions
    @Argument(help: "The user's name.") var name: String

    func run() throws {
        try users.change { table, configuration throws(UserFileError) in
            guard let old = table.find(name) else { throw UserFileError("there is no user \(name)") }
            table.put(
                try PasswordMaking.record(name: old.name, password: Password.readTwice(), for: configuration.auth))
        }
    }
}

struct UserList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the users, one a line, with how their passwords are kept.")

    @OptionGroup var users: UserOptions

    func run() throws {
        for record in try users.read().records {
            let schemes = record.verifiers.map { $0.text.prefix { $0 != "}" }.dropFirst() }
            StandardOutput.print("\(record.name)  \(schemes.joined(separator: " "))")
        }
    }
}

struct UserRemove: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "remove", abstract: "Take users away.")

    @OptionGroup var users: UserOptions
    @Argument(help: "The users' names.") var names: [String]

    func run() throws {
        try users.change { table, _ throws(UserFileError) in
            for name in names where !table.remove(name) { throw UserFileError("there is no user \(name)") }
        }
    }
}

struct UserTest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Say whether a password is that of a user.",
        discussion: "The exit code is 0 if it is, and 1 if it is not or there is no such user.")

    @OptionGroup var users: UserOptions
    @Argument(help: "The user's name.") var name: String

    func run() throws {
        let table = try users.read()
        let password = try UserOptions.failing { () throws(UserFileError) in try Password.read() }
        guard let record = table.find(name), record.fits(password) else {
            StandardError.print("That user and that password do not go together.")
            throw ExitCode(1)
        }
        StandardOutput.print("That is the password of \(record.name).")
    }
}
