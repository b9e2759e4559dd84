import SystemCalls
import Testing

@Suite struct SizeTests {
    @Test(
        arguments: [
            (1, 2, 3, -1), (.max, 1, .max, .max - 1), (.max, .max, .max, 0), (.min, -1, .min, .min + 1),
            (.min, 1, .min + 1, .min), (0, .min, .min, .max),
        ] as [(Int64, Int64, Int64, Int64)])
    func sumsOfSizesStopAtTheLargestNumber(size: Int64, other: Int64, sum: Int64, difference: Int64) {
        #expect(Size(size) + Size(other) == Size(sum))
        #expect(Size(size) - Size(other) == Size(difference))
        var changed = Size(size)
        changed += Size(other)
        #expect(changed.bytes == sum)
    }

    @Test func theTotalOfHostileSizesIsTheLargestNumber() {
        #expect([Size(.max), 1, Size(.max)].total { $0 } == Size(.max))
        #expect([Size]().total { $0 } == 0)
    }
}
