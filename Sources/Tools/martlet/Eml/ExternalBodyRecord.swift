import MailMIME

/// Where the body of a message/external-body is, as `martlet eml --json` writes it.
struct ExternalBodyRecord: Encodable {
    private enum CodingKeys: String, CodingKey {
        case accessType = "access_type"
        case url, name, site, directory, server, size, headers
    }

    let accessType: String
    let url, name, site, directory, server: String?
    let size: Int?
    let headers: [FieldRecord]

    init(_ body: ExternalBody) {
        (accessType, url, name) = (body.accessType, body.url, body.name)
        (site, directory, server, size) = (body.site, body.directory, body.server, body.size)
        headers = body.header.root.fields.map { FieldRecord($0) }
    }
}
