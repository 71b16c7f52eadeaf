// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

#include "app/config_reader.h"
#include "mail/parsed_email.h"

/// Where mail comes from and where it goes.
namespace resolute::app::config_reader {
namespace {

using transport::Protection;

constexpr Duration kAnswerWithinMin = std::chrono::hours(1);
constexpr Duration kInventoryEveryMin = std::chrono::minutes(10);
constexpr int kMailsAMinuteMax = 60'000;
constexpr const char* kWaysOut[] = {"maildir", "smtp", "gmail", "graph"};
constexpr std::int64_t kAutomaticMax = 100'000'000;

struct Scheme {
    std::string_view name;
    Protection protection;
    std::uint16_t port;
};
constexpr Scheme kImap[] = {{"imaps://", Protection::tls, 993}, {"imap://", Protection::starttls, 143}};
constexpr Scheme kSmtp[] = {{"smtps://", Protection::tls, 465}, {"smtp://", Protection::starttls, 587}};

bool is_this_machine(std::string_view host) { return host == "localhost" || host == "127.0.0.1" || host == "::1"; }

/// "imaps://imap.example:993": scheme, host, and a port where it is not the usual one.
template <std::size_t N>
transport::MailServer read_server(const YAML::Node& node, std::string_view where, const Scheme (&schemes)[N]) {
    const std::string text = Reader::word(node, where);
    const auto wrong = [&](std::string_view what) -> Wrong {
        return {"config.bad_value", node.Mark(),
                fmt::format("{}: {}; write {}host (TLS from the first byte) or {}host (STARTTLS), with \":port\" behind it where it is not the usual one", where,
                            what, schemes[0].name, schemes[1].name)};
    };
    const auto scheme = std::find_if(std::begin(schemes), std::end(schemes), [&](const Scheme& one) { return text.starts_with(one.name); });
    if (text.find('@') != std::string::npos) throw wrong("user and password do not belong into it");  // Nor into an error.
    if (scheme == std::end(schemes)) throw wrong(fmt::format("\"{}\" is no mail server", text));
    std::string_view rest = std::string_view(text).substr(scheme->name.size());
    if (rest.ends_with('/')) rest.remove_suffix(1);
    transport::MailServer server{.host = {}, .port = scheme->port, .protection = scheme->protection, .ca_file = {}};
    const std::size_t bracket = rest.starts_with('[') ? rest.find(']') : std::string_view::npos;
    const std::size_t colon = rest.find(':', bracket == std::string_view::npos ? 0 : bracket);
    std::string_view host = rest.substr(0, colon);
    if (bracket != std::string_view::npos) host = rest.substr(1, bracket - 1);
    if (host.empty() || host.find_first_of("/ ?#") != std::string_view::npos) throw wrong(fmt::format("\"{}\" is no name of a server", host));
    server.host = host;
    if (colon != std::string_view::npos) {
        const std::string_view port = rest.substr(colon + 1);
        const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), server.port);
        if (error != std::errc() || end != port.data() + port.size() || server.port == 0) throw wrong(fmt::format("\"{}\" is no port", port));
    }
    return server;
}

const std::vector<std::string> kAccessKeys{"server", "user", "password_file", "oauth", "ca_file", "unprotected"};

template <std::size_t N>
MailAccess read_access(const YAML::Node& node, const Reader& reader, const std::string& where, const Scheme (&schemes)[N]) {
    MailAccess access;
    access.server = read_server(Reader::need(node, "server", where), where + ".server", schemes);
    if (node["ca_file"]) access.server.ca_file = reader.path(node["ca_file"], where + ".ca_file");
    if (const YAML::Node plain = node["unprotected"]; plain && plain.as<bool>()) {
        if (!is_this_machine(access.server.host))
            throw Wrong{"config.bad_value", plain.Mark(), fmt::format("{}.unprotected is for servers on this machine: others would see the password", where)};
        access.server.protection = Protection::none;
    }
    if (node["user"]) access.user = Reader::word(node["user"], where + ".user");
    if (node["password_file"]) access.password_file = reader.path(node["password_file"], where + ".password_file");
    if (node["oauth"]) access.oauth = read_oauth(node["oauth"], reader, where + ".oauth");
    if (access.oauth && !access.password_file.empty())
        throw Wrong{"config.bad_value", node["oauth"].Mark(), fmt::format("{} signs in with password_file or oauth, not both", where)};
    if (!access.user.empty() && !access.oauth && access.password_file.empty())
        throw Wrong{"config.missing", node.Mark(), fmt::format("{} has a user, and neither password_file nor oauth to sign in with", where)};
    if (access.user.empty() && (access.oauth || !access.password_file.empty()))
        throw Wrong{"config.missing", node.Mark(), fmt::format("\"user\" is missing in {}", where)};
    return access;
}

