// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "casework/archive.h"

/// Writes the members of a struct as JSON text straight away, in the order in which `fields` names them, without a tree in
/// between: the journal is written with every step. What archive::Reader reads, and text_reader.h quickly. Internal to casework.
namespace resolute::casework::archive {

/// What is left out, as archive::Writer leaves it out.
inline bool is_absent(const std::string& field) {
    return field.empty();
}
inline bool is_absent(Instant field) {
    return field == Instant{};
}
inline bool is_absent(const json::Value& field) {
    return field.is_null() || (field.is_string() && field.as_string().empty()) || (field.is_array() && field.as_array().empty());
}
template <class Tag>
bool is_absent(const Id<Tag>& field) {
    return field.is_empty();
}
template <class T>
bool is_absent(const std::optional<T>& field) {
    return !field.has_value();
}
template <class T>
bool is_absent(const std::vector<T>& field) {
    return field.empty();
}
template <class K, class T>
bool is_absent(const std::map<K, T>& field) {
    return field.empty();
}
template <class T>
bool is_absent(const T&) {
    return false;
}

/// Names the next member of the object that was begun last in `out`.
inline void append_name(std::string& out, std::string_view name) {
    if (out.back() != '{') out += ',';  // No value ends with this brace.
    out += '"';
    out += name;
    out += "\":";
}

inline void append_value(std::string& out, const std::string& field) {
    json::append_text(out, field);
}
inline void append_value(std::string& out, const json::Value& field) {
    json::append(out, field);
}
inline void append_value(std::string& out, const Money& field) {
    json::append(out, json::from_money(field));
}
inline void append_value(std::string& out, Instant field) {
    out += '"';
    out += format_instant(field);
    out += '"';
}
template <std::same_as<bool> T>
void append_value(std::string& out, T field) {
    out += field ? "true" : "false";
}
template <std::integral T>
requires(!std::same_as<T, bool>) void append_value(std::string& out, T field) {
    out += std::to_string(field);
}
template <class Tag>
void append_value(std::string& out, const Id<Tag>& field) {
    json::append_text(out, field.value());
}
template <Enumeration E>
void append_value(std::string& out, E field) {
    out += '"';
    out += EnumNames<E>::names[static_cast<std::size_t>(field)];
    out += '"';
}
template <Described T>
void append_value(std::string& out, const T& field);
template <class T>
void append_value(std::string& out, const std::optional<T>& field) {
    out += '[';
    append_value(out, *field);
    out += ']';
}
template <class T>
void append_value(std::string& out, const std::vector<T>& field) {
    out += '[';
    for (const T& item : field) {
        if (&item != &field.front()) out += ',';
        append_value(out, item);
    }
    out += ']';
}

template <class K, class T>
void append_value(std::string& out, const std::map<K, T>& field) {
    out += '{';
    for (const auto& [key, item] : field) {
        if (out.back() != '{') out += ',';
        json::append_text(out, key_text(key));
        out += ':';
        append_value(out, item);
    }
    out += '}';
}

/// All members into one text, personal or not.
class TextWriter {
public:
    explicit TextWriter(std::string& out) : out_(out) {}
    template <class T>
    void operator()(const char* name, const T& field) {
        if (is_absent(field)) return;
        append_name(out_, name);
        append_value(out_, field);
    }
    template <class T>
    void personal(const char* name, const T& field) {
        (*this)(name, field);
    }

private:
    std::string& out_;
};

template <Described T>
void append_value(std::string& out, const T& field) {
    out += '{';
    TextWriter writer(out);
    fields(writer, const_cast<T&>(field));  // A writer only reads.
    out += '}';
}

/// Open members into one text, personal ones into another; both have the same shape. The caller begins and ends the outer
/// objects.
class SplitWriter {
public:
    SplitWriter(std::string& open, std::string& personal) : open_(open), personal_(personal) {}
    template <class T>
    void operator()(const char* name, const T& field) {
        if (is_absent(field)) return;
        append_name(open_, name);
        if constexpr (Described<T>)
            split(name, field);
        else
            append_value(open_, field);
    }
    template <class T>
    void personal(const char* name, const T& field) {
        if (is_absent(field)) return;
        append_name(personal_, name);
        append_value(personal_, field);
    }

private:
    template <Described T>
    void split(const char* name, const T& field) {
        const std::size_t before = personal_.size();
        open_ += '{';
        append_name(personal_, name);
        personal_ += '{';
        fields(*this, const_cast<T&>(field));
        open_ += '}';
        if (personal_.back() == '{')
            personal_.resize(before);
        else
            personal_ += '}';
    }

    std::string& open_;
    std::string& personal_;
};

}  // namespace resolute::casework::archive
