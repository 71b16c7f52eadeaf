// SPDX-License-Identifier: Apache-2.0
#include "procedure/procedure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "procedure/test_catalogue.h"

namespace resolute::procedure {
namespace {

std::string shipped() {
    auto text = file::read(RESOLUTE_SOURCE_DIR "/procedures/customer-support.md");
    EXPECT_TRUE(text) << text.error().detail;
    return text.value_or("");
}

std::string all(const ReadResult& result) {
    std::string text;
    for (const Finding& finding : result.findings) text += describe(finding, "customer-support.md") + "\n";
    return text;
}

TEST(ReadProcedure, TheShippedDocumentHasNoFinding) {
    const ReadResult result = read(shipped(), test_catalogue());
    EXPECT_TRUE(result.findings.empty()) << all(result);
    ASSERT_TRUE(result.procedure);
    EXPECT_EQ(result.procedure->steps.size(), 23u);
}

}  // namespace
}  // namespace resolute::procedure
