// Bytes of a terminal to keys: a state machine, since a key may arrive in pieces. It knows UTF-8,
// the control sequences of xterm and its relatives, and bracketed paste.

/// Turns bytes into keys.
package struct KeyDecoder {
    private enum State: Equatable {
        case ground
        case escape
        /// Behind `ESC [`, with the bytes up to the final one.
        case sequence([UInt8])
        /// Behind `ESC O`.
        case single
        case character([UInt8], byteCount: Int)
        case paste([UInt8])
    }

    private static let pasteEnd = Array("\u{1B}[201~".utf8)
    private var state = State.ground

    package init() {}

    /// Tells that an escape was read that is a key of its own if nothing follows soon.
    package var awaitsSequence: Bool {
        switch state {
        case .escape, .sequence, .single: true
        default: false
        }
    }

    /// Takes a byte; returns a key where it completes one.
    package mutating func feed(_ byte: UInt8) -> Key? {
        switch state {
        case .ground: return begin(byte)
        case .escape: return afterEscape(byte)
        case .single:
            state = .ground
            return Self.movement(byte, isByWord: false)
        case .sequence(var bytes):
            guard !(0x40...0x7E).contains(byte) else {
                state = .ground
                return complete(bytes, final: byte)
            }
            bytes.append(byte)
            // No key sends more; it is noise.
            state = bytes.count > 32 ? .ground : .sequence(bytes)
            return nil
        case .character(var bytes, let byteCount):
            guard byte & 0xC0 == 0x80 else {
                state = .ground
                return begin(byte)
            }
            bytes.append(byte)
            guard bytes.count == byteCount else {
                state = .character(bytes, byteCount: byteCount)
                return nil
            }
            state = .ground
            return .text(String(decoding: bytes, as: UTF8.self))
        case .paste(var bytes):
            // Frees the state's copy, so that appending does not copy all bytes.
            state = .ground
            bytes.append(byte)
            guard byte == UInt8(ascii: "~"), bytes.suffix(6) == Self.pasteEnd[...] else {
                state = .paste(bytes)
                return nil
            }
            return .paste(String(decoding: bytes.dropLast(6), as: UTF8.self))
        }
    }

    /// Ends the wait for the rest of a sequence.
    package mutating func timeOut() -> Key? {
        guard awaitsSequence else { return nil }
        let key: Key = state == .escape ? .escape : .other
        state = .ground
        return key
    }

    private mutating func begin(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x1B:
            state = .escape
            return nil
        case 0x0D, 0x0A: return .enter
        case 0x09: return .tab
        case 0x7F, 0x08: return .backspace
        case 0x00..<0x20:
            let upper = Character(Unicode.Scalar(byte + 0x40))
            return .control(upper.lowercased().first ?? upper)
        case 0x20..<0x7F: return .text(String(Unicode.Scalar(byte)))
        case 0xC2..<0xE0: return begin(byte, byteCount: 2)
        case 0xE0..<0xF0: return begin(byte, byteCount: 3)
        case 0xF0..<0xF5: return begin(byte, byteCount: 4)
        default: return .other
        }
    }

    private mutating func begin(_ byte: UInt8, byteCount: Int) -> Key? {
        state = .character([byte], byteCount: byteCount)
        return nil
    }

    private mutating func afterEscape(_ byte: UInt8) -> Key? {
        state = .ground
        switch byte {
        case UInt8(ascii: "["): state = .sequence([])
        case UInt8(ascii: "O"): state = .single
        case 0x1B:
            state = .escape
            return .escape
        case 0x0D, 0x0A: return .newline
        case 0x7F, 0x08: return .deleteWordLeft
        case UInt8(ascii: "b"): return .wordLeft
        case UInt8(ascii: "f"): return .wordRight
        case UInt8(ascii: "d"): return .deleteWordRight
        default: return .other
        }
        return nil
    }

    private mutating func complete(_ bytes: [UInt8], final: UInt8) -> Key? {
        let numbers = String(decoding: bytes, as: UTF8.self)
            .split(separator: ";", omittingEmptySubsequences: false)
            .map { Int($0) ?? 0 }
        // Shift, Alt and Ctrl count 1, 2 and 4, and one is added.
        let isByWord = numbers.count > 1 && (numbers[1] &- 1) & 6 != 0
        guard final == UInt8(ascii: "~") else {
            return Self.movement(final, isByWord: isByWord)
        }
        switch numbers.first {
        case 1, 7: return .home
        case 4, 8: return .end
        case 3: return isByWord ? .deleteWordRight : .delete
        case 5: return .pageUp
        case 6: return .pageDown
        case 200:
            state = .paste([])
            return nil
        default: return .other
        }
    }

    private static func movement(_ final: UInt8, isByWord: Bool) -> Key {
        switch final {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): isByWord ? .wordRight : .right
        case UInt8(ascii: "D"): isByWord ? .wordLeft : .left
        case UInt8(ascii: "H"): .home
        case UInt8(ascii: "F"): .end
        case UInt8(ascii: "Z"): .backTab
        case UInt8(ascii: "M"): .enter
        default: .other
        }
    }
}
