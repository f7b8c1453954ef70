// Hashes and digests of strings. Those of several arguments go on from the last one's hash, as in
// StarRocks; a NULL among them gives NULL.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// The seed that StarRocks gives MurmurHash3.
let starRocksMurmurSeed: UInt32 = 104_729

/// Goes on from a hash with another text.
private protocol RunningHash: Sendable {
    associatedtype Output: FixedWidthInteger & BitwiseCopyable
    static var start: Output { get }
    static func next(_ hash: Output, _ text: Bytes) -> Output
}

private enum Murmur: RunningHash {
    static var start: Int32 { Int32(starRocksMurmurSeed) }
    static func next(_ hash: Int32, _ text: Bytes) -> Int32 {
        Int32(bitPattern: MurmurHash3.hash(text, seed: UInt32(bitPattern: hash)))
    }
}

private enum ShortXX: RunningHash {
    static var start: Int32 { 0 }
    static func next(_ hash: Int32, _ text: Bytes) -> Int32 {
        Int32(bitPattern: XXHash32.hash(text, seed: UInt32(bitPattern: hash)))
    }
}

private enum LongXX: RunningHash {
    static var start: Int64 { 0 }
    static func next(_ hash: Int64, _ text: Bytes) -> Int64 {
        Int64(bitPattern: XXHash64.hash(text, seed: UInt64(bitPattern: hash)))
    }
}

private enum NewXX: RunningHash {
    static var start: Int64 { 0 }
    static func next(_ hash: Int64, _ text: Bytes) -> Int64 {
        Int64(bitPattern: XXHash3(seed: UInt64(bitPattern: hash)).hash64(text))
    }
}

/// The lower half of XXH3; the next text's seed is this half alone.
private enum ShortNewXX: RunningHash {
    static var start: Int32 { 0 }
    static func next(_ hash: Int32, _ text: Bytes) -> Int32 {
        let seed = UInt64(UInt32(bitPattern: hash))
        return Int32(truncatingIfNeeded: XXHash3(seed: seed).hash64(text))
    }
}

@inline(never)
private func hashed<Hash: RunningHash>(
    _ hash: Hash.Type, _ invocation: FunctionInvocation, as type: PhysicalType
) -> Vector {
    let isConstant = invocation.arguments.allSatisfy(\.isConstant)
    let count = isConstant ? 1 : invocation.count
    let valid = RowsWithValues(invocation.arguments, count: count)
    let views = invocation.arguments.map { DecodedVector($0) }
    var result = Vector(zeroed: type, count: count)
    let output = result.pointer(to: Hash.Output.self)
    for row in 0..<count where valid.contains(row) {
        var value = Hash.start
        for view in views { value = view.text(row).withBytes { Hash.next(value, $0) } }
        output[row] = value
    }
    withExtendedLifetime(invocation) {}
    if isConstant { result.makeConstant(count: invocation.count) }
    return result
}

/// Gives all arguments of a row as one text.
private func joined(_ views: [DecodedVector], _ row: Int, _ text: inout [UInt8]) {
    text.removeAll(keepingCapacity: true)
    for view in views where view.isValid(row) { view.text(row).withBytes { text += $0 } }
}

private struct ChecksumMeasure: TextMeasure {
    let table = Checksum32()

    func measure(_ arguments: TextArguments, _ row: Int) -> Int64? {
        arguments.first.text(row).withBytes { Int64(table.checksum($0)) }
    }
}

private struct DigestText: TextOperation {
    enum Kind { case md5, sha2, sm3, blake3 }
    let kind: Kind

    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        let digest: [UInt8]? = arguments.first.text(row).withBytes { text in
            switch kind {
            case .md5:
                var digest = MD5()
                digest.add(text)
                return digest.digest()
            case .sha2: return SHA2.digest(text, bitCount: arguments.second.number(row))
            case .sm3: return SM3.digest(text)
            case .blake3: return BLAKE3.digest(text)
            }
        }
        guard let digest else { return false }
        appendLowercaseDigits(of: digest, to: &output)
        return true
    }
}

private func appendLowercaseDigits(of bytes: [UInt8], to output: inout [UInt8]) {
    let digits: StaticString = "0123456789abcdef"
    for byte in bytes {
        output.append(digits.utf8Start[Int(byte >> 4)])
        output.append(digits.utf8Start[Int(byte & 15)])
    }
}

