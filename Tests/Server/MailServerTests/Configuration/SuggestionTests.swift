import MailServer
import Testing

struct SuggestionTests {
    @Test(
        "The distance counts letters put in, taken out, replaced or swapped",
        arguments: [
            ("", "", 0), ("abc", "abc", 0), ("", "abc", 3), ("adress", "address", 1), ("uesrs", "users", 1),
            ("to", "tell", 3), ("kitten", "sitting", 3),
        ])
    func distance(one: String, other: String, distance: Int) {
        #expect(Suggestion.distance(from: one, to: other) == distance)
        #expect(Suggestion.distance(from: other, to: one) == distance)
    }

    @Test("The nearest word is meant, but not one of which too much is wrong")
    func nearest() {
        #expect(Suggestion.nearest(to: "adress", among: ["protocol", "address"]) == "address")
        #expect(Suggestion.nearest(to: "user", among: ["users", "catch_all"]) == "users")
        #expect(Suggestion.nearest(to: "colour", among: ["users", "catch_all"]) == nil)
    }
}
