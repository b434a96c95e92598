import MailCore

extension ServerConfiguration {
    /// Reads the files that the configuration names again; its own text stays as it was.
    func rereadingFiles() throws(ConfigurationErrors) -> ServerConfiguration {
        guard let source else { return self }
        return try Self.parse(text: source.text, file: source.file, environment: source.environment)
    }

    /// The keys that differ from those of the running server and are looked at only when it starts.
    func keysThatNeedRestart(since running: ServerConfiguration) -> [String] {
        let (old, new) = (ConfigurationListing.values(of: running), ConfigurationListing.values(of: self))
        let paths = Set(old.keys).union(new.keys).filter { Self.needsRestart($0) && old[$0] != new[$0] }
        return paths.map(TOMLText.key).sorted()
    }

    private static func needsRestart(_ path: [String]) -> Bool {
        switch path.first {
        case "hostname", "data", "listener", "log": true
        case "auth": path.last == "mechanisms"
        case "tls": path.last == "roots"
        case "limits": path.last != "unknown_recipients"
        case "dns": path.last != "check_recipients"
        // Listeners offer TURN or not from the start; whose it is may change.
        case "turn": path.count == 3 && path.last == "turn"
        default: false
        }
    }

    /// The configuration with what needs a restart as the running server has it.
    func keepingWhatNeedsRestart(of running: ServerConfiguration) -> ServerConfiguration {
        var kept = self
        (kept.hostname, kept.data) = (running.hostname, running.data)
        (kept.listeners, kept.log, kept.limits) = (running.listeners, running.log, running.limits)
        kept.auth.mechanisms = running.auth.mechanisms
        kept.tls.roots = running.tls.roots
        kept.limits.unknownRecipients = limits.unknownRecipients
        kept.dns = running.dns
        kept.dns.checkRecipients = dns.checkRecipients
        for index in kept.domains.indices where kept.domains[index].maildir == defaultMaildir {
            kept.domains[index].maildir = running.defaultMaildir
        }
        return kept
    }
}

/// The text that a configuration was read from.
struct ConfigurationSource: Sendable {
    let text: String
    let file: String
    let environment: ConfigurationEnvironment
}
