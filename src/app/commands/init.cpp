// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/commands/commands.h"
#include "app/shipped.h"
#include "base/file.h"

namespace resolute::app {
namespace {

struct NewFile {
    const char* name;
    std::string content;
};

constexpr const char* kArticle = R"(# How to reach us

You can write to us at any time. On working days we answer by phone between 9:00 and 17:00.

1. Open the page "Contact" in your account.
2. Choose "Call me back" and a time that suits you.
)";

std::vector<NewFile> new_files() {
    return {{"resolute.yaml", example_config()},
            {"customer-support.md", std::string(shipped_procedure())},
            {"customers.json", "[]\n"},
            {"agents.json",
             "[\n  {\"id\": \"ada\", \"name\": \"Ada\", \"email\": \"ada@acme.example\", \"skills\": [\"billing\", \"technical\"], \"available\": true, "
             "\"capacity\": 20, \"manager\": false},\n  {\"id\": \"mara\", \"name\": \"Mara\", \"email\": \"mara@acme.example\", \"skills\": [\"vip\"], "
             "\"available\": true, \"capacity\": 20, \"manager\": true}\n]\n"},
            {"knowledge/how-to-reach-us.md", kArticle}};
}

}  // namespace

Result<int> init(const Globals& globals, const std::filesystem::path& folder, bool force) {
    const std::filesystem::path config = folder / "resolute.yaml";
    std::error_code ignored;
    if (!force && std::filesystem::exists(config, ignored))
        return fail("init.exists", ErrorKind::invalid, fmt::format("{} is there already; --force replaces it", config.string()));
    json::Array written;
    for (const NewFile& file : new_files()) {
        const std::filesystem::path path = folder / file.name;
        // Only the configuration is replaced: customers, people, articles and a changed procedure are nobody's to overwrite.
        if (path != config && std::filesystem::exists(path, ignored)) continue;
        TRY_STATUS(file::make_directories(path.parent_path().empty() ? std::filesystem::path(".") : path.parent_path()));
        TRY_STATUS(file::write_durably(path, file.content));
        written.push_back(path.lexically_normal().string());
    }
    for (const char* part : {"new", "cur", "tmp"}) TRY_STATUS(file::make_directories(folder / "inbox" / part));
    if (globals.is_json) {
        print_json(json::Object{{"written", std::move(written)}});
        return 0;
    }
    for (const json::Value& path : written) print(path.as_string() + "\n");
    print("Next: resolute doctor, then put mails into inbox/new and resolute run --until-idle\n");
    return 0;
}

}  // namespace resolute::app
