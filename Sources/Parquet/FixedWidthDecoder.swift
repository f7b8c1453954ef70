// Columns whose values all have the same length in the file: numbers, dates, timestamps, decimals
// and fixed-length bytes. A dictionary's values are converted once and then gathered by code.

import CPlatform
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Decodes fixed-width values to the target of a conversion.
///
/// It is no generic class, since methods of those are not specialized: the loops are values.
class FixedWidthDecoder: ColumnDecoder {
    private enum Mode {
        case plain, codes, delta, split, prefixed
    }

    let physicalType: PhysicalType
    private let loops: ConversionLoops
    private let stride: Int
    private let width: Int
    private let isInteger: Bool

    private var mode = Mode.plain
    private var values: UnsafeRawPointer
    private var valuesLeft = 0
    private var codes: HybridDecoder
    private var delta: DeltaDecoder?
    private var prefixed: PrefixDecoder?
    /// BYTE_STREAM_SPLIT: the values of the page, and the next one.
    private var splitCount = 0
    private var splitIndex = 0

    private var dictionary: Buffer?
    private var dictionaryCount = 0
    /// The codes whose values don't fit; a file may have such values and not use them.
    private var misfits: Set<UInt32> = []
    /// The codes whose values have digits that are cut off.
    private var cutCodes: Set<UInt32> = []
    private var cutCount = 0
    private var dictionaryOwner: Buffer?
    private var pageOwner: Buffer?

    private let codeScratch = Buffer(byteCount: chunkCapacity * 4)
    private var plainScratch: Buffer
    private(set) var output: Buffer
    private(set) var count = 0
    private(set) var owner: (any Owner)?

    init(_ source: ColumnSource, _ physicalType: PhysicalType, _ loops: ConversionLoops) {
        self.physicalType = physicalType
        self.loops = loops
        stride = physicalType.byteWidth
        width =
            switch source.carrier {
            case .int32, .float: 4
            case .int64, .double: 8
            case .int96: 12
            default: source.byteWidth
            }
        isInteger = source.carrier == .int32 || source.carrier == .int64
        output = Buffer(byteCount: 0)
        plainScratch = Buffer(byteCount: 0)
        values = UnsafeRawPointer(output.baseAddress)
        codes = HybridDecoder(values, byteCount: 0, width: 0)
    }

    override func openDictionary(_ page: OpenPage) throws(ParquetDamage) {
        guard page.rowCount * width <= page.valueByteCount else { throw Self.tooShort }
        let buffer = Buffer(byteCount: page.rowCount * stride)
        if !loops.convert(page.values, page.rowCount, width, buffer.baseAddress) {
            let scratch = Buffer(byteCount: stride)
            for index in 0..<page.rowCount
            where !loops.convert(page.values + index * width, 1, width, scratch.baseAddress) {
                misfits.insert(UInt32(index))
            }
        }
        if let countCut = loops.countCut {
            for index in 0..<page.rowCount
            where countCut(page.values + index * width, nil, 0, 1) > 0 {
                cutCodes.insert(UInt32(index))
            }
        }
        dictionary = buffer
        dictionaryCount = page.rowCount
        if loops.refersToBytes { dictionaryOwner = page.owner }
    }

    /// The dictionary as vectors of this column never refer to it, for predicates to be asked of.
    override var vectorDictionary: VectorDictionary? {
        guard let dictionary, misfits.isEmpty else { return nil }
        let values = Vector(
            physicalType, count: dictionaryCount, buffer: dictionary, validity: nil,
            owner: dictionaryOwner)
        return VectorDictionary(values: values, isSorted: false)
    }

    override func close() {
        pageOwner = nil
        prefixed = nil
        delta = nil
    }

    override func open(_ page: OpenPage) throws(ParquetDamage) {
        values = page.values
        switch page.encoding {
        case 0:
            mode = .plain
            valuesLeft = page.valueByteCount / width
            if loops.refersToBytes { pageOwner = page.owner }
        case 2, 8:
            guard dictionary != nil else { throw Self.noDictionary }
            mode = .codes
            codes = try Self.codes(of: page)
        case 5 where isInteger:
            mode = .delta
            delta = try DeltaDecoder(page.values, byteCount: page.valueByteCount)
        case 9:
            mode = .split
            splitCount = page.valueByteCount / width
            splitIndex = 0
        case 7:
            mode = .prefixed
            prefixed = try PrefixDecoder(page.values, byteCount: page.valueByteCount)
        default: throw Self.unknownEncoding(page.encoding)
        }
    }

    /// Begins the codes of a dictionary-encoded page; the first byte is their width.
    static func codes(of page: OpenPage) throws(ParquetDamage) -> HybridDecoder {
        if page.valueByteCount == 0 {
            return HybridDecoder(page.values, byteCount: 0, width: 1)
        }
        let width = Int(page.values.load(as: UInt8.self))
        guard width <= 32 else { throw ParquetDamage("a page has codes of \(width) bits") }
        return HybridDecoder(page.values + 1, byteCount: page.valueByteCount - 1, width: width)
    }

    override func start(count: Int) {
        output = Buffer(byteCount: count * stride)
        self.count = count
        owner = nil
    }

