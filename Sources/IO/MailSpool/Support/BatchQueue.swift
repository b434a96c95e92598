import Glibc

/// Hands elements from many threads to one or more, as many at a time as have gathered.
final class BatchQueue<Element: Sendable>: @unchecked Sendable {
    // `mutex` guards all that varies.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let arrived = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let taken = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let limit: Int
    private var elements: [Element] = []
    private var weight = 0
    private var isUrgent = false
    private var isClosed = false
    private var takers = 0
    // From which weight on a taker wants to be woken.
    private var wakeWeight = 1

    /// - Parameter limit: the weight from which `addWaiting` waits.
    init(limit: Int = .max) {
        self.limit = limit
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(arrived, &attributes)
        pthread_cond_init(taken, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(arrived)
        pthread_cond_destroy(taken)
        pthread_mutex_destroy(mutex)
        arrived.deallocate()
        taken.deallocate()
        mutex.deallocate()
    }

    /// Adds an element.
    ///
    /// - Parameters:
    ///   - weight: what it counts for where a taker gathers.
    ///   - isUrgent: whether a gathering taker shall stop waiting.
    /// - Returns: false if the queue is closed; the element is not taken then.
    @discardableResult
    func add(_ element: Element, weight: Int = 1, isUrgent: Bool = false) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return append(element, weight: weight, isUrgent: isUrgent)
    }

    /// As `add`, but first waits until there is room.
    @discardableResult
    func addWaiting(_ element: Element, weight: Int = 1) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while self.weight >= limit, !isClosed { pthread_cond_wait(taken, mutex) }
        return append(element, weight: weight, isUrgent: false)
    }

    private func append(_ element: Element, weight: Int, isUrgent: Bool) -> Bool {
        guard !isClosed else { return false }
        elements.append(element)
        self.weight += weight
        if isUrgent { self.isUrgent = true }
        if takers > 0, self.weight >= wakeWeight || isUrgent { pthread_cond_signal(arrived) }
        return true
    }

    /// Waits for an element and takes it; nil when the queue is closed and empty. Each weighs 1.
    func takeOne() -> Element? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while elements.isEmpty, !isClosed { wait(until: nil) }
        guard !elements.isEmpty else { return nil }
        weight -= 1
        return elements.removeFirst()
    }

    /// Waits for elements and takes all there are; nil when the queue is closed and empty.
    ///
    /// - Parameters:
    ///   - idle: milliseconds after which it returns with nothing; nil waits for ever.
    ///   - gather: milliseconds to wait for more, once there is one, until they weigh `weight`.
    func takeAll(idle: Int? = nil, gather: Int = 0, weight wanted: Int = 1) -> [Element]? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        let idleEnd = idle.map(Self.time(in:))
        while elements.isEmpty, !isClosed {
            guard wait(until: idleEnd) else { return [] }
        }
        if gather > 0 {
            let end = Self.time(in: gather)
            wakeWeight = wanted
            defer { wakeWeight = 1 }
            while weight < wanted, !isUrgent, !isClosed {
                guard wait(until: end) else { break }
            }
        }
        if elements.isEmpty { return isClosed ? nil : [] }
        defer {
            elements = []
            weight = 0
            isUrgent = false
            pthread_cond_broadcast(taken)
        }
        return elements
    }

    /// Lets nothing in any more. What is there can still be taken.
    func close() {
        pthread_mutex_lock(mutex)
        isClosed = true
        pthread_cond_broadcast(arrived)
        pthread_cond_broadcast(taken)
        pthread_mutex_unlock(mutex)
    }

    /// Waits for an arrival; false if the time came first.
    @discardableResult
    private func wait(until end: timespec?) -> Bool {
        takers += 1
        defer { takers -= 1 }
        guard var end else { return pthread_cond_wait(arrived, mutex) == 0 }
        return pthread_cond_timedwait(arrived, mutex, &end) != ETIMEDOUT
    }

    private static func time(in milliseconds: Int) -> timespec {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let nanoseconds = time.tv_nsec + milliseconds % 1_000 * 1_000_000
        time.tv_sec += milliseconds / 1_000 + nanoseconds / 1_000_000_000
        time.tv_nsec = nanoseconds % 1_000_000_000
        return time
    }
}
