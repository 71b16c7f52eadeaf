// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "casework/archive.h"
#include "casework/event.h"
#include "json/cursor.h"

/// Reads what text_archive.h writes, straight into the members and in their order, without a tree in between: cases are read far
/// more often than anything else. Whatever is not written just so (by an older version, in another order) is no error here; whoever
/// asks then takes archive::Reader, which alone judges. Internal to casework.
namespace resolute::casework::archive {

/// False: something else stands there.
inline bool read_value(json::Cursor& text, std::string& field) {
    field.clear();
    return text.read_text(field);
}
inline bool read_value(json::Cursor& text, json::Value& field) {
    return text.read_value(field);
}
inline bool read_value(json::Cursor& text, Money& field) {
    json::Value value;
    return text.read_value(value) && Reader::read(value, field);
}
inline bool read_value(json::Cursor& text, Instant& field) {
    std::string_view moment;
    if (!text.read_plain(moment)) return false;
    const auto at = parse_instant(moment);
    field = at.value_or(Instant{});
    return at.has_value();
}
template <std::same_as<bool> T>
bool read_value(json::Cursor& text, T& field) {
    field = text.take_word("true");
    return field || text.take_word("false");
}
template <std::integral T>
requires(!std::same_as<T, bool>) bool read_value(json::Cursor& text, T& field) {
    std::int64_t number = 0;
    if (!text.read_int(number)) return false;
    field = static_cast<T>(number);
    return true;
}
template <class Tag>
bool read_value(json::Cursor& text, Id<Tag>& field) {
    std::string id;
    if (!text.read_text(id)) return false;
    field = Id<Tag>(std::move(id));
    return true;
}
template <Enumeration E>
bool read_value(json::Cursor& text, E& field) {
    std::string_view name;
    if (!text.read_plain(name)) return false;
    for (std::size_t i = 0; i < std::size(EnumNames<E>::names); ++i) {
        if (EnumNames<E>::names[i] != name) continue;
        field = static_cast<E>(i);
        return true;
    }
    return false;
}
template <Described T>
bool read_value(json::Cursor& text, T& field);
template <class T>
bool read_value(json::Cursor& text, std::optional<T>& field) {
    return text.take('[') && read_value(text, field.emplace()) && text.take(']');
}
template <class T>
bool read_value(json::Cursor& text, std::vector<T>& field) {
    if (!text.take('[')) return false;
    do {
        if (!read_value(text, field.emplace_back())) return false;
    } while (text.take(','));
    return text.take(']');
}
template <class K, class T>
bool read_value(json::Cursor& text, std::map<K, T>& field) {
    if (!text.take('{')) return false;
    do {
        std::string key;
        T item{};
        if (!text.read_text(key) || !text.take(':') || !read_value(text, item)) return false;
        field.emplace(K(std::move(key)), std::move(item));
    } while (text.take(','));
    return text.take('}');
}

/// The members of one struct from one text, or the open ones from one and the personal ones from another; nothing where there is
/// no such text. The caller begins and ends the objects.
class TextReader {
public:
    TextReader(json::Cursor* open, json::Cursor* personal) : open_(open), personal_(personal) {}

    template <class T>
    void operator()(const char* name, T& field) {
        if constexpr (Described<T>)
            read_struct(name, field);
        else
            read_member(open_, name, field);
    }
    template <class T>
    void personal(const char* name, T& field) {
        read_member(personal_, name, field);
    }
    [[nodiscard]] bool is_fine() const { return is_fine_; }

private:
    template <class T>
    void read_member(json::Cursor* text, const char* name, T& field) {
        if (is_fine_ && text != nullptr && text->take_name(name)) is_fine_ = read_value(*text, field);
    }
    /// Its members may be of both sorts.
    template <Described T>
    void read_struct(const char* name, T& field) {
        if (!is_fine_) return;
        json::Cursor* const open = open_ != nullptr && open_->take_name(name) ? open_ : nullptr;
        const bool are_together = open_ == personal_;
        json::Cursor* const personal = are_together                                         ? open
                                       : personal_ != nullptr && personal_->take_name(name) ? personal_
                                                                                            : nullptr;
        TextReader inner(open, personal);
        is_fine_ = both(open, are_together ? nullptr : personal, '{');
        if (is_fine_) fields(inner, field);
        is_fine_ = is_fine_ && inner.is_fine() && both(open, are_together ? nullptr : personal, '}');
    }
    static bool both(json::Cursor* open, json::Cursor* personal, char brace) {
        return (open == nullptr || open->take(brace)) && (personal == nullptr || personal->take(brace));
    }

    json::Cursor* open_;
    json::Cursor* personal_;
    bool is_fine_ = true;
};

template <Described T>
bool read_value(json::Cursor& text, T& field) {
    if (!text.take('{')) return false;
    TextReader reader(&text, &text);
    fields(reader, field);
    return reader.is_fine() && text.take('}');
}

}  // namespace resolute::casework::archive

namespace resolute::casework {

/// The members of one event as write_events writes them, its kind among them; the caller begins and ends the objects.
bool read_event(json::Cursor& open, json::Cursor* personal, CaseEvent& event);

}  // namespace resolute::casework
