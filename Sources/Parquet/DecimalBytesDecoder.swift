// Decimals as big-endian numbers of varying length. Few writers make them, so they take the way
// through strings.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Decodes BYTE_ARRAY decimals.
final class DecimalBytesDecoder: ColumnDecoder {
    private let physicalType: PhysicalType
    private let loops: ConversionLoops
    private let strings = StringDecoder(codeCountMax: 0, pool: nil)

    init(_ physicalType: PhysicalType, _ loops: ConversionLoops) {
        self.physicalType = physicalType
        self.loops = loops
    }

    override func openDictionary(_ page: OpenPage) throws(ParquetDamage) {
        try strings.openDictionary(page)
    }

    override func close() { strings.close() }
    override func open(_ page: OpenPage) throws(ParquetDamage) { try strings.open(page) }
    override func skip(_ count: Int) throws(ParquetDamage) { try strings.skip(count) }
    override func start(count: Int) { strings.start(count: count) }

    override func decode(_ count: Int, at position: Int) throws(ParquetDamage) {
        try strings.decode(count, at: position)
    }

    override func decode(
        rows: UnsafePointer<UInt16>, base: Int, count: Int, span: Int, at position: Int
    ) throws(ParquetDamage) {
        try strings.decode(rows: rows, base: base, count: count, span: span, at: position)
    }

    override func spread(
        _ valueCount: Int, over count: Int, at position: Int, validity: UnsafePointer<UInt64>
    ) {
        strings.spread(valueCount, over: count, at: position, validity: validity)
    }

    override func finish(validity: Validity?) throws(ParquetDamage) -> Vector {
        let text = try strings.finish(validity: validity)
        var result = Vector(uninitialized: physicalType, count: text.count)
        result.validity = validity
        let source = text.pointer(to: StringReference.self)
        let wide = Buffer(byteCount: text.count * 16)
        var misfit: Int128 = 0
        for row in 0..<text.count {
            // NULLs are empty strings here and become 0.
            wide.pointer(to: Int128.self)[row] = source[row].withBytes { bytes in
                bytes.isEmpty ? 0 : BigEndian128.load(bytes.baseAddress!, bytes.count, &misfit)
            }
        }
        withExtendedLifetime(text) {}
        let fits = loops.convert(wide.baseAddress, text.count, 16, result.pointer(to: UInt8.self))
        withExtendedLifetime(wide) {}
        guard fits, misfit == 0 else { throw Self.misfit }
        return result
    }
}
