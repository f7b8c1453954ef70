// encode_sort_key(): several values as binary that orders as they do. Each value is a byte, 0 for
// NULL and 1 for a value, and behind the 1
//  - an integer, a date or a time: big-endian, its sign bit inverted;
//  - a floating-point number: its bits, inverted so that they order;
//  - a string: its bytes; of all but the last 0 is written as 0 1, and 0 0 ends it.
// Between two values there is a 0. encode_fingerprint_sha256() is the digest of such a key.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Writes one column's part of a row's key.
private struct SortKeyPart {
    let view: DecodedVector
    let type: PhysicalType
    let isLast: Bool

    func write(_ row: Int, to key: inout [UInt8]) {
        guard view.isValid(row) else {
            key.append(0)
            return
        }
        key.append(1)
        switch type {
        case .int8: append(view.value(row, as: Int8.self), to: &key)
        case .int16: append(view.value(row, as: Int16.self), to: &key)
        case .int32: append(view.value(row, as: Int32.self), to: &key)
        case .int64: append(view.value(row, as: Int64.self), to: &key)
        case .int128: append(view.value(row, as: Int128.self), to: &key)
        case .float32:
            let bits = Int32(bitPattern: (view.value(row, as: Float.self) + 0).bitPattern)
            append(bits ^ ((bits &>> 31) & .max), to: &key)
        case .float64:
            let bits = Int64(bitPattern: (view.value(row, as: Double.self) + 0).bitPattern)
            append(bits ^ ((bits &>> 63) & .max), to: &key)
        case .string, .list, .structure: appendText(row, to: &key)
        }
    }

    private func append<Integer: StoredInteger>(_ value: Integer, to key: inout [UInt8]) {
        withUnsafeBytes(of: (value ^ Integer.min).bigEndian) { key += $0 }
    }

    private func appendText(_ row: Int, to key: inout [UInt8]) {
        view.text(row).withBytes { text in
            if isLast {
                key += text
                return
            }
            for byte in text {
                key.append(byte)
                if byte == 0 { key.append(1) }
            }
            key += [0, 0]
        }
    }
}

private func keys(
    _ invocation: FunctionInvocation, _ finish: ([UInt8]) -> [UInt8]
) -> Vector {
    let last = invocation.arguments.count - 1
    let parts = invocation.arguments.enumerated().map { position, argument in
        SortKeyPart(
            view: DecodedVector(argument), type: argument.physicalType, isLast: position == last)
    }
    let heap = StringHeap()
    var result = Vector(zeroed: .string, count: invocation.count)
    let output = result.pointer(to: StringReference.self)
    var key: [UInt8] = []
    for row in 0..<invocation.count {
        key.removeAll(keepingCapacity: true)
        for (position, part) in parts.enumerated() {
            if position > 0 { key.append(0) }
            part.write(row, to: &key)
        }
        output[row] = heap.add(finish(key))
    }
    result.owner = heap
    withExtendedLifetime(invocation) {}
    return result
}

enum SortKeys {
    static let rows = [
        row(
            "encode_sort_key",
            "Gives binary that orders as the arguments do, the first before the second.",
            [
                ("hex(encode_sort_key(CAST(1 AS INT), 'a'))", "018000000100" + "0161"),
                ("encode_sort_key(2, 'b') < encode_sort_key(10, 'a')", "1"),
            ], { $0 }),
        row(
            "encode_fingerprint_sha256",
            "Gives the SHA-256 digest of all arguments, of which any may be NULL, as binary.",
            [
                ("length(encode_fingerprint_sha256(1, NULL, 'x'))", "32"),
                ("encode_fingerprint_sha256('a', 'b') = encode_fingerprint_sha256('ab', '')", "0"),
            ], { key in key.withUnsafeBytes { SHA2.digest($0, bitCount: 256) } ?? [] }),
    ]

    private static func row(
        _ name: String, _ summary: String, _ examples: [(expression: String, result: String)],
        _ finish: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: summary, examples: examples,
            nullHandling: .handled, neverGivesNull: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...(.max), of: name)
                for (position, type) in arguments.types.enumerated()
                where type.isNested || type.isOpaque || type == .json {
                    throw arguments.mismatch(
                        position, of: name, expected: "a value that has an order")
                }
                return FunctionSignature(arguments.types, returns: .varbinary)
            },
            evaluate: { invocation throws(StarlingError) in keys(invocation, finish) })
    }
}
