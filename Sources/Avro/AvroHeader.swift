// The beginning of a file: the schema, the codec of the blocks, and the marker behind each of them.

import StarlingErrors
import StarlingFields
import StarlingFiles

/// Holds what a file says of itself.
struct AvroHeader {
    static let magic: [UInt8] = [0x4F, 0x62, 0x6A, 0x01]
    static let markerByteCount = 16

    let schema: AvroSchema
    let codec: AvroCodec
    let marker: [UInt8]
    /// Where the first block begins.
    let end: Int

    /// Reads more of the file until all of the header is there.
    static func read(_ file: any ReadableFile) throws(StarlingError) -> AvroHeader {
        var count = min(file.byteCount, 1 << 16)
        while true {
            var cursor = AvroCursor(try file.read(0..<count), byteCount: count)
            do throws(AvroCursor.Fault) {
                return try AvroHeader(&cursor, path: file.path)
            } catch {
                switch error {
                case .end where count < file.byteCount: count = min(file.byteCount, count * 8)
                case .end:
                    throw StarlingError(
                        .file, "\(file.path): the header ends early; the file may be cut off")
                case .damage(let what):
                    throw StarlingError(.file, "\(file.path): the header \(what)")
                case .other(let error): throw error
                }
            }
        }
    }

    private init(_ cursor: inout AvroCursor, path: String) throws(AvroCursor.Fault) {
        let entries = try Self.readEntries(&cursor)
        marker = try cursor.bytes(Self.markerByteCount)
        end = cursor.place
        codec = try AvroCodec(entries["avro.codec"], path: path)
        schema = try Self.readSchema(entries["avro.schema"], path: path)
    }

    private static func readEntries(
        _ cursor: inout AvroCursor
    ) throws(AvroCursor.Fault) -> [String: [UInt8]] {
        guard try cursor.bytes(4) == magic else { throw .damage("is none of Avro") }
        var entries: [String: [UInt8]] = [:]
        while true {
            var count = try cursor.long()
            if count == 0 { return entries }
            if count < 0 {
                // The size of the entries follows, for those who pass over them.
                _ = try cursor.long()
                count = 0 &- count
            }
            guard count > 0 else { throw .damage("has an impossible number of entries") }
            for _ in 0..<count {
                let key = String(decoding: try cursor.sizedBytes(), as: UTF8.self)
                entries[key] = try cursor.sizedBytes()
            }
        }
    }

    private static func readSchema(
        _ text: [UInt8]?, path: String
    ) throws(AvroCursor.Fault) -> AvroSchema {
        guard let text else { throw .damage("has no schema") }
        let tree: JSONTree
        do throws(JSONCursor.Fault) {
            tree = try JSONTree(parsing: text)
        } catch {
            throw .damage("has a schema that is no JSON: \(error.reason) (byte \(error.place))")
        }
        do throws(StarlingError) {
            return try AvroSchemaReader.read(tree, path: path)
        } catch {
            throw .other(error)
        }
    }
}

extension AvroCodec {
    /// Finds the codec that a header names.
    fileprivate init(_ name: [UInt8]?, path: String) throws(AvroCursor.Fault) {
        let name = name.map { String(decoding: $0, as: UTF8.self) } ?? "null"
        guard let codec = AvroCodec(rawValue: name) else {
            throw .other(
                StarlingError(
                    .unsupported,
                    "\(path): blocks compressed with '\(name)' can't be read, those of null, "
                        + "deflate, snappy and zstandard can"))
        }
        self = codec
    }
}
