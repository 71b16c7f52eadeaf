// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "language/signals.h"

namespace resolute::language {
namespace {

constexpr std::size_t kOrdersMax = 20;
constexpr std::size_t kNumberBytesMax = 32;

/// Letters, digits and inner hyphens, with what stands directly before.
struct Token {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool has_hash = false;
    std::string_view text;
};

bool is_word_byte(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (static_cast<unsigned char>(c) & 0x80U) != 0;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::vector<Token> tokens_of(std::string_view text) {
    std::vector<Token> tokens;
    std::size_t at = 0;
    while (at < text.size()) {
        if (!is_word_byte(text[at])) {
            ++at;
            continue;
        }
        Token token{.begin = at, .end = at, .has_hash = at > 0 && text[at - 1] == '#', .text = {}};
        while (at < text.size() && (is_word_byte(text[at]) || ((text[at] == '-' || text[at] == '_') && at + 1 < text.size() && is_word_byte(text[at + 1])))) ++at;
        token.end = at;
        token.text = text.substr(token.begin, at - token.begin);
        tokens.push_back(token);
    }
    return tokens;
}

bool is_one_of(std::string_view token, std::string_view list) {
    const Words folded(token);
    if (folded.words().size() != 1) return false;
    const std::string padded = " " + std::string(folded.folded(0)) + " ";
    return list.find(padded) != std::string_view::npos;
}

constexpr std::string_view kOrderWords =
    " order orders ordernumber orderno purchase bestellung bestellungen bestellnummer bestellnr auftrag auftragsnummer auftragsnr commande commandes pedido pedidos orden ordine ordini "
    "bestelling bestellingen bestelnummer ordernummer encomenda encomendas reservation booking buchung buchungsnummer ";
constexpr std::string_view kLinkWords = " number numbers no nr num numero nummer id ref reference code is was are the my with mit der die ist lautet meine und and n nro numeri est es e nummers de is het van confirmation bestatigung o ";
constexpr std::string_view kVerbSigns = " to want wanna i we can could will would they you us please ";
constexpr std::string_view kOtherWords = " invoice invoices rechnung rechnungsnummer facture factura fattura factuur fatura ticket case serial tracking model version error code phone account customer kundennummer vertragsnummer iban vat zip room flight ";

bool has_digit(std::string_view text) { return std::ranges::any_of(text, is_digit); }
bool has_letter(std::string_view text) { return std::ranges::any_of(text, [](char c) { return is_word_byte(c) && !is_digit(c); }); }

bool is_number_like(const Token& token) {
    if (token.text.size() < 3 || token.text.size() > kNumberBytesMax || !has_digit(token.text)) return false;
    const auto digits = std::ranges::count_if(token.text, is_digit);
    return digits >= 3 || (digits >= 2 && has_letter(token.text) && token.text.find('-') != std::string_view::npos);
}

/// "ORD-2026-00123", "A-10234", "SO12345": a short upper-case prefix and digits; never an invoice's.
bool has_order_prefix(std::string_view token) {
    static constexpr std::array<std::string_view, 11> kPrefixes = {"ORD", "ORDER", "SO", "PO", "WO", "BST", "CMD", "PED", "OR", "BE", "AUF"};
    const std::size_t letters = std::min(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), token.size());
    if (letters == 0 || letters == token.size()) return false;
    const std::string_view prefix = token.substr(0, letters);
    const std::string_view rest = token.substr(letters);
    if (std::ranges::count_if(rest, is_digit) < 4) return false;
    if (!std::ranges::all_of(rest, [](char c) { return is_digit(c) || c == '-'; })) return false;
    if (std::ranges::find(kPrefixes, prefix) != kPrefixes.end()) return true;
    return letters == 1 && rest.front() == '-' && rest.size() >= 5;  // "A-10234"
}

bool is_invoice_prefix(std::string_view token) {
    static constexpr std::array<std::string_view, 9> kPrefixes = {"INV", "RE-", "RG-", "RNR", "FA-", "FAC", "FV-", "CN-", "TKT"};
    return std::ranges::any_of(kPrefixes, [&](std::string_view prefix) { return token.starts_with(prefix); }) || token.starts_with("T-");
}

bool is_year(std::string_view token) { return token.size() == 4 && (token.starts_with("19") || token.starts_with("20")); }

/// Is there an order word before token `at`, with nothing but links between?
bool follows_order_word(const std::vector<Token>& tokens, std::size_t at, bool* has_number_word) {
    for (std::size_t back = 1; back <= 5 && back <= at; ++back) {
        const Token& token = tokens[at - back];
        if (is_one_of(token.text, kOrderWords)) {
            const bool is_verb = at > back && is_one_of(tokens[at - back - 1].text, kVerbSigns);
            return !is_verb || *has_number_word;
        }
        const bool is_list = is_number_like(token);  // "orders 4711 and 4712"
        if (!is_list && !is_one_of(token.text, kLinkWords)) return false;
        static constexpr std::string_view kNumberWords = " number no nr num numero nummer id ref reference n ";
        *has_number_word = *has_number_word || is_one_of(token.text, kNumberWords);
    }
    return false;
}

bool is_other_number(const std::vector<Token>& tokens, std::size_t at) {
    for (std::size_t back = 1; back <= 3 && back <= at; ++back) {
        if (is_one_of(tokens[at - back].text, kOrderWords)) return false;
        if (is_one_of(tokens[at - back].text, kOtherWords)) return true;
    }
    return false;
}

/// Part of a date, a decimal or a phone number.
bool is_glued(std::string_view text, const Token& token) {
    const auto joins = [](char c) { return c == '.' || c == '/' || c == ':' || c == ',' || c == '+' || c == '@'; };
    const bool before = token.begin >= 2 && joins(text[token.begin - 1]) && is_digit(text[token.begin - 2]);
    const bool plus = token.begin >= 1 && (text[token.begin - 1] == '+' || text[token.begin - 1] == '@' || text[token.begin - 1] == '/');
    const bool after = token.end + 1 < text.size() && joins(text[token.end]) && is_digit(text[token.end + 1]);
    return before || plus || after;
}

}  // namespace

std::vector<std::string> find_orders(std::string_view text, const std::vector<AmountMention>& amounts) {
    std::vector<std::string> orders;
    const std::vector<Token> tokens = tokens_of(text);
    for (std::size_t i = 0; i < tokens.size() && orders.size() < kOrdersMax; ++i) {
        const Token& token = tokens[i];
        if (!is_number_like(token) || is_glued(text, token) || is_invoice_prefix(token.text)) continue;
        const bool is_amount = std::ranges::any_of(amounts, [&](const AmountMention& a) { return a.begin < token.end && token.begin < a.end; });
        if (is_amount || is_other_number(tokens, i)) continue;
        bool has_number_word = token.has_hash;
        const bool follows = follows_order_word(tokens, i, &has_number_word);
        const bool is_plain = !has_letter(token.text) && token.text.find('-') == std::string_view::npos;
        if (follows && is_plain && !has_number_word && (is_year(token.text) || token.text.size() < 4)) continue;
        if (!follows && !token.has_hash && !has_order_prefix(token.text)) continue;
        if (!follows && token.has_hash && std::ranges::count_if(token.text, is_digit) < 3) continue;
        if (std::ranges::find(orders, token.text) == orders.end()) orders.emplace_back(token.text);
    }
    return orders;
}

}  // namespace resolute::language
