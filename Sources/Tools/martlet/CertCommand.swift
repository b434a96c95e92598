import ArgumentParser
import MailCertificates

struct CertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cert",
        abstract: "Make a certificate for development and private networks.",
        discussion: """
            Writes a certificate and its key beside each other, and says how to use them. Nobody trusts the certificate who
            was not told to; for mail from the Internet a certificate of a public authority serves better.

            EXAMPLES
              martlet cert
              martlet cert mail.example.org "*.example.net" 192.0.2.7 --out /etc/martlet/mail
            """)

    @Argument(help: "The domains and addresses of the server.")
    var names = ["localhost", "127.0.0.1", "::1"]

    @Option(help: "The path of both files, without .pem and .key.")
    var out = "martlet"

    func run() throws {
        let pair: CertificatePair
        do {
            pair = try CertificatePair(for: names, base: out)
        } catch let error as CertificateNameError {
            throw ExitStatus.usage.failing("\(error)")
        } catch {
            throw ExitStatus.cannotCreate.failing("\(error)")
        }
        StandardOutput.print(advice(pair))
    }

    private func advice(_ pair: CertificatePair) -> String {
        """
        \(pair.certificate) is a certificate for \(names.joined(separator: ", ")); \(pair.key) is its key.

        For the server, in its configuration:
          [tls]
          certificate = "\(pair.certificate)"
          key = "\(pair.key)"

        A client trusts it with one of
          curl --cacert \(pair.certificate) --ssl-reqd ...
          openssl s_client -CAfile \(pair.certificate) -starttls smtp -connect localhost:2525
        and all of a Debian system does after
          sudo cp \(pair.certificate) /usr/local/share/ca-certificates/martlet.crt && sudo update-ca-certificates
        Another Martlet sends only to this server with
          tls = "sha256:\(pair.fingerprint)"
        in the route.
        """
    }
}
