// SPDX-License-Identifier: Apache-2.0
#include "desk/customer_import.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "base/file.h"
#include "base/text.h"
#include "desk/csv.h"
#include "desk/import_record.h"
#include "desk/limits.h"

namespace resolute::desk {
namespace {

constexpr std::string_view kCode = "import.bad_customer";

Result<ports::Tier> parse_tier(std::string_view tier, const ImportPlace& place) {
    if (tier.empty() || text::equals_ignore_case(tier, "regular")) return ports::Tier::regular;
    if (text::equals_ignore_case(tier, "vip")) return ports::Tier::vip;
    return place.error("tier", "must be \"vip\" or \"regular\"");
}

Status check_addresses(const std::vector<std::string>& addresses, const ImportPlace& place) {
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        if (!is_good_address(addresses[i])) return place.error("emails", fmt::format("number {} is no e-mail address", i + 1));
    }
    return {};
}

Result<Money> read_total(const json::Value& order, const std::string& field, const ImportPlace& place) {
    const json::Value& total = order["total"];
    if (!total["amount"].is_string() || !total["currency"].is_string()) {
        return place.error(field, R"(must be {"amount":"129.00","currency":"USD"}, the amount as a text)");
    }
    auto money = parse_money(total["amount"].as_string(), total["currency"].as_string());
    if (!money) return place.error(field, money.error().detail);
    return *std::move(money);
}

Result<std::vector<std::string>> read_items(const json::Value& order, const std::string& field, const ImportPlace& place) {
    std::vector<std::string> items;
    TRY(const json::Array* values, read_array(order, "items", place));
    if (values == nullptr) return items;
    for (const json::Value& value : *values) {
        const json::Value& name = value.is_object() ? value["name"] : value;
        if (!name.is_string()) return place.error(field, "each must be a text or an object with \"name\"");
        items.push_back(name.as_string());
    }
    return items;
}

Result<std::vector<ports::Order>> read_orders(const json::Value& record, const ImportPlace& place) {
    std::vector<ports::Order> orders;
    TRY(const json::Array* values, read_array(record, "orders", place));
    if (values == nullptr) return orders;
    for (const json::Value& value : *values) {
        const std::string field = fmt::format("orders[{}]", orders.size());
        if (!value.is_object()) return place.error(field, "must be an object");
        auto id = read_id(value, "id", place);
        if (!id) return place.error(field + ".id", "is missing or no id");
        ports::Order order;
        order.id = OrderId(*std::move(id));
        TRY(order.date, read_text(value, "date", place));
        TRY(order.status, read_text(value, "status", place));
        TRY(order.total, read_total(value, field + ".total", place));
        TRY(order.items, read_items(value, field + ".items", place));
        const bool is_known = std::ranges::any_of(orders, [&](const ports::Order& other) { return other.id == order.id; });
        if (is_known) return place.error(field + ".id", fmt::format("order '{}' stands here twice", order.id.value()));
        orders.push_back(std::move(order));
    }
    return orders;
}

/// A day alone is its beginning.
std::optional<Instant> parse_moment(const std::string& text) {
    if (const auto at = parse_instant(text)) return at;
    return parse_instant(text + "T00:00:00Z");
}

Result<std::vector<ports::Interaction>> read_interactions(const json::Value& record, const ImportPlace& place) {
    std::vector<ports::Interaction> interactions;
    TRY(const json::Array* values, read_array(record, "interactions", place));
    if (values == nullptr) return interactions;
    for (const json::Value& value : *values) {
        const std::string field = fmt::format("interactions[{}].at", interactions.size());
        const auto at = parse_moment(value["at"].as_string());
        if (!at) return place.error(field, "must be a moment (2026-11-22T18:05:00Z) or a day (2026-11-22)");
        ports::Interaction interaction;
        interaction.at = *at;
        TRY(interaction.kind, read_text(value, "kind", place));
        TRY(interaction.summary, read_text(value, "summary", place));
        interactions.push_back(std::move(interaction));
    }
    return interactions;
}

Result<ports::Customer> read_customer(const json::Value& record, const ImportPlace& place) {
    if (!record.is_object()) return place.error("record", "must be an object");
    TRY(std::string id, read_id(record, "id", place));
    ports::Customer customer;
    customer.id = CustomerId(std::move(id));
    TRY(customer.name, read_text(record, "name", place));
    TRY(customer.emails, read_texts(record, "emails", place));
    TRY_STATUS(check_addresses(customer.emails, place));
    TRY(const std::string tier, read_text(record, "tier", place));
    TRY(customer.tier, parse_tier(tier, place));
    TRY(customer.orders, read_orders(record, place));
    TRY(customer.interactions, read_interactions(record, place));
    return customer;
}

Status check_new(const CustomerId& id, std::set<CustomerId>& known, const ImportPlace& place) {
    if (known.insert(id).second) return {};
    return place.error("id", fmt::format("'{}' stands in the file twice", id.value()));
}

/// The place of each column, by name.
struct Columns {
    std::optional<std::size_t> id, name, emails, tier;
};

Result<Columns> read_header(const CsvRow& header, const std::string& file) {
    Columns columns;
    for (std::size_t i = 0; i < header.size(); ++i) {
        const std::string name = text::to_lower(text::trim(header[i]));
        if (name == "id") columns.id = i;
        if (name == "name") columns.name = i;
        if (name == "emails" || name == "email") columns.emails = i;
        if (name == "tier") columns.tier = i;
    }
    if (columns.id && columns.emails) return columns;
    return ImportPlace{std::string(kCode), file, 0}.error("header",
                                                          "must name the columns id and emails, and may name name and tier");
}

Result<ports::Customer> read_row(const CsvRow& row, const Columns& columns, const ImportPlace& place) {
    const auto field = [&](std::optional<std::size_t> column) {
        return column && *column < row.size() ? text::trim(row[*column]) : std::string_view();
    };
    if (!is_good_id(field(columns.id))) return place.error("id", "must be ASCII without spaces");
    ports::Customer customer;
    customer.id = CustomerId(std::string(field(columns.id)));
    customer.name = std::string(field(columns.name));
    for (const std::string_view address : text::split(field(columns.emails), ';')) {
        if (!text::trim(address).empty()) customer.emails.emplace_back(text::trim(address));
    }
    TRY_STATUS(check_addresses(customer.emails, place));
    TRY(customer.tier, parse_tier(field(columns.tier), place));
    return customer;
}

/// An upsert replaces the customer whole, so that a CSV row must bring along what it cannot say.
Status keep_what_csv_cannot_say(ports::DeskStore& store, std::vector<ports::Customer>& customers) {
    for (ports::Customer& customer : customers) {
        for (const std::string& address : customer.emails) {
            TRY(auto found, store.find_customers_by_email(address));
            const auto same = std::ranges::find(found, customer.id, &ports::Customer::id);
            if (same == found.end()) continue;
            customer.orders = std::move(same->orders);
            // Those of our own cases stay by the store's contract; handed over again they would be there twice.
            std::ranges::copy_if(same->interactions, std::back_inserter(customer.interactions),
                                 [](const ports::Interaction& interaction) { return interaction.case_id.empty(); });
            break;
        }
    }
    return {};
}

}  // namespace

