// SPDX-License-Identifier: Apache-2.0
#include "mailroom/trust.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"

namespace resolute::mailroom {
namespace {

using casework::Trust;

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// Reads the pieces of a field value; never goes past its end.
class Cursor {
public:
    explicit Cursor(std::string_view text) : text_(text) {}

    [[nodiscard]] bool is_at_end() const { return at_ >= text_.size(); }
    [[nodiscard]] char peek() const { return is_at_end() ? '\0' : text_[at_]; }
    void advance() { ++at_; }

    /// RFC 5322 §3.2.2: white space and comments, which nest. A comment that never ends swallows the rest.
    void skip_white_space() {
        int depth = 0;
        for (; !is_at_end(); ++at_) {
            const char c = text_[at_];
            if (c == '\\' && depth > 0) {
                ++at_;
            } else if (c == '(') {
                ++depth;
            } else if (c == ')' && depth > 0) {
                --depth;
            } else if (depth == 0 && !is_space(c)) {
                return;
            }
        }
    }

    std::string read_quoted() {
        std::string text;
        for (++at_; !is_at_end() && text_[at_] != '"'; ++at_) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
            text += text_[at_];
        }
        ++at_;  // The closing quote.
        return text;
    }

    /// Up to white space, a comment, a quote, ';' or one of `stops`.
    std::string_view read_atom(std::string_view stops) {
        const std::size_t start = std::min(at_, text_.size());
        while (!is_at_end() && !is_space(peek()) && peek() != '(' && peek() != '"' && peek() != ';' &&
               stops.find(peek()) == std::string_view::npos)
            ++at_;
        return text_.substr(start, at_ - start);
    }

    /// A value may be a quoted string, an atom, or a quoted local part with the domain behind it.
    std::string read_value() {
        skip_white_space();
        std::string value;
        while (!is_at_end() && peek() != ';' && peek() != '(' && !is_space(peek())) {
            if (peek() == '"')
                value += read_quoted();
            else
                value += read_atom("");
        }
        return value;
    }

    /// The left side of a '=': "smtp.mailfrom", also as "smtp . mailfrom", "dkim/1". Empty at the end of the clause. Words that
    /// are followed by no '=' are left out.
    std::string read_key() {
        std::string key;
        while (true) {
            skip_white_space();
            if (is_at_end() || peek() == ';') return {};
            if (peek() == '=') {
                advance();
                return text::to_lower(key);
            }
            if (peek() == '"') {
                read_quoted();
                key.clear();
                continue;
            }
            const std::string_view piece = read_atom("=");
            const bool is_joined = !key.empty() && (is_joint(key.back()) || is_joint(piece.front()));
            if (!is_joined) key.clear();
            key += piece;
        }
    }

    void skip_clause() {
        while (!is_at_end() && peek() != ';') {
            if (peek() == '"')
                read_quoted();
            else if (peek() == '(')
                skip_white_space();
            else
                advance();
        }
    }

private:
    static bool is_joint(char c) { return c == '.' || c == '/'; }

