// Which decoder a column needs, by what lies in the file and what was asked for.

import StarlingTypes
import StarlingVectors

/// Makes the decoder for a column.
func makeDecoder(
    _ source: ColumnSource, _ target: PhysicalType, codeCountMax: Int, pool: DictionaryPool?
) throws(ParquetDamage) -> ColumnDecoder {
    switch (source.carrier, source.meaning) {
    case (_, .nothing): return NothingDecoder(target)
    case (_, .overlyPrecise):
        throw .unsupported(
            "the column has decimals with more than 38 digits behind the point, which cannot be read"
        )
    case (.boolean, _) where target == .int8: return BooleanDecoder()
    case (.int32, .unsigned): return try integers(Unsigned32.self, source, target)
    case (.int32, .thousandfold): return try integers(Thousandfold32.self, source, target)
    case (.int32, _): return try integers(Signed32.self, source, target)
    case (.int64, .unsigned): return try integers(Unsigned64.self, source, target)
    case (.int64, .thousandfold): return try integers(Thousandfold64.self, source, target)
    case (.int64, .thousandth): return try integers(Thousandth64.self, source, target)
    case (.int64, _): return try integers(Signed64.self, source, target)
    case (.int96, _): return try integers(Timestamp96.self, source, target)
    case (.float, _) where target == .float32:
        return FixedWidthDecoder(source, target, ConversionLoops(SameConversion<Float>.self))
    case (.double, _) where target == .float64:
        return FixedWidthDecoder(source, target, ConversionLoops(SameConversion<Double>.self))
    case (.byteArray, .bigEndianDecimal):
        return DecimalBytesDecoder(target, try loops(Signed128.self, target))
    case (.byteArray, _) where target == .string:
        return StringDecoder(codeCountMax: codeCountMax, pool: pool)
    case (.fixedLengthByteArray, .bigEndianDecimal):
        if source.byteWidth <= 8 { return try integers(BigEndian64.self, source, target) }
        return try integers(BigEndian128.self, source, target)
    case (.fixedLengthByteArray, .float16) where target == .float32:
        return FixedWidthDecoder(source, target, ConversionLoops(HalfConversion.self))
    case (.fixedLengthByteArray, .uuid) where target == .string:
        return FixedTextDecoder(source, FixedText.uuid)
    case (.fixedLengthByteArray, .interval) where target == .string:
        return FixedTextDecoder(source, FixedText.interval)
    case (.fixedLengthByteArray, _) where target == .string:
        return FixedWidthDecoder(source, target, ConversionLoops(BytesConversion.self))
    default: throw impossible(target)
    }
}

private func impossible(_ target: PhysicalType) -> ParquetDamage {
    var damage = ParquetDamage("the column was asked for as \(target), which it can't be")
    damage.kind = .internal
    return damage
}

private func integers<Source: IntegerSource>(
    _ type: Source.Type, _ source: ColumnSource, _ target: PhysicalType
) throws(ParquetDamage) -> ColumnDecoder {
    FixedWidthDecoder(source, target, try loops(type, target))
}

/// Makes the loops from a source to an integer layout.
@inline(__always)
private func loops<Source: IntegerSource>(
    _ type: Source.Type, _ target: PhysicalType
) throws(ParquetDamage) -> ConversionLoops {
    switch target {
    case .int8: ConversionLoops(IntegerConversion<Source, Int8>.self)
    case .int16: ConversionLoops(IntegerConversion<Source, Int16>.self)
    case .int32: ConversionLoops(IntegerConversion<Source, Int32>.self)
    case .int64: ConversionLoops(IntegerConversion<Source, Int64>.self)
    case .int128: ConversionLoops(IntegerConversion<Source, Int128>.self)
    default: throw impossible(target)
    }
}
