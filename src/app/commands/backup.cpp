// SPDX-License-Identifier: Apache-2.0
#include "app/backup.h"

#include <cstdio>

#include <fmt/format.h>

#include "app/client.h"
#include "app/commands/duty.h"
#include "app/screen.h"

namespace resolute::app {
namespace {

/// On a terminal only.
seal::Progress progress_on_terminal(const char* what) {
    const Screen screen = Screen::of_stderr();
    if (!screen.is_terminal) return {};
    return [what, shown = -1](std::uint64_t done, std::uint64_t all) mutable {
        const int percent = all == 0 ? 100 : static_cast<int>(done * 100 / all);
        if (percent == shown) return;
        shown = percent;
        fmt::print(stderr, "\r\x1b[K{} {} %{}", what, percent, done >= all ? "\r\x1b[K" : "");
        std::fflush(stderr);
    };
}

/// PostgreSQL's own program makes the copy, so nobody need serve here, and a long one is no long request.
Result<json::Value> make(const Config& config, const BackupArguments& arguments) {
    const std::filesystem::path file = std::filesystem::absolute(arguments.file).lexically_normal();
    if (!config.postgres.empty()) return back_up_postgres(config, system_clock(), file);
    TRY(ApiClient client, ApiClient::open(config, system_clock()));
    return client.post("/api/backup", json::dump(json::Object{{"file", file.string()}}));
}

}  // namespace

Result<int> back_up(const Globals& globals, const BackupArguments& arguments) {
    TRY(const Config config, read_config(globals.config));
    if (Screen::of_stderr().is_terminal && !globals.is_json) fmt::print(stderr, "copying and sealing; the work goes on meanwhile …\n");
    TRY(const json::Value manifest, make(config, arguments));
    if (globals.is_json) {
        print_json(manifest);
        return 0;
    }
    print(fmt::format("{}: {} bytes of store {} at lease {}, write {}\nIt opens with the master key alone ({}), which is not in it: keep a copy of the key elsewhere.\n",
                      arguments.file.string(), grouped(manifest["bytes"].as_int()), manifest["store"].as_string().substr(0, 8),
                      manifest["epoch"].as_int(), manifest["writes"].as_int(), config.master_key_file().string()));
    return 0;
}

Result<int> restore(const Globals& globals, const BackupArguments& arguments) {
    TRY(const Config config, read_config(globals.config));
    TRY(const json::Value manifest, restore_backup(config, system_clock(), arguments.file, arguments.force, progress_on_terminal("restoring")));
    if (globals.is_json) {
        print_json(manifest);
        return 0;
    }
    if (manifest["moved_aside"].is_string())
        print(fmt::format("what was there is kept as {}: delete it when you are sure\n", manifest["moved_aside"].as_string()));
    print(fmt::format("restored: {}, as it was at {}\nIt is frozen: the next start takes mail in and works, but sends nothing. What went out since the backup is\n"
                      "looked for before anything goes again. When you have looked: resolute release --by NAME\n",
                      config.postgres.empty() ? (config.data / "resolute.db").string() : config.postgres, manifest["made_at"].as_string()));
    return 0;
}

}  // namespace resolute::app
