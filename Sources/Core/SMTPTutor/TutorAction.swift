/// What the tutor wants done, in this order.
package enum TutorAction: Hashable, Sendable {
    /// Send these octets.
    case send([UInt8])
    /// The tutor says this line in the learner's place; what is sent follows.
    case spoken(String)
    /// A line of a reply, and what it means where there is something to say.
    case reply(line: String, gloss: String?)
    /// Something to know.
    case note(String)
    /// The line that would come next.
    case next(String)
    /// The lesson is over.
    case end
}