    override func skip(_ count: Int) throws(ParquetDamage) {
        switch mode {
        case .plain:
            guard count <= valuesLeft else { throw Self.tooShort }
            values += count * width
            valuesLeft -= count
        case .codes:
            guard codes.skip(count) else { throw Self.tooShort }
        case .split:
            guard count <= splitCount - splitIndex else { throw Self.tooShort }
            splitIndex += count
        case .delta, .prefixed:
            var left = count
            while left > 0 {
                let step = min(left, chunkCapacity)
                _ = try plainValues(step)
                left -= step
            }
        }
    }

    override func decode(_ count: Int, at position: Int) throws(ParquetDamage) {
        let target = output.baseAddress + position * stride
        if mode == .codes {
            let scratch = codeScratch.pointer(to: UInt32.self)
            guard codes.decode(count, into: scratch) else { throw Self.tooShort }
            return try gather(scratch, count, into: target)
        }
        let start = try plainValues(count)
        guard loops.convert(start, count, width, target) else { throw Self.misfit }
        cutCount += loops.countCut?(start, nil, 0, count) ?? 0
    }

    override func decode(
        rows: UnsafePointer<UInt16>, base: Int, count: Int, span: Int, at position: Int
    ) throws(ParquetDamage) {
        let target = output.baseAddress + position * stride
        if mode == .codes {
            let scratch = codeScratch.pointer(to: UInt32.self)
            guard
                codes.decode(
                    rows: rows, base: base, count: count, span: span, into: scratch,
                    scratch: scratch)
            else { throw Self.tooShort }
            return try gather(scratch, count, into: target)
        }
        let start = try plainValues(span)
        guard loops.gather(start, rows, base, count, width, target) else { throw Self.misfit }
        cutCount += loops.countCut?(start, rows, base, count) ?? 0
    }

    override func takeCutCount() -> Int {
        defer { cutCount = 0 }
        return cutCount
    }

    /// Gives the next `count` values as PLAIN encoding lays them down, and moves behind them.
    private func plainValues(_ count: Int) throws(ParquetDamage) -> UnsafeRawPointer {
        switch mode {
        case .plain, .codes:
            guard count <= valuesLeft else { throw Self.tooShort }
            let start = values
            values += count * width
            valuesLeft -= count
            if let pageOwner { owner = OwnerList.joining(owner, pageOwner) }
            return start
        case .delta:
            let scratch = try makeScratch(count)
            if width == 4 {
                try delta!.decode(count, into: scratch.assumingMemoryBound(to: Int32.self))
            } else {
                try delta!.decode(count, into: scratch.assumingMemoryBound(to: Int64.self))
            }
            return UnsafeRawPointer(scratch)
        case .split:
            guard count <= splitCount - splitIndex else { throw Self.tooShort }
            let scratch = try makeScratch(count).assumingMemoryBound(to: UInt8.self)
            starling_join_streams(
                (values + splitIndex).assumingMemoryBound(to: UInt8.self), splitCount, scratch,
                count, Int32(width))
            splitIndex += count
            return UnsafeRawPointer(scratch)
        case .prefixed:
            let room = Buffer(byteCount: count * 8)
            defer { withExtendedLifetime(room) {} }
            let ends = room.pointer(to: Int.self)
            plainScratch = try prefixed!.decode(count, ends: ends)
            var isWrong = 0
            for index in 0..<count { isWrong |= ends[index] ^ ((index &+ 1) &* width) }
            guard isWrong == 0 else {
                throw ParquetDamage("a value of fixed length has another length")
            }
            if loops.refersToBytes { owner = OwnerList.joining(owner, plainScratch) }
            return UnsafeRawPointer(plainScratch.baseAddress)
        }
    }

    /// Gives room for `count` plain values; where targets point into it, room of its own.
    private func makeScratch(_ count: Int) throws(ParquetDamage) -> UnsafeMutableRawPointer {
        if loops.refersToBytes || plainScratch.byteCount < count * width {
            plainScratch = Buffer(byteCount: max(count, loops.refersToBytes ? 0 : 256) * width)
        }
        if loops.refersToBytes { owner = OwnerList.joining(owner, plainScratch) }
        return plainScratch.baseAddress
    }

    private func gather(
        _ codes: UnsafePointer<UInt32>, _ count: Int, into target: UnsafeMutableRawPointer
    ) throws(ParquetDamage) {
        guard let dictionary, codesAreBelow(dictionaryCount, codes, count) else {
            throw Self.badCode
        }
        gatherValues(dictionary.baseAddress, codes, count, byteWidth: stride, into: target)
        if !misfits.isEmpty {
            for index in 0..<count where misfits.contains(codes[index]) { throw Self.misfit }
        }
        if !cutCodes.isEmpty {
            for index in 0..<count where cutCodes.contains(codes[index]) { cutCount += 1 }
        }
        if let dictionaryOwner { owner = OwnerList.joining(owner, dictionaryOwner) }
    }

    override func spread(
        _ valueCount: Int, over count: Int, at position: Int, validity: UnsafePointer<UInt64>
    ) {
        spreadValues(
            output.baseAddress + position * stride, valueCount, over: count, at: position,
            validity: validity, byteWidth: stride)
    }

    override func finish(validity: Validity?) throws(ParquetDamage) -> Vector {
        Vector(physicalType, count: count, buffer: output, validity: validity, owner: owner)
    }
}
