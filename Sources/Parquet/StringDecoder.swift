// Columns of strings and bytes. Values are referred to where they lie in the page, whose buffer the
// vector then owns with others; dictionary-encoded pages give codes as long as the dictionary is
// small enough for codes to be worth something.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Decodes BYTE_ARRAY columns.
final class StringDecoder: ColumnDecoder {
    private enum Mode {
        case plain, codes, lengths, prefixed
    }

    private var mode = Mode.plain
    private var next: UnsafeRawPointer
    private var end: UnsafeRawPointer
    private var codes: HybridDecoder
    private var lengths: LengthDecoder?
    private var prefixed: PrefixDecoder?
    private var pageOwner: Buffer?

    private var dictionaryValues: Vector?
    /// Nil where codes are not worth something, or a value comes twice.
    private var shared: SharedDictionary?
    private let codeCountMax: Int
    private let pool: DictionaryPool?

    private var output: Buffer
    private var outputHasCodes = false
    private var isBegun = false
    private var count = 0
    private var owner: (any Owner)?
    private let codeScratch = Buffer(byteCount: chunkCapacity * 4)

    /// Dictionaries of more than `codeCountMax` values are gathered to flat vectors.
    init(codeCountMax: Int, pool: DictionaryPool?) {
        self.codeCountMax = codeCountMax
        self.pool = pool
        output = Buffer(byteCount: 0)
        next = UnsafeRawPointer(output.baseAddress)
        end = next
        codes = HybridDecoder(next, byteCount: 0, width: 0)
    }

    override var vectorDictionary: VectorDictionary? { shared?.own }

    override func openDictionary(_ page: OpenPage) throws(ParquetDamage) {
        guard page.rowCount <= page.valueByteCount / 4 else { throw Self.tooShort }
        var values = Vector(uninitialized: .string, count: page.rowCount)
        values.owner = page.owner
        next = page.values
        end = page.values + page.valueByteCount
        try readPlain(page.rowCount, into: values.pointer())
        dictionaryValues = values
        guard page.rowCount > 0, page.rowCount <= codeCountMax else { return }
        shared = pool.map { $0.share(values) } ?? SharedDictionary(values)
    }

    override func close() {
        pageOwner = nil
        lengths = nil
        prefixed = nil
    }

    override func open(_ page: OpenPage) throws(ParquetDamage) {
        switch page.encoding {
        case 0:
            mode = .plain
            next = page.values
            end = page.values + page.valueByteCount
            pageOwner = page.owner
        case 2, 8:
            guard dictionaryValues != nil else { throw Self.noDictionary }
            mode = .codes
            codes = try FixedWidthDecoder.codes(of: page)
        case 6:
            mode = .lengths
            lengths = try LengthDecoder(page.values, byteCount: page.valueByteCount)
            pageOwner = page.owner
        case 7:
            mode = .prefixed
            prefixed = try PrefixDecoder(page.values, byteCount: page.valueByteCount)
            pageOwner = page.owner
        default: throw Self.unknownEncoding(page.encoding)
        }
    }

    override func start(count: Int) {
        self.count = count
        isBegun = false
        owner = nil
    }

    /// Chooses codes or strings by the first page of the vector, and turns to strings for good
    /// where a page without codes follows.
    private func prepareOutput(at position: Int) {
        let wantsCodes = mode == .codes && shared != nil
        if !isBegun {
            isBegun = true
            outputHasCodes = wantsCodes
            output = Buffer(byteCount: count * (wantsCodes ? 4 : 16))
        } else if outputHasCodes, !wantsCodes, let shared {
            let codes = output
            output = Buffer(byteCount: count * 16)
            outputHasCodes = false
            gather(shared.all.values, codes.pointer(), position, into: output.pointer())
            withExtendedLifetime(codes) {}
        }
    }

    private func gather(
        _ values: Vector, _ codes: UnsafePointer<UInt32>, _ count: Int,
        into target: UnsafeMutablePointer<StringReference>
    ) {
        gatherValues(
            values.pointer(to: UInt8.self), codes, count, byteWidth: 16, into: target)
        if let bytes = values.owner { owner = OwnerList.joining(owner, bytes) }
    }

    override func skip(_ count: Int) throws(ParquetDamage) {
        switch mode {
        case .plain:
            var next = next
            for _ in 0..<count {
                guard end - next >= 4 else { throw Self.tooShort }
                let length = Int(next.loadUnaligned(as: UInt32.self))
                guard end - next - 4 >= length else { throw Self.tooShort }
                next += 4 &+ length
            }
            self.next = next
        case .codes:
            guard codes.skip(count) else { throw Self.tooShort }
        case .lengths, .prefixed:
            var left = count
            let scratch = Buffer(byteCount: min(count, chunkCapacity) * 16)
            defer { withExtendedLifetime(scratch) {} }
            while left > 0 {
                let step = min(left, chunkCapacity)
                _ = try readStrings(step, into: scratch.pointer())
                left -= step
            }
        }
    }

