// Looks for a path in what is left of documents. Many documents have the same remainder, and then it is
// looked at once.

import StarlingDocuments
import StarlingShredding
import StarlingVectors

/// Finds a path in remainders.
final class RemainderLookup {
    /// Is what a remainder has at the path.
    enum Finding {
        case nothing
        /// The document has to be looked at as a whole.
        case whole
        /// The value lies there, perhaps with marks in it.
        case value(Range<Int>, hasMarks: Bool)
    }

    private let path: DocumentPath
    private var dictionary: VectorDictionary?
    private var known: [Finding?] = []

    init(_ keys: [[UInt8]]) { path = DocumentPath(keys: keys) }

    /// Says that what follows comes from a dictionary, or from none.
    func prepare(for dictionary: VectorDictionary?) {
        if let dictionary, dictionary === self.dictionary { return }
        self.dictionary = dictionary
        known = Array(repeating: nil, count: dictionary?.count ?? 0)
    }

    func find(_ remainders: borrowing DecodedVector, _ row: Int) -> Finding {
        guard dictionary != nil else { return find(remainders.value(row)) }
        let code = remainders.index(row)
        if let known = known[code] { return known }
        let finding = find(remainders.value(row))
        known[code] = finding
        return finding
    }

    private func find(_ remainder: StringReference) -> Finding {
        remainder.withBytes { text in
            switch Remainder.kind(of: text) {
            case .scalar: return .nothing
            case .whole: return .whole
            case .object: break
            }
            guard let document = DocumentValue(text), let value = path.find(in: document),
                let base = text.baseAddress, let place = value.bytes.baseAddress
            else { return .nothing }
            let start = place - base
            return .value(
                start..<(start + value.bytes.count), hasMarks: Remainder.hasMarks(value.bytes))
        }
    }
}