std::vector<std::string> with(std::vector<std::string> keys, std::initializer_list<const char*> more) {
    keys.insert(keys.end(), more.begin(), more.end());
    return keys;
}

/// "when_done: { flag: $Resolute, move_to: Resolute/Done, quarantine_to: Resolute/Quarantine }"
void read_when_done(const YAML::Node& node, ImapIntake& mailbox) {
    const std::string where = "mail.intake.imap.when_done";
    Reader::expect(node, where, {"flag", "move_to", "quarantine_to"});
    if (const YAML::Node flag = node["flag"]) {
        mailbox.done.flag = Reader::word(flag, where + ".flag");
        const std::string_view name = std::string_view(mailbox.done.flag).substr(mailbox.done.flag.starts_with('\\') ? 1 : 0);
        if (!text::is_plain(name, "$_-") || text::equals_ignore_case(mailbox.done.flag, "\\Deleted"))
            throw Wrong{"config.bad_value", flag.Mark(), fmt::format("{}.flag is \\Seen, \\Flagged, \\Answered or a word of your own, $Resolute; mails are never deleted", where)};
    }
    if (node["move_to"]) mailbox.done.folder = Reader::word(node["move_to"], where + ".move_to");
    if (node["quarantine_to"]) mailbox.quarantined.folder = Reader::word(node["quarantine_to"], where + ".quarantine_to");
    for (const std::string& target : {mailbox.done.folder, mailbox.quarantined.folder})
        for (const std::string& folder : mailbox.folders)
            if (text::equals_ignore_case(folder, target))
                throw Wrong{"config.bad_value", node.Mark(), fmt::format("{}: mails cannot be moved into \"{}\", which is read: they would be new there", where, target)};
}

std::chrono::year_month_day read_day(const YAML::Node& node, const std::string& where) {
    const auto at = parse_instant(Reader::word(node, where) + "T00:00:00Z");
    if (!at) throw Wrong{"config.bad_value", node.Mark(), fmt::format("{} is a day: 2026-11-01", where)};
    return std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(*at));
}

ImapIntake read_imap(const YAML::Node& node, const Reader& reader) {
    const std::string where = "mail.intake.imap";
    Reader::expect(node, where, with(kAccessKeys, {"folders", "since", "when_done"}));
    ImapIntake mailbox{.access = read_access(node, reader, where, kImap), .folders = {}, .since = {}, .done = {}, .quarantined = {}};
    if (mailbox.access.user.empty()) throw Wrong{"config.missing", node.Mark(), "\"user\" is missing in mail.intake.imap"};
    mailbox.folders = Reader::words(node, "folders", where, "INBOX");
    Reader::expect_distinct(mailbox.folders, node, "folder", where);
    if (node["since"]) mailbox.since = read_day(node["since"], where + ".since");
    if (node["when_done"]) read_when_done(node["when_done"], mailbox);
    return mailbox;
}

void read_intake(const YAML::Node& intake, const Reader& reader, Config& config) {
    Reader::expect(intake, "mail.intake", {"maildir", "imap", "gmail", "graph", "authserv_id", "answer_within", "inventory"});
    if (intake["maildir"]) config.intake = reader.paths(intake["maildir"], "mail.intake.maildir");
    if (const YAML::Node imap = intake["imap"]) {
        config.imap = Reader::each(imap, [&](const YAML::Node& mailbox) { return read_imap(mailbox, reader); });
        for (std::size_t i = 0; i < config.imap.size(); ++i)
            for (std::size_t other = 0; other < i; ++other)
                if (config.imap[i].account() == config.imap[other].account())
                    throw Wrong{"config.bad_value", imap.Mark(), fmt::format("the mailbox {} stands twice in mail.intake.imap", config.imap[i].account())};
    }
    if (const YAML::Node gmail = intake["gmail"]) config.gmail = read_gmail_intake(gmail, reader);
    if (const YAML::Node graph = intake["graph"]) config.graph = read_graph_intake(graph, reader);
    if (config.intake.empty() && config.imap.empty() && config.gmail.empty() && config.graph.empty())
        throw Wrong{"config.missing", intake.Mark(), "mail.intake needs a mailbox: maildir, imap, gmail or graph"};
    if (intake["authserv_id"]) config.authserv_id = Reader::word(intake["authserv_id"], "mail.intake.authserv_id");
    if (const YAML::Node within = intake["answer_within"]) {
        const auto lasts = parse_duration(Reader::word(within, "mail.intake.answer_within"));
        if (!lasts || *lasts < kAnswerWithinMin) throw Wrong{"config.bad_value", within.Mark(), "mail.intake.answer_within is a time of an hour or more: 72h"};
        config.answer_within = *lasts;
    }
    if (const YAML::Node every = intake["inventory"]) {
        const std::string word = Reader::word(every, "mail.intake.inventory");
        const auto lasts = word == "off" || word == "false" ? Duration::zero() : parse_duration(word).value_or(Duration(-1));
        if (lasts != Duration::zero() && lasts < kInventoryEveryMin)
            throw Wrong{"config.bad_value", every.Mark(), "mail.intake.inventory is off, or a time of ten minutes or more: 24h"};
        config.inventory_every = lasts;
    }
}

