import StarlingMemory

/// Is the dictionary of one part of a column, and that of the whole column where this is small.
package struct SharedDictionary: Sendable {
    /// The values of the part and no others.
    package let own: VectorDictionary
    /// What the part's rows become codes of; it may have values that the part lacks.
    package let all: VectorDictionary
    /// The codes in `all` of the values of the part, in their order; nil where they are the same.
    package let codes: Buffer?

    init(own: VectorDictionary, all: VectorDictionary, codes: Buffer?) {
        self.own = own
        self.all = all
        self.codes = codes
    }

    /// Shares with no other part; nil where a value occurs twice.
    package init?(_ values: Vector) {
        let order = DictionaryOrder(values)
        guard order != .hasDuplicates else { return nil }
        own = VectorDictionary(values: values, isSorted: order == .ascending)
        all = own
        codes = nil
    }
}
