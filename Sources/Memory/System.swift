// What the process can use of the machine.

import CPlatform

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Counts the processors that this process may run on.
package func processorCount() -> Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

/// Counts the bytes of the machine's memory.
package func physicalMemoryByteCount() -> Int {
    max(1 << 30, Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE))))
}

/// Names the folder for temporary files.
package func temporaryFolder() -> String {
    if let folder = getenv("TMPDIR") { return String(cString: folder) }
    return P_tmpdir
}

/// Lets the allocator keep freed memory for the next query.
package func tuneAllocator() { starling_tune_allocator() }
