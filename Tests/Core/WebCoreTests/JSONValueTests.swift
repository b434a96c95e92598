import Testing
import WebCore

struct JSONValueTests {
    @Test func `all kinds of values are read`() {
        let text =
            #" { "a" : [1, -2.5e2, true, false, null], "b": {"c": "x\n\"\\\/\u00e4\ud83d\ude00ä"}, "d": [], "e": {} } "#
        let expected = JSONValue.object([
            "a": .array([.number(1), .number(-250), .bool(true), .bool(false), .null]),
            "b": .object(["c": .string("x\n\"\\/ä😀ä")]), "d": .array([]), "e": .object([:]),
        ])
        #expect(JSONValue(text.utf8) == expected)
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "[1] 2", "\"a", "\"\u{1}\"", #""\x""#, #""\u12""#,
        #""\ud83d""#, #""\ude00""#, "nul", "1x", "0x10", "01", "1.", ".5", "-.5", "-", "+1", "1e", "1e+", "1.e5", "nan",
        "1e999", #"{"a":1,"a":2}"#,
        String(repeating: "[", count: 10) + String(repeating: "]", count: 10),
        String(repeating: "[", count: 100_000),
    ])
    func `what is no JSON, or says a thing twice, or nests without end is not read`(text: String) {
        #expect(JSONValue(text.utf8) == nil)
    }

    @Test func `octets that are no UTF-8 are not read`() {
        #expect(JSONValue([0x22, 0xFF, 0x22]) == nil)
    }

    @Test(arguments: ["", "plain", "a \"b\" \\c", "line\r\nend\u{1}\u{1F}", "ä😀\u{2028}"])
    func `a text that was written is read as it was`(text: String) {
        #expect(JSONValue(JSONValue.quoted(text).utf8) == .string(text))
    }
}
