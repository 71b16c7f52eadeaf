// SPDX-License-Identifier: Apache-2.0
#include "language/lexicon.h"

namespace resolute::language {
namespace {

constexpr auto kT = ports::Category::technical;

constexpr LexiconEntry kEntries[] = {
    // It does not work
    {"not|doesnt|dont|wont|cant|cannot ..2 go|move|lift|raise|lower|slide|rotate|spin|close|open ?up|down|anymore", kT, 2.6}, {"stuck|jammed", kT, 2.0}, {"panel|display|screen|meter shows|says|blinks|reads", kT, 2.0},
    {"deleted|erased|overwrote|removed|threw|lost ..6 folder|file|files|project|photos|document|documents|record|records", kT, 3.0}, {"restore|recover|undelete", kT, 2.0}, {"backup|backups", kT, 2.2}, {"export ..6 data|files|everything|all|list", kT, 2.4},
    {"nobody|cant|cannot|hardly|barely|others|people|colleagues ..3 hear|understand me|us|them|anything", kT, 2.8}, {"microphone|mic|bluetooth|firmware|driver|hdmi", kT, 1.4}, {"assemble|assembling|assembly", kT, 2.4}, {"put|putting ..5 together", kT, 2.4}, {"streak*|stripe|stripes|smudge*|blurry", kT, 1.8},
    {"not|isnt|arent|wasnt|never ..2 working|work", kT, 2.8}, {"doesnt|dont|didnt|wont|cant|cannot ?seem ?to work", kT, 2.8}, {"stopped|stops|quit working|responding|functioning|recording|syncing|printing|loading|charging|heating|cooling", kT, 3.2},
    {"no longer works|working|connects|loads|opens|starts|responds|syncs", kT, 2.8}, {"work* ..3 anymore", kT, 0.8}, {"not|isnt|arent ..1 responding|loading|connecting|syncing|updating|opening|printing|charging|displaying|showing|saving|recording|starting|heating", kT, 2.8},
    {"wont|doesnt|cant|cannot|refuses|fails|unable|couldnt|not ?able ?to turn|power|switch|start|load|connect|sync|install|boot|charge|print|save|play|download|upload|launch|pair|access|open|login|log|sign|activate|export|import|submit|verify|register|reset", kT, 2.2},
    {"keeps|keep ..2 crashing|freezing|disconnecting|dropping|restarting|rebooting|failing|loading|stopping|beeping|blinking|asking|saying|buffering|showing|getting|logging|turning|shutting", kT, 3.0},
    {"error|errors", kT, 2.6}, {"error message|messages|code|codes|log|logs|page", kT, 1.0}, {"exception|stacktrace|traceback|segfault", kT, 3.0}, {"stack trace", kT, 3.0}, {"null pointer", kT, 3.0}, {"bug|bugs|buggy", kT, 2.6}, {"glitch*", kT, 2.4}, {"crash*", kT, 2.8},
    {"freez*|frozen|hangs|unresponsive", kT, 2.2}, {"fail|fails|failed|failing|failure|failures", kT, 1.6}, {"broken", kT, 1.2}, {"malfunction*", kT, 2.6}, {"defect|defective|faulty", kT, 1.5}, {"outage|outages|downtime", kT, 2.8}, {"is|are|went|been|goes down", kT, 1.5},
    {"timeout|timeouts", kT, 2.6}, {"timing out", kT, 2.6}, {"times out", kT, 2.6}, {"timed out", kT, 2.6}, {"slow|slowly|sluggish|lag|laggy|lagging|latency", kT, 1.8}, {"disconnect*|drops|dropping", kT, 1.8}, {"blank|white|black|blue screen|page", kT, 2.4}, {"404|403|401|500|502|503|504|0x*", kT, 1.2},
    {"status code", kT, 1.5}, {"troubleshoot*", kT, 2.8}, {"technical", kT, 1.6}, {"tech support", kT, 1.5}, {"not|isnt ..1 recogni*|detect*|found|visible|compatible", kT, 1.2}, {"corrupt*|garbled|scrambled", kT, 2.2}, {"missing data|files|entries|records", kT, 1.6},
    {"lost ..3 data|files|photos|settings|work|progress|connection|signal", kT, 2.0}, {"problem|trouble|issue|difficulty ..2 with|logging|connecting|accessing|installing|using|loading|signing", kT, 1.2}, {"trouble|problems|difficulties", kT, 0.7},
    {"blink*|flash* ..2 light|lights|led|red|green|orange|amber", kT, 2.6}, {"red|orange|amber|green|warning light|led", kT, 1.6}, {"beep*|buzzing|grinding|rattling|humming|noise|leak|leaks|leaking|dripping|overheat*|smoke|sparks", kT, 2.0}, {"check engine", kT, 2.0},
    {"no sound|signal|audio|picture|internet|connection|power|display|dial|hot|image|response|heat", kT, 2.5}, {"infinite loop|spinner|spinning|stuck on|at|in", kT, 1.8}, {"stuck", kT, 1.0}, {"cuts out|off", kT, 1.6}, {"weird|strange behaviour|behavior|noise", kT, 1.4},
    {"nothing happens", kT, 2.8}, {"after|since ..3 update|upgrade|updating|upgrading|install|installing|reboot", kT, 2.2}, {"latest|new|last|recent|software|firmware update|version|release", kT, 1.3}, {"reproduce|repro", kT, 2.0}, {"workaround|hotfix|patch", kT, 2.0},
    // Access
    {"log|sign in|into|on", kT, 1.3}, {"login|logon|signin|sso|saml|oauth", kT, 2.0}, {"cant|cannot|unable|couldnt|not ..3 log|login|sign|access|get ..1 in|into|on", kT, 2.2}, {"locked out", kT, 2.5}, {"account ..2 locked|blocked|disabled", kT, 1.8}, {"password|passwords|passcode", kT, 2.4},
    {"reset ..4 password|pin|passcode", kT, 1.2}, {"forgot|forgotten ..3 password|pin|username|login", kT, 2.0}, {"2fa|mfa|authenticator|otp", kT, 2.4}, {"two factor", kT, 2.4}, {"two step", kT, 2.4}, {"one time", kT, 2.4}, {"verification|security|activation|access|confirmation code|codes", kT, 2.0}, {"verification|activation|confirmation email|link", kT, 1.4},
    {"captcha", kT, 2.0}, {"session|token expired|expires|invalid", kT, 2.0}, {"access denied|permission", kT, 2.0}, {"permissions|credentials", kT, 1.6}, {"license|licence|activation|product|serial key|code", kT, 1.4}, {"key ..4 invalid|expired|rejected|not", kT, 1.4},
    // How to set up
    {"how ..3 set|setup|install|configure|connect|enable|disable|export|import|sync|integrate|pair|reset|update|upgrade|migrate|backup|restore|uninstall|activate|deactivate|download|upload|reinstall|calibrate|clean|replace|reboot|mount|assemble|program", kT, 2.0},
    {"set|setting up", kT, 1.3}, {"setup|installation|installing|install|installed|reinstall*|uninstall*", kT, 1.9}, {"configur*", kT, 2.2}, {"integrat*", kT, 1.2}, {"import|export|importing|exporting", kT, 1.5}, {"sync|syncing|synced|synchroni*", kT, 2.0}, {"pair|pairing", kT, 1.2},
    {"factory reset|reset", kT, 1.2}, {"settings", kT, 1.0}, {"step by step|instructions|manual", kT, 0.8}, {"step ..2 of ..3 guide|manual|wizard|documentation", kT, 1.5}, {"documentation|docs|tutorial", kT, 1.0}, {"migrat*|rollback", kT, 1.8}, {"backup|backups", kT, 1.4}, {"back up", kT, 1.4},
    {"assembl*", kT, 1.2}, {"calibrat*", kT, 2.0}, {"firmware|driver|drivers|bios", kT, 2.4}, {"restart*|reboot*|rebooted|unplug*", kT, 2.0}, {"power cycle*", kT, 2.0}, {"tried ..6 restart*|reboot*|reset*|reinstall*|clear*|different|another", kT, 1.8}, {"clear* ..3 cache|cookies", kT, 2.2},
    // Things of the trade
    {"api|sdk|cli|webhook|webhooks|endpoint|json|xml|csv|sql|database|query|queries", kT, 1.9}, {"server|servers|hosting|dns|ssl|tls|certificate|domain|vpn|firewall|proxy|ip|ftp|ssh|smtp|imap|nginx|apache|docker|kubernetes", kT, 1.5}, {"wifi|bluetooth|router|modem|ethernet|network|broadband", kT, 1.6}, {"wi fi", kT, 1.6},
    {"browser|chrome|firefox|safari|edge", kT, 1.7}, {"android|ios|iphone|ipad|windows|macos|mac|linux|ubuntu", kT, 0.9}, {"app|apps|application|software", kT, 0.8}, {"plugin|plugins|extension|addon|widget", kT, 1.4}, {"dashboard|website|portal|page", kT, 0.6}, {"script|code|function|method|class|compile*|build|runtime|memory|cpu", kT, 1.0},
    {"battery ..5 drain*|dies|dead|life|hold|charge", kT, 1.8}, {"screen|display|monitor|keyboard|printer|scanner|sensor|camera|headset|speaker|thermostat", kT, 0.9}, {"printer|scanner|camera|sensor|device|machine|router|thermostat ..5 not|wont|doesnt|stopped|keeps|shows|says", kT, 1.6}, {"screenshot|screenshots|log file|logs|attached ..2 log|screen*", kT, 1.4},
    {"notification|notifications|push", kT, 0.9}, {"emails ..4 spam|not|bounce*", kT, 1.0}, {"bounce|bounced|bouncing", kT, 1.0}, {"button ..5 not|doesnt|nothing|greyed|grayed|missing", kT, 2.2}, {"greyed|grayed out", kT, 2.2}, {"link ..4 not|doesnt|broken|expired|invalid|dead", kT, 2.0}, {"page ..4 not|wont|doesnt|blank|error", kT, 2.0},
    {"fix|fixed|fixing", kT, 0.9}, {"repair|repairs|repaired", kT, 1.4}, {"resolve|diagnos*", kT, 0.8}, {"won t", kT, 0.3}, {"does|do|is not ..3 show*|display*|appear*", kT, 1.6}, {"doesnt|dont|isnt ..2 show*|display*|appear*", kT, 1.6}, {"video|audio|stream|streaming ..4 buffer*|quality|choppy|lag*|freez*|cut*", kT, 2.0},
    {"wrong|incorrect data|results|values|readings|time|output", kT, 1.4}, {"reading|readings ..4 wrong|off|incorrect|zero", kT, 1.6}, {"vulnerab*|malware|virus|phishing|hacked|breach", kT, 1.8}, {"performance", kT, 1.0}, {"compatib* ..3 issue|problem", kT, 1.5}, {"jam|jams|jammed|clogged|clog", kT, 1.8},
    {"payment|card|refund|transfer|checkout|order failed|failure", kT, -1.4}, {"failed|late|missed payment|delivery", kT, -1.5}, {"delivery failed|failure|error", kT, -1.0}, {"billing|invoice|invoicing|pricing|shipping error", kT, -2.2}, {"price|address|name|order is|was wrong|incorrect", kT, -0.8},
    {"arrived|came|delivered|received ..3 broken|damaged|defective", kT, -0.6}, {"down payment", kT, -2.0}, {"calm|break|let down", kT, -1.5}, {"technical specifications|specs|data|sheet", kT, -1.2},
};

}  // namespace

std::span<const LexiconEntry> english_trouble_lexicon() { return kEntries; }

}  // namespace resolute::language
