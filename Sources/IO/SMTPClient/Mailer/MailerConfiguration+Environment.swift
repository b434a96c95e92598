import Glibc
import MailCore

extension MailerConfiguration {
    /// Reads the URL from an environment variable.
    ///
    /// - Throws: `SMTPURLError` naming the variable, and what is wrong with it.
    public static func fromEnvironment(_ variable: String = "SMTP_URL") throws(SMTPURLError) -> MailerConfiguration {
        guard let value = getenv(variable), value.pointee != 0 else {
            throw SMTPURLError("\(variable) is not set; set it to a URL such as smtp://localhost:1025")
        }
        do throws(SMTPURLError) {
            return try MailerConfiguration(url: String(cString: value))
        } catch {
            throw SMTPURLError("\(variable): \(error)")
        }
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
