// Parts of URLs, and strings with % before the hexadecimal digits of a byte.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Finds the parts of `protocol://user@host:port/path?query#reference`.
private struct AddressParts {
    let text: Bytes
    private let authority: Range<Int>
    private let path: Range<Int>
    private let query: Range<Int>?
    private let reference: Range<Int>?
    private let schemeEnd: Int

    /// Fails for a text without a protocol.
    init?(_ all: Bytes) {
        var (start, end) = (0, all.count)
        while start < end, isSpace(all[start]) { start += 1 }
        while end > start, isSpace(all[end - 1]) { end -= 1 }
        let text = part(all, start..<end)
        self.text = text
        let schemeMark: [UInt8] = [0x3A, 0x2F, 0x2F]
        guard let found = schemeMark.withUnsafeBytes({ firstPlace(of: $0, in: text) }) else {
            return nil
        }
        schemeEnd = found
        let body = found + 3
        let hash = text[body...].firstIndex(of: UInt8(ascii: "#"))
        reference = hash.map { ($0 + 1)..<text.count }
        let queryMark = text[body..<(hash ?? text.count)].firstIndex(of: UInt8(ascii: "?"))
        query = queryMark.map { ($0 + 1)..<(hash ?? text.count) }
        let pathEnd = queryMark ?? hash ?? text.count
        let slash = text[body..<pathEnd].firstIndex(of: UInt8(ascii: "/")) ?? pathEnd
        authority = body..<slash
        path = slash..<pathEnd
    }

    func range(named name: Bytes) -> Range<Int>? {
        switch String(decoding: name, as: UTF8.self) {
        case "PROTOCOL": 0..<schemeEnd
        case "AUTHORITY": authority
        case "HOST": host
        case "PATH": path
        case "FILE": path.lowerBound..<(query?.upperBound ?? path.upperBound)
        case "QUERY": query
        case "REF": reference
        case "USERINFO": at.map { authority.lowerBound..<$0 }
        default: nil
        }
    }

    private var at: Int? { text[authority].lastIndex(of: UInt8(ascii: "@")) }

    var host: Range<Int> {
        let start = at.map { $0 + 1 } ?? authority.lowerBound
        let rest = start..<authority.upperBound
        // Colons inside of brackets belong to an address.
        let bracket = text[rest].lastIndex(of: UInt8(ascii: "]")) ?? start
        let colon = text[bracket..<rest.upperBound].firstIndex(of: UInt8(ascii: ":"))
        return start..<(colon ?? rest.upperBound)
    }

    /// Finds the value of a parameter of the query, as it is written there.
    func parameter(named name: Bytes) -> Range<Int>? {
        guard let query else { return nil }
        var start = query.lowerBound
        while start <= query.upperBound {
            let end =
                text[start..<query.upperBound].firstIndex(of: UInt8(ascii: "&"))
                ?? query.upperBound
            let equals = text[start..<end].firstIndex(of: UInt8(ascii: "="))
            if part(text, start..<(equals ?? end)).elementsEqual(name) {
                return (equals.map { $0 + 1 } ?? end)..<end
            }
            start = end + 1
        }
        return nil
    }
}

private struct AddressPart: TextOperation {
    static let names = [
        "PROTOCOL", "HOST", "PATH", "REF", "AUTHORITY", "FILE", "USERINFO", "QUERY",
    ]

    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        arguments.first.text(row).withBytes { text in
            arguments.second.text(row).withBytes { name in
                guard let parts = AddressParts(text), let range = parts.range(named: name) else {
                    return false
                }
                output += part(parts.text, range)
                return true
            }
        }
    }
}

private struct AddressHost: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        arguments.first.text(row).withBytes { text in
            guard let parts = AddressParts(text) else { return false }
            output += part(parts.text, parts.host)
            return true
        }
    }
}

private struct AddressParameter: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        arguments.first.text(row).withBytes { text in
            arguments.second.text(row).withBytes { name in
                guard let parts = AddressParts(text), let range = parts.parameter(named: name)
                else { return false }
                return appendDecoded(part(parts.text, range), to: &output)
            }
        }
    }
}

/// Reads + as a space and %41 as A; false where no digits follow a %.
private func appendDecoded(_ text: Bytes, to output: inout [UInt8]) -> Bool {
    var index = 0
    while index < text.count {
        let byte = text[index]
        index += 1
        guard byte == UInt8(ascii: "%") else {
            output.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
            continue
        }
        guard index + 1 < text.count, let high = hexadecimalDigit(text[index]),
            let low = hexadecimalDigit(text[index + 1])
        else { return false }
        output.append(high << 4 | low)
        index += 2
    }
    return true
}

private struct AddressDecoding: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        arguments.first.text(row).withBytes { appendDecoded($0, to: &output) }
    }
}

private struct AddressEncoding: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        arguments.first.text(row).withBytes { text in
            for index in text.indices {
                let byte = text[index]
                let isPlain =
                    isDigit(byte) || (0x61...0x7A).contains(byte | 0x20)
                    || [0x2D, 0x2E, 0x5F, 0x7E].contains(byte)
                if isPlain {
                    output.append(byte)
                } else {
                    output.append(UInt8(ascii: "%"))
                    HexadecimalText.append(part(text, index..<(index + 1)), to: &output)
                }
            }
        }
        return output.count <= stringByteCountMaximum
    }
}

enum Addresses {
    static let rows: [ScalarFunction] = [
        ScalarFunction(
            "parse_url",
            summary: "Gives a part of a URL: PROTOCOL, HOST, PATH, REF, AUTHORITY, FILE, USERINFO "
                + "or QUERY; NULL where it is missing.",
            examples: [
                ("parse_url('http://facebook.com/path/p1.php?query=1', 'HOST')", "facebook.com"),
                ("parse_url('http://facebook.com/path/p1.php?query=1', 'QUERY')", "query=1"),
                ("parse_url('http://a.org/p?q#r', 'PATH')", "/p"),
            ],
            resolve: { arguments throws(StarlingError) in
                let signature = try arguments.textSignature(
                    "parse_url", [.string, .string], 2...2, returns: .string)
                if let name = arguments.constant(1)?.text, !AddressPart.names.contains(name) {
                    let near = nearestName(to: name, among: AddressPart.names)
                    throw StarlingError(
                        .binding,
                        "parse_url() knows no part '\(name)'"
                            + (near.map { "; did you mean '\($0)'?" } ?? ""))
                }
                return signature
            },
            evaluate: { invocation throws(StarlingError) in
                try writtenText(AddressPart(), invocation)
            }),
        .writing(
            "url_extract_host", AddressHost(), [.string], 1...1,
            "Gives the host of a URL.",
            [("url_extract_host('httpa://starrocks.com/test/api/v1')", "starrocks.com")]),
        .writing(
            "url_extract_parameter", AddressParameter(), [.string, .string], 2...2,
            "Gives the first value of a parameter of a URL's query; NULL where it has none.",
            [("url_extract_parameter('https://starrocks.io/doc?k1=10&k2=3&k1=100', 'k1')", "10")]),
        .writing(
            "url_encode", AddressEncoding(), [.string], 1...1,
            "Writes a string so that it can stand in a URL.",
            [("url_encode('https://a.org/x y')", "https%3A%2F%2Fa.org%2Fx%20y")]),
        .writing(
            "url_decode", AddressDecoding(), [.string], 1...1,
            "Reads what url_encode() wrote; NULL where digits are missing.",
            [("url_decode('https%3A%2F%2Fa.org%2Fx+y')", "https://a.org/x y")]),
    ]
}
