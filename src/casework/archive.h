// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "base/id.h"
#include "base/money.h"
#include "base/time.h"
#include "casework/state.h"
#include "json/json.h"

/// One description of a struct's fields serves writing and reading: `fields(archive, value)` names each field once, as `archive("step", …)`,
/// or as `archive.personal("sender", …)` where it tells something about the person who writes to us.
/// Internal to casework. Absent members keep their defaults, so that old journals stay readable.
namespace resolute::casework::archive {

/// Enumerations travel by name; `names_of(E)` lists them in the order of their values.
template <class E>
struct EnumNames;

template <class T>
concept Enumeration = std::is_enum_v<T>;

class Writer {
public:
    template <class T>
    void operator()(const char* name, const T& field) {
        json::Value value = write(field);
        if (!is_default(value)) out_.set(name, std::move(value));
    }
    /// One object holds both.
    template <class T>
    void personal(const char* name, const T& field) {
        (*this)(name, field);
    }
    json::Value take() { return out_.is_null() ? json::Value(json::Object{}) : std::move(out_); }

    template <class T>
    static json::Value write(const T& field);

private:
    /// Left out to keep the journal small: absent means the same. Numbers and truth values are always written, because a
    /// field's default need not be zero.
    static bool is_default(const json::Value& value) {
        return value.is_null() || (value.is_string() && value.as_string().empty()) || (value.is_array() && value.as_array().empty());
    }
    json::Value out_;
};

/// Structs that have `fields(archive, value)` beside them.
template <class T>
concept Described = requires(Writer& writer, T& value) { fields(writer, value); };

/// From one object, or from two: what is open, and what is personal. Without the second the personal members keep their defaults.
class Reader {
public:
    explicit Reader(const json::Value& in) : Reader(in, in) {}
    Reader(const json::Value& open, const json::Value& personal) : open_(open), personal_(personal) {}

    template <class T>
    void operator()(const char* name, T& field) {
        if constexpr (Described<T>)
            read_parts(name, open_[name], personal_[name], field);
        else
            read_member(name, open_[name], field);
    }
    template <class T>
    void personal(const char* name, T& field) {
        read_member(name, personal_[name], field);
    }
    /// The first member of a wrong kind, or empty.
    [[nodiscard]] const std::string& wrong() const { return wrong_; }

    template <class T>
    static bool read(const json::Value& value, T& field);

private:
    template <class T>
    void read_member(const char* name, const json::Value& value, T& field) {
        if (value.is_null()) return;
        if (!read(value, field) && wrong_.empty()) wrong_ = name;
    }
    /// A struct's members may be of both sorts.
    template <class T>
    void read_parts(const char* name, const json::Value& open, const json::Value& personal, T& field) {
        Reader reader(open, personal);
        fields(reader, field);
        const bool are_objects = (open.is_object() || open.is_null()) && (personal.is_object() || personal.is_null());
        if ((!are_objects || !reader.wrong().empty()) && wrong_.empty()) wrong_ = name;
    }

