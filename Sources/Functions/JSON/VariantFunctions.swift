// StarRocks' functions of VARIANT. A VARIANT of a file is read as JSON, so most of them are those
// of JSON under another name; these two ask for what only a VARIANT tells.

import StarlingDocuments
import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Names the type in which a VARIANT would hold a document: the narrowest, for a whole number.
private struct VariantTypeName: DocumentTextOperation {
    func text(
        of document: DocumentValue, at path: DocumentPath, _ writer: inout DocumentWriter,
        to output: inout [UInt8]
    ) -> DocumentText {
        output += Self.name(document).utf8
        return .written
    }

    private static func name(_ value: DocumentValue) -> String {
        switch value.kind {
        case .null: "Null"
        case .boolean: "Boolean"
        case .string: "String"
        case .array: "Array"
        case .object: "Object"
        case .number: numberName(value)
        }
    }

    private static func numberName(_ value: DocumentValue) -> String {
        guard let number = parseInteger(value.bytes) else { return "Double" }
        let widths: [(String, LogicalType)] = [
            ("Int8", .tinyint), ("Int16", .smallint), ("Int32", .int), ("Int64", .bigint),
        ]
        return widths.first { $0.1.bounds?.contains(number) ?? false }?.0 ?? "Decimal16"
    }
}

enum VariantFunctions {
    static let rows = [
        ScalarFunction(
            "variant_typeof", summary: "Names the type of a VARIANT, which is read as JSON.",
            examples: [
                ("variant_typeof(parse_json('{\"a\": 1}'))", "Object"),
                (
                    "variant_typeof(variant_query(parse_json('{\"a\": 1733267476040329}'), '$.a'))",
                    "Int64"
                ),
                ("variant_typeof(parse_json('null'))", "Null"),
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.documentSignature("variant_typeof", paths: 0...0, returns: .string)
            },
            evaluate: { invocation throws(StarlingError) in
                documentTexts(VariantTypeName(), invocation)
            }),
        ScalarFunction(
            "is_variant_null",
            summary: "Tells whether a VARIANT is its own null, which SQL's NULL is not.",
            examples: [
                ("is_variant_null(variant_query(parse_json('{\"a\": null}'), '$.a'))", "1"),
                ("is_variant_null(variant_query(parse_json('{\"b\": 1}'), '$.a'))", "0"),
            ], nullHandling: .handled, neverGivesNull: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.documentSignature("is_variant_null", paths: 0...0, returns: .boolean)
            },
            evaluate: { invocation throws(StarlingError) in
                var result = measuredDocuments(NullMeasure.self, invocation, as: .int8)
                result.validity = nil
                return result.withIntegerLayout(invocation.resultPhysicalType)
            }),
    ]
}
