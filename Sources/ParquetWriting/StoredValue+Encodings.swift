// The encodings that each type of values has, besides dictionaries.

import StarlingMemory
import StarlingVectors

/// Is a value that pages hold.
protocol EncodedValue: StoredValue {
    /// The encodings to choose from; the first one is taken where nothing speaks against it.
    static var encodings: [ValueEncoding] { get }
    static func append(
        _ values: UnsafePointer<Self>, count: Int, as encoding: ValueEncoding,
        to target: ByteWriter)
}

extension Int32: EncodedValue {
    static var encodings: [ValueEncoding] { [.plain, .delta, .byteStreamSplit] }
    static func append(
        _ values: UnsafePointer<Int32>, count: Int, as encoding: ValueEncoding,
        to target: ByteWriter
    ) {
        switch encoding {
        case .delta: DeltaPacking.append(values, count: count, to: target)
        case .byteStreamSplit: appendStreams(values, count: count, to: target)
        default: appendPlain(values, count: count, to: target)
        }
    }
}

extension Int64: EncodedValue {
    static var encodings: [ValueEncoding] { [.plain, .delta, .byteStreamSplit] }
    static func append(
        _ values: UnsafePointer<Int64>, count: Int, as encoding: ValueEncoding,
        to target: ByteWriter
    ) {
        switch encoding {
        case .delta: DeltaPacking.append(values, count: count, to: target)
        case .byteStreamSplit: appendStreams(values, count: count, to: target)
        default: appendPlain(values, count: count, to: target)
        }
    }
}

extension UInt8: EncodedValue {
    static var encodings: [ValueEncoding] { [.plain, .runLength] }
    static func append(
        _ values: UnsafePointer<UInt8>, count: Int, as encoding: ValueEncoding,
        to target: ByteWriter
    ) {
        guard encoding == .runLength else {
            return appendPlain(values, count: count, to: target)
        }
        let body = ByteWriter(capacity: count / 8 + 64)
        HybridEncoding.append(values, count: count, bitWidth: 1, to: body)
        target.append(UInt32(body.count).littleEndian)
        target.append(body.bytes)
    }
}

/// Puts the first bytes of all values together, then the second ones, and so on.
private func appendStreams<Value: BitwiseCopyable>(
    _ values: UnsafePointer<Value>, count: Int, to target: ByteWriter
) {
    let width = MemoryLayout<Value>.size
    let source = UnsafeRawPointer(values)
    let room = target.reserve(count * width)
    for byte in 0..<width {
        let stream = room + byte * count
        for place in 0..<count {
            stream.storeBytes(
                of: source.load(fromByteOffset: place &* width &+ byte, as: UInt8.self),
                toByteOffset: place, as: UInt8.self)
        }
    }
    target.advance(count * width)
}

/// Is a value that is written byte by byte, or as it is.
protocol SplitValue: EncodedValue {}

extension SplitValue {
    static var encodings: [ValueEncoding] { [.plain, .byteStreamSplit] }
    static func append(
        _ values: UnsafePointer<Self>, count: Int, as encoding: ValueEncoding,
        to target: ByteWriter
    ) {
        if encoding == .byteStreamSplit {
            appendStreams(values, count: count, to: target)
        } else {
            appendPlain(values, count: count, to: target)
        }
    }
}

extension Float: SplitValue {}
extension Double: SplitValue {}

/// Decimals of 16 bytes may be split as well, but not all other readers put them together again.
extension Int128: EncodedValue {
    static var encodings: [ValueEncoding] { [.plain] }
    static func append(
        _ values: UnsafePointer<Int128>, count: Int, as encoding: ValueEncoding,
        to target: ByteWriter
    ) { appendPlain(values, count: count, to: target) }
}

extension StringReference: EncodedValue {
    static var encodings: [ValueEncoding] { [.plain, .deltaLength, .deltaByteArray] }
    static func append(
        _ values: UnsafePointer<StringReference>, count: Int, as encoding: ValueEncoding,
        to target: ByteWriter
    ) {
        switch encoding {
        case .deltaLength: appendBehindLengths(values, count: count, to: target)
        case .deltaByteArray: appendBehindPrefixes(values, count: count, to: target)
        default: appendPlain(values, count: count, to: target)
        }
    }

    private static func appendBehindLengths(
        _ values: UnsafePointer<StringReference>, count: Int, to target: ByteWriter
    ) {
        appendNumbers(count: count, to: target) { Int32(truncatingIfNeeded: values[$0].count) }
        var room = target.reserve(plainByteCount(values, count: count) + 16)
        let start = room
        for place in 0..<count { room = values[place].copyBytes(to: room) }
        target.advance(start.distance(to: room))
    }

    private static func appendBehindPrefixes(
        _ values: UnsafePointer<StringReference>, count: Int, to target: ByteWriter
    ) {
        var prefixes: [Int32] = []
        prefixes.reserveCapacity(count)
        for place in 0..<count {
            prefixes.append(place == 0 ? 0 : sharedCount(values[place - 1], values[place]))
        }
        appendNumbers(count: count, to: target) { prefixes[$0] }
        appendNumbers(count: count, to: target) {
            Int32(truncatingIfNeeded: values[$0].count) &- prefixes[$0]
        }
        for place in 0..<count {
            values[place].withBytes {
                target.append(UnsafeRawBufferPointer(rebasing: $0.dropFirst(Int(prefixes[place]))))
            }
        }
    }

    private static func appendNumbers(
        count: Int, to target: ByteWriter, _ number: (Int) -> Int32
    ) {
        let numbers = Buffer(byteCount: count * 4 + 64)
        let pointer = numbers.pointer(to: Int32.self)
        for place in 0..<count { pointer[place] = number(place) }
        DeltaPacking.append(pointer, count: count, to: target)
        withExtendedLifetime(numbers) {}
    }

    /// Counts the first bytes that two values have in common.
    private static func sharedCount(_ left: StringReference, _ right: StringReference) -> Int32 {
        left.withBytes { leftBytes in
            right.withBytes { rightBytes in
                let count = min(leftBytes.count, rightBytes.count)
                var shared = 0
                while shared < count, leftBytes[shared] == rightBytes[shared] { shared &+= 1 }
                return Int32(truncatingIfNeeded: shared)
            }
        }
    }
}
