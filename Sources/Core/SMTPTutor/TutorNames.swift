/// The names that the tutor proposes.
package struct TutorNames: Hashable, Sendable {
    /// Who the learner's machine says it is.
    package var client: String
    package var sender: String
    package var recipient: String

    package init(
        client: String = "me.example.net", sender: String = "you@example.net", recipient: String = "ann@example.org"
    ) {
        self.client = client
        self.sender = sender
        self.recipient = recipient
    }
}