    std::string_view text_;
    std::size_t at_ = 0;
};

std::string read_authserv_id(Cursor& cursor) {
    cursor.skip_white_space();
    std::string id = cursor.peek() == '"' ? cursor.read_quoted() : std::string(cursor.read_atom("="));
    cursor.skip_white_space();
    const std::string_view version = cursor.read_atom("=");
    const bool is_version = std::ranges::all_of(version, [](char c) { return c >= '0' && c <= '9'; });
    cursor.skip_white_space();
    // "spf=pass …" first, as some servers write it, names no server: there is nobody to believe.
    if (!is_version || (!cursor.is_at_end() && cursor.peek() != ';')) return {};
    return id;
}

std::optional<std::string_view> property(const AuthenticationResult& result, std::string_view name) {
    for (const auto& [key, value] : result.properties)
        if (key == name) return value;
    return std::nullopt;
}

/// Of an address or a bare domain, in lower case, without the root's dot.
std::string domain_of(std::string_view address) {
    const std::size_t at = address.rfind('@');
    std::string domain = text::to_lower(at == std::string_view::npos ? address : address.substr(at + 1));
    if (domain.ends_with('.')) domain.pop_back();
    return domain;
}

bool is_subdomain(std::string_view child, std::string_view parent) {
    return child.size() > parent.size() && child.ends_with(parent) && child[child.size() - parent.size() - 1] == '.';
}

bool is_aligned(std::string_view a, std::string_view b) {
    if (a.empty() || b.empty()) return false;
    if (a == b) return true;
    const std::string_view shorter = a.size() < b.size() ? a : b;
    if (shorter.find('.') == std::string_view::npos) return false;  // "com" speaks for nobody.
    return is_subdomain(a, b) || is_subdomain(b, a);
}

/// The domain that the method vouches for; empty where it names none.
std::string vouched_domain(const AuthenticationResult& result) {
    if (result.method == "spf") {
        // Not smtp.helo: RFC 7489 §3.1.2 aligns the envelope sender, and the HELO name is anybody's.
        const auto sender = property(result, "smtp.mailfrom");
        return sender ? domain_of(*sender) : std::string();
    }
    // header.d is the signer; header.i lies at or below it by RFC 6376, so it serves where d is not told.
    if (const auto signer = property(result, "header.d")) return domain_of(*signer);
    const auto identity = property(result, "header.i");
    return identity ? domain_of(*identity) : std::string();
}

SenderTrust judge_spf_and_dkim(const std::vector<AuthenticationResult>& results, const std::string& from_domain) {
    bool has_spf = false;
    bool has_dkim = false;
    bool has_pass = false;
    std::string hard_fail;
    for (const AuthenticationResult& result : results) {
        const bool is_spf = result.method == "spf";
        if (!is_spf && result.method != "dkim") continue;
        (is_spf ? has_spf : has_dkim) = true;
        if (result.result == "fail" && hard_fail.empty()) hard_fail = result.method;
        if (result.result != "pass") continue;
        has_pass = true;
        const std::string domain = vouched_domain(result);
        if (is_aligned(domain, from_domain))
            return {Trust::verified, fmt::format("{}=pass for {}, aligned with the From domain", result.method, domain)};
    }
    if (has_pass) return {Trust::unverified, "SPF or DKIM passed, but for another domain than the sender's"};
    if (has_spf && has_dkim && !hard_fail.empty())
        return {Trust::failed, fmt::format("{}=fail, and neither SPF nor DKIM passed", hard_fail)};
    if (has_spf || has_dkim) return {Trust::unverified, "neither SPF nor DKIM passed"};
    return {Trust::unverified, "the mail server reports no DMARC, SPF or DKIM result"};
}

SenderTrust judge_results(const AuthenticationResults& field, const std::string& from_domain) {
    bool has_pass = false;
    for (const AuthenticationResult& result : field.results) {
        if (result.method != "dmarc") continue;
        if (result.result == "fail") return {Trust::failed, "dmarc=fail"};
        // No policy published is no verdict: what SPF and DKIM say is then all there is.
        if (result.result == "none" || result.result == "bestguesspass") continue;
        if (result.result != "pass") return {Trust::unverified, "dmarc has no clear result (an error, or a word we do not know)"};
        const auto judged = property(result, "header.from");
        if (judged && domain_of(*judged) != from_domain)
            return {Trust::unverified, "dmarc=pass is for another domain than the sender's"};
        has_pass = true;
    }
    if (has_pass) return {Trust::verified, fmt::format("dmarc=pass for {}", from_domain)};
    return judge_spf_and_dkim(field.results, from_domain);
}

}  // namespace

AuthenticationResults parse_authentication_results(std::string_view value) {
    AuthenticationResults parsed;
    Cursor cursor(value);
    parsed.authserv_id = read_authserv_id(cursor);
    cursor.skip_clause();
    while (!cursor.is_at_end()) {
        cursor.advance();  // The ';' before the clause.
        AuthenticationResult result;
        const std::string method = cursor.read_key();
        result.method = method.substr(0, method.find('/'));
        if (!result.method.empty()) {
            result.result = text::to_lower(cursor.read_value());
            for (std::string key = cursor.read_key(); !key.empty(); key = cursor.read_key()) {
                std::string text = cursor.read_value();
                result.properties.emplace_back(std::move(key), std::move(text));
            }
            parsed.results.push_back(std::move(result));
        }
        cursor.skip_clause();
    }
    return parsed;
}

SenderTrust judge_sender(const mail::ParsedEmail& mail, std::string_view authserv_id) {
    const auto is_named = [](std::string_view name) {
        return [name](const mail::HeaderField& field) { return text::equals_ignore_case(field.name, name); };
    };
    // Which of two senders was authenticated is anybody's guess, and readers show either: nobody was.
    if (std::ranges::count_if(mail.headers, is_named("From")) > 1) return {Trust::failed, "several From fields"};
    const std::string from_domain = domain_of(mail.from.address);
    if (mail.from.address.empty() || from_domain.empty()) return {Trust::unverified, "no usable sender"};
    if (authserv_id.empty()) return {Trust::unverified, "no trusted mail server (authserv_id) is configured"};
    for (const mail::HeaderField& field : mail.headers) {
        if (!is_named("Authentication-Results")(field)) continue;
        const AuthenticationResults parsed = parse_authentication_results(field.value);
        if (text::equals_ignore_case(parsed.authserv_id, authserv_id)) return judge_results(parsed, from_domain);
    }
    return {Trust::unverified, "the trusted mail server left no Authentication-Results"};
}

}  // namespace resolute::mailroom
