// SPDX-License-Identifier: Apache-2.0
#include "app/open_storage.h"

#include <fmt/format.h>

#include "base/file.h"
#include "base/text.h"
#include "storage/postgres/postgres_storage.h"
#include "storage/sqlite/sqlite_storage.h"

namespace resolute::app {
namespace {

constexpr std::size_t kPasswordBytesMax = 4096;

/// postgresql://user@host/… → postgresql://user:password@host/…; the configuration refuses a URL that has one already.
std::string with_password(const std::string& url, std::string_view password) {
    std::string encoded;
    for (const char c : password) encoded += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    const std::size_t at = url.find('@');
    if (at == std::string::npos) return url;
    return url.substr(0, at) + ":" + encoded + url.substr(at);
}

}  // namespace

Result<storage::postgres::Settings> postgres_settings(const Config& config) {
    storage::postgres::Settings settings;
    settings.url = config.postgres;
    settings.lease = config.lease;
    settings.accept_volatile = config.accept_volatile;
    if (!config.postgres_password.empty()) {
        TRY(const std::string text, file::read(config.postgres_password, kPasswordBytesMax));
        settings.url = with_password(settings.url, text::trim(text));
    }
    return settings;
}

Result<std::unique_ptr<storage::Storage>> open_storage(const Config& config) {
    if (!config.postgres.empty()) {
        TRY(auto settings, postgres_settings(config));
        TRY(auto postgres, storage::PostgresStorage::open(std::move(settings)));
        return std::unique_ptr<storage::Storage>(std::move(postgres));
    }
    TRY(auto sqlite, storage::SqliteStorage::open(config.data / "resolute.db", storage::sqlite::Mode::owner));
    return std::unique_ptr<storage::Storage>(std::move(sqlite));
}

}  // namespace resolute::app
