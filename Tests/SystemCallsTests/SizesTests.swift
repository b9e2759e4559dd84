import SystemCalls
import Testing

@Suite struct SizesTests {
    @Test(
        arguments: [
            (1, 2, 3, -1), (.max, 1, .max, .max - 1), (.max, .max, .max, 0), (.min, -1, .min, .min + 1),
            (.min, 1, .min + 1, .min), (0, .min, .min, .max),
        ] as [(Int64, Int64, Int64, Int64)])
    func sumsOfSizesStopAtTheLargestNumber(size: Int64, other: Int64, sum: Int64, difference: Int64) {
        #expect(size.plusSize(other) == sum)
        #expect(size.minusSize(other) == difference)
    }

    @Test func theTotalOfHostileSizesIsTheLargestNumber() {
        #expect([Int64.max, 1, .max].totalSize { $0 } == .max)
        #expect([Int64]().totalSize { $0 } == 0)
    }
}
