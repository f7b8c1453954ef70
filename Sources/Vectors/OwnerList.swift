/// Keeps several owners alive where a vector's strings point into more than one.
package final class OwnerList: Sendable {
    package let owners: [any Owner]

    init(_ owners: [any Owner]) { self.owners = owners }

    /// Returns one owner that stands for both.
    package static func joining(_ left: (any Owner)?, _ right: (any Owner)?) -> (any Owner)? {
        guard let left else { return right }
        guard let right, left !== right else { return left }
        if let list = left as? OwnerList {
            if list.owners.contains(where: { $0 === right }) { return list }
            return OwnerList(list.owners + [right])
        }
        return OwnerList([left, right])
    }
}
