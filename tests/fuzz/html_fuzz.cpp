// SPDX-License-Identifier: Apache-2.0
// Any HTML: what is shown holds only what is allowed, also where it is read once more.
#include <array>

#include "base/invariant.h"
#include "base/text.h"
#include "mail/charset.h"
#include "mail/html.h"
#include "mail/html_tokens.h"
#include "mail/visible_text.h"
#include "tests/fuzz/bytes.h"

namespace {

using namespace resolute;  // NOLINT: one function, one file.

constexpr std::array<std::string_view, 7> kAttributes = {"href", "rel", "colspan", "rowspan", "src", "alt", "dir"};

void check_tag(const mail::HtmlToken& token) {
    for (const std::string_view banned :
         {"script", "style", "iframe", "form", "object", "svg", "math", "link", "meta", "base", "input"})
        INVARIANT(token.text != banned, "no tag is shown that does anything");
    for (const mail::HtmlAttribute& attribute : token.attributes) {
        INVARIANT(std::find(kAttributes.begin(), kAttributes.end(), attribute.name) != kAttributes.end(),
                  "only allowed attributes are shown");
        if (attribute.name == "src")
            INVARIANT(text::to_lower(attribute.value).starts_with("cid:"), "pictures come out of the mail");
        if (attribute.name != "href") continue;
        const std::string url = text::to_lower(attribute.value);
        INVARIANT(
            url.starts_with("http://") || url.starts_with("https://") || url.starts_with("mailto:") || url.starts_with("cid:"),
            "links lead to pages");
    }
}

void check(std::string_view shown) {
    mail::HtmlTokens tokens(shown);
    for (mail::HtmlToken token = tokens.next(); token.kind != mail::HtmlToken::Kind::end; token = tokens.next())
        if (token.kind == mail::HtmlToken::Kind::start_tag) check_tag(token);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string html = text::to_valid_utf8({reinterpret_cast<const char*>(data), size});
    const mail::HtmlContent content = mail::read_html(html);
    INVARIANT(text::is_utf8(content.text) && text::is_utf8(content.html), "what is read is UTF-8");
    check(content.html);
    check(mail::read_html(content.html).html);
    return 0;
}
