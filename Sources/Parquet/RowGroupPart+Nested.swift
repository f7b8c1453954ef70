// Readers of nested columns: one for each leaf, and one that puts them together.

import StarlingErrors
import StarlingTables
import StarlingTypes

extension RowGroupPart {
    /// Makes the reader of a nested column, or of a field in one.
    func makeNestedReader(
        _ root: SchemaNode, _ physicalType: PhysicalType, _ context: ScanContext,
        _ decompressor: PageDecompressor,
        _ place: String
    ) throws(StarlingError) -> any ColumnReading {
        do throws(ParquetDamage) {
            var readers: [Int: LeafReader] = [:]
            for leaf in root.leaves {
                guard case .leaf(let source) = leaf.kind else { continue }
                let pages = try LeafPages(
                    file: file.file, chunk: file.metadata.rowGroups[number].columns[source.leaf],
                    leaf: leaf, carrier: source.carrier, rowCount: rowCount, context: context,
                    decompressor: decompressor)
                let decoder = try makeDecoder(
                    source, leaf === root ? physicalType : leaf.type.widestPhysicalType,
                    codeCountMax: max(256, min(rowCount / 8, 1 << 14)), pool: nil)
                readers[source.leaf] = LeafReader(pages: pages, decoder: decoder, leaf: leaf)
            }
            return NestedColumnReader(
                root, physicalType: physicalType, readers: readers, place: place)
        } catch {
            throw error.located(in: place)
        }
    }
}
