// Readers of paths of documents: for each leaf that may have to be read one that reads it when it is
// asked.

import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors

extension RowGroupPart {
    /// Makes the reader of a path.
    func makeReader(
        _ access: VariantAccess, _ physicalType: PhysicalType, _ context: ScanContext,
        _ decompressor: PageDecompressor
    ) throws(StarlingError) -> any ColumnReading {
        context.pathReads.note(access.path.title, in: access.reads)
        let place = place(ofColumn: access.path.column)
        guard let way = access.way else {
            let documents = try makeReader(
                ReadColumn(column: access.path.column, physicalType: .string), context,
                decompressor)
            return DocumentPathReader(
                documents, leaf: file.schema.sources[access.path.column]?.leaf, access.path,
                physicalType)
        }
        func reader(
            of node: SchemaNode, asked: SchemaNode? = nil, _ type: PhysicalType = .string
        ) throws(StarlingError) -> NestedColumnReader {
            try makeNestedReader(node, type, asked: asked, context, decompressor, place)
        }
        var values: [Int: NestedColumnReader] = [:]
        for level in access.levels {
            if let leaf = way.groups[level].value { values[level] = try reader(of: leaf) }
        }
        let shape: NestedColumnReader
        switch access.end {
        case .typed(let leaf):
            shape = try reader(
                of: access.hasTrunk ? way.trunk(to: leaf, at: access.level) : leaf, asked: leaf,
                access.isDirect ? physicalType : leaf.type.widestPhysicalType)
        case .values(let leaf):
            shape = try reader(
                of: access.hasTrunk ? way.trunk(to: leaf, at: access.level) : leaf, asked: leaf)
        case .group(let group): shape = try reader(of: way.trunk(to: group, at: access.level))
        case .nowhere, .documents: shape = try reader(of: way.trunk(to: way.metadata, at: 0))
        }
        return VariantPathReader(
            access, way, physicalType, shape: shape, values: values,
            metadata: try reader(of: way.metadata), place: place)
    }
}

/// Reads a path of documents that have to be looked at as a whole.
private final class DocumentPathReader: LeavesReading {
    private let documents: any ColumnReading
    /// The leaf of a flat column.
    private let leaf: Int?
    private let path: PathColumn
    private let physicalType: PhysicalType

    init(
        _ documents: any ColumnReading, leaf: Int?, _ path: PathColumn, _ physicalType: PhysicalType
    ) {
        self.documents = documents
        self.leaf = leaf
        self.path = path
        self.physicalType = physicalType
    }

    func takeCutCount() -> Int { 0 }
    func dictionary() throws(StarlingError) -> VectorDictionary? { nil }

    func expect(_ rows: RowRanges, layout: (_ leaf: Int) -> PageLayout?) {
        if let nested = documents as? any LeavesReading {
            nested.expect(rows, layout: layout)
        } else if let leaf, let pages = layout(leaf) {
            documents.expect(rows, pages, isLate: false)
        }
    }

    func read(
        row: Int, count: Int, selection: Selection?, check: DomainCheck?
    ) throws(StarlingError) -> Vector {
        let found = try documents.read(row: row, count: count, selection: selection, check: nil)
        return try path.ofDocuments(found, physicalType)
    }
}