    const json::Value& open_;
    const json::Value& personal_;
    std::string wrong_;
};

template <class T>
struct Codec;

template <class T>
json::Value Writer::write(const T& field) {
    return Codec<T>::write(field);
}
template <class T>
bool Reader::read(const json::Value& value, T& field) {
    return Codec<T>::read(value, field);
}

template <>
struct Codec<std::string> {
    static json::Value write(const std::string& field) { return field; }
    static bool read(const json::Value& value, std::string& field) {
        field = value.as_string();
        return value.is_string();
    }
};
template <>
struct Codec<bool> {
    static json::Value write(bool field) { return field; }
    static bool read(const json::Value& value, bool& field) {
        field = value.as_bool();
        return value.is_bool();
    }
};
template <std::integral I>
    requires(!std::same_as<I, bool>)
struct Codec<I> {
    static json::Value write(I field) { return static_cast<std::int64_t>(field); }
    static bool read(const json::Value& value, I& field) {
        field = static_cast<I>(value.as_int());
        return value.is_int();
    }
};
template <>
struct Codec<Instant> {
    static json::Value write(Instant field) { return field == Instant{} ? json::Value() : json::Value(format_instant(field)); }
    static bool read(const json::Value& value, Instant& field) {
        const auto at = parse_instant(value.as_string());
        field = at.value_or(Instant{});
        return at.has_value() || value.is_null();
    }
};
template <>
struct Codec<json::Value> {
    static json::Value write(const json::Value& field) { return field; }
    static bool read(const json::Value& value, json::Value& field) {
        field = value;
        return true;
    }
};
template <>
struct Codec<Money> {
    static json::Value write(const Money& field) { return json::from_money(field); }
    static bool read(const json::Value& value, Money& field) {
        const auto money = json::to_money(value);
        field = money.value_or(Money{});
        return money.has_value();
    }
};
template <class Tag>
struct Codec<Id<Tag>> {
    static json::Value write(const Id<Tag>& field) { return field.value(); }
    static bool read(const json::Value& value, Id<Tag>& field) {
        field = Id<Tag>(value.as_string());
        return value.is_string();
    }
};
template <class T>
struct Codec<std::optional<T>> {
    // A present value is written even where it is zero: wrapped, so that "there, and 0" differs from "absent".
    static json::Value write(const std::optional<T>& field) {
        return field ? json::Value(json::Array{Codec<T>::write(*field)}) : json::Value();
    }
    static bool read(const json::Value& value, std::optional<T>& field) {
        if (value.as_array().size() != 1) return false;
        T inner{};
        if (!Codec<T>::read(value.as_array().front(), inner)) return false;
        field = std::move(inner);
        return true;
    }
};
template <class T>
struct Codec<std::vector<T>> {
    static json::Value write(const std::vector<T>& field) {
        json::Array array;
        for (const T& item : field) array.push_back(Codec<T>::write(item));
        return array;
    }
    static bool read(const json::Value& value, std::vector<T>& field) {
        field.clear();
        for (const json::Value& item : value.as_array()) {
            T inner{};
            if (!Codec<T>::read(item, inner)) return false;
            field.push_back(std::move(inner));
        }
        return value.is_array();
    }
};
inline const std::string& key_text(const std::string& key) { return key; }
template <class Tag>
const std::string& key_text(const Id<Tag>& key) {
    return key.value();
}
template <class K, class T>
struct Codec<std::map<K, T>> {
    static json::Value write(const std::map<K, T>& field) {
        if (field.empty()) return {};
        json::Object object;
        for (const auto& [key, item] : field) object.emplace(key_text(key), Codec<T>::write(item));
        return object;
    }
    static bool read(const json::Value& value, std::map<K, T>& field) {
        field.clear();
        for (const auto& [key, item] : value.as_object()) {
            T inner{};
            if (!Codec<T>::read(item, inner)) return false;
            field.emplace(K(key), std::move(inner));
        }
        return value.is_object();
    }
};
template <Enumeration E>
struct Codec<E> {
    static json::Value write(E field) { return json::Value(EnumNames<E>::names[static_cast<std::size_t>(field)]); }
    static bool read(const json::Value& value, E& field) {
        for (std::size_t i = 0; i < std::size(EnumNames<E>::names); ++i) {
            if (EnumNames<E>::names[i] != value.as_string()) continue;
            field = static_cast<E>(i);
            return true;
        }
        return false;
    }
};
template <Described T>
struct Codec<T> {
    static json::Value write(const T& field) {
        Writer writer;
        fields(writer, const_cast<T&>(field));  // A Writer only reads; one `fields` serves both directions.
        return writer.take();
    }
    static bool read(const json::Value& value, T& field) {
        if (!value.is_object()) return false;
        Reader reader(value);
        fields(reader, field);
        return reader.wrong().empty();
    }
};

template <>
struct EnumNames<Trust> {
    static constexpr std::string_view names[] = {"verified", "unverified", "failed"};
};
template <>
struct EnumNames<TaskState> {
    static constexpr std::string_view names[] = {"open", "approved", "denied", "done", "expired", "cancelled"};
};
template <>
struct EnumNames<Purpose> {
    static constexpr std::string_view names[] = {"step", "action", "beside"};
};
template <>
struct EnumNames<Claim::State> {
    static constexpr std::string_view names[] = {"none", "pending", "granted", "denied"};
};
template <>
struct EnumNames<OpenEffect::State> {
    static constexpr std::string_view names[] = {"intended", "retrying", "unclear", "held"};
};
template <>
struct EnumNames<Phase> {
    static constexpr std::string_view names[] = {"arrived", "awaiting_approval", "running", "waiting",
                                                 "ended",   "acting",            "held",    "closed"};
};
template <>
struct EnumNames<procedure::TaskKind> {
    static constexpr std::string_view names[] = {"resolve",           "approve",           "review",     "manager_review",
                                                 "manager_escalation", "technical_support", "held_effect", "undelivered"};
};
template <>
struct EnumNames<procedure::Target::Kind> {
    static constexpr std::string_view names[] = {"step", "complete", "stay", "hold", "closed"};
};

}  // namespace resolute::casework::archive

