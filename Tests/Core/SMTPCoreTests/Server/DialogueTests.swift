import SMTPTesting
import Testing

struct DialogueTests {
    @Test(arguments: try Dialogue.all())
    func `the bare machine holds every dialogue`(dialogue: Dialogue) throws {
        var player = DialoguePlayer(MachinePeer(dialogue.options))
        try player.play(dialogue)
        #expect(player.peer.run.stored == dialogue.stored, "\(dialogue.name)")
    }

    @Test(arguments: try Dialogue.all())
    func `a dialogue is the same, however it is cut`(dialogue: Dialogue) throws {
        let invariance = ChunkInvariance(dialogue.options.machine, policy: dialogue.options.policy)
        try invariance.check(dialogue.input, budget: 100_000)
        try invariance.check(dialogue.input, pieces: [1, 7, 2, 64, 3])
    }
}
