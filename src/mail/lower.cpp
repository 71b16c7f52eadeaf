// SPDX-License-Identifier: Apache-2.0
#include "mail/lower.h"

#include "base/text.h"

namespace resolute::mail {

std::string lower_utf8(std::string_view utf8) {
    std::string out = text::to_lower(utf8);
    for (std::size_t i = 0; i + 1 < out.size(); ++i) {
        const auto lead = static_cast<unsigned char>(out[i]);
        const auto next = static_cast<unsigned char>(out[i + 1]);
        if (lead == 0xC3 && next >= 0x80 && next <= 0x9E && next != 0x97) {
            out[i + 1] = static_cast<char>(next + 0x20U);
        } else if (lead == 0xD0 && next >= 0x90 && next <= 0x9F) {
            out[i + 1] = static_cast<char>(next + 0x20U);
        } else if (lead == 0xD0 && next >= 0xA0 && next <= 0xAF) {
            out[i] = '\xD1';
            out[i + 1] = static_cast<char>(next - 0x20U);
        }
    }
    return out;
}

}  // namespace resolute::mail
