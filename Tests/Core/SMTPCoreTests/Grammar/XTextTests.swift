import Testing

@testable import SMTPCore

struct XTextTests {
    @Test(arguments: [("", ""), ("abc", "abc"), ("a+b=c d", "a+2Bb+3Dc+20d"), ("ü", "+C3+BC"), ("a\nb", "a+0Ab")])
    func `text is written with what is printable as it is`(text: String, encoded: String) {
        #expect(XText.encode(text) == encoded)
    }

    @Test(arguments: ["", "abc", "a+b=c d", "grüße, 火", "+2B"])
    func `what is written is read again`(text: String) {
        #expect(XText.decode(XText.encode(text).utf8) == text)
    }

    @Test(arguments: ["+", "+4", "+4G", "a b", "a=b", "+0D", "+00", "+7F", "+FF", "\u{7F}"])
    func `what is no xtext, or hides a control character, is not read`(text: String) {
        #expect(XText.decode(text.utf8) == nil)
    }
}
