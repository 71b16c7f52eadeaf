// SPDX-License-Identifier: Apache-2.0
// How mail programs announce quoted mail, in lower case. Sources: the programs' own translations, and mails that they wrote.
#pragma once

#include <array>
#include <string_view>

namespace resolute::mail::words {

struct Attribution {
    std::string_view begin;  ///< of the first line
    std::string_view verb;   ///< must follow
};

/// Gmail, Apple Mail, Thunderbird, Yahoo, Roundcube, K-9, Proton; the line, or its wrapped continuation, ends in a colon.
inline constexpr auto kAttributions = std::to_array<Attribution>({
    {"on ", " wrote"},
    {"am ", " schrieb"},
    {"am ", " geschrieben"},
    {"le ", " a écrit"},
    {"le ", " à écrit"},
    {"el ", " escribió"},
    {"el ", " escribio"},
    {"el día ", " escribió"},
    {"il ", " ha scritto"},
    {"il giorno ", " ha scritto"},
    {"in data ", " ha scritto"},
    {"op ", " schreef"},
    {"op ", " het volgende geschreven"},
    {"em ", " escreveu"},
    {"no dia ", " escreveu"},
    {"a ", " escreveu"},
    {"às ", " escreveu"},
    {"w dniu ", " napisał"},
    {"dnia ", " napisał"},
    {"den ", " skrev"},
    {"på ", " skrev"},
    {"dne ", " napsal"},
    {"la data ", " a scris"},
    {"în ", " a scris"},
    {"vào ", " đã viết"},
    {"pada ", " menulis"},
    {"a(z) ", " ezt írta"},
    {"στις ", " έγραψε"},
    {"el ", " va escriure"},
});

/// "Shop <help@shop.example> wrote:", "Shop schreef op 2026-11-02 10:15:": at the end, before the colon.
inline constexpr auto kFinalVerbs = std::to_array<std::string_view>({
    " wrote",    " writes",  " schrieb",  " geschrieben", " schreef", " a écrit",    " escribió",  " escribio", " ha scritto",
    " escreveu", " skrev",   " napisał",  " napisał(a)",  " napsal",  " napsal(a)",  " kirjoitti", " написал",  " написал(а)",
    " пишет",    " писал",   " yazdı",    " şunu yazdı",  " 写道",    "写道",        " 寫道",      "寫道",      " írta",
    " ezt írta", " a scris", "님이 작성", " 작성",        "のメール", " 書きました", " đã viết",   " έγραψε",
});

/// The same with the date behind it.
inline constexpr auto kMiddleVerbs = std::to_array<std::string_view>({
    " schrieb am ",
    " schrieb um ",
    " schreef op ",
    " escreveu no dia ",
    " escreveu em ",
    " escreveu (",
    " wrote on ",
    " wrote at ",
    " a écrit le ",
    " escribió el ",
    " ha scritto il ",
    " skrev den ",
});

/// Between dashes: "-----Original Message-----", "-------- Ursprüngliche Nachricht --------".
inline constexpr auto kSeparators = std::to_array<std::string_view>({
    "original message",
    "original appointment",
    "original mail",
    "reply message",
    "ursprüngliche nachricht",
    "ursprungliche nachricht",
    "ursprüngliche mail",
    "ursprünglicher termin",
    "originalnachricht",
    "original-nachricht",
    "original nachricht",
    "message d'origine",
    "message d’origine",
    "mail original",
    "message original",
    "message initial",
    "courriel original",
    "mensaje original",
    "correo original",
    "messaggio originale",
    "messaggio originario",
    "oorspronkelijk bericht",
    "oorspronkelijke afspraak",
    "origineel bericht",
    "mensagem original",
    "wiadomość oryginalna",
    "oryginalna wiadomość",
    "oprindelig meddelelse",
    "ursprungligt meddelande",
    "originalmeddelande",
    "opprinnelig melding",
    "alkuperäinen viesti",
    "původní zpráva",
    "исходное сообщение",
    "оригинал сообщения",
    "orijinal mesaj",
    "原始邮件",
    "邮件原件",
    "元のメッセージ",
});

inline constexpr auto kForwards = std::to_array<std::string_view>({
    "forwarded message",
    "forwarded by",
    "weitergeleitete nachricht",
    "weitergeleitet von",
    "message transféré",
    "message réexpédié",
    "transféré par",
    "mensaje reenviado",
    "reenviado por",
    "messaggio inoltrato",
    "inoltrato da",
    "doorgestuurd bericht",
    "doorgestuurd door",
    "mensagem encaminhada",
    "mensagem reencaminhada",
    "encaminhado por",
    "пересылаемое сообщение",
    "转发邮件",
    "vidarebefordrat meddelande",
});

/// Apple Mail writes these without dashes.
inline constexpr auto kBareForwards = std::to_array<std::string_view>({
    "begin forwarded message:",
    "anfang der weitergeleiteten nachricht:",
    "début du message réexpédié",
    "début du message transféré",
    "inicio del mensaje reenviado:",
    "inizio messaggio inoltrato:",
    "begin doorgestuurd bericht:",
    "início da mensagem reencaminhada:",
    "início da mensagem encaminhada:",
});

/// Help desks: what stands below is their own.
inline constexpr auto kReplyAbove = std::to_array<std::string_view>({
    "reply above this line",
    "reply above the line",
    "your reply above this",
    "write above this line",
    "oberhalb dieser zeile",
    "über dieser zeile",
    "über diese zeile",
    "au-dessus de cette ligne",
    "encima de esta línea",
    "sopra questa riga",
    "sopra questa linea",
    "boven deze regel",
    "boven deze lijn",
    "acima desta linha",
    "acima dessa linha",
});

inline constexpr auto kFromLabels = std::to_array<std::string_view>({
    "from",      "von",      "de",        "da",       "van",       "från",       "fra",      "od",
    "lähettäjä", "от",       "от кого",   "kimden",   "gönderen",  "发件人",     "寄件者",   "差出人",
    "보낸 사람", "absender", "remitente", "mittente", "remetente", "expéditeur", "afzender",
});
inline constexpr auto kSentLabels = std::to_array<std::string_view>({
    "sent",         "date",       "gesendet", "datum",      "gesendet am", "envoyé",    "envoyé le", "enviado",
    "enviado el",   "enviado em", "enviada",  "enviada em", "fecha",       "inviato",   "data",      "verzonden",
    "verzonden op", "skickat",    "sendt",    "dato",       "wysłano",     "lähetetty", "дата",      "отправлено",
    "tarih",        "发送时间",   "日期",     "日時",       "送信日時",    "보낸 날짜", "sent on",
});
inline constexpr auto kToLabels = std::to_array<std::string_view>({
    "to",   "an",   "à",     "a",      "para", "aan",       "til",       "till",         "do",           "komu",
    "кому", "kime", "alıcı", "收件人", "宛先", "받는 사람", "empfänger", "destinataire", "destinatario", "vastaanottaja",
    "pour",
});
inline constexpr auto kCopyLabels =
    std::to_array<std::string_view>({"cc", "kopie", "copie", "copia", "cópia", "kopie an", "копия", "抄送", "bcc", "reply-to",
                                     "antwort an", "importance", "attachments"});
inline constexpr auto kSubjectLabels = std::to_array<std::string_view>({
    "subject", "betreff", "betrifft", "objet", "sujet", "asunto", "oggetto", "onderwerp", "assunto", "ämne", "emne",
    "temat",   "předmět", "aihe",     "тема",  "konu",  "主题",   "主旨",    "件名",      "제목",    "re",
});

inline constexpr auto kForwardSubjects = std::to_array<std::string_view>({
    "fw:",
    "fwd:",
    "wg:",
    "tr:",
    "rv:",
    "i:",
    "inoltra:",
    "doorst:",
    "enc:",
    "rtr:",
    "fwd :",
    "tr :",
    "res: enc:",
    "転送:",
    "转发:",
    "转发：",
});

}  // namespace resolute::mail::words
