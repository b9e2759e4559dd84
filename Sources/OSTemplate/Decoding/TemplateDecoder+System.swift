import SystemCalls
import SystemPackage

extension TemplateDecoder {
    /// `systemConfig`; the name is empty where it is not written.
    mutating func readSystem(imageName: String) -> SystemConfig {
        var system = SystemConfig()
        system.name = ""
        guard let map = root.map("systemConfig") else { return system }
        system.name = optional(map, "name", PlainText.fileName) ?? ""
        system.hostname = optional(map, "hostname", PlainText.hostName)
        var known: Set<String> = []
        system.packages = map.texts("packages", PlainText.package).filter { known.insert($0).inserted }
        if let kernel = map.map("kernel") { system.kernel = readKernel(kernel) }
        system.bootloader = map.map("bootloader").flatMap { readBootloader($0) }
        system.users = readUsers(map, imageName: imageName)
        system.additionalFiles = readFiles(map)
        system.configurations = map.maps("configurations").compactMap { element in
            guard let command = element.required("cmd") else { return nil }
            if command.allSatisfy(\.isWhitespace) {
                element.mistake("cmd", "is empty", hint: "write a command, or remove it")
                return nil
            }
            return command
        }
        return system
    }

    private func readKernel(_ map: MapReader) -> SystemConfig.Kernel {
        var kernel = SystemConfig.Kernel()
        kernel.version = optional(map, "version", PlainText.version)
        kernel.cmdline = optional(map, "cmdline", PlainText.line) ?? ""
        var known: Set<String> = []
        kernel.packages = map.texts("packages", PlainText.package).filter { known.insert($0).inserted }
        return kernel
    }

    private func readBootloader(_ map: MapReader) -> SystemConfig.Bootloader? {
        let type = map.text("bootType") ?? "efi"
        let provider = map.text("provider") ?? "systemd-boot"
        if type != "efi" {
            map.mistake(
                "bootType", "\(Printable.quoted(Printable.escaped(type))) is not supported", hint: "write bootType: efi"
            )
        }
        if provider != "systemd-boot" {
            map.mistake(
                "provider", "\(Printable.quoted(Printable.escaped(provider))) is not supported",
                hint: "write provider: systemd-boot")
        }
        return .init(bootType: .efi, provider: provider)
    }

    private mutating func readFiles(_ map: MapReader) -> [SystemConfig.AdditionalFile] {
        var finals: Set<String> = []
        var result: [SystemConfig.AdditionalFile] = []
        for element in map.maps("additionalFiles") {
            let final = element.required("final")
            let local = element.required("local")
            guard let final, let local, passes(element, "final", final, PlainText.absolutePath) else { continue }
            if final.hasSuffix("/") {
                element.mistake("final", "has to name a file, not a folder", hint: "add the name of the file to final")
                continue
            }
            if !finals.insert(final).inserted {
                element.mistake("final", "\(Printable.quoted(final)) occurs twice", hint: "remove one of them")
                continue
            }
            guard let path = localFile(element, "local", local) else { continue }
            result.append(.init(local: path, final: FilePath(final)))
            writtenFiles.append(local)
        }
        return result
    }

    /// A regular file of this machine; links are resolved.
    mutating func localFile(_ map: MapReader, _ key: String, _ text: String) -> FilePath? {
        let place = map.value(key)?.place ?? map.place
        do throws(SystemError) {
            let path = try Files.realPath(place.file.folder.pushing(FilePath(text)))
            guard let kind = try FileStatus.of(path)?.kind, kind == .file else {
                map.mistake(
                    key, "\(Printable.quoted(Printable.escaped(text))) is no regular file",
                    hint: "name a file; each file of a folder is an element of its own")
                return nil
            }
            localFiles.append(path)
            return path
        } catch {
            map.mistake(
                key, "\(Printable.quoted(Printable.escaped(text))) cannot be read: \(error.reason)",
                hint: "name a file that exists, from the folder of \(Printable.escaped(place.file.name))")
            return nil
        }
    }
}
