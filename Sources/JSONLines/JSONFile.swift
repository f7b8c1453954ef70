// One opened file: its layout and its parts.

import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingMemory
import StarlingStreams
import StarlingTables
import StarlingTypes

/// Holds a file whose beginning has been read.
package final class JSONFile: EstimatedFile {
    static let sampleByteCount = 1 << 19
    private static let samplePieceCount = 16

    let file: any ReadableFile
    let options: JSONOptions
    let layout: JSONLayout
    let compression: Compression
    let encoding: TextEncoding
    private let partByteCount: Int
    let rowCounts = PartRowCounts()

    package var path: String { file.path }
    package var columns: [TableColumn] { layout.columns }
    package var instants: [InstantPlaces] { layout.shapes.map(\.instants) }

    /// Opens a file; parts have about as many bytes as its size suggests, or as many as are given.
    package init(
        _ file: any ReadableFile, _ options: FileOptions, partByteCount: Int? = nil
    ) throws(StarlingError) {
        self.file = file
        self.options = try JSONOptions(options)
        let head = try readStart(of: file, compression: .none, count: 64)
        compression = self.options.compression ?? Compression(recognizing: head)
        let detected = TextEncoding(
            detecting: try readStart(
                of: file, compression: compression, count: FileStart.byteCountMax),
            isWhole: false)
        // Other bytes than those of UTF-8 are damage, which is told where it lies.
        encoding = detected.isUTF16 ? detected : .utf8
        layout = try Self.layout(of: file, compression, encoding, self.options)
        self.partByteCount =
            max(1, partByteCount ?? min(max(file.byteCount / 16, 1 << 18), 1 << 20))
    }

    /// Finds the layout by the beginning of a file, and by more of it where that does not suffice; of
    /// one that can be cut anywhere half of the sample comes from all over it.
    private static func layout(
        of file: any ReadableFile, _ compression: Compression, _ encoding: TextEncoding,
        _ options: JSONOptions
    ) throws(StarlingError) -> JSONLayout {
        let isLong =
            compression == .none && encoding == .utf8 && file.byteCount > sampleByteCount
        var byteCount = isLong ? sampleByteCount / 2 : sampleByteCount
        let others = isLong ? try lines(of: file, behind: byteCount) : []
        let stream = try StarlingStreams.makeStream(
            file, compression: compression, encoding: encoding)
        var buffer = Buffer(byteCount: byteCount)
        var count = 0
        while true {
            defer { withExtendedLifetime(buffer) {} }
            count += try stream.readFully(
                into: buffer.baseAddress + count, count: byteCount - count)
            let bytes = UnsafeRawBufferPointer(start: buffer.baseAddress, count: count)
            let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
            let mayGrow = byteCount < JSONBlock.recordByteCountMax
            let sample = JSONSample(
                text: UnsafeRawBufferPointer(rebasing: bytes[mark...]),
                isWhole: count < byteCount, options: options, others: others, mayGrow: mayGrow)
            if let layout = sample.layout() { return layout }
            guard mayGrow else {
                throw StarlingError(.data, "\(file.path): a record is larger than 1 GB")
            }
            byteCount *= 2
            let larger = try Buffer(
                byteCount: byteCount, within: options.budget, for: "the sample of a JSON file")
            larger.baseAddress.copyMemory(from: buffer.baseAddress, byteCount: count)
            buffer = larger
        }
    }

    /// Reads whole lines at places that lie far from each other.
    private static func lines(
        of file: any ReadableFile, behind start: Int
    ) throws(StarlingError) -> [[UInt8]] {
        var result: [[UInt8]] = []
        let pieceByteCount = sampleByteCount / 2 / samplePieceCount
        for piece in 0..<samplePieceCount {
            // The last piece ends where the file does.
            let room = max(0, file.byteCount - start - pieceByteCount)
            let from = start + room / (samplePieceCount - 1) * piece
            let to = min(file.byteCount, from + pieceByteCount)
            let buffer = try file.read(from..<to)
            let bytes = UnsafeRawBufferPointer(start: buffer.baseAddress, count: to - from)
            if let first = bytes.firstIndex(of: 10), let last = bytes.lastIndex(of: 10) {
                result.append([UInt8](bytes[first...last]))
            }
            withExtendedLifetime(buffer) {}
        }
        return result
    }

    /// True where the bytes of the file are the text, so that it can be cut anywhere.
    private var isPlain: Bool { compression == .none && encoding == .utf8 }

    /// Takes a file again with other columns.
    init(_ other: JSONFile, keys: [[UInt8]], shapes: [ValueShape]) {
        file = other.file
        options = other.options
        compression = other.compression
        encoding = other.encoding
        partByteCount = other.partByteCount
        var layout = other.layout
        layout.keys = keys
        layout.shapes = shapes
        layout.columns = zip(ValueShape.names(of: keys), shapes).map {
            TableColumn(name: $0, type: $1.type)
        }
        self.layout = layout
    }

    package var parts: [any TablePart] { (0..<partCount).map { part($0) } }

    private var partCount: Int {
        guard layout.form == .lines else { return 1 }
        if isPlain { return (file.byteCount + partByteCount - 1) / partByteCount }
        return SharedPieces.partCount(
            compressedByteCount: file.byteCount, pieceByteCount: partByteCount)
    }

    private func part(_ number: Int) -> JSONPart {
        guard layout.form == .lines, isPlain else {
            return JSONPart(
                file: self, number: number, range: nil,
                rowCount: estimatedRowCount / partCount + 1)
        }
        let start = number * partByteCount
        let end = min(file.byteCount, start + partByteCount)
        return JSONPart(
            file: self, number: number, range: start..<end,
            rowCount: Int(Double(end - start) / layout.recordByteCount) + 1)
    }

    /// Makes the pieces of a file of lines that cannot be cut.
    private func makePieces(_ budget: MemoryBudget) -> SharedPieces {
        let size = partByteCount
        return SharedPieces { [self] () throws(StarlingError) in
            LineStream(try makeStream(), path, pieceByteCount: size, budget)
        }
    }

    private func makeStream() throws(StarlingError) -> any ByteStream {
        try StarlingStreams.makeStream(file, compression: compression, encoding: encoding)
    }

    /// Opens the text of a part; `pieces` are those of the file where it has some.
    fileprivate func source(
        of part: JSONPart, _ pieces: () -> SharedPieces
    ) throws(StarlingError) -> any JSONBlockSource {
        if let range = part.range { return LineRange(file, range) }
        guard layout.form == .lines else { return RecordStream(try makeStream(), path) }
        return LinePieces(pieces(), part: part.number, of: partCount)
    }

    fileprivate func source(
        of part: JSONPart, _ context: ScanContext
    ) throws(StarlingError) -> any JSONBlockSource {
        try source(of: part) { context.shared(by: self) { makePieces(context.budget) } }
    }

    /// Counts the records of a part that is not the first one.
    func countRecords(ofPart number: Int, _ context: ScanContext) throws(StarlingError) -> Int {
        guard !isPlain else {
            return try countRecords(ofPart: number, context, makePieces(context.budget))
        }
        // Pieces are found one after the other: all of them are counted at once.
        let pieces = makePieces(context.budget)
        var result = 0
        for part in 0..<partCount {
            let count = try countRecords(ofPart: part, context, pieces)
            rowCounts.note(part, count)
            if part == number { result = count }
        }
        return result
    }

    private func countRecords(
        ofPart number: Int, _ context: ScanContext, _ pieces: SharedPieces
    ) throws(StarlingError) -> Int {
        let part = part(number)
        let reader = JSONReader(
            part, try source(of: part) { pieces }, columns: [], context: context,
            isCounting: true)
        return try reader.countRecords()
    }

    package func canReadField(_ path: [Int], ofColumn column: Int) -> Bool {
        layout.shapes[column].hasField(path[...])
    }

    /// What people call what is read of a column: `user.name`.
    fileprivate func title(of column: ReadColumn) -> String {
        var title = columns[column.column].name
        var type = columns[column.column].type
        for position in column.path {
            guard case .structure(let fields) = type else { break }
            title += "." + fields[position].name
            type = fields[position].type
        }
        return title
    }

    package var estimatedRowCount: Int {
        let growth = compression == .none ? 1.0 : 6.0
        return Int(Double(file.byteCount) * growth / layout.recordByteCount) + 1
    }
}

/// Is some of the records of a file.
struct JSONPart: TablePart {
    let file: JSONFile
    let number: Int
    /// The bytes in which the part's lines begin; nil for the whole file.
    let range: Range<Int>?
    let rowCount: Int

    var isCounted: Bool { false }

    func statistics(ofColumn column: Int) -> ColumnStatistics { ColumnStatistics() }

    func makeReader(
        columns: [ReadColumn], context: ScanContext
    ) throws(StarlingError) -> any PartReader {
        for column in columns where file.layout.keys != nil {
            context.pathReads.note(file.title(of: column), in: .documents)
        }
        return JSONReader(
            self, try file.source(of: self, context), columns: columns, context: context)
    }
}
