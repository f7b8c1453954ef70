// Questions about documents: whether a path leads anywhere, how long something is, whether one
// document is in another.

import StarlingDocuments
import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

private enum Presence: PathMeasure {
    typealias Output = UInt8

    static var withoutPath: UInt8? { 0 }

    static func measure(_ document: DocumentValue, at path: borrowing DocumentPath) -> UInt8? {
        path.leads(in: document) ? 1 : 0
    }
}

private enum PartCount: PathMeasure {
    typealias Output = Int32

    static var withoutPath: Int32? { 0 }

    static func measure(_ document: DocumentValue, at path: borrowing DocumentPath) -> Int32? {
        guard path.isSingle, let found = path.find(in: document) else { return 0 }
        return Int32(truncatingIfNeeded: found.partCount)
    }
}

package enum DocumentQuestions {
    static let rows = [
        ScalarFunction(
            "json_exists", summary: "Tells whether a path leads to anything in a document.",
            examples: [
                ("json_exists(parse_json('{\"a\": {\"b\": 1}}'), '$.a.b')", "1"),
                ("json_exists(parse_json('{\"a\": [1,2,3]}'), '$.a[3]')", "0"),
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.documentSignature("json_exists", paths: 1...1, returns: .boolean)
            },
            evaluate: { invocation throws(StarlingError) in
                measuredDocuments(Presence.self, invocation, as: .int8)
                    .withIntegerLayout(invocation.resultPhysicalType)
            }),
        ScalarFunction(
            "json_length",
            summary: "Counts the elements of an array or the members of an object, at a path where "
                + "one is given; 1 for anything else, 0 for nothing.",
            examples: [
                ("json_length('{\"Name\": \"Homer\"}')", "1"),
                ("json_length('[1, 2, [3, 4]]')", "3"),
                ("json_length('{\"x\": 1, \"y\": [1, 2]}', '$.y')", "2"),
            ],
            resolve: { arguments throws(StarlingError) in
                let types = try arguments.documentSignature(
                    "json_length", paths: 0...1, returns: .int
                ).argumentTypes
                // A text is read as a whole: in one that is not JSON nothing has a length.
                return FunctionSignature([.json] + types.dropFirst(), returns: .int)
            },
            evaluate: { invocation throws(StarlingError) in
                measuredDocuments(PartCount.self, invocation, as: .int32)
                    .withIntegerLayout(invocation.resultPhysicalType)
            }),
        ScalarFunction(
            "flat_json_meta",
            summary: "Lists the ways in which segments store a column of JSON: "
                + "`SELECT flat_json_meta(j) FROM t [_META_]`.",
            examples: [
                ("flat_json_meta(['a(BIGINT), remain(JSON)'])", "[\"a(BIGINT), remain(JSON)\"]")
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "flat_json_meta")
                guard arguments.types[0] == .array(.string) else {
                    throw StarlingError(
                        .binding,
                        "flat_json_meta() takes a column of JSON from metadata: FROM t [_META_]")
                }
                return FunctionSignature([.array(.string)], returns: .array(.string))
            },
            evaluate: { invocation throws(StarlingError) in invocation.arguments[0] }),
        ScalarFunction(
            "is_json_scalar",
            summary: "Tells whether a document is neither an array nor an object.",
            examples: [
                ("is_json_scalar(parse_json('123'))", "1"),
                ("is_json_scalar(parse_json('{}'))", "0"),
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature("is_json_scalar", [.json], 1...1, returns: .boolean)
            },
            evaluate: { invocation throws(StarlingError) in
                measuredDocuments(ScalarMeasure.self, invocation, as: .int8)
                    .withIntegerLayout(invocation.resultPhysicalType)
            }),
        ScalarFunction(
            "json_contains",
            summary: "Tells whether a document contains another: an object some members, an array "
                + "an element or some of them.",
            examples: [
                (
                    "json_contains(parse_json('{\"a\": 1, \"b\": 2}'), parse_json('{\"a\": 1}'))",
                    "1"
                ),
                ("json_contains('[1, 2, 3, 4]', '[5, 6]')", "0"),
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(
                    "json_contains", [.json, .json], 2...2, returns: .boolean)
            },
            evaluate: { invocation throws(StarlingError) in contained(invocation) }),
    ]

    /// Tells whether a document is JSON's null; in SQL, IS NULL calls it.
    package static let isNull = ScalarFunction(
        "json_is_null", summary: "Tells whether a document is null.",
        resolve: { _ in FunctionSignature([.json], returns: .boolean) },
        evaluate: { invocation throws(StarlingError) in
            measuredDocuments(NullMeasure.self, invocation, as: .int8)
                .withIntegerLayout(invocation.resultPhysicalType)
        })

    private static func contained(_ invocation: FunctionInvocation) -> Vector {
        let isConstant = invocation.arguments.allSatisfy(\.isConstant)
        let count = isConstant ? 1 : invocation.count
        let valid = RowsWithValues(invocation.arguments, count: count)
        let targets = DecodedVector(invocation.arguments[0])
        let candidates = DecodedVector(invocation.arguments[1])
        var result = Vector(zeroed: .int8, count: count)
        let output = result.pointer(to: UInt8.self)
        var writer = DocumentWriter()
        var target: [UInt8] = []
        var candidate: [UInt8] = []
        for row in 0..<count where valid.contains(row) {
            target.removeAll(keepingCapacity: true)
            candidate.removeAll(keepingCapacity: true)
            guard targets.text(row).withBytes({ writer.append($0, to: &target) }),
                candidates.text(row).withBytes({ writer.append($0, to: &candidate) })
            else {
                result.setNull(row)
                continue
            }
            let holds = target.withUnsafeBytes { target in
                candidate.withUnsafeBytes { candidate in
                    guard let whole = DocumentValue(target), let part = DocumentValue(candidate)
                    else { return false }
                    return whole.contains(part)
                }
            }
            output[row] = holds ? 1 : 0
        }
        withExtendedLifetime(invocation) {}
        if isConstant { result.makeConstant(count: invocation.count) }
        return result.withIntegerLayout(invocation.resultPhysicalType)
    }
}