    override func decode(_ count: Int, at position: Int) throws(ParquetDamage) {
        prepareOutput(at: position)
        guard mode == .codes else {
            return try readOwned(count, into: output.pointer(to: StringReference.self) + position)
        }
        let target =
            outputHasCodes
            ? output.pointer(to: UInt32.self) + position : codeScratch.pointer(to: UInt32.self)
        guard codes.decode(count, into: target) else { throw Self.tooShort }
        try finishCodes(target, count, at: position)
    }

    override func decode(
        rows: UnsafePointer<UInt16>, base: Int, count: Int, span: Int, at position: Int
    ) throws(ParquetDamage) {
        prepareOutput(at: position)
        switch mode {
        case .codes:
            let target =
                outputHasCodes
                ? output.pointer(to: UInt32.self) + position : codeScratch.pointer(to: UInt32.self)
            guard
                codes.decode(
                    rows: rows, base: base, count: count, span: span, into: target,
                    scratch: codeScratch.pointer())
            else { throw Self.tooShort }
            try finishCodes(target, count, at: position)
        case .plain:
            let target = output.pointer(to: StringReference.self) + position
            var passed = 0
            for index in 0..<count {
                let ordinal = Int(rows[index]) - base
                try skip(ordinal - passed)
                try readPlain(1, into: target + index)
                passed = ordinal + 1
            }
            try skip(span - passed)
            if let pageOwner { owner = OwnerList.joining(owner, pageOwner) }
        case .lengths, .prefixed:
            let scratch = Buffer(byteCount: span * 16)
            defer { withExtendedLifetime(scratch) {} }
            let all = scratch.pointer(to: StringReference.self)
            try readOwned(span, into: all)
            let target = output.pointer(to: StringReference.self) + position
            for index in 0..<count { target[index] = all[Int(rows[index]) &- base] }
        }
    }

    /// Checks codes, and translates them or gathers their strings where the vector is flat.
    private func finishCodes(
        _ codes: UnsafeMutablePointer<UInt32>, _ count: Int, at position: Int
    ) throws(ParquetDamage) {
        guard let dictionaryValues, codesAreBelow(dictionaryValues.count, codes, count) else {
            throw Self.badCode
        }
        if !outputHasCodes {
            gather(
                dictionaryValues, codes, count,
                into: output.pointer(to: StringReference.self) + position)
        } else if let map = shared?.codes {
            gatherValues(map.baseAddress, codes, count, byteWidth: 4, into: codes)
        }
    }

    /// Reads the next values and keeps alive what they lie in.
    private func readOwned(
        _ count: Int, into target: UnsafeMutablePointer<StringReference>
    ) throws(ParquetDamage) {
        if let bytes = try readStrings(count, into: target) {
            owner = OwnerList.joining(owner, bytes)
        }
    }

    /// Reads the next values, and returns what they lie in.
    private func readStrings(
        _ count: Int, into target: UnsafeMutablePointer<StringReference>
    ) throws(ParquetDamage) -> Buffer? {
        switch mode {
        case .plain, .codes: try readPlain(count, into: target)
        case .lengths: try lengths!.decode(count, into: target)
        case .prefixed: return try prefixed!.decode(count, into: target)
        }
        return pageOwner
    }

    private func readPlain(
        _ count: Int, into target: UnsafeMutablePointer<StringReference>
    ) throws(ParquetDamage) {
        var next = next
        let end = end
        let references = UnsafeMutableRawPointer(target).assumingMemoryBound(to: SixteenBytes.self)
        for index in 0..<count {
            guard end - next >= 4 else { throw Self.tooShort }
            let length = Int(next.loadUnaligned(as: UInt32.self))
            guard end - next - 4 >= length else { throw Self.tooShort }
            references[index] = paddedReference(next + 4, count: length)
            next += 4 &+ length
        }
        self.next = next
    }

    override func spread(
        _ valueCount: Int, over count: Int, at position: Int, validity: UnsafePointer<UInt64>
    ) {
        if !isBegun { prepareOutput(at: position) }
        let byteWidth = outputHasCodes ? 4 : 16
        spreadValues(
            output.baseAddress + position * byteWidth, valueCount, over: count, at: position,
            validity: validity, byteWidth: byteWidth)
    }

    override func finish(validity: Validity?) throws(ParquetDamage) -> Vector {
        if !isBegun { prepareOutput(at: 0) }
        if outputHasCodes, let shared {
            return Vector(codes: output, of: shared.all, count: count, validity: validity)
        }
        return Vector(.string, count: count, buffer: output, validity: validity, owner: owner)
    }
}
