// Bitmaps from and to numbers, text, binary, base64 and arrays. Binary is the stored form, which
// is StarRocks' (`Bitmaps/Bitmap+Writing`).

import StarlingBitmaps
import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

private struct BitmapOfValue: BitmapOperation {
    func bitmap(_ arguments: TextArguments, _ row: Int) -> Bitmap? {
        arguments.first.value(row, as: Int128.self).bitmapElement.map { Bitmap([$0]) }
    }
}

/// Hashes the text of any value.
private struct BitmapOfHash: BitmapOperation {
    let isWide: Bool

    func bitmap(_ arguments: TextArguments, _ row: Int) -> Bitmap? {
        let hash = arguments.first.text(row).withBytes { text in
            isWide
                ? XXHash3(seed: 0).hash64(text)
                : UInt64(MurmurHash3.hash(text, seed: starRocksMurmurSeed))
        }
        return Bitmap([hash])
    }
}

private struct BitmapOfText: BitmapOperation {
    func bitmap(_ arguments: TextArguments, _ row: Int) -> Bitmap? {
        arguments.first.text(row).withBytes { Bitmap(parsing: $0) }
    }
}

private struct TextOfBitmap: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        guard let bitmap = arguments.first.bitmap(row) else { return false }
        bitmap.appendText(to: &output)
        return output.count <= Int(Int32.max)
    }
}

private struct BinaryOfBitmap: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        arguments.first.text(row).withBytes { output += $0 }
        return true
    }
}

private struct BitmapOfBinary: BitmapOperation {
    func bitmap(_ arguments: TextArguments, _ row: Int) -> Bitmap? { arguments.first.bitmap(row) }
}

private struct Base64OfBitmap: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        arguments.first.text(row).withBytes { Base64.append($0, to: &output) }
        return output.count <= stringByteCountMaximum
    }
}

private struct BitmapOfBase64: BitmapOperation {
    func bitmap(_ arguments: TextArguments, _ row: Int) -> Bitmap? {
        var bytes: [UInt8] = []
        let isText = arguments.first.text(row).withBytes {
            Base64.appendBytes(of: $0, to: &bytes)
        }
        return isText ? bytes.withUnsafeBytes { StoredBitmap($0).read() } : nil
    }
}

enum BitmapConversions {
    static let rows: [ScalarFunction] = [
        ScalarFunction(
            "bitmap_empty", summary: "Gives a bitmap without values.",
            examples: [("bitmap_count(bitmap_empty())", "0")], neverGivesNull: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(0...0, of: "bitmap_empty")
                return FunctionSignature([], returns: .bitmap)
            },
            evaluate: { invocation throws(StarlingError) in
                Vector(constant: .bytes(Bitmap().serialized), .string, count: invocation.count)
            }),
        .writing(
            "to_bitmap", BitmapOfValue(), [.largeint], 1...1, returns: .bitmap,
            "Gives a bitmap of one value; NULL for what is no unsigned number of 64 bits.",
            [("bitmap_to_string(to_bitmap(10))", "10"), ("to_bitmap(-1)", "NULL")]),
        .writing(
            "bitmap_hash", BitmapOfHash(isWide: false), [.string], 1...1, returns: .bitmap,
            "Gives a bitmap of a value's hash of 32 bits, MurmurHash3.",
            [("bitmap_to_string(bitmap_hash('hello'))", "1321743225")]),
        .writing(
            "bitmap_hash64", BitmapOfHash(isWide: true), [.string], 1...1, returns: .bitmap,
            "Gives a bitmap of a value's hash of 64 bits, XXH3.",
            [("bitmap_to_string(bitmap_hash64('hello'))", "10760762337991515389")]),
        .writing(
            "bitmap_from_string", BitmapOfText(), [.string], 1...1, returns: .bitmap,
            "Reads numbers with commas between them; NULL for anything else.",
            [
                ("bitmap_to_string(bitmap_from_string('0, 1, 2'))", "0,1,2"),
                ("bitmap_from_string('-1, 0')", "NULL"),
            ]),
        .writing(
            "bitmap_to_string", TextOfBitmap(), [.bitmap], 1...1,
            "Writes the values in order, with commas between them.",
            [("bitmap_to_string(bitmap_from_string('3,1'))", "1,3")]),
        .writing(
            "bitmap_to_binary", BinaryOfBitmap(), [.bitmap], 1...1, returns: .varbinary,
            "Gives a bitmap as binary, in StarRocks' form.",
            [
                (
                    "hex(bitmap_to_binary(bitmap_from_string('0, 1, 2, 3')))",
                    "023A3000000100000000000300100000000000010002000300"
                )
            ]),
        .writing(
            "bitmap_from_binary", BitmapOfBinary(), [.varbinary], 1...1, returns: .bitmap,
            "Reads a bitmap from binary; NULL for what is none.",
            [("bitmap_to_string(bitmap_from_binary(to_binary('0101000000')))", "1")]),
        .writing(
            "bitmap_to_base64", Base64OfBitmap(), [.bitmap], 1...1,
            "Writes a bitmap's binary form in base64.",
            [("bitmap_to_base64(to_bitmap(1))", "AQEAAAA=")]),
        .writing(
            "base64_to_bitmap", BitmapOfBase64(), [.string], 1...1, returns: .bitmap,
            "Reads a bitmap from base64; NULL for what is none.",
            [("bitmap_to_string(base64_to_bitmap('AQEAAAA='))", "1")]),
    ]
}
