// Documents from texts and from their parts.

import StarlingDocuments
import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Brings a text that is JSON into canonical form.
struct ParsedText: DocumentTextOperation {
    func text(
        of document: DocumentValue, at path: DocumentPath, _ writer: inout DocumentWriter,
        to output: inout [UInt8]
    ) -> DocumentText {
        writer.append(document.bytes, to: &output) ? .written : .none
    }
}

/// Writes a document in lines.
private struct PrettyText: DocumentTextOperation {
    func text(
        of document: DocumentValue, at path: DocumentPath, _ writer: inout DocumentWriter,
        to output: inout [UInt8]
    ) -> DocumentText {
        writer.withCanonicalForm(of: document) { $0.appendPretty(to: &output) }
    }
}

extension DocumentWriter {
    /// Hands over the canonical form of a document, of which a text is made.
    mutating func withCanonicalForm(
        of document: DocumentValue, _ write: (DocumentValue) -> Void
    ) -> DocumentText {
        var canonical: [UInt8] = []
        guard append(document.bytes, to: &canonical) else { return .none }
        canonical.withUnsafeBytes { bytes in
            if let value = DocumentValue(bytes) { write(value) }
        }
        return .written
    }
}

package enum DocumentMaking {
    static let rows = [
        ScalarFunction(
            "parse_json", summary: "Reads a text as JSON; NULL where it is none.",
            examples: [
                ("parse_json('{\"star\": \"rocks\"}')", "{\"star\": \"rocks\"}"),
                ("parse_json('[1,2,3]')", "[1, 2, 3]"), ("parse_json('{star: 1}')", "NULL"),
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature("parse_json", [.string], 1...1, returns: .json)
            },
            evaluate: { invocation throws(StarlingError) in
                documentTexts(ParsedText(), invocation)
            }),
        ScalarFunction(
            "json_string", summary: "Gives the text of a document.",
            examples: [("json_string('{\"Name\": \"Alice\"}')", "{\"Name\": \"Alice\"}")],
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature("json_string", [.json], 1...1, returns: .string)
            },
            evaluate: { invocation throws(StarlingError) in
                documentTexts(ParsedText(), invocation)
            }),
        ScalarFunction(
            "json_pretty", summary: "Gives the text of a document, a value a line.",
            examples: [("json_pretty('[1, 2]')", "[\n  1,\n  2\n]")],
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature("json_pretty", [.json], 1...1, returns: .string)
            },
            evaluate: { invocation throws(StarlingError) in
                documentTexts(PrettyText(), invocation)
            }),
        ScalarFunction(
            "json_array", summary: "Makes an array of JSON of the arguments.",
            examples: [
                ("json_array(1, 'starrocks', true)", "[1, \"starrocks\", true]"),
                ("json_array(1, NULL)", "[1, null]"),
            ], nullHandling: .handled, neverGivesNull: true,
            resolve: { arguments throws(StarlingError) in
                FunctionSignature(arguments.types.map { _ in .json }, returns: .json)
            },
            evaluate: { invocation throws(StarlingError) in array(invocation) }),
        ScalarFunction(
            "json_object",
            summary: "Makes an object of keys and values in turn, sorted by the keys; a value that "
                + "is missing at the end is null.",
            examples: [
                (
                    "json_object('name', 'starrocks', 'active', true, 'published', 2020)",
                    "{\"active\": true, \"name\": \"starrocks\", \"published\": 2020}"
                ), ("json_object()", "{}"),
            ], nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                for position in arguments.types.indices
                where position % 2 == 0 && arguments.types[position].isNested {
                    throw arguments.mismatch(position, of: "json_object", expected: "a key")
                }
                return FunctionSignature(
                    arguments.types.indices.map { $0 % 2 == 0 ? .string : .json }, returns: .json)
            },
            evaluate: { invocation throws(StarlingError) in object(invocation) }),
        ScalarFunction(
            "to_json", summary: "Converts a value of any type to JSON.",
            examples: [
                ("to_json(map{1: 'a', 2: 'b'})", "{\"1\": \"a\", \"2\": \"b\"}"),
                ("to_json(row('asia', 'eu'))", "{\"col1\": \"asia\", \"col2\": \"eu\"}"),
            ], nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "to_json")
                return FunctionSignature([.json], returns: .json)
            },
            evaluate: { invocation throws(StarlingError) in invocation.arguments[0] }),
    ]

    /// Reads a text as JSON; nil where it is none.
    package static func parsed(_ text: String) -> [UInt8]? {
        var writer = DocumentWriter()
        var output: [UInt8] = []
        let isJSON = Array(text.utf8).withUnsafeBytes { writer.append($0, to: &output) }
        return isJSON ? output : nil
    }

    private static func array(_ invocation: FunctionInvocation) -> Vector {
        let values = invocation.arguments.map { DecodedVector($0) }
        return written(invocation) { row, output in
            output.append(UInt8(ascii: "["))
            for (position, value) in values.enumerated() {
                if position > 0 { output += [UInt8(ascii: ","), UInt8(ascii: " ")] }
                append(value, row, to: &output)
            }
            output.append(UInt8(ascii: "]"))
            return true
        }
    }

    private static func object(_ invocation: FunctionInvocation) -> Vector {
        let values = invocation.arguments.map { DecodedVector($0) }
        return written(invocation) { row, output in
            output.append(UInt8(ascii: "{"))
            for position in stride(from: 0, to: values.count, by: 2) {
                guard values[position].isValid(row) else { return false }
                if position > 0 { output += [UInt8(ascii: ","), UInt8(ascii: " ")] }
                values[position].text(row).withBytes { appendQuoted($0, to: &output) }
                output += [UInt8(ascii: ":"), UInt8(ascii: " ")]
                if position + 1 < values.count {
                    append(values[position + 1], row, to: &output)
                } else {
                    output += Array("null".utf8)
                }
            }
            output.append(UInt8(ascii: "}"))
            return true
        }
    }

    private static func append(_ value: DecodedVector, _ row: Int, to output: inout [UInt8]) {
        guard value.isValid(row) else {
            output += Array("null".utf8)
            return
        }
        value.text(row).withBytes { output.append(contentsOf: $0) }
    }

    /// Writes a document for each row of a call.
    static func written(
        _ invocation: FunctionInvocation, _ write: (Int, inout [UInt8]) -> Bool
    ) -> Vector {
        let isConstant = invocation.arguments.allSatisfy(\.isConstant)
        var result = writtenDocuments(count: isConstant ? 1 : invocation.count, write)
        withExtendedLifetime(invocation) {}
        if isConstant { result.makeConstant(count: invocation.count) }
        return result
    }
}
