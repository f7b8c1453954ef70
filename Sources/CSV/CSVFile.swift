// One opened file: its layout and its parts.

import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingMemory
import StarlingStreams
import StarlingTables
import StarlingTypes

/// Holds a file whose beginning has been read.
package final class CSVFile: EstimatedFile {
    static let sampleByteCount = 1 << 18

    let file: any ReadableFile
    let options: CSVOptions
    let layout: CSVLayout
    let compression: Compression
    let encoding: TextEncoding
    /// Nil where the file has to be read from its start on: compressed, in another encoding than
    /// UTF-8, or in a dialect that is read field by field.
    let boundaries: RowBoundaries?
    let rowCounts = PartRowCounts()
    /// The bytes of a piece, where the file is read from its start on.
    let pieceByteCount: Int

    package var path: String { file.path }
    package var columns: [TableColumn] { layout.columns }
    package var instants: [InstantPlaces] { layout.areInstants.map { $0 ? .value : .none } }

    /// Opens a file; parts have about as many bytes as its size suggests, or as many as are given.
    package convenience init(
        _ file: any ReadableFile, _ options: FileOptions, partByteCount: Int? = nil
    ) throws(StarlingError) {
        try self.init(file, CSVOptions(options), partByteCount: partByteCount)
    }

    private init(
        _ file: any ReadableFile, _ options: CSVOptions, partByteCount: Int?
    ) throws(StarlingError) {
        self.file = file
        self.options = options
        let head = try readStart(of: file, compression: .none, count: 64)
        compression = options.compression ?? Compression(recognizing: head)
        let raw = try readStart(of: file, compression: compression, count: Self.sampleByteCount)
        let isWhole = raw.count < Self.sampleByteCount
        encoding = options.encoding ?? TextEncoding(detecting: raw, isWhole: isWhole)
        var text = raw
        if encoding != .utf8 {
            let stream = try makeStream(file, compression: compression, encoding: encoding)
            let buffer = Buffer(byteCount: Self.sampleByteCount)
            let count = try stream.readFully(
                into: buffer.baseAddress, count: Self.sampleByteCount)
            text = [UInt8](UnsafeRawBufferPointer(start: buffer.baseAddress, count: count))
        }
        let start = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let result = text.withUnsafeBytes { bytes -> Result<CSVLayout, StarlingError> in
            do throws(StarlingError) {
                let sample = CSVSample(bytes, isWhole: isWhole, options, path: file.path)
                return .success(try sample.layout(from: start))
            } catch {
                return .failure(error)
            }
        }
        layout = try result.get()
        pieceByteCount = partByteCount ?? StreamPieces.byteCount
        let canCut = compression == .none && encoding == .utf8 && layout.dialect.isSimple
        boundaries =
            canCut
            ? RowBoundaries(
                file, layout.dialect, dataStart: min(layout.dataStart, file.byteCount),
                partByteCount: partByteCount ?? Self.partByteCount(file.byteCount))
            : nil
    }

    /// Small files are cut as well, so that several workers have something to do.
    private static func partByteCount(_ byteCount: Int) -> Int {
        min(max(byteCount / 16, 1 << 18), 1 << 21)
    }

    var partCount: Int {
        boundaries?.partCount
            ?? SharedPieces.partCount(
                compressedByteCount: file.byteCount, pieceByteCount: pieceByteCount)
    }

    /// What memory is asked for where a row is larger than what is read at once.
    static let largeRow = "a row of a CSV file"

    /// Makes the pieces of a file that cannot be cut.
    func makePieces(_ budget: MemoryBudget) -> SharedPieces {
        SharedPieces { () throws(StarlingError) in try StreamPieces(self, budget) }
    }

    package var parts: [any TablePart] {
        guard let boundaries else {
            let rowCount = estimatedRowCount / partCount + 1
            return (0..<partCount).map { CSVPart(file: self, number: $0, rowCount: rowCount) }
        }
        return (0..<boundaries.partCount).map { number in
            let bytes = boundaries.cuts[number + 1] - boundaries.cuts[number]
            return CSVPart(
                file: self, number: number,
                rowCount: Int(Double(bytes) / layout.rowByteCount) + 1)
        }
    }

    package var estimatedRowCount: Int {
        let growth = compression == .none ? 1.0 : 4.0
        return Int(Double(file.byteCount) * growth / layout.rowByteCount) + 1
    }
}

/// Is some of the rows of a file.
struct CSVPart: TablePart {
    let file: CSVFile
    let number: Int
    let rowCount: Int

    var isCounted: Bool { false }

    func statistics(ofColumn column: Int) -> ColumnStatistics { ColumnStatistics() }

    func makeReader(
        columns: [ReadColumn], context: ScanContext
    ) throws(StarlingError) -> any PartReader {
        let blocks: any BlockSource
        if let boundaries = file.boundaries {
            blocks = PartBlocks(boundaries, part: number)
        } else {
            let pieces = context.shared(by: file) { file.makePieces(context.budget) }
            blocks = StreamBlocks(file, pieces, part: number)
        }
        return CSVReader(file, part: number, blocks, columns: columns, context: context)
    }
}
