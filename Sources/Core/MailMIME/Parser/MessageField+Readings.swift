import MailCore

/// What the value of a field says, by the form that it has.
extension MessageField {
    /// The value in one line, with encoded words read (RFC 2047).
    public var text: String { withValue { HeaderText.plain($0) } ?? HeaderText.decodeWords(rawValue) }

    /// The addresses of a field such as From or To.
    public var addresses: [HeaderAddress] { withValue { HeaderAddress.list($0) } }

    /// The date of a field such as Date, or of a trace field.
    public var date: MailDate? { withValue { MailDate($0) } }

    /// The value and the parameters of a field such as Content-Type; nil where there is no value.
    public var parameterized: ParameterizedValue? { withValue { ParameterizedValue($0) } }

    /// The IDs of a field such as Message-ID or References.
    public var messageIDs: [String] { MessageIDList.read(rawValue) }
}
