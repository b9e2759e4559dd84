import Git
import Hashing
import SystemCalls
import SystemPackage

extension ObjectStore {
    /// Every object of the store itself, with the size of its file.
    package func allObjects() throws -> [Pointer] {
        guard Files.exists(objects) else { return [] }
        var found: [Pointer] = []
        for first in try Files.names(in: objects) {
            guard let second = try? Files.names(in: objects.appending(first)) else { continue }
            for folder in second {
                guard let names = try? Files.names(in: objects.appending(first).appending(folder)) else { continue }
                for name in names {
                    guard let oid = SHA256Digest(hexadecimal: name.string), let size = Self.size(path(of: oid)) else {
                        continue
                    }
                    found.append(Pointer(oid: oid, size: size))
                }
            }
        }
        return found
    }

    /// Whether other repositories may have their objects here: `lfs.storage` names a folder outside of this one's.
    package func mayBeShared(by repository: Repository) -> Bool {
        guard let real = try? Files.realPath(root), let common = try? Files.realPath(repository.commonDirectory) else {
            return !root.starts(with: repository.commonDirectory)
        }
        return !real.starts(with: common)
    }
}
