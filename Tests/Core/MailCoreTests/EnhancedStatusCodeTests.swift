import MailCore
import Testing

struct EnhancedStatusCodeTests {
    @Test(arguments: ["2.0.0", "4.7.1", "5.999.999"])
    func `a status is read and written`(text: String) throws {
        #expect(try #require(EnhancedStatusCode(text)).description == text)
    }

    @Test(arguments: [
        "", "5", "5.1", "5.1.1.1", "1.0.0", "3.0.0", "6.0.0", "55.1.1", "5..1", "5.1.", "5.1000.0", "5.-1.0", "5.1.x",
        "5.1.1 ",
    ])
    func `what is no status is refused`(text: String) {
        #expect(EnhancedStatusCode(text) == nil)
    }
}
