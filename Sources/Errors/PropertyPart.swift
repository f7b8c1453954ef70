// What an error is about that arises where nobody knows the statement: a property or option of it.

/// Names a part of a property.
package enum PropertyPart: Sendable, Equatable {
    case name(String)
    /// The value of the property of that name.
    case value(of: String)
}
