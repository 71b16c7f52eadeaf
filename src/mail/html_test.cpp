// SPDX-License-Identifier: Apache-2.0
#include "mail/html.h"

#include <gtest/gtest.h>

namespace resolute::mail {
namespace {

TEST(ReadHtml, TextIsLaidOutForReading) {
    EXPECT_EQ(read_html("<h1>Hi</h1><p>a  b\n c<br>d</p><ul><li>x<li>y</ul>end").text, "Hi\n\na b c\nd\n\n- x\n- y\nend\n");
    EXPECT_EQ(read_html("<table><tr><td>a</td><td>b</td></tr><tr><td>c</table>").text, "a b\nc\n");
    EXPECT_EQ(read_html("<pre>a\n  b</pre>").text, "a\n  b\n");
    EXPECT_EQ(read_html("<blockquote>a<blockquote>b</blockquote></blockquote>c").text, "> a\n\n> > b\n\nc\n");
    EXPECT_EQ(read_html("&lt;b&gt; &eacute; &#8364; &#x20AC; &nope; &amp").text, "<b> é € € &nope; &\n");
    EXPECT_EQ(read_html("a < b and c<3").text, "a < b and c<3\n");
}

TEST(ReadHtml, NothingDangerousIsWritten) {
    for (const std::string_view html :
         {"<script>x</script>", "<SCRIPT SRC=//e.example></SCRIPT>", "<img src=x onerror=y>", "<svg onload=y>", "<a href=javascript:y>z</a>",
          "<a href=' java\tscript:y'>z</a>", "<a href=\"data:text/html,y\">z</a>", "<a href='&#x6A;avascript:y'>z</a>", "<style>@import 'x'</style>",
          "<p style='background:url(//e.example)'>z</p>", "<iframe src=x></iframe>", "<object data=x>", "<math><mi xlink:href=x>", "<!--><img src=x onerror=y>-->",
          "<p title='--><script>'>z</p>", "<link rel=stylesheet href=x>", "<meta http-equiv=refresh>", "<form action=x><button>z", "<img src=https://e.example/t.gif>",
          "<scr<script>ipt>", "<p/onclick=y>z", "<a href=vbscript:y>z</a>", "<noscript><p title='</noscript><img src=x onerror=y>'>"}) {
        const std::string out = read_html(html).html;
        for (const std::string_view bad : {"<script", "onerror=y", "onload", "onclick", "javascript:y", "java", "vbscript", "data:", "<style", "style=", "<iframe",
                                           "<object", "<svg", "<math", "<link", "<meta", "<form", "<img"}) {
            const std::size_t at = out.find(bad);
            // Escaped text may name it; a tag or attribute may not.
            const bool is_in_tag = at != std::string::npos && out.rfind('<', at) != std::string::npos &&
                                   (out.rfind('>', at) == std::string::npos || out.rfind('<', at) > out.rfind('>', at) || out[at] == '<');
            EXPECT_FALSE(is_in_tag) << html << " gave " << out;
        }
    }
}

TEST(ReadHtml, LinksKeepSafeSchemesOnly) {
    EXPECT_EQ(read_html("<a href='https://a.example/?x=1&y=\"2\"' onclick=x>l</a>").html,
              "<a href=\"https://a.example/?x=1&amp;y=&quot;2&quot;\" rel=\"noopener noreferrer\">l</a>");
    EXPECT_EQ(read_html("<a href=/relative>l</a>").html, "<a>l</a>");
    EXPECT_EQ(read_html("<img src=cid:a@b alt='\"><script>'>").html, "<img src=\"cid:a@b\" alt=\"&quot;&gt;&lt;script&gt;\">");
}

TEST(ReadHtml, TagsAreBalanced) {
    EXPECT_EQ(read_html("<b><i>x</b>y</i>").html, "<b><i>x</i></b>y");
    EXPECT_EQ(read_html("</div></td>x<td>").html, "x<td></td>");
    EXPECT_EQ(read_html("<p>a<p>b").html, "<p>a</p><p>b</p>");
    // What a sender leaves open or closes too often cannot leave the place where it is shown.
    EXPECT_EQ(read_html("<div><table><tr><td></div>x").html, "<div><table><tr><td>x</td></tr></table></div>");
}

TEST(ReadHtml, HiddenTextIsLeftOutAndReported) {
    for (const std::string_view style : {"display:none", "DISPLAY : none !important", "visibility:hidden", "font-size:0", "font-size:0.0em", "opacity:0",
                                         "max-height:0px;overflow:hidden", "color:#fff", "color: white", "color:rgb(255, 255, 255)",
                                         "dis/**/play:none", "color:white;background:#FFFFFF"}) {
        const HtmlContent content = read_html("a<span style=\"" + std::string(style) + "\">SECRET<b>too</b></span>b");
        EXPECT_TRUE(content.has_hidden_text) << style;
        EXPECT_EQ(content.text, "ab\n") << style;
        EXPECT_EQ(content.html.find("SECRET"), std::string::npos) << style;
        EXPECT_EQ(content.html.find("too"), std::string::npos) << style;
    }
    EXPECT_TRUE(read_html("<div hidden>x</div>").has_hidden_text);
    EXPECT_TRUE(read_html("<font color=#FFFFFF>x</font>").has_hidden_text);
}

TEST(ReadHtml, VisibleTextIsNotCalledHidden) {
    for (const std::string_view style : {"font-size:0.9em", "font-size:10px", "color:#ffe", "color:#fff;background-color:#000", "display:block", "opacity:0.5"}) {
        const HtmlContent content = read_html("<span style=\"" + std::string(style) + "\">seen</span>");
        EXPECT_FALSE(content.has_hidden_text) << style;
        EXPECT_EQ(content.text, "seen\n") << style;
    }
    EXPECT_EQ(read_html("<table bgcolor=#003366><tr><td><font color=white>seen</font></table>").text, "seen\n");
    // Dark text inside white text is seen again.
    EXPECT_EQ(read_html("<div style='color:white'><span style='color:black'>seen</span></div>").text, "seen\n");
    // The colour behind a class is in a style sheet that we do not read.
    EXPECT_EQ(read_html("<style>.b{background:#036}</style><a class=b style='color:#fff'>seen</a>").text, "seen\n");
    EXPECT_FALSE(read_html("<div style='display:none'> \n </div>").has_hidden_text);
}

}  // namespace
}  // namespace resolute::mail
