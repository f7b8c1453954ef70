// What JSON is compared by: the binder puts these functions where values with JSON in them, at any
// depth of arrays, maps and structures, are compared, sorted or grouped.

import StarlingDocuments
import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Gives the bytes by which documents are compared.
private struct OrderKey: DocumentTextOperation {
    func text(
        of document: DocumentValue, at path: DocumentPath, _ writer: inout DocumentWriter,
        to output: inout [UInt8]
    ) -> DocumentText {
        writer.withCanonicalForm(of: document) { appendOrderKey($0, to: &output) }
    }
}

package enum DocumentComparing {
    /// Gives bytes that are equal and order as documents do.
    package static let orderKey = ScalarFunction(
        "json_order_key", summary: "Gives the bytes by which JSON is compared.",
        resolve: { arguments throws(StarlingError) in
            FunctionSignature(
                arguments.types, returns: arguments.types[0].replacingJSON(by: .varbinary))
        },
        evaluate: { invocation throws(StarlingError) in
            eachDocument(of: invocation) { documentTexts(OrderKey(), $0) }
        })

    /// Gives JSON in the form in which equal documents are equal bytes.
    package static let canonical = ScalarFunction(
        "json_canonical", summary: "Gives JSON in the form that equal documents share.",
        resolve: { arguments throws(StarlingError) in
            FunctionSignature(arguments.types, returns: arguments.types[0])
        },
        evaluate: { invocation throws(StarlingError) in
            eachDocument(of: invocation) { documentTexts(ParsedText(), $0) }
        })

    /// Gives the documents that such bytes were made of; the signature has the type to come to.
    package static let document = ScalarFunction(
        "json_of_order_key", summary: "Gives the JSON that is compared by given bytes.",
        resolve: { arguments throws(StarlingError) in
            FunctionSignature(
                arguments.types, returns: arguments.types[0].replacingJSON(by: .varbinary))
        },
        evaluate: { invocation throws(StarlingError) in
            var asked = invocation
            // The leaves are those of the result's type.
            asked.signature.argumentTypes = [invocation.signature.resultType]
            return eachDocument(of: asked) { documents($0) }
        })

    private static func documents(_ invocation: FunctionInvocation) -> Vector {
        let keys = DecodedVector(invocation.arguments[0])
        return DocumentMaking.written(invocation) { row, output in
            keys.text(row).withBytes { appendDocument(ofOrderKey: $0, to: &output) }
        }
    }

    /// Puts what a function makes of JSON in its place in the argument.
    private static func eachDocument(
        of invocation: FunctionInvocation, _ transform: (FunctionInvocation) -> Vector
    ) -> Vector {
        let type = invocation.signature.argumentTypes[0]
        if type == .json { return transform(invocation) }
        return mapped(invocation.arguments[0].flattened(), type) { documents in
            let asked = FunctionInvocation(
                arguments: [documents], signature: invocation.signature,
                resultPhysicalType: .string, count: documents.count, session: invocation.session)
            var result = transform(asked).flattened()
            result.validity = Validity.intersection(
                result.validity, documents.validity, count: documents.count)
            return result
        }
    }

    private static func mapped(
        _ vector: Vector, _ type: LogicalType, _ transform: (Vector) -> Vector
    ) -> Vector {
        let parts: [LogicalType]
        switch type {
        case .json: return transform(vector)
        case .array(let element): parts = [element]
        case .map(let key, let value): parts = [key, value]
        case .structure(let fields): parts = fields.map(\.type)
        default: return vector
        }
        // Of a list's elements only those of its rows.
        var result = vector.physicalType == .list ? vector.compacted() : vector
        guard let children = result.children?.vectors, children.count == parts.count else {
            return result
        }
        result.children = NestedVectors(
            zip(children, parts).map { child, part in
                part.holdsJSON ? mapped(child.flattened(), part, transform) : child
            })
        return result
    }
}
