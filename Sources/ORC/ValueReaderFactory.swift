// Makes the reader of a node from the streams that it has in a stripe.

import StarlingTypes
import StarlingVectors

/// Opens the streams of one stripe.
struct ValueReaderFactory {
    let file: ORCFile
    let stripe: ORCStripe
    let footer: StripeFooter
    let bytes: StripeBytes
    let decompressor: Decompressor
    let dictionaries: StripeDictionaries

    /// Opens a stream; one that is missing has no bytes.
    private func stream(_ kind: StripeFooter.StreamKind, _ node: ORCNode) -> ByteStream {
        let range = footer.range(kind, ofColumn: node.column) ?? 0..<0
        return ByteStream(bytes, decompressor, range: range)
    }

    private func integers(
        _ kind: StripeFooter.StreamKind, _ node: ORCNode, isSigned: Bool
    ) -> IntegerDecoder {
        IntegerDecoder(
            stream(kind, node), isVersion2: footer.encodings[node.column].isVersion2,
            isSigned: isSigned)
    }

    /// Makes the reader of a node, or of the structures that lead to a field of it.
    func reader(
        of node: ORCNode, _ path: ArraySlice<Int>, _ physicalType: PhysicalType,
        pool: DictionaryPool? = nil
    ) throws(ORCDamage) -> ValueReader {
        if node.isEncrypted {
            throw .unsupported("the column is encrypted; write the file without encryption")
        }
        guard footer.encodings[node.column].isKnown else {
            throw .unsupported("the column has an unknown encoding")
        }
        let presence = footer.range(.present, ofColumn: node.column).map { _ in
            stream(.present, node)
        }
        switch node.kind {
        case .structure where node.children.isEmpty:
            return EmptyStructureReader(node, .string, presence: presence)
        case .structure:
            var fields: [ValueReader] = []
            for (position, child) in node.children.enumerated() {
                if let first = path.first, first != position { continue }
                let isWanted = path.count == 1
                fields.append(
                    try reader(
                        of: child, path.dropFirst(),
                        isWanted ? physicalType : child.type.widestPhysicalType))
            }
            return StructureReader(node, presence: presence, fields)
        case .list, .map:
            return ListReader(
                node, presence: presence, lengths: integers(.length, node, isSigned: false),
                try children(of: node))
        case .union:
            return UnionReader(
                node, presence: presence, tags: stream(.data, node), try children(of: node))
        case .float, .double:
            return try FloatingReader(node, physicalType, presence: presence, stream(.data, node))
        case .string, .varchar, .char, .binary, .geometry, .geography:
            guard physicalType == .string else {
                throw ORCDamage("a column was asked for as \(physicalType), which it can't be")
            }
            return textReader(node, presence, pool)
        default:
            return try NumberReader(node, physicalType, presence: presence, try source(node))
        }
    }

    private func children(of node: ORCNode) throws(ORCDamage) -> [ValueReader] {
        var result: [ValueReader] = []
        for child in node.children {
            result.append(try reader(of: child, [], child.type.widestPhysicalType))
        }
        return result
    }

    private func textReader(
        _ node: ORCNode, _ presence: ByteStream?, _ pool: DictionaryPool?
    ) -> ValueReader {
        let encoding = footer.encodings[node.column]
        let lengths = integers(.length, node, isSigned: false)
        guard encoding.isDictionary else {
            return TextReader(node, presence: presence, stream(.data, node), lengths: lengths)
        }
        return DictionaryTextReader(
            node, presence: presence, codes: integers(.data, node, isSigned: false),
            lengths: lengths, bytes: stream(.dictionaryData, node),
            valueCount: encoding.dictionaryValueCount,
            codeCountMax: max(256, min(stripe.rowCount / 8, 1 << 14)), pool: pool,
            shared: dictionaries)
    }

    private func source(_ node: ORCNode) throws(ORCDamage) -> NumberSource {
        let isHybrid = file.statisticsReader.isHybrid
        switch node.kind {
        case .boolean: return BitSource(stream(.data, node))
        case .byte: return ByteSource(stream(.data, node))
        case .date:
            return DateSource(integers(.data, node, isSigned: true), isHybrid: isHybrid)
        case .timestamp, .instant:
            return TimestampSource(
                seconds: integers(.data, node, isSigned: true),
                nanoseconds: integers(.secondary, node, isSigned: false), isHybrid: isHybrid,
                zone: node.kind == .instant
                    ? nil : try TimeZoneRules.rules(named: footer.timeZone))
        case .decimal:
            return DecimalSource(
                stream(.data, node), scales: integers(.secondary, node, isSigned: true),
                scale: node.type.scale, isWide: node.type.widestPhysicalType == .int128)
        default: return integers(.data, node, isSigned: true)
        }
    }
}
