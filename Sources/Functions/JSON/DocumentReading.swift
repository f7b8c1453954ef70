// What lies at a path of a document: as a number, a truth, a text or as JSON. A text that is no
// JSON, a path that is none, and a place that there is not give NULL.

import StarlingDocuments
import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

enum WholeMeasure: DocumentMeasure {
    typealias Output = Int64

    static func measure(_ value: DocumentValue) -> Int64? {
        value.integer.flatMap { Int64(exactly: $0) }
    }
}

enum DoubleMeasure: DocumentMeasure {
    typealias Output = Double

    static func measure(_ value: DocumentValue) -> Double? { value.double }
}

enum TruthMeasure: DocumentMeasure {
    typealias Output = UInt8

    static func measure(_ value: DocumentValue) -> UInt8? { value.boolean.map { $0 ? 1 : 0 } }
}

enum ScalarMeasure: DocumentMeasure {
    typealias Output = UInt8

    static func measure(_ value: DocumentValue) -> UInt8? { value.isContainer ? 0 : 1 }
}

enum NullMeasure: DocumentMeasure {
    typealias Output = UInt8

    static func measure(_ value: DocumentValue) -> UInt8? { value.isNull ? 1 : 0 }
}

/// Gives the text of the value at a path.
struct TextAtPath: DocumentTextOperation {
    /// Gives NULL for arrays and objects.
    let wantsScalar: Bool

    func text(
        of document: DocumentValue, at path: DocumentPath, _ writer: inout DocumentWriter,
        to output: inout [UInt8]
    ) -> DocumentText {
        path.text(in: document, wantsScalar: wantsScalar, &writer, to: &output)
    }
}

/// Gives the value at a path as JSON.
private struct ValueAtPath: DocumentTextOperation {
    /// True where the documents are JSON already, and so are their parts.
    let isJSON: Bool

    func text(
        of document: DocumentValue, at path: DocumentPath, _ writer: inout DocumentWriter,
        to output: inout [UInt8]
    ) -> DocumentText {
        if path.isSingle {
            guard let found = path.find(in: document) else { return .none }
            if isJSON { return .part(found.bytes) }
            return writer.append(found.bytes, to: &output) ? .written : .none
        }
        var found: [UInt8] = []
        guard path.appendAll(of: document, to: &found) else { return .none }
        return found.withUnsafeBytes { writer.append($0, to: &output) } ? .written : .none
    }
}

/// Gives the keys of an object as an array.
private struct KeysAtPath: DocumentTextOperation {
    /// True where the documents are JSON already.
    let isJSON: Bool

    func text(
        of document: DocumentValue, at path: DocumentPath, _ writer: inout DocumentWriter,
        to output: inout [UInt8]
    ) -> DocumentText {
        guard let found = path.find(in: document), found.kind == .object else { return .none }
        if isJSON, appendKeysInOrder(of: found, to: &output) { return .written }
        output.removeAll(keepingCapacity: true)
        var object: [UInt8] = []
        guard writer.append(found.bytes, to: &object) else { return .none }
        object.withUnsafeBytes { bytes in
            guard let object = DocumentValue(bytes) else { return }
            var parts = DocumentParts(object)
            output.append(UInt8(ascii: "["))
            while let part = parts.next() { append(part.key, to: &output) }
            output.append(UInt8(ascii: "]"))
        }
        return .written
    }

    /// Appends the keys of an object as they stand; false where they are out of order, twice there
    /// or written with escapes, so that only the canonical form tells what they are.
    private func appendKeysInOrder(
        of object: DocumentValue, to output: inout [UInt8]
    ) -> Bool {
        var parts = DocumentParts(object)
        var last: UnsafeRawBufferPointer?
        output.append(UInt8(ascii: "["))
        while let part = parts.next() {
            if part.keyHasEscapes { return false }
            if let last, !last.lexicographicallyPrecedes(part.key) { return false }
            last = part.key
            append(part.key, to: &output)
        }
        output.append(UInt8(ascii: "]"))
        return true
    }

    private func append(_ key: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        if output.count > 1 { output += [UInt8(ascii: ","), UInt8(ascii: " ")] }
        output.append(UInt8(ascii: "\""))
        output.append(contentsOf: key)
        output.append(UInt8(ascii: "\""))
    }
}

