import Foundation
import Testing

@testable import MailServer

/// The objects that `martlet queue list --json` writes.
struct QueueRecordTests {
    /// A record with everything in it, and `text` in each member that peers fill.
    private func record(_ text: String) throws -> QueueRecord {
        let recipient: [String: Any] = [
            "address": text, "number": 3, "state": "pending", "attempts": 12,
            "next_attempt": "2026-11-22T00:00:00.000Z",
            "delay_reason": text, "diagnostic": text, "status": "4.4.1", "route": "next:[192.0.2.1]:26",
            "report_due": "delayed", "notify": "FAILURE,DELAY", "original_recipient": text,
        ]
        let object: [String: Any] = [
            "queue_name": "deferred", "queue_id": "1HQ2M5C8TXB", "arrival_time": 1_795_291_200, "message_size": 4_567,
            "forced_expire": false, "sender": text, "recipients": [recipient, recipient], "body": "8BITMIME",
            "smtputf8": true, "envelope_id": text, "return": "HDRS",
        ]
        return try JSONDecoder().decode(QueueRecord.self, from: JSONSerialization.data(withJSONObject: object))
    }

    private func written(_ record: QueueRecord) -> String {
        var json = JSONWriter()
        record.write(to: &json)
        return String(decoding: json.octets, as: UTF8.self)
    }

    @Test(arguments: [
        "", "ann@example.org", "a \"b\" \\ c/d", "grüße@例え.jp 😀", "]},{", ",", "\u{7F}\u{85}\u{2028}",
        String(String.UnicodeScalarView((0..<0x20).compactMap { Unicode.Scalar($0) })),
    ])
    func `a listed object is the one that is shown alone`(text: String) throws {
        let record = try record(text)
        #expect(try written(record) == JSONLine.text(record))
    }

    @Test func `what is missing has no member`() throws {
        let text = """
            {"queue_name":"active","queue_id":"1HQ2M5C8TXB","arrival_time":0,"message_size":0,"forced_expire":false,\
            "sender":"","recipients":[{"address":"a@b.example","number":0,"state":"held","attempts":0}],\
            "body":"7BIT","smtputf8":false}
            """
        let record = try JSONDecoder().decode(QueueRecord.self, from: Data(text.utf8))
        #expect(
            written(record) == """
                {"arrival_time":0,"body":"7BIT","forced_expire":false,"message_size":0,"queue_id":"1HQ2M5C8TXB",\
                "queue_name":"active","recipients":[{"address":"a@b.example","attempts":0,"number":0,"state":"held"}],\
                "sender":"","smtputf8":false}
                """)
    }
}
