extension QueueRecord {
    /// Writes the object that `JSONLine` makes of the record.
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("arrival_time", arrivalTime)
            json.member("body", body)
            json.member("envelope_id", envelopeID)
            json.member("forced_expire", forcedExpire)
            json.member("message_size", messageSize)
            json.member("queue_id", queueID)
            json.member("queue_name", queueName)
            json.member("recipients", recipients) { $0.write(to: &$1) }
            json.member("return", returns)
            json.member("sender", sender)
            json.member("smtputf8", smtputf8)
        }
    }
}

extension QueueRecord.Recipient {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("address", address)
            json.member("attempts", attempts)
            json.member("delay_reason", delayReason)
            json.member("diagnostic", diagnostic)
            json.member("next_attempt", nextAttempt)
            json.member("notify", notify)
            json.member("number", number)
            json.member("original_recipient", originalRecipient)
            json.member("report_due", reportDue)
            json.member("route", route)
            json.member("state", state)
            json.member("status", status)
        }
    }
}
