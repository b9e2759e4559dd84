import CacheImageCommands

@main
struct CacheImage {
    static func main() async {
        await CacheImageCommand.runProgram()
    }
}
