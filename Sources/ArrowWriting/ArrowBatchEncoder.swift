// Encodes rows as a record batch: nodes and buffers in the order of the columns and what lies in
// them. Values of dictionaries are written out: the schema stands in front of all rows, when no one
// knows yet which columns will come as codes, and codes of blocks that workers encode independently
// would need dictionaries that replace each other, which files cannot have.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Holds a record batch as bytes.
package struct ArrowBlock: Sendable {
    package let rowCount: Int
    let metadata: [UInt8]
    let body: [ArrowBytes]
    let bodyByteCount: Int
}

/// Encodes one record batch.
struct ArrowBatchEncoder {
    private let compressor: ArrowCompressor
    /// Rows and NULLs in turn.
    private var nodes: [Int64] = []
    private var buffers: [ArrowBytes] = []
    private var column = ""

    static func encode(
        _ chunks: [Chunk], _ columns: [TableColumn], _ compression: ArrowCompression
    ) throws(StarlingError) -> ArrowBlock {
        var encoder = ArrowBatchEncoder(compressor: ArrowCompressor(compression))
        let rowCount = chunks.reduce(0) { $0 + $1.count }
        for (position, column) in columns.enumerated() {
            encoder.column = column.name
            try encoder.add(chunks.map { $0.columns[position] }, column.type, rowCount)
        }
        return encoder.finish(rowCount, compression)
    }

    private init(compressor: ArrowCompressor) { self.compressor = compressor }

    private func finish(_ rowCount: Int, _ compression: ArrowCompression) -> ArrowBlock {
        var places: [Int64] = []
        var place = 0
        for buffer in buffers {
            places += [Int64(place), Int64(buffer.count)]
            place += buffer.paddedCount
        }
        var fields: [Int: FlatValue] = [
            0: .long(Int64(rowCount)), 1: .numbers(nodes, width: 2),
            2: .numbers(places, width: 2),
        ]
        if let code = compression.code { fields[3] = .table([0: .byte(code), 1: .byte(0)]) }
        return ArrowBlock(
            rowCount: rowCount,
            metadata: ArrowSchema.message(.batch, .table(fields), bodyByteCount: place),
            body: buffers, bodyByteCount: place)
    }

    private mutating func add(_ bytes: ArrowBytes) throws(StarlingError) {
        buffers.append(try compressor.compress(bytes))
    }

    /// Adds the values of a type, with all that lies in them.
    private mutating func add(
        _ vectors: [Vector], _ type: LogicalType, _ rowCount: Int
    ) throws(StarlingError) {
        if type == .null {
            nodes += [Int64(rowCount), Int64(rowCount)]
            return
        }
        let (validity, nullCount) = ArrowColumnBytes.validity(vectors, rowCount: rowCount)
        nodes += [Int64(rowCount), Int64(nullCount)]
        try add(validity)
        switch type {
        case .boolean: try add(ArrowColumnBytes.bits(vectors, rowCount: rowCount))
        case .largeint, .decimal:
            let values = ArrowColumnBytes.values(vectors, rowCount: rowCount, as: .int128)
            if type == .largeint { try checkDigits(values, vectors, rowCount) }
            try add(ArrowBytes(values, count: rowCount * 16))
        case .char, .varchar, .varbinary, .json, .bitmap, .hll, .percentile, .aggregateState:
            let (offsets, bytes) = try ArrowColumnBytes.texts(vectors, rowCount: rowCount)
            try add(offsets)
            try add(bytes)
        case .array(let element): try addLists(vectors, [element], rowCount)
        case .map(let key, let value): try addLists(vectors, [key, value], rowCount)
        case .structure(let fields):
            let flat = vectors.map { $0.flattened() }
            for (position, field) in fields.enumerated() {
                let parts = flat.map { vector in
                    vector.children?.vectors[position]
                        ?? .allNull(
                            as: field.type, field.type.widestPhysicalType, count: vector.count)
                }
                try add(parts, field.type, rowCount)
            }
        default:
            let physicalType = type.widestPhysicalType
            let values = ArrowColumnBytes.values(vectors, rowCount: rowCount, as: physicalType)
            try add(ArrowBytes(values, count: rowCount * physicalType.byteWidth))
        }
    }

    /// Adds where lists begin, and their elements: of maps, structures of a key and a value.
    private mutating func addLists(
        _ vectors: [Vector], _ elements: [LogicalType], _ rowCount: Int
    ) throws(StarlingError) {
        let dense = vectors.map { $0.compacted() }
        let buffer = Buffer(byteCount: (rowCount + 1) * 4)
        let offsets = buffer.pointer(to: Int32.self)
        offsets[0] = 0
        var (row, total) = (0, 0)
        for vector in dense {
            let ranges = vector.pointer(to: ListRange.self)
            for position in 0..<vector.count {
                total &+= vector.isValid(position) ? Int(ranges[position].count) : 0
                row &+= 1
                offsets[row] = Int32(truncatingIfNeeded: total)
            }
        }
        guard total <= Int(Int32.max) else {
            throw StarlingError(
                .unsupported,
                "column '\(column)' has \(total) elements in a record batch; lower batch_size")
        }
        try add(ArrowBytes(buffer, count: (rowCount + 1) * 4))
        if elements.count == 2 {
            nodes += [Int64(total), 0]
            try add(.empty)
        }
        for (position, element) in elements.enumerated() {
            let parts = dense.map { vector in
                let children = vector.children?.vectors ?? []
                return position < children.count ? children[position] : Vector([], as: element)
            }
            if elements.count == 2, position == 0 { try checkKeys(parts) }
            try add(parts, element, total)
        }
    }

    private func checkKeys(_ keys: [Vector]) throws(StarlingError) {
        for vector in keys {
            guard let validity = vector.validity else { continue }
            let validCount =
                vector.isConstant
                ? (validity.isValid(0) ? vector.count : 0) : validity.validCount(of: vector.count)
            guard validCount == vector.count else {
                throw StarlingError(
                    .data, "column '\(column)' has a map with the key NULL, which Arrow has not")
            }
        }
    }

    /// Refuses what a decimal of 38 digits can't hold: LARGEINT goes beyond.
    private func checkDigits(
        _ values: Buffer, _ vectors: [Vector], _ rowCount: Int
    ) throws(StarlingError) {
        let limit = powerOfTen(38)
        let numbers = values.pointer(to: Int128.self)
        var row = 0
        for vector in vectors {
            for position in 0..<vector.count {
                let number = numbers[row]
                row += 1
                guard number >= limit || number <= -limit, vector.isValid(position) else {
                    continue
                }
                throw StarlingError(
                    .data,
                    "column '\(column)' has the value \(number), and Arrow holds 38 digits at "
                        + "most; cast it to STRING")
            }
        }
    }
}
