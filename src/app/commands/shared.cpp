// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <iostream>
#include <iterator>

#include "app/commands/commands.h"
#include "app/screen.h"
#include "base/file.h"

namespace resolute::app {

void print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

void print_json(const json::Value& value) {
    print((Screen::of_stdout().is_terminal ? json::dump_pretty(value) : json::dump(value)) + "\n");
}

const Clock& system_clock() {
    static const SystemClock clock;
    return clock;
}

Result<std::string> read_input(const std::filesystem::path& file) {
    if (file != "-") return file::read(file);
    return std::string(std::istreambuf_iterator<char>(std::cin), {});
}

std::string short_time(const std::string& rfc3339) {
    if (rfc3339.size() < 16) return rfc3339;
    return rfc3339.substr(0, 10) + " " + rfc3339.substr(11, 5);
}

}  // namespace resolute::app
