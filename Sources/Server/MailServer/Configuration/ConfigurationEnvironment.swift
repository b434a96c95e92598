import FoundationEssentials
package import MailCore

/// What the defaults take from the machine.
package struct ConfigurationEnvironment: Sendable {
    /// The machine's name, if it is a full domain name.
    package var hostname: Domain?
    /// Where the data goes that no key places elsewhere.
    package var stateFolder: String

    package init(hostname: Domain?, stateFolder: String) {
        self.hostname = hostname
        self.stateFolder = stateFolder
    }

    /// This machine and this user.
    package static var current: ConfigurationEnvironment {
        let process = ProcessInfo.processInfo
        return ConfigurationEnvironment(machineName: process.hostName, variables: process.environment)
    }

    /// - Parameter variables: of which `XDG_STATE_HOME`, if it is an absolute path, and `HOME` count.
    package init(machineName: String, variables: [String: String]) {
        hostname = machineName.contains(".") ? try? Domain(machineName) : nil
        if let state = variables["XDG_STATE_HOME"], state.hasPrefix("/") {
            stateFolder = state + "/martlet"
        } else {
            stateFolder = (variables["HOME"] ?? "") + "/.local/state/martlet"
        }
    }
}
