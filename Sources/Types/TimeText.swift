// Times as text: `[-]hours:minutes[:seconds[.fraction]]`, up to 838 hours and more as MySQL has.

/// Reads a TIME, also that of a text that begins with its day; nil where the text is none.
package func parseTime(_ text: UnsafeRawBufferPointer) -> Int64? {
    let bytes = trimmingSpace(text)
    if let time = parsePlainTime(bytes) { return time }
    return bytes.contains(UInt8(ascii: ":")) ? parseTimeOfDay(bytes) : nil
}

private func parsePlainTime(_ bytes: UnsafeRawBufferPointer) -> Int64? {
    var position = 0
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative { position = 1 }
    var parts: [Int64] = []
    while parts.count < 3 {
        let start = position
        var value: Int64 = 0
        while position < bytes.count, isDigit(bytes[position]), position - start < 4 {
            value = value * 10 + Int64(bytes[position] - 0x30)
            position += 1
        }
        guard position > start else { return nil }
        parts.append(value)
        guard position < bytes.count, bytes[position] == UInt8(ascii: ":"), parts.count < 3 else {
            break
        }
        position += 1
    }
    guard parts.count >= 2, parts.dropFirst().allSatisfy({ $0 < 60 }) else { return nil }
    var fraction: Int64 = 0
    if parts.count == 3, position < bytes.count, bytes[position] == UInt8(ascii: ".") {
        position += 1
        var unit: Int64 = 100_000
        while position < bytes.count, isDigit(bytes[position]) {
            fraction += Int64(bytes[position] - 0x30) * unit
            unit /= 10
            position += 1
        }
    }
    guard position == bytes.count else { return nil }
    let seconds = parts[0] * 3_600 + parts[1] * 60 + (parts.count > 2 ? parts[2] : 0)
    let microseconds = seconds * microsecondsPerSecond + fraction
    return isNegative ? -microseconds : microseconds
}