namespace resolute::procedure {
template <class A>
void fields(A& archive, Target& value) {
    archive("kind", value.kind);
    archive("step", value.step);
}
template <class A>
void fields(A& archive, FactSeen& value) {
    archive("path", value.path);
    archive("value", value.value);
}
}  // namespace resolute::procedure

namespace resolute::casework {
template <class A>
void fields(A& archive, ConversationMail& value) {
    archive("inbound", value.is_inbound);
    archive("mail", value.mail_id);
    archive("message_id", value.message_id);
    archive("address", value.address);
    archive("at", value.at);
    archive("subject", value.subject);
    archive("text", value.text);
    archive("tool", value.tool);
    archive("handled", value.is_handled);
    archive("noted", value.is_noted);
    archive("undelivered", value.undelivered);
}
template <class A>
void fields(A& archive, Task& value) {
    archive("id", value.id);
    archive("kind", value.kind);
    archive("role", value.role);
    archive("assignee", value.assignee);
    archive("state", value.state);
    archive("step", value.step);
    archive.personal("reason", value.reason);
    archive("opened_at", value.opened_at);
    archive("due", value.due);
    archive("bound_hash", value.bound_hash);
    archive("amount", value.amount);
    archive.personal("order", value.order);
    archive("effect", value.effect);
    archive("closed_at", value.closed_at);
    archive("decided_by", value.decided_by);
    archive.personal("note", value.note);
}
template <class A>
void fields(A& archive, Grant& value) {
    archive("by", value.by);
    archive("amount", value.amount);
    archive.personal("order", value.order);
    archive("at", value.at);
    archive("policy_hash", value.policy_hash);
}
template <class A>
void fields(A& archive, Wish& value) {
    archive("order", value.order);
    archive("amount", value.amount);
}
template <class A>
void fields(A& archive, Claim& value) {
    archive("state", value.state);
    archive("amount", value.amount);
    archive.personal("customer", value.customer);
    archive.personal("order", value.order);
    archive("at", value.at);
    archive.personal("wishes", value.wishes);
}
template <class A>
void fields(A& archive, OpenEffect& value) {
    archive("tool", value.tool);
    archive("purpose", value.purpose);
    archive("step", value.step);
    archive("state", value.state);
    archive("failed_attempts", value.failed_attempts);
    archive("payload_hash", value.payload_hash);
    archive("draft", value.draft);
    archive("message_id", value.message_id);
    archive("recipient", value.recipient);
    archive("error", value.error);
}
template <class A>
void fields(A& archive, Chain& value) {
    archive("from_exit", value.from_exit);
    archive("index", value.index);
    archive("next_action", value.next_action);
}
}  // namespace resolute::casework
