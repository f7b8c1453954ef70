// The members of objects and the elements of arrays as maps, of which json_each() makes rows.

import StarlingDocuments
import StarlingErrors
import StarlingTypes
import StarlingVectors

package enum DocumentParting {
    /// Gives keys and values; an element's key is its place, a scalar has no parts.
    package static let entries = ScalarFunction(
        "json_each", summary: "Gives the parts of a document as a map.",
        resolve: { arguments throws(StarlingError) in
            let result = LogicalType.map(key: .string, value: .json)
            return try arguments.textSignature("json_each", [.json], 1...1, returns: result)
        },
        evaluate: { invocation throws(StarlingError) in parts(invocation) })

    private static func parts(_ invocation: FunctionInvocation) -> Vector {
        let isConstant = invocation.arguments[0].isConstant
        let count = isConstant ? 1 : invocation.count
        let documents = DecodedVector(invocation.arguments[0])
        let heap = StringHeap()
        var writer = DocumentWriter()
        var bytes: [UInt8] = []
        var keys = TextListBuilder(count: count)
        var values: [StringReference] = []
        for row in 0..<count {
            bytes.removeAll(keepingCapacity: true)
            let isThere =
                documents.isValid(row)
                && documents.text(row).withBytes { writer.append($0, to: &bytes) }
            guard isThere else {
                keys.addNull()
                continue
            }
            bytes.withUnsafeBytes { text in
                guard let document = DocumentValue(text) else { return }
                var parts = DocumentParts(document)
                var place = 0
                while let part = parts.next() {
                    var key: [UInt8] = []
                    if document.kind == .object {
                        part.appendKey(to: &key)
                    } else {
                        appendInteger(Int128(place), to: &key)
                    }
                    keys.add(heap.add(key))
                    values.append(heap.add(Array(part.value.bytes)))
                    place += 1
                }
            }
            keys.finishRow()
        }
        var result = keys.finish(owner: heap)
        var parts = Vector(uninitialized: .string, count: values.count)
        let target = parts.pointer(to: StringReference.self)
        for (place, value) in values.enumerated() { target[place] = value }
        parts.owner = heap
        result.children = NestedVectors((result.children?.vectors ?? []) + [parts])
        withExtendedLifetime(invocation) {}
        if isConstant { result.makeConstant(count: invocation.count) }
        return result
    }
}
