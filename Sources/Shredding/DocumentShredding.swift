// Documents become columns: the paths that many of them have, each with a type of its own, and what is
// left of each document (`Remainder`).
//
// 1. All documents are brought into canonical form.
// 2. From a sample of them the paths are learned (`PathTree`), and which become columns (`PathChoice`).
// 3. Each document is walked once more. A value with a column goes there if it fits; else it stays in
//    the remainder, and is counted. A column that many values do not fit becomes one of documents.

import StarlingDocuments
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Is what documents became.
package struct ShreddedDocuments: Sendable {
    /// The documents, or where there are columns, what is left of them.
    package var remainder: Vector
    package var paths: [ShreddedPath] = []
    package var columns: [Vector] = []
    /// Counts the documents that are to be looked at as a whole whatever the path.
    package var wholeCount = 0
    /// Hashes of paths whose values stand in the remainder, with all that is in them; nil where these
    /// are too many.
    package var keptPaths: Set<UInt64>? = []
}

/// Takes documents apart.
package struct DocumentShredding {
    /// The documents that are looked at to learn which paths there are.
    private static let sampleCountMax = 16_384
    /// A column is one of documents where one value in so many does not fit another type.
    private static let otherShare = 16

    private let rules: ShreddingRules
    private let heap: StringHeap
    /// In canonical form.
    private let texts: [StringReference]
    private let validity: Validity?
    private let nullCount: Int

    private var count: Int { texts.count }

    /// Shreds documents, a row each.
    package static func shred(_ documents: Vector, _ rules: ShreddingRules) -> ShreddedDocuments {
        let heap = StringHeap(firstBlockByteCount: 1 << 16)
        return DocumentShredding(
            canonical(documents, in: heap), documents.validity, heap, rules
        ).run()
    }

    /// Shreds values in canonical form, which lie in a heap, each of them as a document.
    static func shred(
        elements: [StringReference], in heap: StringHeap, _ rules: ShreddingRules
    ) -> ShreddedDocuments {
        DocumentShredding(elements, nil, heap, rules).run()
    }

    private init(
        _ texts: [StringReference], _ validity: Validity?, _ heap: StringHeap,
        _ rules: ShreddingRules
    ) {
        self.texts = texts
        self.validity = validity
        self.heap = heap
        self.rules = rules
        nullCount = validity.map { texts.count - $0.validCount(of: texts.count) } ?? 0
    }

    /// Writes the canonical form of each document. A text that is no document is marked.
    private static func canonical(
        _ documents: Vector, in heap: StringHeap
    ) -> [StringReference] {
        var writer = DocumentWriter()
        var bytes: [UInt8] = []
        var texts: [StringReference] = []
        texts.reserveCapacity(documents.count)
        let sources = documents.pointer(to: StringReference.self)
        for row in 0..<documents.count {
            guard documents.isValid(row) else {
                texts.append(.empty)
                continue
            }
            bytes.removeAll(keepingCapacity: true)
            let isDocument = sources[row].withBytes { writer.append($0, to: &bytes) }
            if !isDocument {
                bytes = [Remainder.verbatim]
                sources[row].withBytes { bytes.append(contentsOf: $0) }
            }
            texts.append(heap.add(bytes))
        }
        return texts
    }

    // MARK: Choosing

    private func run() -> ShreddedDocuments {
        guard rules.isEnabled, count > nullCount,
            Double(nullCount) <= rules.nullFactor * Double(count)
        else { return whole }
        let tree = learn()
        let choices = tree.choose(rules)
        guard !choices.isEmpty else { return whole }
        var paths = ColumnPaths(tree, choices)
        while true {
            var extraction = Extraction(paths, count: count, heap: heap)
            extraction.run(texts, validity)
            var wrong = paths.paths.indices.filter { column in
                let misfitCount = extraction.misfitCounts[column]
                return paths.paths[column].type.isStrict
                    ? misfitCount > 0
                    : misfitCount * Self.otherShare > extraction.takenCount(column)
            }
            if wrong.isEmpty { wrong = extraction.unsettled(rules) }
            guard !wrong.isEmpty else { return extraction.finish(validity) }
            for column in wrong {
                paths.retype(column, as: paths.paths[column].type.wider)
            }
        }
    }

    private func learn() -> PathTree {
        var tree = PathTree(sparsityFactor: rules.sparsityFactor)
        let step = max(1, (count + Self.sampleCountMax - 1) / Self.sampleCountMax)
        for row in stride(from: 0, to: count, by: step) where validity?.isValid(row) ?? true {
            texts[row].withBytes { text in
                if text.first == UInt8(ascii: "{") { tree.add(text) } else { tree.addOther() }
            }
            tree.makeRoom()
        }
        return tree
    }

    /// The documents as they are.
    private var whole: ShreddedDocuments {
        var result = Vector(uninitialized: .string, count: count)
        let target = result.pointer(to: StringReference.self)
        for row in 0..<count {
            // The mark is none of the text's.
            target[row] = texts[row].withBytes { text in
                let document = Remainder.document(text)
                return document.baseAddress.map {
                    document.isEmpty ? .empty : StringReference($0, count: document.count)
                } ?? .empty
            }
        }
        result.validity = validity
        result.owner = heap
        return ShreddedDocuments(remainder: result)
    }
}
