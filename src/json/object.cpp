// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "json/json.h"

namespace resolute::json {
namespace {

constexpr std::size_t kFewMembers = 4;  ///< What a new object makes room for.
/// Up to so many are looked through one by one: most differ in length already, which costs less than to guess a half.
constexpr std::size_t kLookedThrough = 32;

bool is_before(const Object::Member& a, const Object::Member& b) { return a.first < b.first; }
bool is_not_before(const Object::Member& a, const Object::Member& b) { return a.first >= b.first; }
bool is_before_key(const Object::Member& member, std::string_view key) { return member.first < key; }
bool has_same_key(const Object::Member& a, const Object::Member& b) { return a.first == b.first; }

}  // namespace

Object::Object() = default;
Object::Object(const Object& other) = default;
Object::Object(Object&& other) noexcept = default;
Object& Object::operator=(const Object& other) = default;
Object& Object::operator=(Object&& other) noexcept = default;
Object::~Object() = default;

Object::Object(std::initializer_list<Member> members) : members_(members) {
    if (!std::is_sorted(members_.begin(), members_.end(), is_before)) std::stable_sort(members_.begin(), members_.end(), is_before);
    members_.erase(std::unique(members_.begin(), members_.end(), has_same_key), members_.end());
}

Object::Object(std::vector<Member> members) : members_(std::move(members)) {
    if (std::adjacent_find(members_.begin(), members_.end(), is_not_before) == members_.end()) return;
    std::stable_sort(members_.begin(), members_.end(), is_before);
    // From behind, so that of equal keys the last one stays.
    const auto kept = std::unique(members_.rbegin(), members_.rend(), has_same_key).base();
    members_.erase(members_.begin(), kept);
}

Object::const_iterator Object::find(std::string_view key) const {
    if (size() <= kLookedThrough) return std::find_if(begin(), end(), [key](const Member& member) { return member.first == key; });
    const const_iterator found = std::lower_bound(begin(), end(), key, is_before_key);
    return found != end() && found->first == key ? found : end();
}

std::vector<Object::Member>::iterator Object::place_of(std::string_view key) {
    if (members_.empty() || members_.back().first < key) return members_.end();  // What is built in order only grows.
    return std::lower_bound(members_.begin(), members_.end(), key, is_before_key);
}

void Object::reserve(std::size_t count) { members_.reserve(count); }

void Object::insert_or_assign(std::string_view key, Value&& value) { (*this)[key] = std::move(value); }

void Object::emplace(std::string_view key, Value value) {
    if (!contains(key)) insert_or_assign(key, std::move(value));
}

Value& Object::operator[](std::string_view key) {
    auto place = place_of(key);
    if (place != members_.end() && place->first == key) return place->second;
    if (members_.empty()) {
        members_.reserve(kFewMembers);
        place = members_.end();
    }
    return members_.emplace(place, std::string(key), Value())->second;
}

void Object::erase(std::string_view key) {
    const auto place = place_of(key);
    if (place != members_.end() && place->first == key) members_.erase(place);
}

bool operator==(const Object& a, const Object& b) { return a.members_ == b.members_; }

}  // namespace resolute::json
