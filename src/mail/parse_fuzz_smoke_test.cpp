// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "mail/parse_fuzz.cpp"  // NOLINT: the fuzzer's entry is no part of the library.

namespace resolute::mail {
namespace {

std::vector<std::string> load_corpus() {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(RESOLUTE_SOURCE_DIR "/tests/corpus/mail")) {
        if (entry.path().extension() == ".eml") paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    std::vector<std::string> mails;
    for (const auto& path : paths) {
        std::ifstream in(path, std::ios::binary);
        std::ostringstream out;
        out << in.rdbuf();
        mails.push_back(out.str());
    }
    return mails;
}

class Mutator {
public:
    explicit Mutator(std::uint32_t seed) : random_(seed) {}

    std::size_t below(std::size_t n) { return n == 0 ? 0 : random_() % n; }

    void change(std::string& mail, const std::string& other) {
        static const std::vector<std::string> kTokens = {"\n\n", "\r\n", "--", "boundary=", "=?utf-8?B?", "?=", "<", ">", "\"", std::string(1, '\0'),
                                                         "Content-Type: multipart/mixed; boundary=b\n", "Content-Transfer-Encoding: base64\n",
                                                         "From: ", "charset=utf-16", "<div>", "<!--", "<style>", "&#x110000;", "\xF0\x9F", ":;,"};
        const std::size_t at = below(mail.size() + 1);
        switch (below(6)) {
        case 0:
            if (at < mail.size()) mail[at] = static_cast<char>(below(256));
            break;
        case 1: mail.erase(at, below(40)); break;
        case 2: mail.insert(at, kTokens[below(kTokens.size())]); break;
        case 3: mail.insert(at, mail.substr(below(mail.size() + 1), below(200))); break;
        case 4: mail.insert(at, other.substr(below(other.size() + 1), below(400))); break;
        default: mail.resize(at); break;
        }
    }

private:
    std::mt19937 random_;
};

TEST(ParseFuzz, TwoThousandMutationsOfTheCorpusKeepEveryPromise) {
    const std::vector<std::string> mails = load_corpus();
    ASSERT_FALSE(mails.empty());
    Mutator mutator(20261122);
    for (int i = 0; i < 2'000; ++i) {
        std::string mail = mails[mutator.below(mails.size())];
        const std::size_t changes = 1 + mutator.below(8);
        for (std::size_t n = 0; n < changes; ++n) mutator.change(mail, mails[mutator.below(mails.size())]);
        SCOPED_TRACE(i);
        EXPECT_EQ(LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(mail.data()), mail.size()), 0);
    }
}

}  // namespace
}  // namespace resolute::mail
