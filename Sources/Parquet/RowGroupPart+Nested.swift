// Readers of nested columns: one for each leaf, and one that puts them together.

import StarlingErrors
import StarlingTables
import StarlingTypes

extension RowGroupPart {
    /// Makes the reader of a nested column, or of a field in one. The leaf `asked` is read in the
    /// physical type, others as wide as their types are.
    func makeNestedReader(
        _ root: SchemaNode, _ physicalType: PhysicalType, asked: SchemaNode? = nil,
        _ context: ScanContext, _ decompressor: PageDecompressor, _ place: String
    ) throws(StarlingError) -> NestedColumnReader {
        let asked = asked ?? root
        do throws(ParquetDamage) {
            var readers: [Int: LeafReader] = [:]
            for leaf in root.leaves {
                guard case .leaf(let source) = leaf.kind else { continue }
                let pages = try LeafPages(
                    file: file.file, chunk: file.metadata.rowGroups[number].columns[source.leaf],
                    leaf: leaf, carrier: source.carrier, rowCount: rowCount, context: context,
                    decompressor: decompressor)
                let decoder = try makeDecoder(
                    source, leaf === asked ? physicalType : leaf.type.widestPhysicalType,
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
