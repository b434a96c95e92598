import Testing

@testable import MailTesting

@Suite struct ReadyLineTests {
    @Test(arguments: [
        "time=12:00:00 level=info event=ready smtp=127.0.0.1:40123",
        #"{"level":"info","event":"ready","listeners":["127.0.0.1:40123"]}"#,
        "starting\nlevel=info event=ready addresses=\"127.0.0.1:40123 [::1]:40124\"\n",
    ])
    func `the port stands in the line that says ready`(log: String) {
        #expect(MartletServer.port(inLog: log) == 40123)
    }

    @Test(arguments: [
        "", "event=starting listener=127.0.0.1:0", "event=accepted client=127.0.0.1:5", "event=readying 127.0.0.1:5",
    ])
    func `no other line counts`(log: String) {
        #expect(MartletServer.port(inLog: log) == nil)
    }
}