enum HashFunctions {
    static let rows: [ScalarFunction] = [
        row(
            "murmur_hash3_32", Murmur.self, .int, "Gives MurmurHash3 of 32 bits.",
            [
                ("murmur_hash3_32('hello')", "1321743225"),
                ("murmur_hash3_32('hello', 'world')", "984713481"),
            ]),
        row(
            "xx_hash32", ShortXX.self, .int, "Gives XXH32.",
            [
                ("xx_hash32('hello')", "-83855367"),
                ("xx_hash32('hello', 'world')", "-920844969"),
            ]),
        row(
            "xx_hash64", LongXX.self, .bigint, "Gives XXH64.",
            [
                ("xx_hash64('hello')", "2794345569481354659"),
                ("xx_hash64('hello', 'world')", "8004569595807101537"),
            ]),
        row(
            "xx_hash3_64", NewXX.self, .bigint, "Gives XXH3 of 64 bits.",
            [
                ("xx_hash3_64('hello')", "-7685981735718036227"),
                ("xx_hash3_64('hello', 'world')", "7001965798170371843"),
            ]),
        row(
            "xx_hash3_32", ShortNewXX.self, .int, "Gives the lower 32 bits of XXH3.",
            [
                ("xx_hash3_32('hello')", "1549982973"),
                ("xx_hash3_32('hello', 'world')", "-1872669326"),
            ]),
        ScalarFunction(
            "xx_hash3_128", summary: "Gives XXH3 of 128 bits of all strings together.",
            examples: [
                ("xx_hash3_128('hello')", "-98478366302105124680504504609445627880"),
                ("xx_hash3_128('hello', 'world')", "-45235302294609689438180196264627189905"),
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.texts("xx_hash3_128", returns: .largeint)
            },
            evaluate: { invocation throws(StarlingError) in
                together(invocation) { Int128(bitPattern: XXHash3().hash128($0)) }
            }),
        .measuring(
            "crc32", ChecksumMeasure(), [.string], 1...1, .bigint, "Gives the CRC-32 of zlib.",
            [("crc32('starrocks')", "2312449062"), ("crc32('')", "0")]),
        .writing(
            "md5", DigestText(kind: .md5), [.string], 1...1, "Gives the MD5 digest.",
            [("md5('abc')", "900150983cd24fb0d6963f7d28e17f72")]),
        ScalarFunction(
            "md5sum", summary: "Gives the MD5 digest of all strings that are not NULL together.",
            examples: [
                ("md5sum('a', 'bc')", "900150983cd24fb0d6963f7d28e17f72"),
                ("md5sum(NULL)", "d41d8cd98f00b204e9800998ecf8427e"),
            ], nullHandling: .handled, neverGivesNull: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.texts("md5sum", returns: .string)
            },
            evaluate: { invocation throws(StarlingError) in digests(invocation) }),
        ScalarFunction(
            "md5sum_numeric",
            summary: "Gives the 128 bits of the MD5 digest of all strings that are not NULL as a "
                + "LARGEINT, which has a sign: it is negative where the digest begins with a 1.",
            examples: [
                ("md5sum_numeric('a', 'bc')", "-148866708576779697295343134153845407886"),
                ("md5sum_numeric('starrocks', 'star')", "163436627872604162110984707546327199448"),
            ], nullHandling: .handled, neverGivesNull: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.texts("md5sum_numeric", returns: .largeint)
            },
            evaluate: { invocation throws(StarlingError) in
                together(invocation) { text in
                    var digest = MD5()
                    digest.add(text)
                    let number = digest.digest().reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
                    return Int128(bitPattern: number)
                }
            }),
        .writing(
            "sha2", DigestText(kind: .sha2), [.string, .bigint], 2...2,
            "Gives the SHA-2 digest of 224, 256, 384 or 512 bits; 0 stands for 256.",
            [
                (
                    "sha2('abc', 256)",
                    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
                ), ("sha2('abc', 1)", "NULL"),
            ]),
        .writing(
            "sm3", DigestText(kind: .sm3), [.string], 1...1, "Gives the SM3 digest.",
            [("sm3('abc')", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")]),
        .writing(
            "blake3", DigestText(kind: .blake3), [.string], 1...1, "Gives the BLAKE3 digest.",
            [
                (
                    "blake3('hello')",
                    "ea8f163db38682925e4491c5e58d4bb3506ef8c14eb78a86e908c5624a67200f"
                )
            ]),
    ]

    private static func row<Hash: RunningHash>(
        _ name: String, _ hash: Hash.Type, _ type: LogicalType, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                try arguments.texts(name, returns: type)
            },
            evaluate: { invocation throws(StarlingError) in
                hashed(Hash.self, invocation, as: type.widestPhysicalType)
                    .withIntegerLayout(invocation.resultPhysicalType)
            })
    }

    private static func together(
        _ invocation: FunctionInvocation, _ hash: (Bytes) -> Int128
    ) -> Vector {
        let isConstant = invocation.arguments.allSatisfy(\.isConstant)
        let count = isConstant ? 1 : invocation.count
        let views = invocation.arguments.map { DecodedVector($0) }
        var result = Vector(zeroed: .int128, count: count)
        var text: [UInt8] = []
        for row in 0..<count {
            joined(views, row, &text)
            result.pointer(to: Int128.self)[row] = text.withUnsafeBytes { hash($0) }
        }
        withExtendedLifetime(invocation) {}
        if isConstant { result.makeConstant(count: invocation.count) }
        return result.withIntegerLayout(invocation.resultPhysicalType)
    }

    private static func digests(_ invocation: FunctionInvocation) -> Vector {
        let isConstant = invocation.arguments.allSatisfy(\.isConstant)
        let count = isConstant ? 1 : invocation.count
        let views = invocation.arguments.map { DecodedVector($0) }
        let heap = StringHeap()
        var result = Vector(zeroed: .string, count: count)
        var (text, output): ([UInt8], [UInt8]) = ([], [])
        for row in 0..<count {
            joined(views, row, &text)
            var digest = MD5()
            text.withUnsafeBytes { digest.add($0) }
            output.removeAll(keepingCapacity: true)
            appendLowercaseDigits(of: digest.digest(), to: &output)
            result.pointer(to: StringReference.self)[row] = heap.add(output)
        }
        result.owner = heap
        withExtendedLifetime(invocation) {}
        if isConstant { result.makeConstant(count: invocation.count) }
        return result
    }
}

extension ArgumentList {
    /// Takes one string or more.
    fileprivate func texts(
        _ name: String, returns result: LogicalType
    ) throws(StarlingError) -> FunctionSignature {
        try expectCount(1...(.max), of: name)
        for (position, type) in types.enumerated() where !type.convertsImplicitly(to: .string) {
            throw mismatch(position, of: name, expected: "a string")
        }
        return FunctionSignature(types.map { _ in .string }, returns: result)
    }
}
