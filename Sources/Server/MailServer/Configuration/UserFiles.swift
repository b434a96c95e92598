import Glibc
import MailCore
import MailOAuth
package import MailUsers
import QueueCore
import WebCore

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
                if oauth.takesTokens { continue }
                reader.refuse(
                    "[oauth] lacks \"key_file\" or \"introspection_endpoint\": no token would be believed",
                    at: ["oauth", key])
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
            routes[index].password = readSecret(in: file, at: path + ["password_file"], &reader)
        }
    }

    /// Reads the secret with which tokens are asked about; what is wrong goes to `reader`.
    mutating func readClientSecret(_ reader: inout ConfigurationReader) {
        let path = ["oauth", "introspection_endpoint"]
        guard let endpoint = oauth.introspectionEndpoint else {
            for (key, isGiven) in [
                ("client_id", oauth.clientID != nil), ("client_secret_file", oauth.clientSecretFile != nil),
            ]
            where isGiven {
                reader.refuse("\(key) goes with \"introspection_endpoint\"", at: ["oauth", key])
            }
            return
        }
        if !endpoint.isEncrypted, !endpoint.isLoopback {
            reader.refuse("introspection_endpoint must be https: tokens would go to another machine in clear", at: path)
        }
        guard oauth.clientID?.isEmpty == false, let file = oauth.clientSecretFile else {
            return reader.refuse("[oauth] lacks \"client_id\" or \"client_secret_file\" to ask there", at: path)
        }
        oauth.clientSecret = readSecret(in: file, at: ["oauth", "client_secret_file"], &reader)
    }

    /// The first line of a file.
    private mutating func readSecret(
        in file: FilePath, at path: [String], _ reader: inout ConfigurationReader
    ) -> String? {
        files.append(ReadFile(path: file.description, stamp: FileStamp(path: file.description)))
        do throws(ConfigurationErrors) {
            let line = try Self.contents(of: file.description).split(whereSeparator: \.isNewline).first
            if line == nil { reader.refuse("the file is empty", at: path) }
            return line.map(String.init)
        } catch {
            for problem in error.errors {
                reader.refuse("\(TOMLText.string(file.description)): \(problem.message)", at: path)
            }
            return nil
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
