// SPDX-License-Identifier: Apache-2.0
#include "app/anchor.h"

#include <fmt/format.h>

#include "base/file.h"
#include "json/json.h"

namespace resolute::app {
namespace {
constexpr std::size_t kBytesMax = 4096;
}

Result<std::optional<engine::Anchor>> read_anchor(const std::filesystem::path& file) {
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) return std::nullopt;
    TRY(const std::string text, file::read(file, kBytesMax));
    const auto value = json::parse(text);
    if (!value || !(*value)["store"].is_string() || !(*value)["epoch"].is_int())
        return fail("anchor.malformed", ErrorKind::corrupt,
                    fmt::format("{} is no anchor; where the database was not restored from a backup, it may be removed", file.string()));
    return engine::Anchor{.store_id = (*value)["store"].as_string(), .owner = (*value)["owner"].as_string(),
                          .epoch = static_cast<std::uint64_t>((*value)["epoch"].as_int()),
                          .writes = static_cast<std::uint64_t>((*value)["writes"].as_int())};
}

Status write_anchor(const std::filesystem::path& file, const engine::Anchor& anchor) {
    return file::write_durably(file, json::dump(json::Object{{"store", anchor.store_id}, {"owner", anchor.owner},
                                                             {"epoch", anchor.epoch}, {"writes", anchor.writes}}) + "\n");
}

}  // namespace resolute::app
