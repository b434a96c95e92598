import MailServer

/// A machine of which nothing is known but a home.
let bareEnvironment = ConfigurationEnvironment(hostname: nil, stateFolder: "/home/ann/.local/state/martlet")

func parse(_ text: String, environment: ConfigurationEnvironment = bareEnvironment) throws -> ServerConfiguration {
    try ServerConfiguration.parse(text: text, file: "martlet.toml", environment: environment)
}

/// What is wrong with `text`, a line each, without the file's name.
func complaints(about text: String) -> [String] {
    do {
        _ = try parse(text)
        return []
    } catch let errors as ConfigurationErrors {
        return errors.errors.map { error in error.description.replacing("martlet.toml:", with: "") }
    } catch {
        return ["\(error)"]
    }
}
