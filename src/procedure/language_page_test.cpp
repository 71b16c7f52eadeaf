// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "base/text.h"
#include "procedure/procedure.h"
#include "procedure/test_catalogue.h"

namespace resolute::procedure {
namespace {

TEST(ProcedureLanguagePage, EveryExampleReadsWithoutAFinding) {
    const auto page = file::read(RESOLUTE_SOURCE_DIR "/docs/procedure-language.md");
    ASSERT_TRUE(page);
    constexpr std::string_view kFence = "\n```procedure\n";
    int examples = 0;
    for (std::size_t at = 0; (at = page->find(kFence, at)) != std::string::npos;) {
        at += kFence.size();
        const std::size_t end = page->find("\n```\n", at);
        ASSERT_NE(end, std::string::npos);
        const ReadResult result = read(page->substr(at, end + 1 - at), test_catalogue());
        for (const Finding& finding : result.findings)
            ADD_FAILURE() << "example " << examples + 1 << ": " << describe(finding, "example");
        ++examples;
    }
    EXPECT_EQ(examples, 2);
}

/// Codes are written out only where they are given, as the first argument or with their prefix.
std::set<std::string> codes_in_the_source() {
    std::set<std::string> codes;
    for (const auto& entry : std::filesystem::directory_iterator(RESOLUTE_SOURCE_DIR "/src/procedure")) {
        const std::string name = entry.path().filename().string();
        if (!name.ends_with(".cpp") || name.ends_with("_test.cpp")) continue;
        const std::string source = file::read(entry.path()).value_or("");
        for (const std::string_view start : {"findings_.error(", "findings.error(", "findings_.warning("}) {
            for (std::size_t at = 0; (at = source.find(start, at)) != std::string::npos;) {
                at = source.find_first_not_of(" \n", at + start.size());
                if (at == std::string::npos || source[at] != '"') continue;
                codes.insert("procedure." + source.substr(at + 1, source.find('"', at + 1) - at - 1));
            }
        }
    }
    return codes;
}

TEST(ProcedureErrors, EachCodeHasAPage) {
    std::set<std::string> pages;
    for (const auto& entry : std::filesystem::directory_iterator(RESOLUTE_SOURCE_DIR "/docs/errors")) {
        const std::string name = entry.path().stem().string();
        if (!name.starts_with("procedure.")) continue;
        pages.insert(name);
        const std::string text = file::read(entry.path()).value_or("");
        for (const std::string_view section : {"## Meaning\n", "## Cause\n", "## What to do\n"})
            EXPECT_THAT(text, testing::HasSubstr(std::string(section))) << name;
    }
    // Pages of the same prefix may belong to the command line, so only this direction holds.
    const std::set<std::string> codes = codes_in_the_source();
    EXPECT_GE(codes.size(), 17u);
    EXPECT_THAT(pages, testing::IsSupersetOf(codes));
    for (const std::string code :
         {"procedure.condition_syntax", "procedure.condition_type", "procedure.unknown_fact", "procedure.policy_unknown"})
        EXPECT_TRUE(pages.contains(code)) << code;
}

}  // namespace
}  // namespace resolute::procedure
