import Glibc
import MailCore

extension MailerConfiguration {
    /// Reads the URL from an environment variable, and from another one the password of the user whom it names.
    ///
    /// - Throws: `SMTPURLError` naming the variable, and what is wrong with it.
    public static func fromEnvironment(
        _ variable: String = "SMTP_URL", password: String = "SMTP_PASSWORD"
    ) throws(SMTPURLError) -> MailerConfiguration {
        guard let url = value(of: variable) else {
            throw SMTPURLError("\(variable) is not set; set it to a URL such as smtp://localhost:1025")
        }
        do throws(SMTPURLError) {
            let user = try SMTPURL(url).user
            if user != nil, value(of: password) == nil { throw SMTPURLError("it names a user; set \(password) too") }
            return try MailerConfiguration(url: url, password: user == nil ? nil : value(of: password))
        } catch {
            throw SMTPURLError("\(variable): \(error)")
        }
    }

    /// nil where the variable is not set, or empty.
    private static func value(of variable: String) -> String? {
        getenv(variable).flatMap { $0.pointee == 0 ? nil : String(cString: $0) }
    }
}

extension MailHost {
    /// The name of this machine if it is one that DNS may know, else its loopback address (RFC 5321 §4.1.4).
    static let thisMachine: MailHost = {
        var name = [CChar](repeating: 0, count: 256)
        let isKnown = gethostname(&name, name.count - 1) == 0
        let text = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        if isKnown, text.contains("."), let domain = try? Domain(text) { return .domain(domain) }
        return .address(.v4(IPv4Address(bits: 0x7F00_0001)))
    }()
}
