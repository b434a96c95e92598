import ArgumentParser
import MailServer
import MailUsers

/// Which file of users a command works with: that of the configuration.
struct UserOptions: ParsableArguments {
    @OptionGroup var options: ConfigurationOptions

    func read() throws -> UserTable {
        let file = UserFile(path: try options.load().usersPath)
        return try Self.failing { () throws(UserFileError) in try file.read() }
    }

    func change(
        _ body: (inout UserTable, ServerConfiguration) throws(UserFileError) -> Void
    ) throws {
        let configuration = try options.load()
        try Self.failing { () throws(UserFileError) in
            try configuration.createFolderOfUsers()
            try UserFile(path: configuration.usersPath).change { table throws(UserFileError) in
                try body(&table, configuration)
            }
        }
    }

    static func failing<Value>(_ body: () throws(UserFileError) -> Value) throws -> Value {
        do throws(UserFileError) {
            return try body()
        } catch {
            throw ExitStatus.data.failing("\(error)")
        }
    }
}
