// SPDX-License-Identifier: Apache-2.0
// Each limit of limits.h at 1×, 10× and 1,000×: the outcome has a name, costs at most two seconds of CPU time, and the next mail
// is read as ever. What is larger than a mail may be is a mapping whose untouched pages cost nothing: nobody reads there, which
// is the point.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <ctime>
#include <functional>

#include "mail/limits.h"
#include "mail/parsed_email.h"
#include "mail/tnef.h"

namespace resolute::mail {
namespace {

const std::string kHeader = "From: Ann <ann@customer.example>\nTo: help@shop.example\nDate: Mon, 2 Nov 2026 10:00:00 +0000\n";

std::string repeat(std::string_view text, std::size_t times) {
    std::string out;
    out.reserve(text.size() * times);
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
}

/// As many times as make `bytes`, but no more than a mail may have.
std::string filled(std::string_view text, std::size_t bytes) {
    return repeat(text, std::min(bytes, limits::raw_bytes_max + 1'000) / text.size() + 1);
}

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// `content`, and zeros up to `size` that take no memory.
class Sparse {
public:
    Sparse(const std::string& content, std::size_t size) : size_(std::max(size, content.size())) {
        bytes_ = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (bytes_ != MAP_FAILED) std::copy(content.begin(), content.end(), static_cast<char*>(bytes_));
    }
    ~Sparse() {
        if (bytes_ != MAP_FAILED) munmap(bytes_, size_);
    }
    Sparse(const Sparse&) = delete;
    Sparse& operator=(const Sparse&) = delete;
    [[nodiscard]] bool is_mapped() const { return bytes_ != MAP_FAILED; }
    [[nodiscard]] std::string_view view() const { return {static_cast<const char*>(bytes_), size_}; }

private:
    void* bytes_;
    std::size_t size_;
};

struct Case {
    std::string_view limit;
    std::size_t value;
    std::string_view defect;                       ///< beyond the limit; empty where the value is shortened in silence
    std::function<std::string(std::size_t)> mail;  ///< with so much of it
    std::size_t bytes_each = 0;                    ///< where the limit counts bytes: a mail has at least so many for each
};

std::string with_type(const std::string& type, const std::string& body) {
    return kHeader + "Content-Type: " + type + "\n\n" + body;
}

std::string nested(std::size_t depth) {
    std::string out = kHeader;
    for (std::size_t i = 0; i < depth; ++i) out += fmt::format("Content-Type: multipart/mixed; boundary=b{}\n\n--b{}\n", i, i);
    return out + "\nText\n";
}

std::vector<Case> cases() {
    const auto attachment = [](std::size_t n) {
        return with_type("multipart/mixed; boundary=p", "--p\n\nText\n--p\nContent-Disposition: attachment; filename=\"" +
                                                            std::string(n, 'x') + "\"\n\nx\n--p--\n");
    };
    return {
        {"raw_bytes_max", limits::raw_bytes_max, "mail.too_large",
         [](std::size_t n) { return kHeader + "\n" + filled("line of text\n", n - 300); }, 1},
        {"header_bytes_max", limits::header_bytes_max, "mail.header_too_large",
         [](std::size_t n) { return filled("X-Filler: " + std::string(900, 'x') + "\n", n - 2'000) + kHeader + "\nText\n"; }, 1},
        {"header_lines_max", limits::header_lines_max, "mail.header_too_many_lines",
         [](std::size_t n) { return kHeader + repeat("X-A: b\n", n - 3) + "\nText\n"; }},
        {"mime_depth_max", limits::mime_depth_max, "mail.mime_too_deep", [](std::size_t n) { return nested(n - 1); }},
        {"mime_parts_max", limits::mime_parts_max, "mail.mime_too_many_parts",
         [](std::size_t n) {
             return with_type("multipart/mixed; boundary=p", repeat("--p\nContent-Type: image/gif\n\nGIF\n", n) + "--p--\n");
         }},
        {"text_bytes_max", limits::text_bytes_max, "mail.text_too_large",
         [](std::size_t n) { return kHeader + "\n" + filled("word ", n - 400); }, 1},
        {"html_bytes_max", limits::html_bytes_max, "mail.html_too_large",
         [](std::size_t n) { return with_type("text/html", filled("<p>a", n - 400)); }, 1},
        {"html_depth_max", limits::html_depth_max, "mail.html_too_deep",
         [](std::size_t n) { return with_type("text/html", repeat("<b>", n) + "x"); }},
        {"addresses_max", limits::addresses_max, "mail.too_many_addresses",
         [](std::size_t n) { return kHeader + "Cc: " + repeat("x@y.zz,\n ", n - 2) + "\n\nText\n"; }},
        {"references_max", limits::references_max, "mail.too_many_references",
         [](std::size_t n) { return kHeader + "References: " + repeat("<a@b.cc>", n) + "\n\nText\n"; }},
        {"file_name_bytes_max", limits::file_name_bytes_max, "", attachment},
        {"subject_bytes_max", limits::subject_bytes_max, "",
         [](std::size_t n) { return kHeader + "Subject: " + std::string(n, 's') + "\n\nText\n"; }},
        {"delivery_statuses_max", limits::delivery_statuses_max, "",
         [](std::size_t n) {
             return with_type("multipart/report; report-type=delivery-status; boundary=r",
                              "--r\n\nText\n--r\nContent-Type: message/delivery-status\n\n" +
                                  repeat("Final-Recipient: rfc822; a@x.example\nAction: failed\n\n", n) + "--r--\n");
         }},
        {"part_header_bytes_max", limits::part_header_bytes_max, "mail.part_headers_too_large",
         [](std::size_t n) {
             const std::string part = "--p\n" + repeat("X-Filler: " + std::string(900, 'x') + "\n", 200) + "\nText\n";
             return with_type("multipart/mixed; boundary=p", filled(part, n - 2 * part.size()) + "--p--\n");
         },
         1},
        {"content_field_bytes_max", limits::content_field_bytes_max, "mail.header_too_large",
         [](std::size_t n) { return kHeader + "Content-Type: text/plain; x=\"" + std::string(n - 20, 'x') + "\"\n\nText\n"; }},
    };
}

TEST(MailLimitsAtScale, EachLimitHasANamedOutcomeWithinTwoSecondsAndTheNextMailIsReadAsEver) {
    const std::string plain = kHeader + "Subject: Lamp\n\nMy lamp is broken.\n";
    const ParsedEmail before = parse(plain);
    for (const Case& limit : cases()) {
        for (const std::size_t factor : {std::size_t{1}, std::size_t{10}, std::size_t{1'000}}) {
            SCOPED_TRACE(fmt::format("{} at {}×", limit.limit, factor));
            const std::size_t size = limit.value * factor;
            const Sparse raw(limit.mail(size), limit.bytes_each * size * (factor > 1 ? 1 : 0));
            if (!raw.is_mapped()) continue;  // A machine that never promises more memory than it has.
            const double begin = cpu_seconds();
            const ParsedEmail mail = parse(raw.view());
            const double seconds = cpu_seconds() - begin;
            fmt::print("{:>26} {:>6}× {:>15} bytes {:>8.1f} ms  {}\n", limit.limit, factor, raw.view().size(), seconds * 1000,
                       mail.defects.empty() ? "" : mail.defects.front().code);
            EXPECT_LT(seconds, 2.0);
            const auto has = [&](std::string_view code) {
                return std::any_of(mail.defects.begin(), mail.defects.end(),
                                   [&](const Defect& defect) { return defect.code == code; });
            };
            EXPECT_FALSE(factor == 1 && has(limit.defect)) << limit.defect;
            // Where it takes a mail, or a header, larger than they may be, that is what is said.
            EXPECT_TRUE(factor == 1 || limit.defect.empty() || has(limit.defect) || has("mail.too_large") ||
                        has("mail.header_too_large"))
                << limit.defect;
            EXPECT_LE(mail.headers.size(), limits::header_lines_max);
            EXPECT_LE(mail.text.size(), limits::text_bytes_max);
            EXPECT_LE(mail.subject.size(), limits::subject_bytes_max);
            EXPECT_LE(mail.references.size(), limits::references_max);
            EXPECT_LE(mail.to.size() + mail.cc.size(), limits::addresses_max);
            EXPECT_LE(mail.delivery_report.value_or(DeliveryReport{}).recipients.size(), limits::delivery_statuses_max);
            for (const Attachment& attachment : mail.attachments)
                EXPECT_LE(attachment.file_name.size(), limits::file_name_bytes_max);
            EXPECT_EQ(parse(plain), before);
        }
    }
}

TEST(MailLimitsAtScale, WhatIsUnpackedFromRtfIsBoundedWhateverItClaims) {
    // Each pair of bytes stands for seventeen: "copy from 0x10 on", over and over.
    for (const std::size_t factor : {std::size_t{1}, std::size_t{10}, std::size_t{1'000}}) {
        const auto claimed = static_cast<std::uint32_t>(std::min<std::size_t>(limits::rtf_bytes_max * factor, 0xFFFFFFFFU));
        std::string packed(16, '\0');
        for (unsigned i = 0; i < 4; ++i) packed[4 + i] = static_cast<char>(claimed >> (8 * i));
        packed.replace(8, 4, "LZFu");
        packed += filled(std::string("\xFF") + repeat(std::string("\x01\x0F", 2), 8),
                         limits::rtf_bytes_max * std::min<std::size_t>(factor, 10) / 8);
        const double begin = cpu_seconds();
        const std::string rtf = decompress_rtf(packed);
        const double seconds = cpu_seconds() - begin;
        fmt::print("{:>26} {:>6}× {:>15} bytes {:>8.1f} ms\n", "rtf_bytes_max", factor, packed.size(), seconds * 1000);
        EXPECT_LE(rtf.size(), limits::rtf_bytes_max);
        EXPECT_LT(seconds, 2.0);
    }
}

}  // namespace
}  // namespace resolute::mail
