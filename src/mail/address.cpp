// SPDX-License-Identifier: Apache-2.0
#include "mail/address.h"

#include "base/text.h"
#include "mail/charset.h"
#include "mail/encoded_words.h"

namespace resolute::mail {
namespace {

constexpr std::size_t kLocalBytesMax = 64;    // RFC 5321 §4.5.3.1.1
constexpr std::size_t kDomainBytesMax = 253;  // RFC 1035 §2.3.4, without the root's dot
constexpr std::size_t kLabelBytesMax = 63;
constexpr std::size_t kNameBytesMax = 200;

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool is_non_ascii(char c) {
    return static_cast<unsigned char>(c) >= 0x80;
}

/// RFC 5322 §3.2.3, and RFC 6532 §3.2 for what is beyond ASCII.
bool is_atext(char c) {
    return is_alphanumeric(c) || is_non_ascii(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool is_dot_atom(std::string_view text) {
    if (text.empty() || text.front() == '.' || text.back() == '.' || text.find("..") != std::string_view::npos) return false;
    for (const char c : text) {
        if (c != '.' && !is_atext(c)) return false;
    }
    return true;
}

bool is_domain(std::string_view domain, bool allow_non_ascii) {
    if (domain.empty() || domain.size() > kDomainBytesMax) return false;
    for (const std::string_view label : text::split(domain, '.')) {
        if (label.empty() || label.size() > kLabelBytesMax || label.front() == '-' || label.back() == '-') return false;
        for (const char c : label) {
            if (!is_alphanumeric(c) && c != '-' && !(allow_non_ascii && is_non_ascii(c))) return false;
        }
    }
    return true;
}

/// One mailbox as it stood between two commas, comments taken out.
struct Piece {
    std::string before_angle;  ///< the phrase, or the bare address
    std::string angle;
    std::string comment;
    int angles = 0;
    bool is_broken = false;  ///< never closed, closed twice, or more text behind the address
};

std::string name_of(std::string_view phrase) {
    std::string unquoted;
    bool is_quoted = false;
    for (std::size_t i = 0; i < phrase.size(); ++i) {
        if (phrase[i] == '\\' && is_quoted && i + 1 < phrase.size()) {
            unquoted += phrase[++i];
        } else if (phrase[i] == '"') {
            is_quoted = !is_quoted;
        } else {
            unquoted += phrase[i];
        }
    }
    return std::string(cut_utf8(decode_header_text(unquoted), kNameBytesMax));
}

/// Splits at commas that stand outside quotes, comments and angle brackets; takes a group's name away.
class PieceReader {
public:
    explicit PieceReader(std::string_view text) : text_(text) {}

    /// False at the end.
    bool next(Piece& piece) {
        piece = {};
        if (at_ >= text_.size()) return false;
        bool is_quoted = false;
        bool is_in_angle = false;
        std::size_t comment_depth = 0;
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            std::string& target = is_in_angle ? piece.angle : piece.before_angle;
            if (c == '\\' && (is_quoted || comment_depth > 0)) {
                if (comment_depth == 0) target.append(text_.substr(at_, 2));
                ++at_;
            } else if (comment_depth > 0) {
                if (c == '(')
                    ++comment_depth;
                else if (c == ')')
                    --comment_depth;
                if (comment_depth > 0) piece.comment += c;
            } else if (c == '"') {
                is_quoted = !is_quoted;
                target += c;
            } else if (is_quoted) {
                target += c;
            } else if (c == '(') {
                comment_depth = 1;
                if (!target.empty()) target += ' ';
            } else if (is_in_angle) {
                if (c == '>')
                    is_in_angle = false;
                else
                    target += c;
            } else if (c == '<') {
                is_in_angle = true;
                ++piece.angles;
            } else if (c == ',' || c == ';') {
                ++at_;
                return true;
            } else if (c == ':' && piece.angles == 0) {
                piece = {};  // RFC 5322 §3.4: the name of a group.
            } else if (c == '>') {
                piece.is_broken = true;  // It closes nothing: nobody can tell what was meant.
            } else if (piece.angles > 0) {
                if (c != ' ' && c != '\t') piece.is_broken = true;
            } else {
                target += c;
            }
        }
        if (is_quoted || is_in_angle || comment_depth > 0) piece.is_broken = true;  // Never closed: not usable.
        return true;
    }

private:
    std::string_view text_;
    std::size_t at_ = 0;
};

Address address_of(const Piece& piece) {
    Address address;
    if (piece.angles > 0) {
        address.name = name_of(text::trim(piece.before_angle));
        if (piece.angles == 1 && !piece.is_broken) address.address = usable_address(text::trim(piece.angle));
    } else {
        address.name = name_of(text::trim(piece.comment));
        if (!piece.is_broken) address.address = usable_address(text::trim(piece.before_angle));
        if (address.address.empty() && address.name.empty()) address.name = name_of(text::trim(piece.before_angle));
    }
    return address;
}

bool is_test_domain(std::string_view domain) {
    return domain == "example" || domain == "test" || domain == "invalid";
}

}  // namespace

std::string usable_address(std::string_view text) {
    const std::size_t at = text.rfind('@');
    if (at == std::string_view::npos) return {};
    std::string_view local = text.substr(0, at);
    const std::string_view domain = text.substr(at + 1);
    // "john.doe"@example.com is john.doe@example.com (RFC 5322 §3.4.1); what needs its quotes we do not use.
    if (local.size() >= 2 && local.front() == '"' && local.back() == '"') local = local.substr(1, local.size() - 2);
    if (local.size() > kLocalBytesMax || !is_dot_atom(local) || !is_domain(domain, true)) return {};
    if (text.find("\xEF\xBF\xBD") != std::string_view::npos) return {};  // Something stood there that cannot be read.
    if (local.find("=?") != std::string_view::npos) return {};           // RFC 2047 §5: never inside an addr-spec.
    return std::string(local) + "@" + text::to_lower(domain);
}

AddressList parse_addresses(std::string_view raw, std::size_t addresses_max) {
    AddressList list;
    const std::string value = unfold_header(raw);
    PieceReader reader(value);
    for (Piece piece; reader.next(piece);) {
        if (piece.angles == 0 && text::trim(piece.before_angle).empty()) continue;
        if (list.addresses.size() >= addresses_max) {
            list.is_over_limit = true;
            break;
        }
        list.addresses.push_back(address_of(piece));
        if (list.addresses.back().address.empty()) ++list.unusable;
    }
    return list;
}

bool is_safe_recipient(std::string_view address) {
    const std::size_t at = address.rfind('@');
    if (at == std::string_view::npos || usable_address(address).empty()) return false;
    const std::string_view local = address.substr(0, at);
    const std::string domain = text::to_lower(address.substr(at + 1));
    if (!is_dot_atom(local) || local.front() == '-') return false;
    for (const char c : local) {
        // Beyond ASCII needs SMTPUTF8; '%' and '!' were routes once; '|' and '`' reach shells on bad hosts.
        if (is_non_ascii(c) || c == '%' || c == '!' || c == '|' || c == '`') return false;
    }
    if (!is_domain(domain, false)) return false;
    const std::size_t dot = domain.rfind('.');
    const std::string_view top = dot == std::string::npos ? std::string_view(domain) : std::string_view(domain).substr(dot + 1);
    if (dot == std::string::npos) return is_test_domain(top);
    const bool has_letter = top.find_first_not_of("0123456789") != std::string_view::npos;
    return has_letter && top != "localhost" && top != "localdomain" && domain != "localhost";
}

std::string without_brackets(std::string_view id) {
    id = text::trim(id);
    if (id.size() >= 2 && id.starts_with('<') && id.ends_with('>')) id = id.substr(1, id.size() - 2);
    return std::string(id);
}

bool is_same_address(std::string_view a, std::string_view b) {
    const std::size_t at_a = a.rfind('@');
    const std::size_t at_b = b.rfind('@');
    if (at_a == std::string_view::npos || at_a != at_b) return false;
    return a.substr(0, at_a) == b.substr(0, at_b) && text::equals_ignore_case(a.substr(at_a), b.substr(at_b));
}

}  // namespace resolute::mail
