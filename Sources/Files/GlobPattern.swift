// Patterns of file names as shells know them: `*`, `?`, `[a-z]`, `[!a-z]`, `**` for any folders,
// `{a,b}` for alternatives. A backslash takes the meaning from the next character.

/// Matches one component of a path (the text between slashes).
struct GlobPattern {
    private enum Piece {
        case literal(UInt8)
        case anyOne
        case anyNumber
        case set(members: [ClosedRange<UInt8>], isNegated: Bool)
    }

    private var pieces: [Piece] = []
    /// True where the text has no special characters: it names one file.
    let isLiteral: Bool
    let text: String

    init(_ text: String) {
        self.text = text
        let bytes = Array(text.utf8)
        var index = 0
        var isLiteral = true
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "*"):
                pieces.append(.anyNumber)
                isLiteral = false
            case UInt8(ascii: "?"):
                pieces.append(.anyOne)
                isLiteral = false
            case UInt8(ascii: "["):
                if let (piece, next) = Self.readSet(bytes, from: index) {
                    pieces.append(piece)
                    index = next
                    isLiteral = false
                } else {
                    pieces.append(.literal(byte))
                }
            case UInt8(ascii: "\\") where index < bytes.count:
                pieces.append(.literal(bytes[index]))
                index += 1
                isLiteral = false
            default: pieces.append(.literal(byte))
            }
        }
        self.isLiteral = isLiteral
    }

    /// Reads what stands between brackets; nil where the closing one is missing.
    private static func readSet(_ bytes: [UInt8], from start: Int) -> (Piece, Int)? {
        var index = start
        var isNegated = false
        if index < bytes.count,
            bytes[index] == UInt8(ascii: "!") || bytes[index] == UInt8(ascii: "^")
        {
            isNegated = true
            index += 1
        }
        var members: [ClosedRange<UInt8>] = []
        while index < bytes.count {
            let low = bytes[index]
            if low == UInt8(ascii: "]"), !members.isEmpty {
                return (.set(members: members, isNegated: isNegated), index + 1)
            }
            let isRange =
                index + 2 < bytes.count && bytes[index + 1] == UInt8(ascii: "-")
                && bytes[index + 2] != UInt8(ascii: "]")
            if isRange {
                let high = bytes[index + 2]
                if low <= high { members.append(low...high) }
                index += 3
            } else {
                members.append(low...low)
                index += 1
            }
        }
        return nil
    }

    /// Tells whether `name` matches; a leading dot must be matched by a dot.
    func matches(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        if bytes.first == UInt8(ascii: ".") {
            guard case .literal(UInt8(ascii: "."))? = pieces.first else { return false }
        }
        // Backtracks to the last star only, which is enough and keeps the cost at n × m.
        var piece = 0
        var byte = 0
        var retry: (piece: Int, byte: Int)?
        while byte < bytes.count {
            if piece < pieces.count, case .anyNumber = pieces[piece] {
                retry = (piece, byte)
                piece += 1
            } else if piece < pieces.count, Self.accepts(pieces[piece], bytes, &byte) {
                piece += 1
            } else if let last = retry {
                retry = (last.piece, last.byte + 1)
                piece = last.piece + 1
                byte = last.byte + 1
            } else {
                return false
            }
        }
        while piece < pieces.count, case .anyNumber = pieces[piece] { piece += 1 }
        return piece == pieces.count
    }

    private static func accepts(_ piece: Piece, _ bytes: [UInt8], _ index: inout Int) -> Bool {
        let byte = bytes[index]
        switch piece {
        case .literal(let wanted):
            guard byte == wanted else { return false }
            index += 1
        case .anyOne:
            index += 1
            // A character of several bytes is one character.
            while index < bytes.count, bytes[index] & 0xC0 == 0x80 { index += 1 }
        case .set(let members, let isNegated):
            guard members.contains(where: { $0.contains(byte) }) != isNegated else { return false }
            index += 1
        case .anyNumber: return false
        }
        return true
    }

    /// Replaces `{a,b}` by the alternatives; nested braces multiply out, up to 1,024 texts.
    static func expandingBraces(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        guard let open = bytes.firstIndex(of: UInt8(ascii: "{")) else { return [text] }
        var depth = 0
        var cuts: [Int] = [open]
        for index in open..<bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: ",") where depth == 1: cuts.append(index)
            default: break
            }
            guard depth == 0 else { continue }
            if cuts.count == 1 { return [text] }
            cuts.append(index)
            let head = bytes[..<open]
            let tail = bytes[(index + 1)...]
            var result: [String] = []
            for (start, end) in zip(cuts, cuts.dropFirst()) where result.count < 1_024 {
                let all = head + bytes[(start + 1)..<end] + tail
                result += expandingBraces(String(decoding: all, as: UTF8.self))
            }
            return result
        }
        return [text]
    }
}
