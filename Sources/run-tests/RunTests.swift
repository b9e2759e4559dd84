import RunTestsCommands

@main
struct RunTests {
    static func main() async {
        await RunTestsCommand.runProgram()
    }
}
