// One opened file: its layout and its parts.

import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingStreams
import StarlingTables
import StarlingTypes

/// Holds a file whose beginning has been read.
package final class JSONFile: EstimatedFile {
    static let sampleByteCount = 1 << 19

    let file: any ReadableFile
    let options: JSONOptions
    let layout: JSONLayout
    let compression: Compression
    private let partByteCount: Int

    package var path: String { file.path }
    package var columns: [TableColumn] { layout.columns }

    /// Opens a file; parts have about as many bytes as its size suggests, or as many as are given.
    package init(
        _ file: any ReadableFile, _ options: FileOptions, partByteCount: Int? = nil
    ) throws(StarlingError) {
        self.file = file
        self.options = try JSONOptions(options)
        let head = try readStart(of: file, compression: .none, count: 64)
        compression = self.options.compression ?? Compression(recognizing: head)
        var text = try readStart(of: file, compression: compression, count: Self.sampleByteCount)
        let isWhole = text.count < Self.sampleByteCount
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text.removeFirst(3) }
        let json = self.options
        let result = text.withUnsafeBytes { bytes -> Result<JSONLayout, StarlingError> in
            do throws(StarlingError) {
                let sample = JSONSample(
                    text: bytes, isWhole: isWhole, options: json, path: file.path)
                return .success(try sample.layout())
            } catch {
                return .failure(error)
            }
        }
        layout = try result.get()
        self.partByteCount =
            partByteCount ?? min(max(file.byteCount / 16, 1 << 18), 1 << 20)
    }

    package var parts: [any TablePart] {
        guard layout.form == .lines, compression == .none else {
            return [JSONPart(file: self, range: nil, rowCount: estimatedRowCount)]
        }
        return stride(from: 0, to: file.byteCount, by: max(1, partByteCount)).map { start in
            let end = min(file.byteCount, start + max(1, partByteCount))
            return JSONPart(
                file: self, range: start..<end,
                rowCount: Int(Double(end - start) / layout.recordByteCount) + 1)
        }
    }

    package var estimatedRowCount: Int {
        let growth = compression == .none ? 1.0 : 6.0
        return Int(Double(file.byteCount) * growth / layout.recordByteCount) + 1
    }
}

/// Is some of the records of a file.
struct JSONPart: TablePart {
    let file: JSONFile
    /// The bytes in which the part's lines begin; nil for the whole file.
    let range: Range<Int>?
    let rowCount: Int

    var isCounted: Bool { false }

    func statistics(ofColumn column: Int) -> ColumnStatistics { ColumnStatistics() }

    func makeReader(
        columns: [ReadColumn], context: ScanContext
    ) throws(StarlingError) -> any PartReader {
        let source: any JSONBlockSource
        if let range {
            source = LineRange(file.file, range)
        } else {
            source = try RecordStream(file.file, file.compression)
        }
        return JSONReader(self, source, columns: columns, context: context)
    }
}
