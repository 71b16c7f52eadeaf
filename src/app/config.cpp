// SPDX-License-Identifier: Apache-2.0
#include "app/config.h"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <array>

#include "app/config_reader.h"
#include "base/file.h"
#include "base/text.h"
#include "mail/parsed_email.h"

namespace resolute::app {

using config_reader::Reader;
using config_reader::Wrong;

namespace {

constexpr std::size_t kBytesMax = 1u << 20;
constexpr Duration kLeaseMin = std::chrono::seconds(2);
constexpr Duration kRetentionMin = std::chrono::hours(24);
constexpr Duration kLeaseMax = std::chrono::minutes(10);

void read_organisation(const YAML::Node& node, Config& config) {
    Reader::expect(node, "organisation", {"name", "support_address", "signature", "voice", "rates"});
    config.voice.organisation = Reader::word(Reader::need(node, "name", "organisation"), "organisation.name");
    const YAML::Node address = Reader::need(node, "support_address", "organisation");
    config.voice.support_address = Reader::word(address, "organisation.support_address");
    if (!mail::is_safe_recipient(config.voice.support_address))
        throw Wrong{"config.bad_value", address.Mark(), fmt::format("\"{}\" is no e-mail address", config.voice.support_address)};
    config.voice.signature = node["signature"] ? node["signature"].Scalar() : config.voice.organisation;
    if (const YAML::Node voice = node["voice"]) {
        Reader::expect(voice, "organisation.voice", {"tone", "closing", "disclaimer"});
        if (voice["tone"]) config.voice.tone = voice["tone"].Scalar();
        if (config.voice.tone != "friendly" && config.voice.tone != "formal")
            throw Wrong{"config.bad_value", voice["tone"].Mark(), "organisation.voice.tone is \"friendly\" or \"formal\""};
        if (voice["closing"]) config.voice.closing = voice["closing"].Scalar();
        if (voice["disclaimer"]) config.voice.disclaimer = voice["disclaimer"].Scalar();
    }
    if (const YAML::Node rates = node["rates"]) {
        if (!rates.IsMap()) throw Wrong{"config.bad_value", rates.Mark(), "organisation.rates must be a map, { EUR: \"1.08\" }"};
        for (const auto& rate : rates)
            if (const Status set = config.rates.set(rate.first.Scalar(), Reader::word(rate.second, "a rate")); !set)
                throw Wrong{"config.bad_value", rate.second.Mark(), set.error().detail};
    }
}

void read_optional_parts(const YAML::Node& root, const Reader& reader, Config& config) {
    if (const YAML::Node crm = root["crm"]) {
        Reader::expect(crm, "crm", {"builtin"});
        if (const YAML::Node builtin = crm["builtin"]; builtin && !builtin.IsNull()) {
            Reader::expect(builtin, "crm.builtin", {"import"});
            if (builtin["import"]) config.customers = reader.path(builtin["import"], "crm.builtin.import");
        }
    }
    if (root["agents"]) config.agents = reader.path(root["agents"], "agents");
    if (const YAML::Node knowledge = root["knowledge"]) {
        Reader::expect(knowledge, "knowledge", {"folders", "base_url"});
        if (knowledge["folders"]) config.knowledge = reader.paths(knowledge["folders"], "knowledge.folders");
        if (knowledge["base_url"]) config.knowledge_base_url = Reader::word(knowledge["base_url"], "knowledge.base_url");
    }
    if (const YAML::Node language = root["language"]; language && Reader::word(language, "language") != "embedded")
        throw Wrong{"config.bad_value", language.Mark(), fmt::format("language \"{}\" is not known; known is: embedded", language.Scalar())};
    if (const YAML::Node archive = root["archive"]) {
        Reader::expect(archive, "archive", {"folder"});
        config.archive = reader.path(Reader::need(archive, "folder", "archive"), "archive.folder");
    }
    if (const YAML::Node engine = root["engine"]) {
        Reader::expect(engine, "engine", {"workers", "name", "lease", "journal_format"});
        if (engine["name"]) config.worker_name = Reader::word(engine["name"], "engine.name");
        if (const YAML::Node lease = engine["lease"]) {
            const auto lasts = parse_duration(Reader::word(lease, "engine.lease"));
            if (!lasts || *lasts < kLeaseMin || *lasts > kLeaseMax)
                throw Wrong{"config.bad_value", lease.Mark(), "engine.lease is a time from 2s to 10m"};
            config.lease = *lasts;
        }
        if (const YAML::Node format = engine["journal_format"]) {
            config.journal_format = format.as<int>(0);
            if (config.journal_format != 1 && config.journal_format != 2)
                throw Wrong{"config.bad_value", format.Mark(), "engine.journal_format is 1 or 2"};
        }
        if (const YAML::Node workers = engine["workers"]) {
            const int count = workers.as<int>(0);
            if (count < 1 || count > 512) throw Wrong{"config.bad_value", workers.Mark(), "engine.workers is a number from 1 to 512"};
            config.workers = static_cast<std::size_t>(count);
        }
    }
    if (const YAML::Node console = root["console"]) {
        Reader::expect(console, "console", {"listen"});
        if (console["listen"]) config.listen = Reader::word(console["listen"], "console.listen");
    }
}

void read_database(const YAML::Node& node, const Reader& reader, Config& config) {
    Reader::expect(node, "database", {"postgresql", "password_file", "accept_volatile"});
    const YAML::Node url = Reader::need(node, "postgresql", "database");
    config.postgres = Reader::word(url, "database.postgresql");
    if (!config.postgres.starts_with("postgresql://") && !config.postgres.starts_with("postgres://"))
        throw Wrong{"config.bad_value", url.Mark(), "database.postgresql is a URL: postgresql://user@host:5432/name"};
    const std::size_t at = config.postgres.find('@');
    const std::size_t user = config.postgres.find("//") + 2;
    if (at != std::string::npos && config.postgres.substr(user, at - user).find(':') != std::string::npos)
        throw Wrong{"config.bad_value", url.Mark(), "a password does not belong into the URL, where logs and process lists show it; name a file: password_file"};
    if (const std::size_t options = config.postgres.find('?');
        options != std::string::npos && config.postgres.find("password=", options) != std::string::npos)
        throw Wrong{"config.bad_value", url.Mark(), "password= and sslpassword= do not belong into the URL, where logs and process lists show them; name a file: password_file"};
    if (node["accept_volatile"]) config.accept_volatile = node["accept_volatile"].as<bool>(false);
    if (node["password_file"]) config.postgres_password = reader.path(node["password_file"], "database.password_file");
}

/// "24 months", "7y", "90 days": a month is 30 days, a year 365; for the rest see parse_duration.
std::optional<Duration> parse_span(std::string_view text) {
    text = text::trim(text);
    const std::size_t digits = text.find_first_not_of("0123456789");
    if (digits != 0 && digits != std::string_view::npos && digits <= 4) {
        const std::string_view unit = text::trim(text.substr(digits));
        const auto count = std::stoi(std::string(text.substr(0, digits)));
        if (unit == "month" || unit == "months") return std::chrono::days(30) * count;
        if (unit == "y" || unit == "year" || unit == "years") return std::chrono::days(365) * count;
    }
    return parse_duration(text);
}

void read_retention(const YAML::Node& node, Config& config) {
    Reader::expect(node, "retention", {"mail", "closed_cases"});
    const auto span = [&](const char* key) -> std::optional<Duration> {
        const YAML::Node value = node[key];
        if (!value) return std::nullopt;
        const auto lasts = parse_span(Reader::word(value, std::string("retention.") + key));
        if (!lasts || *lasts < kRetentionMin)
            throw Wrong{"config.bad_value", value.Mark(), fmt::format("retention.{} is a time of a day or more: 90d, 24 months, 7y", key)};
        return lasts;
    };
    config.keep_mail = span("mail");
    config.keep_closed_cases = span("closed_cases");
}

std::string default_worker_name(const std::filesystem::path& data) {
    std::array<char, 256> host{};
    if (::gethostname(host.data(), host.size() - 1) != 0) return data.string();
    return std::string(host.data()) + ":" + data.string();
}

Config read_root(const YAML::Node& root, const std::filesystem::path& file) {
    Config config;
    config.file = file;
    const Reader reader(file.parent_path());
    Reader::expect(root, "the configuration", {"organisation", "data", "database", "keys", "procedure", "mail", "crm", "agents", "knowledge",
                                               "language", "archive", "engine", "console", "retention"});
    read_organisation(Reader::need(root, "organisation", "the configuration"), config);
    config.data = root["data"] ? reader.path(root["data"], "data") : file.parent_path() / "state";
    config.worker_name = default_worker_name(config.data);
    if (root["database"]) read_database(root["database"], reader, config);
    if (const YAML::Node keys = root["keys"]) {
        Reader::expect(keys, "keys", {"master", "anchor"});
        if (keys["master"]) config.master_key = reader.path(keys["master"], "keys.master");
        if (keys["anchor"]) config.anchor = reader.path(keys["anchor"], "keys.anchor");
    }
    config.procedure = reader.path(Reader::need(root, "procedure", "the configuration"), "procedure");
    config_reader::read_mail(Reader::need(root, "mail", "the configuration"), reader, config);
    read_optional_parts(root, reader, config);
    if (root["retention"]) read_retention(root["retention"], config);
    return config;
}

}  // namespace

Result<Config> read_config(const std::filesystem::path& file) {
    const std::filesystem::path absolute = std::filesystem::absolute(file).lexically_normal();
    const auto text = file::read(absolute, kBytesMax);
    if (!text)
        return fail("config.not_found", ErrorKind::not_found,
                    fmt::format("{}; write one with \"resolute init\", or name one with --config", text.error().detail));
    try {
        return read_root(YAML::Load(*text), absolute);
    } catch (const Wrong& wrong) {
        return fail(wrong.code, ErrorKind::invalid,
                    fmt::format("{}:{}:{}: {}", file.string(), wrong.mark.line + 1, wrong.mark.column + 1, wrong.what));
    } catch (const YAML::Exception& error) {
        return fail("config.syntax", ErrorKind::invalid,
                    fmt::format("{}:{}:{}: {}", file.string(), error.mark.line + 1, error.mark.column + 1, error.msg));
    }
}

std::string example_config() {
    return R"(# Resolute's configuration. Paths are relative to this file. "resolute run --until-idle" works off what is there,
# "resolute serve" keeps working; both print what they did.

organisation:
  name: Acme Supplies
  support_address: support@acme.example        # where customers write to, and what our mails come from
  signature: "The Acme support team"
  voice: { tone: friendly, closing: "Kind regards", disclaimer: "" }   # tone: friendly or formal
  rates: { EUR: "1.08" }                       # to USD: what one unit is worth. A currency without a rate needs a person

data: ./state                                  # everything the program keeps: journal, raw mail, tickets
# database: { postgresql: "postgresql://resolute@db.example/resolute", password_file: ./db-password }   # several machines share it
# keys: { master: ./master.key, anchor: ./anchor.json }   # outside the database; back the key up apart from it
procedure: ./customer-support.md               # the program: read it, change it, check it ("resolute procedure check FILE")

mail:
  intake:
    maildir: ./inbox                           # a Maildir, or a folder of .eml files. Only read, never changed
    # imap:                                    # or mailboxes, read as they stand: docs/mail.md has more, and OAuth
    #   - { server: "imaps://imap.acme.example", user: support@acme.example, password_file: ./imap-password, folders: [INBOX] }
    # gmail: { user: support@acme.example, oauth: { service_account_file: ./google-key.json } }   # or by Gmail's API; likewise under outgoing
    # graph: { user: support@acme.example, tenant: acme.example, client_id: "1111…", client_secret_file: ./entra-secret }   # or by Microsoft Graph; likewise
    authserv_id: mx.acme.example               # whose Authentication-Results we believe. Without it no sender is verified
    # answer_within: 72h                       # what lay in the mailbox for longer is for a person
  outgoing:
    maildir: ./sent                            # where our mails are put
    # smtp: { server: "smtp://mail.acme.example:587", user: support@acme.example, password_file: ./smtp-password, sent_folder: Sent }   # instead

crm: { builtin: { import: ./customers.json } } # JSON or CSV, imported at each start (upsert by id)
agents: ./agents.json                          # who works here: skills, availability, capacity
knowledge: { folders: [./knowledge] }          # Markdown, the title in the first heading. Also: base_url: "https://help.acme.example/"
language: embedded                             # understanding and writing without any account

# archive: { folder: ./archive }               # closed cases are put here as JSON
# retention: { mail: 24 months, closed_cases: 7y }  # how long raw mails of closed cases, and those cases, are kept. Without it: for ever
# engine: { workers: 8 }                       # threads that run effects. Also: name, lease (15s), journal_format
# console: { listen: "127.0.0.1:8080" }        # the JSON API by HTTP, beside the socket in the data folder
)";
}

}  // namespace resolute::app
