// Floating-point numbers that people wrote as decimals are integers times a power of ten, to the
// last bit (Afroozeh, Kuffó and Boncz, "ALP: Adaptive Lossless Floating-Point Compression", SIGMOD
// 2023). Numbers that are not stand apart.
//
//   decimals := up (1 byte), down (1), 6 unused, exception count (8), integers,
//               the exceptions (8 bytes each), their rows ascending (4 bytes each)

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Scales integers: number = integer × 10^up × 10^-down, each product rounded.
struct DecimalScale: Sendable {
    static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18,
    ]
    static let inverses: [Double] = [
        1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 1e-13,
        1e-14, 1e-15, 1e-16, 1e-17, 1e-18,
    ]

    let up: Int
    let down: Int

    var factors: DecimalFactors {
        DecimalFactors(
            up: Self.powers[up], upInverse: Self.inverses[up], down: Self.powers[down],
            downInverse: Self.inverses[down])
    }
}

/// Holds the factors of a scale.
struct DecimalFactors {
    let up: Double
    let upInverse: Double
    let down: Double
    let downInverse: Double

    /// Finds the integer that becomes `number` again; nil where there is none.
    @inline(__always)
    func integer(of number: Double) -> Int64? {
        let scaled = (number * down * upInverse).rounded(.toNearestOrEven)
        // Beyond 2⁵¹ a product loses digits.
        guard abs(scaled) < 2_251_799_813_685_248 else { return nil }
        let integer = Int64(scaled)
        return self.number(of: integer).bitPattern == number.bitPattern ? integer : nil
    }

    @inline(__always)
    func number(of integer: Int64) -> Double { Double(integer) * up * downInverse }
}

/// Holds floating-point numbers as scaled integers.
///
/// `@unchecked Sendable`: the bytes are never written again.
final class DecimalValues: BlockValues, @unchecked Sendable {
    private let bytes: BlockBytes
    private let scale: DecimalScale
    private let integers: IntegerSequence
    private let exceptionCount: Int
    private let exceptions: UnsafePointer<Double>
    private let exceptionRows: UnsafePointer<UInt32>

    init(_ bytes: BlockBytes) throws(StarlingError) {
        guard bytes.physicalType.isFloating, bytes.body.count >= 16,
            let start = bytes.body.baseAddress
        else { throw blockDamage("its scale is cut off") }
        let (up, down) = (Int(start.load(as: UInt8.self)), Int(bytes.body[1]))
        guard up < DecimalScale.powers.count, down < DecimalScale.powers.count else {
            throw blockDamage("its scale is 10^\(up) / 10^\(down)")
        }
        scale = DecimalScale(up: up, down: down)
        let count = start.load(fromByteOffset: 8, as: UInt64.self)
        integers = try IntegerSequence(bytes.body(from: 16))
        let rest = bytes.body(from: 16 + integers.byteCount)
        guard count <= UInt64(bytes.rowCount), rest.count >= Int(count) * 12,
            integers.count == bytes.rowCount, let address = rest.baseAddress
        else { throw blockDamage("its exceptions are cut off") }
        exceptionCount = Int(count)
        exceptions = UnsafePointer(address.assumingMemoryBound(to: Double.self))
        exceptionRows = UnsafePointer(
            (address + exceptionCount * 8).assumingMemoryBound(to: UInt32.self))
        self.bytes = bytes
    }

    func read(_ rows: Range<Int>, as type: PhysicalType) -> Vector {
        let scaled = Buffer(byteCount: rows.count * 8)
        integers.read(rows, into: scaled.pointer(to: Int64.self))
        let vector = vector(of: scaled, count: rows.count, as: type)
        if type == .float32 {
            let target = vector.pointer(to: Float.self)
            visitExceptions(rows) { target[$0] = Float($1) }
        } else {
            let target = vector.pointer(to: Double.self)
            visitExceptions(rows) { target[$0] = $1 }
        }
        return vector
    }

    func read(_ rows: Range<Int>, _ selection: Selection, as type: PhysicalType) -> Vector {
        if exceptionCount > 0 || selection.isDense(in: rows) {
            return read(rows, as: type).gathered(by: selection)
        }
        let scaled = Buffer(byteCount: selection.count * 8)
        integers.read(rows, selection, into: scaled.pointer(to: Int64.self))
        return vector(of: scaled, count: selection.count, as: type)
    }

    private func vector(of scaled: Buffer, count: Int, as type: PhysicalType) -> Vector {
        let source = scaled.pointer(to: Int64.self)
        let vector = Vector(uninitialized: type, count: count)
        let factors = scale.factors
        if type == .float32 {
            let target = vector.pointer(to: Float.self)
            for row in 0..<count { target[row] = Float(factors.number(of: source[row])) }
        } else {
            let target = vector.pointer(to: Double.self)
            for row in 0..<count { target[row] = factors.number(of: source[row]) }
        }
        return vector
    }

    private func visitExceptions(_ rows: Range<Int>, _ body: (Int, Double) -> Void) {
        var (place, high) = (0, exceptionCount)
        while place < high {
            let middle = (place + high) / 2
            if Int(exceptionRows[middle]) < rows.lowerBound {
                place = middle + 1
            } else {
                high = middle
            }
        }
        while place < exceptionCount {
            let row = Int(exceptionRows[place])
            guard row >= rows.lowerBound, row < rows.upperBound else { return }
            body(row - rows.lowerBound, exceptions[place])
            place += 1
        }
    }
}
