// Brings a document into canonical form, and finds out on the way whether it is one.
//
//  1. The text is walked once; scalars and brackets are written as they come, with a blank behind
//     each colon and comma.
//  2. Of each object the places of its members in the output are kept. Where keys come out of
//     order, the members are sorted and written again. Of equal keys the first one stays, which is
//     also the one that a path finds.

import StarlingMemory

package struct DocumentWriter {
    /// A member in the output: from its key's quote to the end of its value.
    private struct Member {
        var start: Int
        var keyEnd: Int
        var end: Int
    }

    /// Longer documents are refused, as StarRocks does.
    package static let byteMaximum = 16 << 20
    /// Deeper documents are refused.
    package static let depthMaximum = 1_024

    /// How many bytes a byte of text can become at most: `1e20` has 21 digits.
    private static let growth = 6
    /// What strings may write behind their end.
    private static let slack = 64

    private var written = Buffer(byteCount: 4_096)
    private var moved: [UInt8] = []
    private var members: [Member] = []

    package init() {}

    /// Appends the canonical form of a text; returns false, with nothing appended, where it isn't
    /// JSON.
    package mutating func append(
        _ text: UnsafeRawBufferPointer, to output: inout [UInt8]
    ) -> Bool {
        guard let base = text.baseAddress, text.count <= Self.byteMaximum else { return false }
        let byteCount = text.count * Self.growth + Self.slack
        if byteCount > written.byteCount { written = Buffer(byteCount: byteCount) }
        members.removeAll(keepingCapacity: true)
        var walk = DocumentWalk(
            text: base.assumingMemoryBound(to: UInt8.self), count: text.count,
            output: written.pointer(to: UInt8.self))
        guard value(&walk, depth: 0) else { return false }
        walk.skipSpace()
        guard walk.position == walk.count else { return false }
        output.append(contentsOf: UnsafeBufferPointer(start: walk.output, count: walk.end))
        withExtendedLifetime(written) {}
        return true
    }

    private mutating func value(_ walk: inout DocumentWalk, depth: Int) -> Bool {
        walk.skipSpace()
        guard depth < Self.depthMaximum, walk.position < walk.count else { return false }
        switch walk.text[walk.position] {
        case UInt8(ascii: "{"): return object(&walk, depth: depth)
        case UInt8(ascii: "["): return array(&walk, depth: depth)
        case UInt8(ascii: "\""): return walk.string()
        case UInt8(ascii: "t"): return walk.word("true")
        case UInt8(ascii: "f"): return walk.word("false")
        case UInt8(ascii: "n"): return walk.word("null")
        default: return walk.number()
        }
    }

    private mutating func array(_ walk: inout DocumentWalk, depth: Int) -> Bool {
        walk.put("[")
        walk.position &+= 1
        walk.skipSpace()
        if walk.accept("]") {
            walk.put("]")
            return true
        }
        while true {
            guard value(&walk, depth: depth + 1) else { return false }
            walk.skipSpace()
            if walk.accept("]") { break }
            guard walk.accept(",") else { return false }
            walk.put(",")
            walk.put(" ")
        }
        walk.put("]")
        return true
    }

    private mutating func object(_ walk: inout DocumentWalk, depth: Int) -> Bool {
        walk.put("{")
        walk.position &+= 1
        let first = members.count
        let start = walk.end
        walk.skipSpace()
        if walk.accept("}") {
            walk.put("}")
            return true
        }
        while true {
            walk.skipSpace()
            var member = Member(start: walk.end, keyEnd: 0, end: 0)
            guard walk.position < walk.count,
                walk.text[walk.position] == UInt8(ascii: "\""), walk.string()
            else { return false }
            member.keyEnd = walk.end
            walk.skipSpace()
            guard walk.accept(":") else { return false }
            walk.put(":")
            walk.put(" ")
            guard value(&walk, depth: depth + 1) else { return false }
            member.end = walk.end
            members.append(member)
            walk.skipSpace()
            if walk.accept("}") { break }
            guard walk.accept(",") else { return false }
            walk.put(",")
            walk.put(" ")
        }
        if !isSorted(from: first, walk.output) { sort(from: first, start: start, &walk) }
        members.removeLast(members.count - first)
        walk.put("}")
        return true
    }

    // MARK: Order of keys

    /// Orders keys as written, between their quotes.
    @inline(__always)
    private static func order(
        _ left: Member, _ right: Member, _ output: UnsafeMutablePointer<UInt8>
    ) -> Int {
        let leftCount = left.keyEnd &- left.start &- 2
        let rightCount = right.keyEnd &- right.start &- 2
        let shared = min(leftCount, rightCount)
        let order =
            shared == 0
            ? 0 : compareBytes(output + left.start + 1, output + right.start + 1, shared)
        return order == 0 ? leftCount &- rightCount : order
    }

    private func isSorted(from first: Int, _ output: UnsafeMutablePointer<UInt8>) -> Bool {
        var index = first &+ 1
        while index < members.count {
            if Self.order(members[index &- 1], members[index], output) >= 0 { return false }
            index &+= 1
        }
        return true
    }

    private mutating func sort(from first: Int, start: Int, _ walk: inout DocumentWalk) {
        let output = walk.output
        if members.count - first <= 32 {
            // Few members are moved into place one by one, equal ones in the order they came in.
            for index in (first + 1)..<members.count {
                let member = members[index]
                var place = index
                while place > first, Self.order(members[place - 1], member, output) > 0 {
                    members[place] = members[place - 1]
                    place -= 1
                }
                members[place] = member
            }
        } else {
            members[first...].sort { left, right in
                let order = Self.order(left, right, output)
                return order == 0 ? left.start < right.start : order < 0
            }
        }
        moved.removeAll(keepingCapacity: true)
        for index in first..<members.count {
            let member = members[index]
            if index > first {
                if Self.order(members[index - 1], member, output) == 0 { continue }
                moved.append(UInt8(ascii: ","))
                moved.append(UInt8(ascii: " "))
            }
            moved.append(
                contentsOf: UnsafeBufferPointer(
                    start: output + member.start, count: member.end - member.start))
        }
        moved.withUnsafeBufferPointer { bytes in
            if let base = bytes.baseAddress {
                (output + start).update(from: base, count: bytes.count)
            }
        }
        walk.end = start + moved.count
    }
}
