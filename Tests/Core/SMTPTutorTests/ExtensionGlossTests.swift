import SMTPTutor
import Testing

/// Each line of a reply to EHLO is explained to whoever learns.
struct ExtensionGlossTests {
    @Test(arguments: [
        "SIZE 1000", "8BITMIME", "SMTPUTF8", "CHUNKING", "BINARYMIME", "DSN", "LIMITS RCPTMAX=10", "REQUIRETLS",
        "PIPELINING", "ENHANCEDSTATUSCODES", "STARTTLS", "AUTH PLAIN", "EXPN", "SEND", "SOML", "SAML", "ETRN", "ATRN",
        "TURN", "XCLIENT NAME ADDR", "HELP",
    ]) func `what our own server offers is known`(line: String) {
        #expect(ExtensionGloss.text(of: line)?.isEmpty == false)
        #expect(ExtensionGloss.text(of: line.lowercased()) == ExtensionGloss.text(of: line))
    }

    @Test func `of what is not known nothing is said`() {
        #expect(ExtensionGloss.text(of: "XEXCH50") == nil)
    }
}