enum DocumentReading {
    static let rows = [
        measuring(
            "get_json_int", ["get_variant_int"], WholeMeasure.self, .bigint,
            "Reads the whole number at a path.",
            [
                ("get_json_int('{\"k1\":1, \"k2\":\"2\"}', '$.k1')", "1"),
                ("get_json_int('{\"a\":[1.5]}', '$.a[0]')", "1"),
            ]),
        measuring(
            "get_json_double", ["get_variant_double"], DoubleMeasure.self, .double,
            "Reads the number at a path.",
            [("get_json_double('{\"k1\":1.3, \"k2\":\"2\"}', '$.k1')", "1.3")]),
        measuring(
            "get_json_bool", ["get_variant_bool"], TruthMeasure.self, .boolean,
            "Reads the truth at a path.",
            [("get_json_bool('{\"k1\":true, \"k2\":\"false\"}', '$.k1')", "1")]),
        texts(
            "get_json_string", aliases: ["get_json_object", "get_variant_string"],
            TextAtPath(wantsScalar: false),
            "Reads the text at a path: of a string its content, of anything else its JSON.",
            [
                ("get_json_string('{\"k1\":\"v1\", \"k2\":\"v2\"}', '$.k1')", "v1"),
                (
                    "get_json_string('{\"k1\":\"v1\", \"my.key\":[\"e1\", \"e2\", \"e3\"]}', "
                        + "'$.\"my.key\"[1]')", "e2"
                ),
            ]),
        texts(
            "get_json_scalar", TextAtPath(wantsScalar: true),
            "Reads the text at a path; NULL where an array or an object is there.",
            [
                ("get_json_scalar('{\"k1\":1, \"k2\":\"v2\"}', '$.k1')", "1"),
                ("get_json_scalar('{\"k1\":{\"k11\":\"v11\"}}', '$.k1')", "NULL"),
            ]),
        query,
        keys,
    ]

    private static let keys = ScalarFunction(
        "json_keys",
        summary: "Gives the keys of an object, or of the one at a path, as an array.",
        examples: [
            ("json_keys('{\"a\": 1, \"b\": 2, \"c\": 3}')", "[\"a\", \"b\", \"c\"]"),
            ("json_keys('[0, 1, {\"a\": 1, \"b\": 2}]', '$[2]')", "[\"a\", \"b\"]"),
        ],
        resolve: { arguments throws(StarlingError) in
            try arguments.documentSignature("json_keys", paths: 0...1, returns: .json)
        },
        evaluate: { invocation throws(StarlingError) in
            let isJSON = invocation.signature.argumentTypes[0] == .json
            return documentTexts(KeysAtPath(isJSON: isJSON), invocation)
        })

    private static let query = ScalarFunction(
        "json_query", aliases: ["variant_query"],
        summary: "Gives the value at a path as JSON; `json -> path` is the same.",
        examples: [
            ("json_query(parse_json('{\"a\": {\"b\": 1}}'), '$.a.b')", "1"),
            ("json_query('{\"a\": [{\"n\": 1}, {\"n\": 2}]}', '$.a[*].n')", "[1, 2]"),
        ],
        resolve: { arguments throws(StarlingError) in
            try arguments.documentSignature("json_query", paths: 1...1, returns: .json)
        },
        evaluate: { invocation throws(StarlingError) in
            let isJSON = invocation.signature.argumentTypes[0] == .json
            return documentTexts(ValueAtPath(isJSON: isJSON), invocation)
        })

    @inline(__always)
    private static func measuring<Operation: DocumentMeasure>(
        _ name: String, _ aliases: [String], _ operation: Operation.Type, _ type: LogicalType,
        _ summary: String, _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, aliases: aliases, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                try arguments.documentSignature(name, paths: 1...1, returns: type)
            },
            evaluate: { invocation throws(StarlingError) in
                measuredDocuments(operation, invocation, as: type.widestPhysicalType)
                    .withIntegerLayout(invocation.resultPhysicalType)
            })
    }

    @inline(__always)
    private static func texts<Operation: DocumentTextOperation>(
        _ name: String, aliases: [String] = [], paths: ClosedRange<Int> = 1...1,
        returns type: LogicalType = .string, _ operation: Operation, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, aliases: aliases, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                try arguments.documentSignature(name, paths: paths, returns: type)
            },
            evaluate: { invocation throws(StarlingError) in documentTexts(operation, invocation) })
    }
}

extension ArgumentList {
    /// Takes a document, as JSON or as its text, and so many paths.
    func documentSignature(
        _ name: String, paths: ClosedRange<Int>, returns result: LogicalType
    ) throws(StarlingError) -> FunctionSignature {
        try expectCount((paths.lowerBound + 1)...(paths.upperBound + 1), of: name)
        let document: LogicalType = types[0].isString || types[0] == .null ? .string : .json
        for position in types.indices.dropFirst()
        where !types[position].convertsImplicitly(to: .string) {
            throw mismatch(position, of: name, expected: "a path")
        }
        return FunctionSignature(
            [document] + types.dropFirst().map { _ in .string }, returns: result)
    }
}
