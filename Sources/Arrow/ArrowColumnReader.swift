// Reads one column of a record batch in the layout that the query wants.

import StarlingErrors
import StarlingKernels
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Reads windows of a column.
final class ArrowColumnReader {
    private let part: ArrowPart
    private let column: ReadColumn
    private let context: ScanContext
    private var reader: ArrowValueReader?

    init(_ part: ArrowPart, _ column: ReadColumn, _ context: ScanContext) {
        self.part = part
        self.column = column
        self.context = context
    }

    func read(_ rows: Range<Int>, selection: Selection?) throws(StarlingError) -> Vector {
        let field = part.file.fields[column.column]
        if field.storage == .nothing {
            return .allNull(column.physicalType, count: selection?.count ?? rows.count)
        }
        let vector = try open().read(rows, selection: selection)
        return vector.physicalType == column.physicalType || !vector.physicalType.isInteger
            ? vector : vector.withIntegerLayout(column.physicalType)
    }

    func takeCutCount() -> Int { reader?.takeCutCount() ?? 0 }

    /// Finds the column's buffers, which only those do who read it.
    private func open() throws(StarlingError) -> ArrowValueReader {
        if let reader { return reader }
        let node = try part.node(ofColumn: column.column)
        let file = part.file
        let reader = ArrowValueReader(
            node,
            ArrowSource(
                body: ArrowBody(file: file.file, codec: part.batch.codec),
                dictionaries: file.dictionaries, batch: part.batch,
                place: "\(file.path), column \(file.fields[column.column].name)"))
        context.bytesRead.wrappingAdd(node.byteCount, ordering: .relaxed)
        self.reader = reader
        return reader
    }
}
