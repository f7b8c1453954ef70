// Values of a column as text.

import StarlingTypes
import StarlingVectors

/// Renders the values of one vector.
struct FieldText {
    private let vector: Vector
    private let view: DecodedVector
    private let type: LogicalType

    init(_ vector: Vector, _ type: LogicalType) {
        self.vector = vector
        self.type = type
        view = DecodedVector(vector)
    }

    func isValid(_ row: Int) -> Bool { view.isValid(row) }

    /// False for values whose text has digits, points and letters only.
    var mayNeedQuotes: Bool { !vector.physicalType.isInteger || type.isTemporal }

    private func integer(_ row: Int) -> Int128? {
        switch vector.physicalType {
        case .int8: Int128(view.value(row, as: Int8.self))
        case .int16: Int128(view.value(row, as: Int16.self))
        case .int32: Int128(view.value(row, as: Int32.self))
        case .int64: Int128(view.value(row, as: Int64.self))
        case .int128: view.value(row, as: Int128.self)
        default: nil
        }
    }

    /// Appends a value that is not NULL.
    func append(_ row: Int, to text: inout [UInt8]) {
        if vector.physicalType == .string, !type.isOpaque {
            view.value(row, as: StringReference.self).withBytes { bytes in
                // Text is UTF-8, which bytes may not be.
                if type == .varbinary {
                    Value.appendHexadecimal(Array(bytes), to: &text)
                } else {
                    text += bytes
                }
            }
            return
        }
        if type == .boolean {
            text += Array((integer(row) == 0 ? "false" : "true").utf8)
            return
        }
        if type.isNested {
            vector.value(at: row).appendDocument(as: type, to: &text)
        } else if let number = integer(row) {
            Value.integer(number).appendText(as: type, to: &text)
        } else {
            vector.value(at: row).appendText(as: type, to: &text)
        }
    }

    /// Appends a value, NULL included, as JSON.
    func appendJSON(_ row: Int, to text: inout [UInt8]) {
        guard isValid(row) else {
            text += Array("null".utf8)
            return
        }
        switch type {
        case .json: view.value(row, as: StringReference.self).withBytes { text += $0 }
        case .decimal, .largeint: append(row, to: &text)
        default: vector.value(at: row).appendDocument(as: type, to: &text)
        }
    }
}
