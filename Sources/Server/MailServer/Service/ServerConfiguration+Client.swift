import MailCore
import SMTPClient

extension ServerConfiguration {
    /// How the server behaves where it is the client.
    var clientConfiguration: SMTPClientConfiguration {
        var client = SMTPClientConfiguration(localName: .domain(hostname))
        client.trust = tlsTrust
        return client
    }
}
