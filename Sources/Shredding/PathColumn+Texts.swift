// The texts at a path of documents, as `->>` reads them, for whoever has no plan with a call of it.

import StarlingDocuments
import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors

extension PathColumn {
    /// Asks for the text at the end of keys in documents that stand in a column.
    package init(textAt keys: [[UInt8]], ofColumn column: Int) {
        let path = DocumentPath(keys: keys)
        self.init(
            column: column, keys: keys, form: .text, type: .string, title: pathText(keys),
            isNullWhereAbsent: true,
            ofDocuments: { (documents, _) throws(StarlingError) in
                Self.texts(documents) { path.text(in: $0, &$1, to: &$2) }
            },
            ofValues: { (values, _) throws(StarlingError) in
                Self.texts(values) { $0.text(&$1, to: &$2) }
            })
    }

    private static func texts(
        _ documents: Vector,
        _ read: (DocumentValue, inout DocumentWriter, inout [UInt8]) -> DocumentText
    ) -> Vector {
        let view = DecodedVector(documents)
        defer { withExtendedLifetime(documents) {} }
        let heap = StringHeap()
        var writer = DocumentWriter()
        var bytes: [UInt8] = []
        var result = Vector(uninitialized: .string, count: documents.count)
        let target = result.pointer(to: StringReference.self)
        let validity = Validity(count: documents.count, allValid: true)
        for row in 0..<documents.count {
            target[row] = .empty
            bytes.removeAll(keepingCapacity: true)
            var isText = false
            if view.isValid(row) {
                view.value(row, as: StringReference.self).withBytes { text in
                    guard let document = DocumentValue(text) else { return }
                    switch read(document, &writer, &bytes) {
                    case .part(let part): bytes.append(contentsOf: part)
                    case .written: break
                    case .none: return
                    }
                    isText = true
                }
            }
            if isText { target[row] = heap.add(bytes) } else { validity.setNull(row) }
        }
        result.validity = validity
        result.owner = heap
        return result
    }
}
