// What holds the values of a place in several files.

import StarlingTypes

extension ValueShape {
    /// Returns the shape that all values of both can be read as.
    func merged(with other: ValueShape) -> ValueShape {
        var result = unmarked(mergedWith: other)
        result.isFromSample = isFromSample || other.isFromSample
        return result
    }

    private func unmarked(mergedWith other: ValueShape) -> ValueShape {
        if isUnseen { return other }
        if other.isUnseen { return self }
        switch (type, other.type) {
        case (.structure, .structure): return mergedFields(with: other)
        case (.array, .array):
            return ValueShape(elements: children[0].merged(with: other.children[0]))
        case (.json, _), (_, .json): return ValueShape(.json)
        default: break
        }
        if type == other.type {
            let areAlike = pattern == other.pattern && isInstant == other.isInstant
            return areAlike ? self : ValueShape(.string)
        }
        if type.isNested || other.type.isNested { return ValueShape(.json) }
        // 5 and "5" are not the same.
        let areAlike = isText == other.isText && (type == .boolean) == (other.type == .boolean)
        guard areAlike else { return ValueShape(.json) }
        let isSpecial = pattern != nil || isInstant || other.pattern != nil || other.isInstant
        if isSpecial { return ValueShape(.string) }
        let areNumbers =
            type.isNumeric && other.type.isNumeric && type != .boolean && other.type != .boolean
        if areNumbers || (type.isTemporal && other.type.isTemporal),
            let common = LogicalType.keepingType(type, other.type)
        {
            return ValueShape(common)
        }
        return ValueShape(.string)
    }

    /// True for values that are strings in JSON.
    private var isText: Bool { type.isString || type.isTemporal }

    /// Puts the fields of the other behind those of this one, by their keys.
    private func mergedFields(with other: ValueShape) -> ValueShape {
        var fields = zip(keys, children).map { (key: $0, shape: $1) }
        for (key, shape) in zip(other.keys, other.children) {
            if let known = fields.firstIndex(where: { $0.key == key }) {
                fields[known].shape = fields[known].shape.merged(with: shape)
            } else {
                fields.append((key, shape))
            }
        }
        return ValueShape(fields: fields)
    }
}
