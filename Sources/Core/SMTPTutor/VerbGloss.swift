package import SMTPCore

/// What each command is for, in a sentence.
package enum VerbGloss {
    // house: table, one line for each command
    package static func text(of verb: SMTPVerb) -> String {
        switch verb {
        case .ehlo: "Says who you are, and asks what the server can do."
        case .helo: "Says who you are, in the way of 1982."
        case .lhlo: "Says who you are, in LMTP, which hands messages to mailboxes."
        case .mail: "Begins a message, with the address that hears of failures; <> for nobody."
        case .rcpt: "Names a recipient; the server says for each whether it takes the message for them."
        case .data: "Asks to send the message itself; after 354 every line is part of it, until a single dot."
        case .bdat: "Sends a counted number of octets of the message."
        case .rset: "Forgets the message that is under way."
        case .noop: "Does nothing, and is answered."
        case .quit: "Says goodbye."
        case .help: "Asks the server for help."
        case .vrfy: "Asks whether there is such a user; most servers do not tell."
        case .expn: "Asks who is on a list; most servers do not tell."
        case .send: "Begins a message for the terminal of a user who is there; hardly a server has it any more."
        case .soml:
            "Begins a message for the terminal of a user who is there, else for the mailbox; hardly a server has it."
        case .saml: "Begins a message for the terminal and the mailbox of a user; hardly a server has it any more."
        case .turn:
            "Swaps the roles of client and server; without proof of who asks it is unsafe, so hardly a server has it."
        case .etrn: "Asks the server to send what it keeps for a domain."
        case .atrn: "Asks the server to send what it keeps for a domain, over this connection."
        case .auth: "Proves who you are, where the server offers it."
        case .starttls: "Begins encryption."
        case .xclient: "Says for whom the client speaks; only proxies that the server trusts may say it."
        }
    }
}
