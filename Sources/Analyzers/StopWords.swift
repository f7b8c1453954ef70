/// Lists words that are in nearly every text.
enum StopWords {
    /// The words that Lucene and Tantivy leave out of English.
    static let english = Set(
        """
        a an and are as at be but by for if in into is it no not of on or such that the their then \
        there these they this to was will with
        """.split(separator: " ").map { Array($0.utf8) })
}
