import Foundation
import MailMIME
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// isemail's collection of addresses. What its categories say about the DNS is not asked: such addresses are valid.
@Suite(.collections) struct AddressCollectionTests {
    @Test func `addresses are judged as expected, 163 of 164`() throws {
        let reader = AddressCaseReader()
        let parser = XMLParser(data: try CaseCollection.contents(of: "address/isemail-tests.xml"))
        parser.delegate = reader
        #expect(parser.parse())
        #expect(reader.cases.count == 164)
        let found = reader.cases.filter { one in
            let expected = one.category == "valid_category" || one.category == "dnswarn" ? "valid" : one.category
            return AddressSyntax(one.address).category.rawValue != expected
        }
        #expect(
            found.map(\.id) == [5], "\(found.map { "\($0.id) \(AddressSyntax($0.address).category) \($0.category)" })")
    }
}

private final class AddressCaseReader: NSObject, XMLParserDelegate {
    struct Case {
        var id = 0
        var address: [UInt8] = []
        var category = ""
    }

    var cases: [Case] = []
    private var text = ""

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        text = ""
        if name == "test" { cases.append(Case(id: Int(attributes["id"] ?? "") ?? 0)) }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        guard !cases.isEmpty else { return }
        // Control characters are written as pictures of themselves.
        let scalars = text.unicodeScalars.map { (0x2400...0x2420).contains($0.value) ? $0.value - 0x2400 : $0.value }
        let plain = String(String.UnicodeScalarView(scalars.compactMap { Unicode.Scalar($0) }))
        if name == "address" { cases[cases.count - 1].address = Array(plain.utf8) }
        if name == "category" {
            cases[cases.count - 1].category = plain.lowercased().replacing("isemail_", with: "")
        }
    }
}
