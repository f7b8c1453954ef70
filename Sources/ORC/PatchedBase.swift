// Runs of numbers most of which need few bits.

/// Holds what the header of such a run says.
struct PatchedBase {
    let width: Int
    let baseByteCount: Int
    let patchWidth: Int
    let gapWidth: Int
    let patchCount: Int

    init(width: Int, _ third: UInt8, _ fourth: UInt8) {
        self.width = width
        baseByteCount = Int(third >> 5) + 1
        patchWidth = BitUnpacking.width(Int(third & 31))
        gapWidth = Int(fourth >> 5) + 1
        patchCount = Int(fourth & 31)
    }

    /// The bits of an entry of the list of patches: its gap and its patch, rounded up.
    var patchEntryWidth: Int { BitUnpacking.roundedWidth(min(64, patchWidth + gapWidth)) }

    /// Decodes a run whose bytes are there.
    func decode(
        _ start: UnsafeRawPointer, patches: UnsafeRawPointer, count: Int,
        into target: UnsafeMutablePointer<Int64>
    ) throws(ORCDamage) {
        guard patchWidth + gapWidth <= 64 else {
            throw ORCDamage("a run has patches of more than 64 bits")
        }
        let stored = BitUnpacking.bigEndian(start, baseByteCount)
        // The highest bit is the sign of the rest.
        let signBit = UInt64(1) << UInt64(baseByteCount * 8 - 1)
        let magnitude = Int64(bitPattern: stored & (signBit &- 1))
        let base = stored & signBit == 0 ? magnitude : 0 &- magnitude
        BitUnpacking.unpack(start + baseByteCount, width: width, count: count, into: target)
        var index = 0
        let patchMask: UInt64 = patchWidth == 64 ? .max : (1 << UInt64(patchWidth)) - 1
        for entry in 0..<patchCount {
            let bits = BitUnpacking.number(patches, entry, width: patchEntryWidth)
            // The gap to the number that is patched; a patch of 0 only adds to the gap.
            index += Int((bits >> UInt64(patchWidth)) & ((1 << UInt64(gapWidth)) - 1))
            guard index < count else { throw ORCDamage("a run has a patch behind its end") }
            let patch = bits & patchMask
            if width < 64 { target[index] |= Int64(bitPattern: patch << UInt64(width)) }
        }
        for index in 0..<count { target[index] &+= base }
    }
}
