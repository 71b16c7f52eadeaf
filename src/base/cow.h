// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace resolute {

/// A value whose copies share it until one of them is changed ("copy on write"). It behaves as the value itself would: copies may
/// live in different threads, one copy is one thread's at a time. The empty value takes no memory. T may be incomplete where only
/// the type is named.
template <class T>
class Cow {
public:
    Cow() = default;
    explicit Cow(T value) : shared_(new Shared{.value = std::move(value)}) {}
    Cow(const Cow& other) noexcept : shared_(other.shared_) {
        if (shared_ != nullptr) shared_->users.fetch_add(1, std::memory_order_relaxed);
    }
    Cow(Cow&& other) noexcept : shared_(std::exchange(other.shared_, nullptr)) {}
    Cow& operator=(Cow other) noexcept {
        std::swap(shared_, other.shared_);
        return *this;
    }
    ~Cow() {
        if (shared_ == nullptr) return;
        if (is_alone() || shared_->users.fetch_sub(1, std::memory_order_acq_rel) == 1) delete shared_;
    }

    const T& operator*() const {
        static const T kEmpty{};
        return shared_ != nullptr ? shared_->value : kEmpty;
    }
    const T* operator->() const { return &**this; }

    /// For changing it in place. The reference must not outlive the next copy.
    T& change() {
        if (shared_ == nullptr)
            shared_ = new Shared{};
        else if (!is_alone())
            *this = Cow(shared_->value);
        return shared_->value;
    }

    friend bool operator==(const Cow& a, const Cow& b) { return a.shared_ == b.shared_ || *a == *b; }

private:
    struct Shared {
        std::atomic<std::uint32_t> users{1};
        T value{};
    };
    /// Nobody else can join in meanwhile: they would need this copy for it. Acquire, because others have read it before they left.
    [[nodiscard]] bool is_alone() const { return shared_->users.load(std::memory_order_acquire) == 1; }

    Shared* shared_ = nullptr;
};

}  // namespace resolute
