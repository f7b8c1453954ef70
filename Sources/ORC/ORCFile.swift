// One file: its tail, checked as far as everything else relies on it. The last byte tells the length
// of the postscript before it, which tells those of the footer and of the stripes' statistics before
// that.

import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingMemory
import StarlingTables

/// Holds an opened file.
package final class ORCFile: LakeFile, Sendable {
    let file: any ReadableFile
    let root: ORCNode
    let stripes: [ORCStripe]
    let statisticsReader: StatisticsReader
    /// Counts the rows of a row group; 0 where there are no row indexes.
    let rowIndexStride: Int
    /// For each stripe, what it says about its columns; empty where nothing is known.
    private let stripeStatistics: [[StoredStatistics]]
    private let fileStatistics: [StoredStatistics]
    let rowCount: Int
    package let columns: [TableColumn]

    package var path: String { file.path }
    package var instants: [InstantPlaces] { root.children.map(\.instants) }

    static let magic = Array("ORC".utf8)

    package init(_ file: any ReadableFile) throws(StarlingError) {
        self.file = file
        do throws(ORCDamage) {
            let postScript = try Self.readPostScript(file)
            let sections = try SectionReader(file, postScript.message)
            let end = file.byteCount - postScript.byteCount - 1
            let (footerCount, metadataCount) = (
                postScript.message.footerByteCount, postScript.message.metadataByteCount
            )
            guard footerCount > 0, footerCount <= end, metadataCount <= end - footerCount else {
                throw ORCDamage("the footer's length is impossible")
            }
            let footer: FileFooter = try sections.read((end - footerCount)..<end)
            root = try ORCNode.root(of: footer)
            let metadataEnd = end - footerCount
            let known: StripeStatisticsList = try sections.read(
                (metadataEnd - metadataCount)..<metadataEnd)
            stripeStatistics =
                known.stripes.count == footer.stripes.count ? known.stripes.map(\.columns) : []
            fileStatistics = footer.statistics
            rowCount = footer.rowCount
            rowIndexStride = footer.rowIndexStride
            statisticsReader = StatisticsReader(footer, postScript.message)
            stripes = try Self.stripes(
                of: footer, sections, columnCount: footer.types.count, end: metadataEnd)
        } catch {
            throw error.located(in: file.path)
        }
        columns = root.children.map { TableColumn(name: $0.name, type: $0.type) }
    }

    /// Tells whether the file's first bytes are those of the format. Text may begin with the same
    /// letters, but has no control characters behind them.
    package static func recognizes(_ start: [UInt8]) -> Bool {
        start.starts(with: magic) && start.contains { $0 < 9 }
    }

    /// Returns what is known of a column in a stripe.
    func statistics(ofColumn column: Int, stripe: Int) -> ColumnStatistics {
        let node = root.children[column]
        guard stripeStatistics.indices.contains(stripe),
            stripeStatistics[stripe].indices.contains(node.column)
        else { return ColumnStatistics() }
        return statisticsReader.read(
            stripeStatistics[stripe][node.column], node, rowCount: stripes[stripe].rowCount)
    }

    package var statistics: TableStatistics {
        TableStatistics(
            rowCount: rowCount,
            columns: root.children.map { node in
                guard fileStatistics.indices.contains(node.column) else {
                    return ColumnStatistics()
                }
                return statisticsReader.read(
                    fileStatistics[node.column], node, rowCount: rowCount)
            })
    }

    private static func readPostScript(
        _ file: any ReadableFile
    ) throws(ORCDamage) -> (message: PostScript, byteCount: Int) {
        let size = file.byteCount
        guard size >= 8 else { throw ORCDamage("the file is too short to be ORC") }
        let tail: Buffer
        do throws(StarlingError) {
            tail = try file.read((size - min(size, 256))..<size)
        } catch {
            throw ORCDamage(error)
        }
        defer { withExtendedLifetime(tail) {} }
        let end = UnsafeRawPointer(tail.baseAddress) + (tail.byteCount - 1)
        let count = Int(end.load(as: UInt8.self))
        guard count > 0, count < tail.byteCount else {
            throw ORCDamage("the file does not end as ORC does; it may be cut off")
        }
        var reader = ProtobufReader(UnsafeRawBufferPointer(start: end - count, count: count))
        let message: PostScript
        do throws(ORCDamage) {
            message = try reader.message()
        } catch {
            throw ORCDamage("the file does not end as ORC does; it may be cut off")
        }
        // Files of Hive 0.11 bear the magic letters at their beginning only.
        guard message.magic == nil || message.magic == "ORC" else {
            throw ORCDamage("the file does not end as ORC does; it may be cut off")
        }
        return (message, count)
    }

    private static func stripes(
        of footer: FileFooter, _ sections: SectionReader, columnCount: Int, end: Int
    ) throws(ORCDamage) -> [ORCStripe] {
        var result: [ORCStripe] = []
        var total = 0
        var previousEnd = 0
        for (number, stripe) in footer.stripes.enumerated() {
            let lengths = [stripe.indexByteCount, stripe.dataByteCount, stripe.footerByteCount]
            var rest = end - stripe.offset
            for length in lengths {
                guard rest >= 0, length <= rest else {
                    throw ORCDamage("stripe \(number) lies outside of the file")
                }
                rest -= length
            }
            // Many stripes in the same place would be more than the file could hold.
            guard stripe.rowCount == 0 || stripe.offset >= previousEnd else {
                throw ORCDamage("stripe \(number) lies where another one does")
            }
            if stripe.rowCount > 0 { previousEnd = end - rest }
            guard stripe.rowCount <= 1 << 40, total <= 1 << 50 else {
                throw ORCDamage("stripe \(number) has an impossible number of rows")
            }
            result.append(
                ORCStripe(
                    stripe, sections, columnCount: columnCount, firstRow: total,
                    rowIndexStride: footer.rowIndexStride))
            total += stripe.rowCount
        }
        guard total == footer.rowCount else {
            throw ORCDamage("the stripes don't have as many rows as the file")
        }
        return result
    }
}