SmtpOutgoing read_smtp(const YAML::Node& node, const Reader& reader, const Config& config) {
    const std::string where = "mail.outgoing.smtp";
    Reader::expect(node, where, with(kAccessKeys, {"mails_a_minute", "sent_folder"}));
    SmtpOutgoing outgoing{.access = read_access(node, reader, where, kSmtp), .mails_a_minute = 0, .sent_folder = {}, .sent_mailbox = {}};
    if (const YAML::Node pace = node["mails_a_minute"]) {
        const int count = pace.as<int>(0);
        if (count < 1 || count > kMailsAMinuteMax)
            throw Wrong{"config.bad_value", pace.Mark(), fmt::format("{}.mails_a_minute is a number from 1 to {}", where, kMailsAMinuteMax)};
        outgoing.mails_a_minute = static_cast<std::size_t>(count);
    }
    if (const YAML::Node folder = node["sent_folder"]) {
        outgoing.sent_folder = Reader::word(folder, where + ".sent_folder");
        const auto same = std::find_if(config.imap.begin(), config.imap.end(),
                                       [&](const ImapIntake& mailbox) { return text::equals_ignore_case(mailbox.access.user, outgoing.access.user); });
        if (same == config.imap.end())
            throw Wrong{"config.bad_value", folder.Mark(), fmt::format("{}.sent_folder is looked for in the IMAP mailbox of the same user, and mail.intake.imap has none of \"{}\"",
                                                                       where, outgoing.access.user)};
        outgoing.sent_mailbox = same->access;
    }
    return outgoing;
}

/// The caps of mails that no person writes.
void read_automatic(const YAML::Node& node, ports::MailCaps& caps) {
    const std::vector<std::pair<const char*, std::int64_t*>> keys{{"unverified_per_domain_hour", &caps.unverified_per_domain_hour},
                                                                  {"unverified_per_hour", &caps.unverified_per_hour},
                                                                  {"per_sender_day", &caps.per_sender_day},
                                                                  {"per_case_day", &caps.per_case_day},
                                                                  {"hold_above_per_hour", &caps.hold_above_per_hour}};
    std::vector<std::string> names;
    for (const auto& [name, cap] : keys) names.emplace_back(name);
    Reader::expect(node, "mail.automatic", names);
    for (const auto& [name, cap] : keys) {
        const YAML::Node value = node[name];
        if (!value) continue;
        *cap = value.as<std::int64_t>(-1);
        if (*cap < 0 || *cap > kAutomaticMax)
            throw Wrong{"config.bad_value", value.Mark(), fmt::format("mail.automatic.{} is a number from 0 to {}", name, kAutomaticMax)};
    }
}

}  // namespace

void read_mail(const YAML::Node& node, const Reader& reader, Config& config) {
    Reader::expect(node, "mail", {"intake", "outgoing", "automatic"});
    if (node["automatic"]) read_automatic(node["automatic"], config.mail_caps);
    read_intake(Reader::need(node, "intake", "mail"), reader, config);
    const YAML::Node outgoing = Reader::need(node, "outgoing", "mail");
    Reader::expect(outgoing, "mail.outgoing", {"maildir", "smtp", "gmail", "graph", "reply_tokens"});
    if (outgoing["reply_tokens"]) config.reply_tokens = outgoing["reply_tokens"].as<bool>();
    if (std::ranges::count_if(kWaysOut, [&](const char* way) { return outgoing[way].IsDefined(); }) > 1)
        throw Wrong{"config.bad_value", outgoing.Mark(), "mail.outgoing is one of maildir, smtp, gmail and graph, not several: a mail goes out once"};
    if (outgoing["smtp"]) config.smtp = read_smtp(outgoing["smtp"], reader, config);
    else if (outgoing["gmail"]) config.gmail_outgoing = read_gmail_outgoing(outgoing["gmail"], reader);
    else if (outgoing["graph"]) config.graph_outgoing = read_graph_outgoing(outgoing["graph"], reader);
    else config.outgoing = reader.path(Reader::need(outgoing, "maildir", "mail.outgoing"), "mail.outgoing.maildir");
}

}  // namespace resolute::app::config_reader

namespace resolute::app {

std::string ImapIntake::account() const {
    const bool is_usual = std::ranges::any_of(config_reader::kImap, [&](const auto& scheme) { return scheme.port == access.server.port; });
    return "imap:" + access.user + "@" + access.server.host + (is_usual ? "" : fmt::format(":{}", access.server.port));
}

}  // namespace resolute::app
