import ImageComposerCommands

@main
struct ImageComposer {
    static func main() async {
        await ImageComposerCommand.runProgram()
    }
}
