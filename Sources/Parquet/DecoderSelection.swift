// Which decoder a column needs, by what lies in the file and what was asked for.

import StarlingTypes

/// Makes the decoder for a column.
func makeDecoder(
    _ source: ColumnSource, _ target: PhysicalType, codeCountMax: Int
) throws(ParquetDamage) -> ColumnDecoder {
    switch (source.carrier, source.meaning) {
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
        return FixedWidthDecoder<FloatConversion>(source, target)
    case (.double, _) where target == .float64:
        return FixedWidthDecoder<DoubleConversion>(source, target)
    case (.byteArray, .bigEndianDecimal): return try decimals(target)
    case (.byteArray, _) where target == .string: return StringDecoder(codeCountMax: codeCountMax)
    case (.fixedLengthByteArray, .bigEndianDecimal):
        if source.byteWidth <= 8 { return try integers(BigEndian64.self, source, target) }
        return try integers(BigEndian128.self, source, target)
    case (.fixedLengthByteArray, .float16) where target == .float32:
        return FixedWidthDecoder<HalfConversion>(source, target)
    case (.fixedLengthByteArray, .uuid) where target == .string: return UUIDDecoder(source)
    case (.fixedLengthByteArray, _) where target == .string:
        return FixedWidthDecoder<BytesConversion>(source, target)
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
    switch target {
    case .int8: FixedWidthDecoder<IntegerConversion<Source, Int8>>(source, target)
    case .int16: FixedWidthDecoder<IntegerConversion<Source, Int16>>(source, target)
    case .int32: FixedWidthDecoder<IntegerConversion<Source, Int32>>(source, target)
    case .int64: FixedWidthDecoder<IntegerConversion<Source, Int64>>(source, target)
    case .int128: FixedWidthDecoder<IntegerConversion<Source, Int128>>(source, target)
    default: throw impossible(target)
    }
}

private func decimals(_ target: PhysicalType) throws(ParquetDamage) -> ColumnDecoder {
    switch target {
    case .int8: DecimalBytesDecoder<Int8>(target)
    case .int16: DecimalBytesDecoder<Int16>(target)
    case .int32: DecimalBytesDecoder<Int32>(target)
    case .int64: DecimalBytesDecoder<Int64>(target)
    case .int128: DecimalBytesDecoder<Int128>(target)
    default: throw impossible(target)
    }
}
