// Whether one document is contained in another, as StarRocks' json_contains has it: an object
// contains one with some of its members, an array contains single values and arrays of some of its
// elements, and elements are compared as wholes.

extension DocumentValue {
    /// Tells whether this document contains another; both are in canonical form.
    package func contains(_ other: DocumentValue) -> Bool {
        switch (kind, other.kind) {
        case (.object, .object):
            var members = DocumentParts(other)
            while let wanted = members.next() {
                var key: [UInt8] = []
                wanted.appendKey(to: &key)
                guard let own = key.withUnsafeBytes({ member($0) }),
                    own.contains(wanted.value)
                else { return false }
            }
            return true
        case (.array, .array):
            var elements = DocumentParts(other)
            while let wanted = elements.next() {
                guard hasElement(wanted.value) else { return false }
            }
            return true
        case (.array, _): return hasElement(other)
        default: return isEqual(to: other)
        }
    }

    private func hasElement(_ other: DocumentValue) -> Bool {
        var elements = DocumentParts(self)
        while let element = elements.next() {
            if element.value.isEqual(to: other) { return true }
        }
        return false
    }

    /// Compares documents in canonical form.
    package func isEqual(to other: DocumentValue) -> Bool {
        bytes.elementsEqual(other.bytes)
    }
}
