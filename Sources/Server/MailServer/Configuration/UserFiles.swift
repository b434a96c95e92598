import Glibc
import MailCore
import MailOAuth
package import MailUsers
import QueueCore

/// The file of those who can log in.
extension ServerConfiguration {
    package var usersPath: String { auth.usersFile?.description ?? "\(data)/users" }

    /// Reads it; what is wrong goes to `reader`.
    mutating func readUsers(_ reader: inout ConfigurationReader) {
        // Who may not enter the data folder is told so where the queue in it is used.
        if auth.usersFile == nil, access(data.description, X_OK) != 0, errno == EACCES { return }
        // The stamp first: what changes in between is read again.
        files.append(ReadFile(path: usersPath, stamp: FileStamp(path: usersPath)))
        do throws(UserFileError) {
            users = try UserFile(path: usersPath).read()
        } catch {
            reader.refuse("\(error)", at: ["auth", "users_file"])
        }
    }

    /// Reads the keys of access tokens; what is wrong goes to `reader`.
    mutating func readTokenKeys(_ reader: inout ConfigurationReader) {
        guard let file = oauth.keyFile else {
            for (key, value) in [("issuer", oauth.issuer), ("audience", oauth.audience)] where value != nil {
                reader.refuse("[oauth] lacks \"key_file\": no token would be believed", at: ["oauth", key])
            }
            return
        }
        let path = ["oauth", "key_file"]
        let name = TOMLText.string(file.description)
        files.append(ReadFile(path: file.description, stamp: FileStamp(path: file.description)))
        do throws(ConfigurationErrors) {
            tokenKeys = TokenKeySet(try Self.contents(of: file.description))
            if tokenKeys == nil { reader.refuse("\(name): holds no key that tokens are signed with", at: path) }
        } catch {
            for problem in error.errors { reader.refuse("\(name): \(problem.message)", at: path) }
        }
        for (key, value) in [("issuer", oauth.issuer), ("audience", oauth.audience)] where value?.isEmpty ?? true {
            reader.refuse("[oauth] lacks \"\(key)\": any token would do", at: path)
        }
    }

    /// Reads the passwords with which routes log in; what is wrong goes to `reader`.
    mutating func readRoutePasswords(_ reader: inout ConfigurationReader) {
        for index in routes.indices {
            let route = routes[index]
            let path = ["route", route.name.description]
            guard let file = route.passwordFile, route.user != nil, case .next = route.action else {
                if route.user != nil || route.passwordFile != nil {
                    reader.refuse(
                        "\"user\" and \"password_file\" go together, with a host in \"to\"", at: path + ["user"])
                }
                continue
            }
            files.append(ReadFile(path: file.description, stamp: FileStamp(path: file.description)))
            do throws(ConfigurationErrors) {
                let lines = try Self.contents(of: file.description).split(whereSeparator: \.isNewline)
                routes[index].password = lines.first.map(String.init)
                if lines.isEmpty { reader.refuse("the file is empty", at: path + ["password_file"]) }
            } catch {
                for problem in error.errors {
                    let name = TOMLText.string(file.description)
                    reader.refuse("\(name): \(problem.message)", at: path + ["password_file"])
                }
            }
        }
    }

    /// Makes the data folder, if the file lies there and it is missing.
    package func createFolderOfUsers() throws(UserFileError) {
        guard auth.usersFile == nil else { return }
        do throws(DataFolderError) {
            try DataFolder.create(data.description)
        } catch {
            // Root may write for the user whose folder it is, who gets what is written.
            if case .foreign = error { return }
            throw UserFileError("\(error)")
        }
    }

    /// Those who can log in by an address in `domain`: they have mailboxes.
    func loginUsers(of domain: Domain) -> [LocalPart] {
        users.records.compactMap { record in
            guard let address = try? EmailAddress(record.name), address.domain == domain else { return nil }
            return address.localPart
        }
    }
}
