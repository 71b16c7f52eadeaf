// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/hash.h"
#include "tools/facts.h"

namespace resolute::tools {
namespace {

constexpr std::size_t kHashLength = 16;

engine::Settlement run(World& world, const Call& call) {
    if (world.archive == nullptr)
        return engine::Settlement::from({.code = "files.not_configured", .kind = ErrorKind::not_found, .effect = EffectState::refused,
                                         .detail = "no archive is configured (archive: { folder: … })"});
    const json::Value bundle = json::Value()
                                   .set("case", case_of(call).value())
                                   .set("ticket", call.arg("ticket"))
                                   .set("issue", call.arg("issue"))
                                   .set("conversation", call.arg("conversation"));
    const std::string bytes = json::dump_pretty(bundle);
    // The name holds the content's hash: the same bundle again is the same file.
    const std::string name = fmt::format("{}-{}.json", case_of(call).value(), sha256_hex(bytes).substr(0, kHashLength));
    const Status put = world.archive->put(name, bytes, call.deadline);
    if (!put) return engine::Settlement::from(put.error());
    return engine::Settlement::success("archived", json::Value().set("archive", json::Value().set("name", name)));
}

}  // namespace

Tool files_archive_case() {
    return {.signature = {.name = "files.archive_case",
                          .purpose = "puts the finished case's papers into the archive",
                          .category = procedure::ToolCategory::integration,
                          .action = procedure::ActionType::create,
                          .effect = procedure::EffectClass::idempotent,
                          .integration = "files",
                          .outcomes = {"archived"},
                          .needs = {"ticket"},
                          .uses = {"conversation", "issue"},
                          .produces = {{"archive", "map"}, {"archive.name", "string"}}},
            .run = run,
            .look_up = {}};
}

}  // namespace resolute::tools