Result<std::vector<ports::Customer>> parse_customers_json(std::string_view text, const std::string& file) {
    ImportPlace place{std::string(kCode), file, 0};
    TRY(const json::Array records, parse_records(text, place));
    std::vector<ports::Customer> customers;
    std::set<CustomerId> known;
    for (const json::Value& record : records) {
        ++place.record;
        TRY(ports::Customer customer, read_customer(record, place));
        TRY_STATUS(check_new(customer.id, known, place));
        customers.push_back(std::move(customer));
    }
    return customers;
}

Result<std::vector<ports::Customer>> parse_customers_csv(std::string_view text, const std::string& file) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    auto rows = parse_csv(text);
    if (!rows) return fail(rows.error().code, rows.error().kind, fmt::format("{}: {}", file, rows.error().detail));
    ImportPlace place{std::string(kCode), file, 0};
    if (rows->empty()) return place.error("header", "the file is empty");
    TRY(const Columns columns, read_header(rows->front(), file));
    std::vector<ports::Customer> customers;
    std::set<CustomerId> known;
    for (std::size_t i = 1; i < rows->size(); ++i) {
        place.record = i;
        TRY(ports::Customer customer, read_row((*rows)[i], columns, place));
        TRY_STATUS(check_new(customer.id, known, place));
        customers.push_back(std::move(customer));
    }
    return customers;
}

Result<std::size_t> import_customers(ports::DeskStore& store, const std::filesystem::path& path) {
    const std::string extension = text::to_lower(path.extension().string());
    if (extension != ".json" && extension != ".csv") {
        return fail("import.unknown_format", ErrorKind::invalid,
                    fmt::format("{}: customers come as .json or .csv", path.string()));
    }
    TRY(const std::string bytes, file::read(path, kImportBytesMax));
    const bool is_csv = extension == ".csv";
    TRY(auto customers, is_csv ? parse_customers_csv(bytes, path.string()) : parse_customers_json(bytes, path.string()));
    if (is_csv) TRY_STATUS(keep_what_csv_cannot_say(store, customers));
    TRY_STATUS(store.upsert_customers(customers));
    return customers.size();
}

}  // namespace resolute::desk
