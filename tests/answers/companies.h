// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "ports/knowledge_base.h"

/// The invented companies of tests/corpus/answers: articles with past questions, mails that each answers, and mails for people.
namespace resolute::answers {

struct Mail {
    std::string subject;
    std::string text;
};
struct Topic {
    ports::Article article;
    std::vector<Mail> mails;  ///< the article answers them
};
struct Company {
    std::string name;
    std::string language;
    std::vector<Topic> topics;
    std::vector<Mail> people;  ///< a person must answer these
};

/// "Subject | text" inside one of a few polite frames, as mails are.
inline Mail polite_mail(const std::string& line, const std::string& language, std::size_t number) {
    static const std::vector<std::pair<std::string, std::string>> english = {
        {"Hello,\n\n", "\n\nThanks a lot in advance.\n\nBest regards,\nAnna Price"},
        {"Dear support team,\n\nI hope you are well. I have been a happy customer for years.\n\n",
         "\n\nThank you for your help, I look forward to hearing from you.\n\nKind regards\nM. Oyelaran\nOyelaran & Sons Ltd"},
        {"Hi there,\n", "\nCheers, Tom"},
        {"", ""},
    };
    static const std::vector<std::pair<std::string, std::string>> german = {
        {"Guten Tag,\n\n", "\n\nVielen Dank im Voraus.\n\nMit freundlichen Grüßen\nJens Kröger"}, {"Hallo,\n", "\nViele Grüße, Eva"}, {"", ""}};
    static const std::vector<std::pair<std::string, std::string>> french = {
        {"Bonjour,\n\n", "\n\nMerci d'avance.\n\nCordialement,\nLuc Martin"}, {"Bonjour Madame, Monsieur,\n\n", "\n\nBien à vous\nJ. Petit"}};
    const auto& frames = language == "de" ? german : language == "fr" ? french : english;
    const auto& [before, after] = frames[number % frames.size()];
    const std::size_t bar = line.find(" | ");
    return {line.substr(0, bar), before + line.substr(bar + 3) + after};
}

inline Company load_company(const std::filesystem::path& file) {
    const YAML::Node root = YAML::LoadFile(file.string());
    Company company{.name = root["company"].as<std::string>(), .language = root["language"].as<std::string>(), .topics = {}, .people = {}};
    std::size_t number = 0;
    for (const YAML::Node& node : root["articles"]) {
        Topic& topic = company.topics.emplace_back();
        topic.article.id = ArticleId(node["id"].as<std::string>());
        topic.article.title = node["title"].as<std::string>();
        topic.article.text = node["text"].as<std::string>();
        topic.article.category = node["category"].as<std::string>();
        topic.article.language = company.language;
        topic.article.questions = node["questions"].as<std::vector<std::string>>();
        for (const YAML::Node& mail : node["mails"]) topic.mails.push_back(polite_mail(mail.as<std::string>(), company.language, number++));
    }
    for (const YAML::Node& mail : root["people"]) company.people.push_back(polite_mail(mail.as<std::string>(), company.language, number++));
    return company;
}

inline std::vector<Company> load_companies(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".yaml") files.push_back(entry.path());
    std::ranges::sort(files);
    std::vector<Company> companies;
    for (const auto& file : files) companies.push_back(load_company(file));
    return companies;
}

}  // namespace resolute::answers
