#include "core/tokens/modelencoding.h"

#include <array>

namespace core {

namespace {

using namespace Qt::StringLiterals;

//! The part of an id that names the model: without the maker before it and what a fine-tuning
//! added.
QString bareName(QStringView model)
{
    QString name = model.toString().trimmed().toLower();
    name = name.section(u'/', -1);
    if (name.startsWith("ft:"_L1))
        name = name.section(u':', 1, 1);
    for (const auto maker : {"openai."_L1, "azure."_L1}) { // Bedrock
        if (const qsizetype at = name.indexOf(maker);
            at == 0 || (at > 0 && name.at(at - 1) == u'.'))
            name = name.mid(at + maker.size());
    }
    return name;
}

//! Whether \p name is \p model or a variant of it: "o1" is "o1" and "o1-mini", not "o100".
bool isVariantOf(const QString &name, QLatin1StringView model)
{
    return name.startsWith(model) &&
           (name.size() == model.size() || !name.at(model.size()).isLetterOrNumber());
}

struct Known
{
    QLatin1StringView model;
    EncodingId encoding;
};

// The first that fits counts. What OpenAI has said about a model before it said which encoding it
// has is no reason to call a count exact: ids beyond these have none.
constexpr std::array Published{
    Known{"gpt-5"_L1, EncodingId::O200kBase},
    Known{"gpt-4.1"_L1, EncodingId::O200kBase},
    Known{"gpt-4.5"_L1, EncodingId::O200kBase},
    Known{"gpt-4o"_L1, EncodingId::O200kBase},
    Known{"gpt-oss"_L1,
          EncodingId::O200kBase}, // o200k_harmony: other special tokens, the same text
    Known{"chatgpt"_L1, EncodingId::O200kBase},
    Known{"codex-mini"_L1, EncodingId::O200kBase},
    Known{"o1"_L1, EncodingId::O200kBase},
    Known{"o3"_L1, EncodingId::O200kBase},
    Known{"o4"_L1, EncodingId::O200kBase},
    Known{"gpt-4"_L1, EncodingId::Cl100kBase},
    Known{"gpt-3.5"_L1, EncodingId::Cl100kBase},
    Known{"gpt-35"_L1, EncodingId::Cl100kBase}, // Azure
    Known{"text-embedding-3"_L1, EncodingId::Cl100kBase},
    Known{"text-embedding-ada-002"_L1, EncodingId::Cl100kBase},
    Known{"davinci-002"_L1, EncodingId::Cl100kBase},
    Known{"babbage-002"_L1, EncodingId::Cl100kBase},
};

} // namespace

std::optional<EncodingId> encodingOf(QStringView model)
{
    const QString name = bareName(model);
    for (const Known &known : Published) {
        if (isVariantOf(name, known.model))
            return known.encoding;
    }
    return std::nullopt;
}

} // namespace core
