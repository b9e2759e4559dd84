PREFIX ?= /usr/local

.PHONY: build test docs fmt check bench fuzz faults dist deb try-roots install uninstall clean

# The release programs, in .build/bin.
build:
	@ci/build

# Everything that has to pass before a change lands; installs what tests need.
test:
	@bin/test

# One module's tests: make unit FILTER=ConfigurationTests
FILTER ?= .
unit:
	swift build --build-tests && swift test --skip-build --filter '$(FILTER)'

# Writes the lists of commands, keys and exit codes in docs/ anew, from the code.
docs:
	swift build --build-tests && WRITE_DOCS=1 swift test --skip-build --filter DocumentationTests

fmt:
	swift format --in-place --parallel -r Package.swift Sources Tests

# What needs no test run: format, warnings, shell syntax.
check:
	swift format lint --strict --parallel -r Package.swift Sources Tests
	swift build --build-tests
	@for script in bin/* ci/* .ci/run examples/quickstart examples/make-base-image; do \
		case "$$(head -c 12 "$$script")" in '#!/bin/sh'*) sh -n "$$script" || exit 1 ;; esac; done

# What BENCHMARKS.md reports, measured here.
bench: build
	@Benchmarks/run

# Feeds damaged input to every parser, each for FUZZ_SECONDS.
fuzz:
	@ci/fuzz

# What docs/reliability.md reports: commands killed or failing at each system call, a disk that is full, bits flipped, processes
# in a crowd.
faults: build
	@Tests/Faults/faults
	@Tests/Faults/full
	@Tests/Faults/flips
	@Tests/Faults/race
	@Tests/Faults/composer

# What machines without Swift install: a tarball with everything inside; Debian packages. Both are in .build/dist.
dist:
	@ci/dist
deb:
	@ci/deb

# Tries both in clean roots of Debian 12 and 13 (needs root and mmdebstrap).
try-roots:
	@ci/try-roots

# Programs that run without Swift's toolchain. They load these libraries of the system when they need them, and name the
# package of one that is missing: libyaml (libyaml-0-2), libcrypto (libssl3), libgit2 1.5 to 1.9 (libgit2-1.5 …), libarchive
# (libarchive13), libcurl (libcurl4). Only the C and C++ libraries are linked (libc6, libstdc++6, libgcc-s1).
install: build
	install -d '$(DESTDIR)$(PREFIX)/bin'
	install -m 755 .build/bin/cache-image .build/bin/run-tests .build/bin/image-composer '$(DESTDIR)$(PREFIX)/bin'

uninstall:
	rm -f '$(DESTDIR)$(PREFIX)/bin/cache-image' '$(DESTDIR)$(PREFIX)/bin/run-tests' '$(DESTDIR)$(PREFIX)/bin/image-composer'

clean:
	rm -rf .build
