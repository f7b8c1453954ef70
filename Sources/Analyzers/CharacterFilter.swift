// What happens to the characters of a text before it is cut into terms.

/// Changes texts as they are searched.
package enum CharacterFilter: Sendable, Hashable {
    /// Puts texts in the place of others, longer ones first.
    case replacements([Replacement])
    case form(UnicodeForm)

    /// Is a text that stands for another one.
    package struct Replacement: Sendable, Hashable {
        package var old: [UInt8]
        package var new: [UInt8]

        package init(_ old: [UInt8], by new: [UInt8]) {
            self.old = old
            self.new = new
        }
    }

    /// Puts the replacements into the order in which they are tried.
    var prepared: CharacterFilter {
        guard case .replacements(let all) = self else { return self }
        return .replacements(all.sorted { $0.old.count > $1.old.count })
    }

    /// Changes a text; nil where it stays as it is.
    func changed(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        switch self {
        case .replacements(let all): Self.replaced(text, all)
        case .form(let form): form.normalized(text)
        }
    }

    private static func replaced(
        _ text: UnsafeRawBufferPointer, _ replacements: [Replacement]
    ) -> [UInt8]? {
        var result: [UInt8] = []
        var isChanged = false
        var place = 0
        while place < text.count {
            let known = replacements.first { replacement in
                replacement.old.count <= text.count - place
                    && text[place..<(place + replacement.old.count)].elementsEqual(replacement.old)
            }
            if let known, !known.old.isEmpty {
                result += known.new
                isChanged = true
                place += known.old.count
            } else {
                result.append(text[place])
                place += 1
            }
        }
        return isChanged ? result : nil
    }
}

extension [CharacterFilter] {
    /// Changes a text by one after the other; nil where it stays as it is.
    func changed(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        var result: [UInt8]?
        for filter in self {
            result =
                result.map { $0.withUnsafeBytes { filter.changed($0) } ?? $0 }
                ?? filter.changed(text)
        }
        return result
    }
}
