// The loops over plain values, one a conversion, as values that a decoder calls once per window.

/// Holds the loops of one conversion.
struct ConversionLoops {
    var refersToBytes: Bool
    /// Converts `count` values of `width` bytes; false where one does not fit.
    var convert:
        (
            _ source: UnsafeRawPointer, _ count: Int, _ width: Int,
            _ target: UnsafeMutableRawPointer
        ) -> Bool
    /// Converts the values at `rows`, each minus `base`.
    var gather:
        (
            _ source: UnsafeRawPointer, _ rows: UnsafePointer<UInt16>, _ base: Int, _ count: Int,
            _ width: Int, _ target: UnsafeMutableRawPointer
        ) -> Bool

    /// Counts the values at `rows`, each minus `base`, or the first `count` ones, that have digits the
    /// target has no place for; nil where none can.
    var countCut:
        (
            (
                _ source: UnsafeRawPointer, _ rows: UnsafePointer<UInt16>?, _ base: Int,
                _ count: Int
            ) -> Int
        )?

    init<Conversion: PlainConversion>(_ conversion: Conversion.Type) {
        refersToBytes = Conversion.refersToBytes
        convert = { source, count, width, target in
            convertAll(Conversion.self, source, count, width, target)
        }
        gather = { source, rows, base, count, width, target in
            convertSome(Conversion.self, source, rows, base, count, width, target)
        }
        guard Conversion.mayCut else { return }
        countCut = { source, rows, base, count in
            var cut = 0
            for index in 0..<count {
                let row = rows.map { Int($0[index]) &- base } ?? index
                cut &+= Conversion.isCut(source, at: row) ? 1 : 0
            }
            return cut
        }
    }
}

@inline(__always)
private func convertAll<Conversion: PlainConversion>(
    _ conversion: Conversion.Type, _ source: UnsafeRawPointer, _ count: Int, _ width: Int,
    _ target: UnsafeMutableRawPointer
) -> Bool {
    let target = target.assumingMemoryBound(to: Conversion.Target.self)
    var misfit: Conversion.Misfit = 0
    for index in 0..<count {
        target[index] = Conversion.apply(source, at: index, width: width, misfit: &misfit)
    }
    return misfit == 0
}

@inline(__always)
private func convertSome<Conversion: PlainConversion>(
    _ conversion: Conversion.Type, _ source: UnsafeRawPointer, _ rows: UnsafePointer<UInt16>,
    _ base: Int, _ count: Int, _ width: Int, _ target: UnsafeMutableRawPointer
) -> Bool {
    let target = target.assumingMemoryBound(to: Conversion.Target.self)
    var misfit: Conversion.Misfit = 0
    for index in 0..<count {
        target[index] = Conversion.apply(
            source, at: Int(rows[index]) &- base, width: width, misfit: &misfit)
    }
    return misfit == 0
}
