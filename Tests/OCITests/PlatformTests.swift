import OCI
import Testing

@Suite struct PlatformTests {
    private static let arm = Platform(architecture: "arm", variant: "v6")

    /// A text, and what it is in our words and in a Dockerfile's; nil where it is refused.
    private static let texts: [(String, String?, String?)] = [
        ("linux/amd64", "linux/amd64", "linux/amd64"), ("LINUX/AMD64", "linux/amd64", "linux/amd64"),
        ("linux/x86_64", "linux/amd64", "linux/amd64"), ("linux/x86-64", "linux/amd64", "linux/amd64"),
        ("linux/amd64/v1", "linux/amd64", "linux/amd64"), ("linux/amd64/v3", "linux/amd64/v3", "linux/amd64/v3"),
        ("linux/aarch64", "linux/arm64", "linux/arm64"), ("linux/arm64/8", "linux/arm64", "linux/arm64"),
        ("linux/arm64/v8", "linux/arm64", "linux/arm64"), ("linux/arm64/v9", "linux/arm64/v9", "linux/arm64/v9"),
        ("linux/arm", "linux/arm/v7", "linux/arm/v7"), ("linux/arm/6", "linux/arm/v6", "linux/arm/v6"),
        ("linux/armhf", "linux/arm/v7", "linux/arm/v7"), ("linux/armel", "linux/arm/v6", "linux/arm/v6"),
        ("linux/i386", "linux/386", "linux/386"), ("macos/arm64", "darwin/arm64", "darwin/arm64"),
        ("freebsd/riscv64", "freebsd/riscv64", "freebsd/riscv64"), ("linux/new", "linux/new", "linux/new"),
        // The kernel's names are no words of a Dockerfile.
        ("linux/i586", "linux/386", "linux/i586"), ("linux/i686", "linux/386", "linux/i686"),
        ("linux/armv7l", "linux/arm/v7", "linux/armv7l"), ("linux/armv6l", "linux/arm/v6", "linux/armv6l"),
        ("linux/amd64/2", "linux/amd64/v2", "linux/amd64/2"), ("linux/arm64/9", "linux/arm64/v9", "linux/arm64/9"),
        ("i686", "linux/386", nil),
        // Nor is a version of the system one of ours.
        ("windows(10.0.17763)/amd64", nil, "windows/amd64"), ("(x)/amd64", nil, nil),
        // A word alone.
        ("amd64", "linux/amd64", "linux/amd64"), ("aarch64", "linux/arm64", "linux/arm64"),
        ("arm", "linux/arm/v7", "linux/arm/v7"), ("s390x", "linux/s390x", "linux/s390x"),
        ("linux", "linux/arm/v6", "linux/arm/v6"), ("windows", "windows/arm/v6", "windows/arm/v6"),
        ("macos", "darwin/arm/v6", "darwin/arm/v6"), ("foo", nil, nil),
        // No platform.
        ("", nil, nil), ("/", nil, nil), ("linux/", nil, nil), ("/amd64", nil, nil), ("a b", nil, nil),
        ("linux/amd64/", nil, nil), ("a/b/c/d", nil, nil), ("linux/\u{212A}", nil, nil),
    ]

    @Test(arguments: texts)
    func aPlatformIsReadInItsUsualSpelling(text: String, ours: String?, dockerfiles: String?) {
        #expect((try? Platform(reading: text, .all, standard: Self.arm))?.description == ours)
        #expect((try? Platform(reading: text, .buildKit, standard: Self.arm))?.description == dockerfiles)
    }

    @Test(arguments: ["linux/amd64", "linux/arm/v7", "linux/386", "windows/arm64", "linux/i686", "linux/amd64/2"])
    func whatIsWrittenIsReadAsItself(text: String) throws {
        let platform = try Platform(reading: text, .buildKit)
        #expect(try Platform(reading: platform.description, .buildKit) == platform)
    }

    @Test func partsAreBroughtIntoTheSameForm() {
        #expect(Platform(os: "Linux", architecture: "X86_64", variant: "") == .linuxAMD64)
        #expect(Platform(architecture: "arm64", variant: "v8") == Platform(architecture: "aarch64"))
        #expect(Platform(architecture: "i386", variant: "x").variant == nil)
        #expect(Platform(architecture: "arm", variant: "v6").parts == ["linux", "arm", "v6"])
    }

    @Test func aSystemAloneIsThatOfThisMachine() throws {
        #expect(try Platform("linux") == .host)
        #expect(Platform.host.os == "linux")
    }

    @Test(arguments: [
        ("foo", "cannot read the platform foo: foo is neither an architecture nor a system; try linux/arm64"),
        (
            "a/b/c/d",
            "cannot read the platform a/b/c/d: a platform is OS/ARCH or OS/ARCH/VARIANT, such as linux/arm64"
        ),
    ])
    func anErrorSaysWhatToWrite(text: String, message: String) {
        let error = #expect(throws: OCIError.self) { try Platform(text) }
        #expect(error?.description == message)
    }
}
