/// Names files as a statement does.
struct FileReference: Hashable {
    let path: String
    let options: [String: String]
}
