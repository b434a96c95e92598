import Foundation
import MailTesting
import Testing

@Suite(.requires("git", "git-send-email")) struct GitSendEmailTests {
    @Test func `a patch that git sends can be applied from the mailbox`() async throws {
        let repositories = try TemporaryDirectory()
        try await MartletServer.with { server in
            let git = Git(home: repositories)
            try await git.makeRepository("here", file: "first\n.\n..dots\n")
            try await git.run(["clone", "--quiet", "here", "there"])
            try await git.commit("second\n.dot\nFrom a line\ntrailing blanks  \nGrüße\n", in: "here")
            try await git.run([
                "-C", "here", "send-email", "--quiet", "--from=you@example.net", "--to=ann@example.org",
                "--confirm=never", "--suppress-cc=all", "--transfer-encoding=8bit", "--8bit-encoding=UTF-8",
                "--smtp-server=127.0.0.1",
                "--smtp-server-port=\(server.port)", "-1",
            ])
            let message = try await server.message(for: "ann")
            // Git counts a mailbox of one message with LF.
            let text = String(decoding: message, as: UTF8.self).replacing("\r\n", with: "\n")
            try repositories.write(Data(text.utf8), to: "patch")
            try await git.run(["-C", "there", "am", "--quiet", "\(repositories.path("patch"))"])
            let sent = try await git.run(["-C", "here", "log", "-1", "--format=%T %s"])
            #expect(try await git.run(["-C", "there", "log", "-1", "--format=%T %s"]) == sent)
        }
    }
}

/// Git with a home of its own, so that nobody's settings matter.
private struct Git {
    let home: TemporaryDirectory

    func makeRepository(_ name: String, file: String) async throws {
        try await run(["init", "--quiet", name])
        try await commit(file, in: name)
    }

    func commit(_ content: String, in repository: String) async throws {
        try home.write(Data(content.utf8), to: "\(repository)/file")
        try await run(["-C", repository, "add", "file"])
        try await run([
            "-C", repository, "commit", "--quiet", "--message", "file: Say \(content.prefix { $0 != "\n" })",
        ])
    }

    @discardableResult
    func run(_ arguments: [String]) async throws -> String {
        let identity = ["AUTHOR", "COMMITTER"].flatMap {
            [("GIT_\($0)_NAME", "You"), ("GIT_\($0)_EMAIL", "you@example.net")]
        }
        let environment = ["HOME": home.path, "GIT_CONFIG_NOSYSTEM": "1"].merging(identity) { $1 }
        let result = try await MailTesting.run(
            Tool.require("git"), arguments, environment: environment, directory: home.path)
        try #require(result.status == 0, "git \(arguments): \(result.output)\(result.errors)")
        return result.output
    }
}
