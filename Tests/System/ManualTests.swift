import Foundation
import MailTesting
import Testing

/// What every command says of itself.
struct ManualTests {
    private struct Dump: Decodable {
        struct Command: Decodable {
            let commandName: String
            let abstract: String?
            let subcommands: [Command]?

            /// The words that call this command and those below it.
            func calls(_ above: [String] = []) -> [[String]] {
                let own = above + [commandName]
                let below = (subcommands ?? []).filter { $0.commandName != "help" }
                return [own] + below.flatMap { $0.calls(own) }
            }
        }

        let command: Command
    }

    private func calls() async throws -> [[String]] {
        let dump = try await run(MartletServer.program, ["--experimental-dump-help"])
        return try JSONDecoder().decode(Dump.self, from: dump.standardOutput).command.calls()
    }

    @Test func `the help of every command has a sentence and examples`() async throws {
        for call in try await calls() {
            let help = try await run(MartletServer.program, call.dropFirst() + ["--help"])
            #expect(help.status == 0)
            #expect(help.output.hasPrefix("OVERVIEW: "), "\(call)")
            let examples = help.output.components(separatedBy: "EXAMPLES\n").last ?? ""
            #expect(examples.contains("martlet "), "\(call)")
        }
    }

    @Test(arguments: ["--version", "--help", "send --help", "explain 550"])
    func `what cannot be written is an error`(words: String) async throws {
        let result = try await run(
            Tool.require("sh"), ["-c", "exec \"$0\" $1 >/dev/full", try MartletServer.program, words])
        #expect(result.status == 74)
        #expect(result.errors == "martlet: standard output cannot be written: No space left on device\n")
    }

    @Test(.requires("python3", "man", "groff"))
    func `every command has a manual page that is clean`() async throws {
        let folder = try TemporaryDirectory()
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../scripts/manuals").path
        let result = try await run(Tool.require("python3"), [script, try MartletServer.program, folder.path])
        #expect(result.status == 0, "\(result.errors)")
        let pages = try await calls().map { $0.joined(separator: "-") + ".1" } + ["martlet-sendmail.1"]
        let links = ["sendmail.1", "mailq.1", "newaliases.1"]
        let written = try FileManager.default.contentsOfDirectory(atPath: folder.path("man1"))
        #expect(written.sorted() == (pages + links).sorted())
        for page in pages {
            let view = try await run(
                Tool.require("man"), ["--warnings=all", "-l", folder.path("man1/\(page)")],
                environment: ["MANWIDTH": "100", "LC_ALL": "C.UTF-8"])
            #expect(view.status == 0 && view.errors.isEmpty, "\(page): \(view.errors)")
            for section in ["NAME", "SYNOPSIS", "OPTIONS"] {
                #expect(view.output.contains("\n\(section)\n"), "\(page)")
            }
        }
    }

    @Test func `the configuration that is installed is sound`() async throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../scripts/martlet.toml").path
        let result = try await run(MartletServer.program, ["config", "check", "--config", file])
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func `shells learn every command`(shell: String) async throws {
        let script = try await run(MartletServer.program, ["--generate-completion-script", shell])
        #expect(script.status == 0)
        for call in try await calls() { #expect(script.output.contains(call[call.count - 1]), "\(call)") }
    }

    @Test func `bash completes a command`() async throws {
        let folder = try TemporaryDirectory()
        let script = try await run(MartletServer.program, ["--generate-completion-script", "bash"])
        let path = try folder.write(script.standardOutput, to: "martlet.bash")
        let test = """
            source '\(path)'; COMP_WORDS=(martlet pro); COMP_CWORD=1; COMP_LINE='martlet pro'; COMP_POINT=11
            $(complete -p martlet | sed 's/.*-F \\([^ ]*\\).*/\\1/') martlet pro martlet; echo "${COMPREPLY[@]}"
            """
        let result = try await run(Tool.require("bash"), ["-c", test])
        #expect(
            result.output.split(separator: "\n").last?.split(separator: " ").contains("probe") ?? false, "\(result)")
    }
}
