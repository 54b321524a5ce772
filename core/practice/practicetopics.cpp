#include "core/practice/practicetopics.h"

namespace core {

namespace {

QString markdown(const char *utf8)
{
    return QString::fromUtf8(utf8);
}

QStringList words(const char *spaced)
{
    return QString::fromLatin1(spaced).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

struct Language
{
    const char *names;
    const char *fence;
    const char *code;
};

//! One small program in many tongues: the words of a text, counted.
constexpr Language Languages[] = {
    {"python py", "python",
     R"(from collections import Counter

def word_counts(text: str) -> Counter[str]:
    """How often each word occurs, without regard to case."""
    return Counter(text.lower().split())

print(word_counts("a wren and a farthing").most_common(3)))"},
    {"c++ cpp qt", "cpp",
     R"(#include <map>
#include <sstream>
#include <string>

std::map<std::string, int> wordCounts(const std::string &text)
{
    std::map<std::string, int> counts;
    std::istringstream words(text);
    for (std::string word; words >> word;)
        ++counts[word];
    return counts;
})"},
    {"rust", "rust",
     R"(use std::collections::HashMap;

fn word_counts(text: &str) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    for word in text.split_whitespace() {
        *counts.entry(word).or_insert(0) += 1;
    }
    counts
})"},
    {"javascript js node", "javascript",
     R"(function wordCounts(text) {
  const counts = new Map();
  for (const word of text.toLowerCase().split(/\s+/).filter(Boolean))
    counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
})"},
    {"sql sqlite database", "sql",
     R"(SELECT model, count(*) AS answers, sum(output_tokens) AS tokens
FROM attempt
GROUP BY model
ORDER BY tokens DESC;)"},
    {"bash shell", "bash",
     R"(#!/usr/bin/env bash
set -euo pipefail
# The ten most frequent words of a file.
tr -s '[:space:]' '\n' <"$1" | sort | uniq -c | sort -rn | head -10)"},
};

} // namespace

const QList<PracticeTopic> &practiceTopics()
{
    static const QList<PracticeTopic> topics{
        {markdown("What Farthing does"),
         words("farthing help capabilities features what-can-you-do"),
         markdown(
             "Farthing is a desktop chat for every LLM provider that always knows what an answer "
             "costs.\n\n"
             "| use | what you get |\n|---|---|\n"
             "| **Chat** | any model, streamed, with tokens, cost and times under each answer |\n"
             "| **Compare** | the same prompt to several models side by side |\n"
             "| **Dashboard** | spend and latency by session, day, model and provider |\n\n"
             "Under all three lies one promise: a request is resilient, and every attempt is "
             "accounted for.\n\n"
             "To begin:\n\n"
             "1. Try me as long as you like; nothing leaves this machine.\n"
             "2. Add a key under *Settings*, *Providers*, or run a local server such as Ollama.\n"
             "3. Send the same question to two models and compare.\n")},
        {markdown("Prices and cost"),
         words("price prices cost costs money spend budget dollar dollars token tokens expensive "
               "cheap"),
         markdown("- Prices are kept per model and date; an answer keeps the price it was charged "
                  "at.\n"
                  "- The *attempt* is what is counted: a failed or stopped call may cost money "
                  "too, and is shown.\n"
                  "- A price that is not known stays **unknown**. It is never shown as zero.\n"
                  "- What you see here is **simulated**: practice money enters no total.\n")},
        {markdown("Keys"), words("key keys secret secrets keychain password token safe security"),
         markdown("1. Open *Settings*, then *Providers*, and paste the key.\n"
                  "2. Farthing stores it in the system's keychain, never in a file.\n"
                  "3. It is sent only to the host it belongs to. If the host changes, Farthing "
                  "asks first.\n")},
        {markdown("When a provider fails"),
         words("retry retries fallback fail fails failure error errors outage limit limits "
               "resilient resilience overloaded timeout drill"),
         markdown("- *Rate limits and overload* are waited out, with the time that the service "
                  "names, visibly.\n"
                  "- *After that* a route goes on to its next model and says so above the "
                  "answer.\n"
                  "- *Once text was shown* nothing is resent by itself; the text is kept.\n\n"
                  "The practice provider can fail on demand: rate limit, overload, a stall, a "
                  "break in mid-stream.\n")},
        {markdown("Comparing models"),
         words("compare comparison versus vs lanes lane models model choose"),
         markdown("Each lane has a model, options and a history of its own. When all have ended, "
                  "badges name the cheapest, the first to answer and the first to finish.\n\n"
                  "Here you can compare `practice-fast`, `practice-steady` and "
                  "`practice-thinker`: they differ in speed, and the last shows its "
                  "reasoning.\n")},
        {markdown("Where data lies"),
         words("data store stored privacy private file files where backup disk sqlite telemetry"),
         markdown("Everything stays on this machine, in one SQLite database below your data "
                  "folder; `farthing doctor` prints its place. There is no telemetry. The "
                  "ledger holds no prompt text.\n")},
        {markdown("About this practice provider"),
         words("practice simulated demo who-are-you are-you-real what-are-you"),
         markdown("I am no language model. I am a small server inside Farthing that listens on "
                  "this machine only and composes answers by rules. The way to me is the real "
                  "one: HTTP, the provider's protocol, streamed tokens, usage, the ledger.\n")},
    };
    return topics;
}

QString practiceCode(const QStringList &asked)
{
    for (const Language &language : Languages) {
        for (const QString &name : words(language.names)) {
            if (asked.contains(name))
                return QStringLiteral("```%1\n%2\n```\n")
                    .arg(QLatin1StringView(language.fence), QLatin1StringView(language.code));
        }
    }
    return {};
}

} // namespace core
