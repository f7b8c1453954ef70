// Paths as the keys that they begin with and what comes behind these: what is stored as columns is
// known by its keys.

extension DocumentPath {
    /// Leads from object to object.
    package init(keys: [[UInt8]]) {
        self.init()
        for key in keys { append(key: key) }
    }

    /// The keys up to the first step that is something else.
    package var leadingKeys: [[UInt8]] { Self.keys(steps[...], among: keys) }

    /// The keys behind the step that leads from the leading keys to elements of an array, up to the
    /// next step of another kind; none where there is no such step.
    package var keysInElements: [[UInt8]] {
        let rest = steps[leadingKeys.count...]
        switch rest.first {
        case .element, .allElements, .slice: return Self.keys(rest.dropFirst(), among: keys)
        default: return []
        }
    }

    /// Which elements that step leads to.
    package var elementsRead: Range<Int> {
        switch steps[leadingKeys.count...].first {
        case .element(let index) where index < .max: index..<(index + 1)
        case .slice(let range): range
        default: 0..<Int.max
        }
    }

    /// True where one element is all that follows the leading keys.
    package var endsAtElement: Bool {
        let rest = steps[leadingKeys.count...]
        if case .element = rest.first { return rest.count == 1 } else { return false }
    }

    /// The keys that steps begin with.
    private static func keys(_ steps: ArraySlice<Step>, among keys: [UInt8]) -> [[UInt8]] {
        var result: [[UInt8]] = []
        for step in steps {
            guard case .key(let start, let count) = step else { break }
            result.append(Array(keys[start..<start + count]))
        }
        return result
    }

    /// The text of the path that leads on from where the leading keys end; nil where it has
    /// conditions.
    package var textBehindLeadingKeys: [UInt8]? {
        var text = Array("$".utf8)
        for step in steps[leadingKeys.count...] {
            // Behind `..` a key needs no point.
            let point = text.suffix(2) == Array("..".utf8) ? "" : "."
            switch step {
            case .key(let start, let count):
                text += point.utf8
                appendPathKey(Array(keys[start..<start + count]), to: &text)
            case .element(let index): text += Array("[\(index)]".utf8)
            case .allElements: text += Array("[*]".utf8)
            case .allMembers: text += "\(point)*".utf8
            case .descendants: text += Array("..".utf8)
            case .slice(let range): text += Array("[\(range.lowerBound):\(range.upperBound)]".utf8)
            case .filter: return nil
            }
        }
        return text
    }
}

/// Appends a key as paths have it, in quotes where it has to be.
package func appendPathKey(_ key: [UInt8], to text: inout [UInt8]) {
    let isPlain = key.allSatisfy { byte in
        byte >= 0x80 || byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte)
            || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
    guard key.isEmpty || !isPlain else {
        text += key
        return
    }
    text.append(UInt8(ascii: "\""))
    for byte in key {
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
            text.append(UInt8(ascii: "\\"))
        }
        text.append(byte)
    }
    text.append(UInt8(ascii: "\""))
}

/// Writes keys as a path: `a.b."c.d"`.
package func pathText(_ keys: [[UInt8]]) -> String {
    var text: [UInt8] = []
    for (position, key) in keys.enumerated() {
        if position > 0 { text.append(UInt8(ascii: ".")) }
        appendPathKey(key, to: &text)
    }
    return String(decoding: text, as: UTF8.self)
}
